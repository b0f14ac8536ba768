import EventModel

extension Facts {
    /// The entries for other actors of a record's clock.
    mutating func clock(_ spot: RecordSpot) throws(SpillFailure) -> [Symbol: Int64] {
        let frame = try frame(spot.frame, .skeleton)
        return ClockFaults.clock(of: frame.events, Int(spot.row))
    }

    /// A record as reports name it, before it is known of which process it is.
    mutating func reference(_ spot: RecordSpot) throws(SpillFailure) -> RecordRef {
        let frame = try frame(spot.frame, .all)
        let row = Int(spot.row)
        let counter = frame.events.counter[row]
        let delivery = Delivery(
            ordinal: 0, source: SourceID(index: UInt32(frame.source)), process: ProcessID(index: 0),
            stamp: Stamp(counter: max(0, counter)), hasClock: counter >= 0)
        return delivery.reference(frame.events, row: row)
    }
}
