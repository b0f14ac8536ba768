import EventModel

/// Counts what there is: the span of time, the endpoints, and the actors that records name.
struct Census: EventConsumer, Sendable {
    private var first = Int64.max
    private var last = Int64.min
    /// How many events each endpoint has, by symbol.
    private(set) var eventsOfEndpoint: [UInt64] = []
    private(set) var tally = EventTally()
    /// How often `by`, and how often `store`, names an actor, by symbol.
    private var writers: [UInt64] = []
    private var stores: [UInt64] = []

    var span: ClosedRange<Timestamp>? {
        first <= last ? Timestamp(nanoseconds: first)...Timestamp(nanoseconds: last) : nil
    }

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let time = batch.time[row]
        if time < first, time != Timestamp.absent.nanoseconds { first = time }
        if time > last { last = time }
        tally.add(batch, row: row)
        Self.count(batch.endpoint[row], in: &eventsOfEndpoint)
        Self.count(batch.symbol(.by, at: row), in: &writers)
        Self.count(batch.symbol(.store, at: row), in: &stores)
    }

    /// How often `by` and `store` name an actor.
    var named: [Symbol: UInt64] {
        var named: [Symbol: UInt64] = [:]
        for counts in [writers, stores] {
            for (index, count) in counts.enumerated() where count > 0 {
                named[Symbol(index: UInt32(index)), default: 0] += count
            }
        }
        return named
    }

    /// Whether `store` names an actor.
    func isStore(_ actor: Symbol) -> Bool { Int(actor.index) < stores.count && stores[Int(actor.index)] > 0 }

    private static func count(_ symbol: Symbol, in counts: inout [UInt64]) {
        if symbol == .none { return }
        let index = Int(symbol.index)
        counts.grow(toHold: index, with: 0)
        counts[index] += 1
    }
}
