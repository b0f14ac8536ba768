import EventModel

/// Finds the times in which network state is late: `propagation-delay`, one finding for all interfaces of one actor.
///
/// Definition: of an actor's `state.propagated` and `state.delayed`, the share that is late is out of its usual range
/// (`UsualRange`), above 5 % and three times the usual, with five or more in a span. Late is every `state.delayed`, and every
/// `state.propagated` that took more than a minute. Where an actor never left its usual range by that, late is what took
/// more than four times the first of 1/16, 1/4, 1, 4 and 16 s that 19 of 20 do not exceed in the quiet part; then more than
/// half must be late at the worst; of a series with few records a span, more than half of a run of spans is enough, however few
/// each holds. Onset and end are the first and the last late one of the spans out of the usual; pauses
/// below 15 minutes belong to the window. `high` where at its worst more than half of a span's is late.
/// What it cannot see: latencies that rise by less than four times; a network that was as slow before.
struct PropagationDelayDetector: Detector {
    private var series = WindowSeries()
    /// The same by each of `levels`.
    private var byLevel = PropagationDelayDetector.levels.map { _ in WindowSeries() }

    static let interest = EventInterest.timed(.statePropagated, .stateDelayed)

    init(shards: Int) {}

    /// What takes longer is late, in milliseconds.
    static let late = 60_000.0
    /// What may take longer than usual, in milliseconds.
    private static let levels = [62.5, 250, 1_000, 4_000, 16_000, 64_000]
    /// The share that the usual may exceed.
    private static let tail = 0.05
    /// What makes a latency late by its own usual range: more than half of a span's, or of a run of spans.
    private static let ownRange = WindowRule(lasting: 0.5)

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let latency = batch.number(.latencyMs, at: row)
        let isDelayed = batch.kind[row] == .stateDelayed
        let subject = WindowSubject(actor: batch.actor[row])
        let record = delivery.reference(batch, row: row)
        let isLate = isDelayed || latency ?? 0 > PropagationDelayDetector.late
        series.add(subject, tried: 1, bad: isLate ? 1 : 0, level: latency ?? 0, record)
        guard let latency else { return }
        for index in byLevel.indices {
            if isDelayed || latency > PropagationDelayDetector.levels[index] {
                byLevel[index].add(subject, tried: 1, bad: 1, level: latency, record)
            } else {
                byLevel[index].add(quiet: subject, at: record.time)
            }
        }
    }

    mutating func finish(_ log: WholeLog) -> Detections {
        var found = series.findings(.propagationDelay, .shares, WindowRule(), log) { _, _ in }
        var told = Set(found.compactMap(\.actor))
        for index in byLevel.indices { byLevel[index].settleAll() }
        // By the lowest level that the usual does not exceed each actor is judged, at the next one.
        for index in byLevel.indices.dropLast() {
            let usual = byLevel[index].usualRates(PropagationDelayDetector.ownRange, log)
            let judged = Set(
                usual.filter { $0.value <= PropagationDelayDetector.tail }.map { log.symbols[$0.key.actor] }
            ).subtracting(told)
            if judged.isEmpty { continue }
            told.formUnion(judged)
            let late = Int64(PropagationDelayDetector.levels[index + 1] * Double(Nanoseconds.millisecond))
            found += byLevel[index + 1].findings(
                .propagationDelay, .shares, PropagationDelayDetector.ownRange, log,
                complete: { finding, _ in
                    guard case .window(var window) = finding.detail else { return }
                    window.lateAbove = late
                    finding.detail = .window(window)
                }
            ).filter { ($0.peak ?? 0) > 0.5 && $0.actor.map(judged.contains) ?? false }
        }
        return Detections(found)
    }
}
