import EventModel

/// Finds the times in which network state is late: `propagation-delay`, one finding for all interfaces of one actor.
///
/// Definition: of an actor's `state.propagated` and `state.delayed`, the share that is late is out of its usual range
/// (`UsualRange`), above 5 % and three times the usual, with five or more in a span. Late is every `state.delayed`, and
/// every `state.propagated` that took more than a minute. Where an actor never left its usual range by that, late is
/// what took more than four times the first of 1/16, 1/4, 1, 4 and 16 s that 19 of 20 do not exceed in the quiet part;
/// then more than half must be late at the worst; of a series with few records a span, more than half of a run of spans
/// is enough, however few each holds. Onset and end are the first and the last late one of the spans out of the usual;
/// pauses below 15 minutes belong to the window. `high` where at its worst more than half of a span's is late. What it
/// cannot see: latencies that rise by less than four times; a network that was as slow before.
struct PropagationDelayDetector: Detector {
    private var series = WindowSeries()
    /// More than half of a span's latencies, or of a run of spans, makes it late by its own usual range.
    private var latencies = LatencyLevels(
        milliseconds: [62.5, 250, 1_000, 4_000, 16_000, 64_000], rule: WindowRule(lasting: 0.5))

    static let interest = EventInterest.timed(.statePropagated, .stateDelayed)

    init(shards: Int) {}

    /// What takes longer is late, in milliseconds.
    static let late = 60_000.0

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let latency = batch.number(.latencyMs, at: row)
        let isDelayed = batch.kind[row] == .stateDelayed
        let subject = WindowSubject(actor: batch.actor[row])
        let record = delivery.reference(batch, row: row)
        let isLate = isDelayed || latency ?? 0 > PropagationDelayDetector.late
        series.add(subject, tried: 1, bad: isLate ? 1 : 0, level: latency ?? 0, record)
        if let latency { latencies.add(subject, milliseconds: latency, isLost: isDelayed, record) }
    }

    mutating func finish(_ log: WholeLog) -> Detections {
        let found = series.findings(.propagationDelay, .shares, WindowRule(), log) { _, _ in }
        let told = Set(found.compactMap(\.actor))
        return Detections(
            found
                + latencies.findings(.propagationDelay, .shares, log) { $0.actor.map { !told.contains($0) } ?? false })
    }
}
