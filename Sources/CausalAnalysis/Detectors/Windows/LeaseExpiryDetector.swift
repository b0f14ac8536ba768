import EventModel

/// Finds the times in which leases run out: `lease-expiry`, one finding for all droplets of one actor that keeps leases.
///
/// Definition: of an actor's `lease.renewed`, `lease.failed` and `lease.expired`, the share of the two last is out of its usual
/// range (`UsualRange`), above 5 % and three times the usual, with five or more in a span. Onset and end are the first and the last
/// such record of the spans out of the usual; pauses below 15 minutes belong to the window. `high` where at its worst more than half
/// of a span's are bad. What it cannot see: an actor that ceases to write; a share that was the same throughout the log.
struct LeaseExpiryDetector: Detector {
    private var series = WindowSeries()

    static let interest = EventInterest.timed(.leaseRenewed, .leaseExpired, .leaseFailed)

    init(shards: Int) {}

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let isBad = batch.kind[row] != .leaseRenewed
        series.add(
            WindowSubject(actor: batch.actor[row]), tried: 1, bad: isBad ? 1 : 0, delivery.reference(batch, row: row))
    }

    func finish(_ log: WholeLog) -> Detections {
        Detections(series.findings(.leaseExpiry, .shares, WindowRule(), log) { _, _ in })
    }
}
