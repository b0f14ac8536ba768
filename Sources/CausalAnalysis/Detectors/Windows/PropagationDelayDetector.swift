import EventModel

/// Finds the times in which network state is late: `propagation-delay`, one finding for all interfaces of one actor.
///
/// Definition: of an actor's `state.propagated` and `state.delayed`, the share that is late is out of its usual range
/// (`UsualRange`), above 5 % and three times the usual, with five or more in a span. Late is every `state.delayed`, and every
/// `state.propagated` that took more than a minute. Onset and end are the first and the last late one of the spans out of the usual;
/// pauses below 15 minutes belong to the window. `high` where at its worst more than half of a span's is late.
/// What it cannot see: a rise of latencies below a minute, unless the network says `state.delayed` itself.
struct PropagationDelayDetector: Detector {
    private var series = WindowSeries()

    static let interest = EventInterest.timed(.statePropagated, .stateDelayed)

    init(shards: Int) {}

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let latency = batch.number(.latencyMs, at: row) ?? 0
        let isLate = batch.kind[row] == .stateDelayed || latency > PropagationDelayDetector.late
        series.add(
            WindowSubject(actor: batch.actor[row]), tried: 1, bad: isLate ? 1 : 0, level: latency,
            delivery.reference(batch, row: row))
    }

    func finish(_ log: WholeLog) -> Detections {
        Detections(series.findings(.propagationDelay, .shares, WindowRule(), log) { _, _ in })
    }

    /// What takes longer is late, in milliseconds.
    static let late = 60_000.0
}
