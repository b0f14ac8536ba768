import EventModel

/// Finds the times in which network state is late: `propagation-delay`, one finding for all interfaces of one actor.
///
/// Definition: of an actor's `state.propagated` and `state.delayed`, the share that is late is out of its usual range
/// (`UsualRange`), above 5 % and three times the usual, with five or more in a span. Late is every `state.delayed`, and every
/// `state.propagated` that took more than a minute. Onset and end are the first and the last late one of the spans out of the usual;
/// pauses below 15 minutes belong to the window. `high` where at its worst more than half of a span's is late.
/// What it cannot see: a rise of latencies below a minute, unless the network says `state.delayed` itself.
struct PropagationDelayDetector: Sendable {
    private var series = WindowSeries()

    /// Takes a `state.…` event with its `latency_ms`.
    mutating func observe(_ kind: EventKind, latency: Double?, _ record: RecordRef) {
        let isLate = kind == .stateDelayed || (latency ?? 0) > PropagationDelayDetector.late
        series.add(WindowSubject(actor: record.actor), tried: 1, bad: isLate ? 1 : 0, level: latency ?? 0, record)
    }

    func finish(_ context: WindowContext) -> [Finding] {
        let words = WindowWording(kind: .propagationDelay, tried: "propagations", became: "were late")
        return series.spans(WindowRule(), context).flatMap { subject, found in
            found.map { span in
                var finding = words.finding(span, in: context)
                finding.actor = context.symbols[subject.actor]
                return finding
            }
        }
    }

    /// What takes longer is late, in milliseconds.
    static let late = 60_000.0
}
