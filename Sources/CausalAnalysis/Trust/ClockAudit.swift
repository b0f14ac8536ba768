import EventModel

/// Looks for what the clocks say of one another that cannot all be true: entries that fall, clocks that know an event and not what it knew,
/// and clocks that know events which their actor's log shows only later, or not at all.
///
/// Only clocks that the order took for usable are looked at. Entries about actors that restarted are left out, since the counts of two
/// lives do not compare. O(entries of the clock + what changed) an event; memory actors² and `changesKept` an actor.
struct ClockAudit {
    /// Of an actor's clock the newest changes are kept; what is older goes unchecked.
    private static let changesKept = 512
    /// Of the records that know an actor's future so many are kept until that comes.
    private static let claimsKept = 64

    /// What was found about one actor.
    struct Notes {
        /// Records of the actor with an entry below the one in its record before.
        var falls = OrderNotes.Trouble()
        /// Records of the actor whose clock knows an event without all that this event knew.
        var unclosed = OrderNotes.Trouble()
        /// Others' records that stand before an event of the actor although their clocks know it.
        var foreseen = OrderNotes.Trouble()
        /// Others' records whose clocks know events of the actor beyond the end of its log.
        var beyond = OrderNotes.Trouble()
        /// The highest count of the actor that such a clock names, and the highest in its log.
        var claimed: Int64 = 0
        var end: Int64 = 0
    }

    private var indexOfSymbol: [Int32] = []
    private var actors: [State] = []
    private var changed: [(other: Int, from: Int64, to: Int64)] = []

    private struct State {
        let actor: Symbol
        var process: ProcessID?
        var hasRestarted = false
        /// The highest own counter given out in this life.
        var last: Int64 = -1
        /// The newest clock, by index of the other actor.
        var clock: [Int64] = []
        /// How the clock came about, own counters ascending.
        var changes: [Change] = []
        var claims: [Claim] = []
        /// Claims that there was no room for.
        var more: UInt64 = 0
        var notes = Notes()
    }

    private struct Change {
        var counter: Int64
        var other: Int32
        var value: Int64
    }

    private struct Claim {
        var counter: Int64
        var record: RecordRef
    }

    /// Takes the next event of the causal order.
    mutating func observe(_ batch: borrowing EventBatch, row: Int, delivery: Delivery) {
        let me = index(of: batch.actor[row])
        enter(delivery.process, me)
        let counter = delivery.stamp.counter
        if delivery.stamp.position == 0 { settleClaims(of: me, at: counter) }
        actors[me].last = max(actors[me].last, counter)
        if !delivery.hasClock { return }
        var hasFall = false
        changed.removeAll(keepingCapacity: true)
        for i in batch.clockEntries(at: row) {
            let count = batch.clockCount[i]
            let other = index(of: batch.clockActor[i])
            if count == 0 || other == me || actors[other].hasRestarted { continue }
            actors[me].clock.grow(toHold: other, with: 0)
            let before = actors[me].clock[other]
            if count == before { continue }
            actors[me].clock[other] = count
            if count < before {
                hasFall = true
                continue
            }
            changed.append((other, before, count))
            actors[me].changes.append(Change(counter: counter, other: Int32(other), value: count))
        }
        if actors[me].changes.count > 2 * Self.changesKept { actors[me].changes.removeFirst(Self.changesKept) }
        if hasFall { actors[me].notes.falls.add(delivery.reference(batch, row: row)) }
        var isUnclosed = false
        for change in changed {
            if actors[change.other].last < change.to {
                claim(change.to, of: change.other, delivery.reference(batch, row: row))
            }
            isUnclosed = isUnclosed || !covers(me, change.other, from: change.from, to: change.to)
        }
        if isUnclosed { actors[me].notes.unclosed.add(delivery.reference(batch, row: row)) }
    }

    /// What was found, for each actor that has a log.
    mutating func finish() -> [Symbol: Notes] {
        var result: [Symbol: Notes] = [:]
        for at in actors.indices where actors[at].process != nil {
            for claim in actors[at].claims {
                actors[at].notes.beyond.add(claim.record)
                actors[at].notes.claimed = max(actors[at].notes.claimed, claim.counter)
            }
            if let first = actors[at].notes.beyond.first, actors[at].more > 0 {
                // Those there was no room for came later, and mostly name later counts.
                actors[at].notes.beyond.add(first, count: actors[at].more)
            }
            actors[at].notes.end = max(0, actors[at].last)
            result[actors[at].actor] = actors[at].notes
        }
        return result
    }

    private mutating func index(of actor: Symbol) -> Int {
        let symbol = Int(actor.index)
        indexOfSymbol.grow(toHold: symbol, with: -1)
        if indexOfSymbol[symbol] < 0 {
            indexOfSymbol[symbol] = Int32(actors.count)
            actors.append(State(actor: actor))
        }
        return Int(indexOfSymbol[symbol])
    }

    private mutating func enter(_ process: ProcessID, _ me: Int) {
        if actors[me].process == process { return }
        let isFirst = actors[me].process == nil
        actors[me].process = process
        if isFirst { return }
        actors[me].hasRestarted = true
        actors[me].last = -1
        actors[me].clock.removeAll()
        actors[me].changes.removeAll()
        // What the old life has not shown by now is lost; the counts begin anew.
        actors[me].claims.removeAll()
        actors[me].more = 0
    }

    /// Whether the newest clock of `me` has all that `other`'s had, as it rose in its events after `from` up to `to`.
    private func covers(_ me: Int, _ other: Int, from: Int64, to: Int64) -> Bool {
        let changes = actors[other].changes
        var at = changes.partition { $0.counter > from }
        while at < changes.count, changes[at].counter <= to {
            let known = Int(changes[at].other)
            if known != me, !actors[known].hasRestarted,
                known >= actors[me].clock.count || actors[me].clock[known] < changes[at].value
            {
                return false
            }
            at += 1
        }
        return true
    }

    /// Notes that a record knows an event that has not been given out.
    private mutating func claim(_ counter: Int64, of other: Int, _ record: RecordRef) {
        if actors[other].claims.count == Self.claimsKept {
            actors[other].more += 1
        } else {
            actors[other].claims.append(Claim(counter: counter, record: record))
        }
    }

    /// An event has come: whoever knew it before knew the future; whoever knew one before it knew a record that is lost.
    private mutating func settleClaims(of me: Int, at counter: Int64) {
        if actors[me].claims.isEmpty { return }
        for claim in actors[me].claims where claim.counter == counter { actors[me].notes.foreseen.add(claim.record) }
        actors[me].claims.removeAll { $0.counter <= counter }
    }
}
