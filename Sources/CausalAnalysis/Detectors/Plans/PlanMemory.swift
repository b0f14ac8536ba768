import EventModel

/// What the plan detector keeps of events: the records that wait or are remembered, and what they rest on.
///
/// It has one owner and is handed on, never copied.
struct PlanMemory: ~Copyable, Sendable {
    /// Marks in `PlanRecord.previous`: given up unless somebody claims it; given back.
    private static let unclaimed: Int32 = -2
    private static let removed: Int32 = -3

    var clocks: EventClocks
    private var heads = Slab<PlanRecord.Head>()
    /// Of each record, by the same number.
    private var rests = Table<PlanRecord.Rest>()
    private(set) var sendings = Slab<Moment>()
    private var checks = Slab<Check>()

    init(skew: any SkewBounds) {
        clocks = EventClocks(wall: WallClocks(skew))
    }

    /// About how many bytes a waiting record takes: itself, its sending, and a clock that is not shared.
    var bytesPerRecord: Int { 192 + clocks.rows.bytesPerRow }

    // MARK: Records

    /// Takes a record in, behind `previous` in its endpoint's list; its number. Takes over its row, sending and check.
    mutating func insert(_ record: PlanRecord, behind previous: Int32) -> Int32 {
        let id = heads.insert(record.head)
        heads[id].previous = previous
        if Int(id) == rests.count { rests.append(record.rest) } else { rests[Int(id)] = record.rest }
        return id
    }

    /// A record.
    subscript(id: Int32) -> PlanRecord { PlanRecord(heads[id], rests[Int(id)], id: id) }

    /// What is asked of most records.
    subscript(head id: Int32) -> PlanRecord.Head { _read { yield heads[id] } }

    /// When the record was written.
    subscript(moment id: Int32) -> Moment { Moment(heads[id], rests[Int(id)]) }

    /// See `PlanStep.shownMoment`.
    func shown(_ write: OrdinaryCourse.Write) -> Moment {
        let isUnanswered = heads[write.main].form == .unanswered && write.stored >= 0
        return self[moment: isUnanswered ? write.stored : write.main]
    }

    /// Takes in when a write was sent; takes over its row.
    mutating func insert(sending: Moment) -> Int32 { sendings.insert(sending) }

    /// Gives a sending up that no record took over, and hands it out with its row.
    mutating func take(sending: Int32) -> Moment {
        sendings.remove(sending)
        return sendings[sending]
    }

    /// When the record's write was sent.
    func sending(of record: PlanRecord) -> Moment? {
        if record.form == .unanswered { return record.moment }
        return record.sending < 0 ? nil : sendings[record.sending]
    }

    /// Forgets when a write was sent, if the store's record of it tells as much: whatever came before the sending came before that too. Its
    /// clock must say so of every process, since a record may name who sent it and not whom that one had heard of.
    mutating func settleSending(of write: OrdinaryCourse.Write) {
        let sending = heads[write.main].sending
        guard write.stored >= 0, write.stored != write.main, sending >= 0, heads[write.stored].counter >= 0 else {
            return
        }
        let (stored, store) = (heads[write.stored].row, heads[write.stored].process)
        let (sent, sender) = (sendings[sending].row, sendings[sending].process)
        guard clocks.rows.entry(stored, sender) >= sendings[sending].stamp,
            clocks.rows.entry(sent, store) < Stamp(counter: heads[write.stored].counter),
            clocks.rows.covers(stored, sent, besides: store)
        else { return }
        clocks.rows.release(sent)
        sendings.remove(sending)
        heads[write.main].sending = -1
    }

    /// Puts a record behind another in the list of its endpoint.
    mutating func link(_ id: Int32, behind previous: Int32) { heads[id].previous = previous }

    /// Gives records up; those not linked or claimed again until `sweep` go.
    mutating func giveUp(_ id: Int32) { heads[id].previous = Self.unclaimed }

    /// Claims a record that is remembered on its own.
    mutating func claim(_ id: Int32) {
        if heads[id].previous == Self.unclaimed { heads[id].previous = -1 }
    }

    /// Removes a record that nobody needs any more.
    mutating func remove(_ id: Int32) {
        giveUp(id)
        sweep(id)
    }

    /// Removes a record that was given up and that nobody claimed, with what it rests on.
    mutating func sweep(_ id: Int32) {
        let record = heads[id]
        guard record.previous == Self.unclaimed else { return }
        heads[id].previous = Self.removed
        clocks.rows.release(record.row)
        if record.sending >= 0 {
            clocks.rows.release(sendings[record.sending].row)
            sendings.remove(record.sending)
        }
        release(check: record.check)
        heads.remove(id)
    }

    // MARK: Prefetching: `mutating`, so that all this is looked at where it lies, else in a copy

    /// The record so many places behind another in its endpoint's list; −1 without one.
    mutating func behind(_ id: Int32, by places: Int) -> Int32 {
        var id = id
        for _ in 0..<places where id >= 0 { id = heads[id].previous }
        return id
    }

    /// Has the head of a record brought near, if it is one.
    mutating func prefetch(head id: Int32) {
        if id >= 0 { heads.prefetch(id) }
    }

    /// Has what a record rests on brought near, if it is one whose head is there.
    mutating func prefetch(restOf id: Int32) {
        guard id >= 0 else { return }
        rests.prefetch(Int(id))
        clocks.rows.prefetch(holdersOf: heads[id].row)
    }

    /// Has the sending of a record brought near, if it has one.
    mutating func prefetch(sendingOf id: Int32) {
        if id >= 0, heads[id].sending >= 0 { sendings.prefetch(heads[id].sending) }
    }

    /// Has brought near what `settleSending` asks of a write whose heads and sending are there.
    mutating func prefetch(clocksOf main: Int32, _ stored: Int32) {
        if main >= 0, heads[main].sending >= 0 { clocks.rows.prefetch(sendings[heads[main].sending].row) }
        if stored >= 0 { clocks.rows.prefetch(heads[stored].row) }
    }

    // MARK: Checks

    subscript(check id: Int32) -> Check { _read { yield checks[id] } }

    /// Takes a check in, held once.
    mutating func insert(_ check: Check) -> Int32 {
        let id = checks.insert(check)
        checks[id].holders = 1
        return id
    }

    /// Puts `next` behind a check in its endpoint's list.
    mutating func link(check id: Int32, to next: Int32) { checks[id].next = next }

    /// Holds a check once more, if it is one.
    mutating func hold(check id: Int32) {
        if id >= 0 { checks[id].holders += 1 }
    }

    /// Gives a check up, if it is one; removes it with its last holder.
    mutating func release(check id: Int32) {
        guard id >= 0 else { return }
        checks[id].holders -= 1
        if checks[id].holders == 0 {
            clocks.rows.release(checks[id].moment.row)
            checks.remove(id)
        }
    }
}
