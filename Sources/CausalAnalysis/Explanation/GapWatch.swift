import EventModel

/// Notes own counters that the logs of some processes lack within a span of time.
struct GapWatch {
    struct Gap {
        var actor: Symbol
        var counters: ClosedRange<Int64>
        var after: RecordRef
    }

    /// Gaps that are kept; more are of no use to a reader.
    private static let kept = 32

    private(set) var gaps: [Gap] = []
    private var last: [ProcessID: (counter: Int64, time: Timestamp)] = [:]

    /// Takes an event; a gap counts where it touches the span.
    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, since: Timestamp, until: Timestamp
    ) {
        guard delivery.hasClock else { return }
        let counter = delivery.stamp.counter
        let time = Timestamp(nanoseconds: batch.time[row])
        let before = last[delivery.process]
        last[delivery.process] = (counter, time)
        guard let before, before.counter < counter, counter - before.counter > 1 else { return }
        if time < since || before.time >= until || gaps.count == Self.kept { return }
        gaps.append(
            Gap(
                actor: batch.actor[row], counters: (before.counter + 1)...(counter - 1),
                after: delivery.reference(batch, row: row)))
    }
}
