import EventModel

/// Counts what there is: the span of time, the endpoints, and the actors that records name.
struct Census: EventConsumer {
    private var first = Int64.max
    private var last = Int64.min
    /// How many events each endpoint has, by symbol.
    private(set) var eventsOfEndpoint: [UInt64] = []
    /// How often `by` and `store` name an actor, by symbol.
    private(set) var named: [Symbol: UInt64] = [:]

    var span: ClosedRange<Timestamp>? {
        first <= last ? Timestamp(nanoseconds: first)...Timestamp(nanoseconds: last) : nil
    }

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let time = batch.time[row]
        if time < first { first = time }
        if time > last { last = time }
        let endpoint = Int(batch.endpoint[row].index)
        if endpoint != 0 {
            if endpoint >= eventsOfEndpoint.count {
                eventsOfEndpoint.append(contentsOf: repeatElement(0, count: endpoint + 1 - eventsOfEndpoint.count))
            }
            eventsOfEndpoint[endpoint] += 1
        }
        for field in [Field.by, Field.store] where batch.has(field, at: row) {
            let actor = batch.symbol(field, at: row)
            if actor != .none { named[actor, default: 0] += 1 }
        }
    }
}
