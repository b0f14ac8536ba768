import EventModel

/// What the plan detector keeps of events: the records that wait or are remembered, and what they rest on.
struct PlanMemory: Sendable {
    /// Marks in `PlanRecord.previous`: given up unless somebody claims it; given back.
    private static let unclaimed: Int32 = -2
    private static let removed: Int32 = -3

    var clocks: EventClocks
    private(set) var records = Slab<PlanRecord>()
    private(set) var sendings = Slab<Moment>()
    private var checks = Slab<Check>()

    init(skew: any SkewBounds) {
        clocks = EventClocks(wall: WallClocks(skew))
    }

    /// About how many bytes a waiting record takes: itself, its sending, and a clock that is not shared.
    var bytesPerRecord: Int { 208 + 16 * clocks.rows.width }

    // MARK: Records

    /// Takes a record in, behind `previous` in its endpoint's list; its number. Takes over its row, sending and check.
    mutating func insert(_ record: PlanRecord, behind previous: Int32) -> Int32 {
        var record = record
        record.previous = previous
        let id = records.insert(record)
        records[id].id = id
        return id
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

    /// Puts a record behind another in the list of its endpoint.
    mutating func link(_ id: Int32, behind previous: Int32) { records[id].previous = previous }

    /// Gives records up; those not linked or claimed again until `sweep` go.
    mutating func giveUp(_ id: Int32) { records[id].previous = Self.unclaimed }

    /// Claims a record that is remembered on its own.
    mutating func claim(_ id: Int32) {
        if records[id].previous == Self.unclaimed { records[id].previous = -1 }
    }

    /// Removes a record that nobody needs any more.
    mutating func remove(_ id: Int32) {
        giveUp(id)
        sweep(id)
    }

    /// Removes a record that was given up and that nobody claimed, with what it rests on.
    mutating func sweep(_ id: Int32) {
        guard records[id].previous == Self.unclaimed else { return }
        let record = records[id]
        records[id].previous = Self.removed
        clocks.rows.release(record.moment.row)
        if record.sending >= 0 {
            clocks.rows.release(sendings[record.sending].row)
            sendings.remove(record.sending)
        }
        release(check: record.check)
        records.remove(id)
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
