import EventModel

/// Tells from an actor's next records whether a clock can be right.
///
/// Of one actor's clocks no entry falls. Where one does, either the record before the fall claims too much (a spike) or the one after it too
/// little (a dip): the actor's other records say which. A spike has to be found before it is used, since everything after it would
/// inherit it; so a record is judged by up to `reach` records of its actor that follow.
enum ClockFaults {
    /// How many records of the actor behind a head are looked at: enough to tell a spike from a dip where two stand side by side.
    static let reach = 3

    /// The entries of a clock for other actors.
    typealias Entries = [Symbol: Int64]

    /// What the records behind it say of a record.
    struct Judgement {
        /// An entry stands above what the actor's later records know, while those agree with the ones before.
        var isSpike = false
        /// An entry of the *next* record stands below this one's, while those behind it do not.
        var nextIsDip = false
    }

    /// Judges a record by its actor's next ones, nearest first.
    ///
    /// - Parameter base: the highest entry for an actor that the records before this one are known to have had.
    static func judge(_ clock: Entries, next: [Entries], base: (Symbol) -> Int64) -> Judgement {
        var judgement = Judgement()
        let whole = next.map { isWhole($0, after: clock) }
        for (actor, count) in clock where count > 0 {
            var lower = 0
            var others = 0
            var highest: Int64 = 0
            for (at, later) in next.enumerated() {
                // An entry that is not there says 0 only where the clock is written out whole.
                guard let value = later[actor] ?? (whole[at] ? 0 : nil) else { continue }
                if value < count {
                    lower += 1
                    highest = max(highest, value)
                } else {
                    others += 1
                }
            }
            if lower == 0 { continue }
            if lower > others, base(actor) <= highest {
                judgement.isSpike = true
            } else if let first = next.first?[actor], first < count, others > lower - 1, others > 0 {
                judgement.nextIsDip = true
            }
        }
        return judgement
    }

    /// Whether a clock shows that its actor writes entries that have not changed.
    private static func isWhole(_ clock: Entries, after previous: Entries) -> Bool {
        clock.contains { $0.value > 0 && previous[$0.key] == $0.value }
    }
}

/// Entries of a clock, by their place in it; those far behind count as one.
struct ChangedEntries: Equatable {
    private var bits: UInt64 = 0

    static let all = ChangedEntries(bits: .max)

    @inline(__always)
    mutating func insert(_ place: Int) { bits |= 1 << UInt64(min(place, 63)) }

    /// Those of a row's entries, which may stand anywhere in its batch.
    @inline(__always)
    func among(_ entries: Range<Int>) -> Among { Among(bits: Int64(bitPattern: bits), entries: entries) }

    struct Among: Sequence, IteratorProtocol {
        /// From the next entry on. Shifted, the last one stays for all that stand behind.
        fileprivate var bits: Int64
        fileprivate var entries: Range<Int>

        @inline(__always)
        mutating func next() -> Int? {
            let ahead = bits.trailingZeroBitCount
            if bits == 0 || ahead >= entries.count { return nil }
            let entry = entries.lowerBound + ahead
            bits = (bits &>> Int64(ahead)) &>> 1
            entries = (entry + 1)..<entries.upperBound
            return entry
        }
    }

    init() {}
    private init(bits: UInt64) { self.bits = bits }
}

extension HeldBatch {
    /// The row's entries of `vc` for other actors, by actor.
    func clock(at row: Int) -> ClockFaults.Entries {
        var entries: ClockFaults.Entries = [:]
        for i in clockEntries(at: row) { entries[events.clockActor[i]] = events.clockCount[i] }
        return entries
    }

    /// How the clock of `row` differs from that of `previous`: whether an entry is lower, or missing, and which are new or higher.
    ///
    /// - Parameter places: −1 for every actor that it has; left so.
    func changes(
        at row: Int, since previous: HeldBatch, _ before: Int, _ places: inout Column<Int32>
    ) -> (falls: Bool, rises: ChangedEntries) {
        let old = previous.clockEntries(at: before)
        let new = clockEntries(at: row)
        if new.count < old.count { return (true, .all) }
        var rises = ChangedEntries()
        var at = new.lowerBound
        for i in old {
            // Most writers keep the order of the entries, new ones aside.
            while at < new.upperBound, events.clockActor[at] != previous.events.clockActor[i] {
                rises.insert(at - new.lowerBound)
                at += 1
            }
            if at == new.upperBound { return changes(new, since: previous, old, &places) }
            let (count, known) = (events.clockCount[at], previous.events.clockCount[i])
            if count < known { return (true, .all) }
            if count > known { rises.insert(at - new.lowerBound) }
            at += 1
        }
        while at < new.upperBound {
            rises.insert(at - new.lowerBound)
            at += 1
        }
        return (false, rises)
    }

    /// The same where the entries stand in any order.
    private func changes(
        _ new: Range<Int>, since previous: HeldBatch, _ old: Range<Int>, _ places: inout Column<Int32>
    ) -> (falls: Bool, rises: ChangedEntries) {
        for i in old {
            places.grow(toHold: Int(previous.events.clockActor[i].index), with: -1)
            places[Int(previous.events.clockActor[i].index)] = Int32(truncatingIfNeeded: i)
        }
        defer { for i in old { places[Int(previous.events.clockActor[i].index)] = -1 } }
        var rises = ChangedEntries()
        var kept = 0
        for i in new {
            let actor = Int(events.clockActor[i].index)
            let place = actor < places.count ? Int(places[actor]) : -1
            if place >= 0 {
                kept += 1
                if events.clockCount[i] < previous.events.clockCount[place] { return (true, .all) }
                if events.clockCount[i] == previous.events.clockCount[place] { continue }
            }
            rises.insert(i - new.lowerBound)
        }
        return kept < old.count ? (true, .all) : (false, rises)
    }
}
