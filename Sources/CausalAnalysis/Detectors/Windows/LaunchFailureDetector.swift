import EventModel

/// Finds the times in which launches fail: `launch-failure`, one finding for all instances of one actor that launches.
///
/// Definition: of an actor's `launch.ok` and `launch.failed`, the share that failed or was refused or throttled is out of its usual
/// range (`UsualRange`), above 5 % and three times the usual, with five or more in a span. Onset and end are the first and the last
/// failure of the spans out of the usual; pauses below 15 minutes belong to the window. `high` where at its worst more than half of a
/// span's launches failed. What it cannot see: launches that nobody asked for any more; late but successful ones.
struct LaunchFailureDetector: Detector {
    private var series = WindowSeries()

    static let interest = EventInterest.timed(.launchOK, .launchFailed)

    init(shards: Int) {}

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let isBad = batch.kind[row] == .launchFailed
        series.add(
            WindowSubject(actor: batch.actor[row]), tried: 1, bad: isBad ? 1 : 0, delivery.reference(batch, row: row))
    }

    func finish(_ log: WholeLog) -> Detections {
        Detections(series.findings(.launchFailure, .shares, WindowRule(), log) { _, _ in })
    }
}
