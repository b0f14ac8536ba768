import EventModel

/// Finds the times in which launches fail: `launch-failure`, one finding for all instances of one actor that launches.
///
/// Definition: of an actor's `launch.ok` and `launch.failed`, the share that failed or was refused or throttled is out of its usual
/// range (`UsualRange`), above 5 % and three times the usual, with five or more in a span. Onset and end are the first and the last
/// failure of the spans out of the usual; pauses below 15 minutes belong to the window. `high` where at its worst more than half of a
/// span's launches failed. What it cannot see: launches that nobody asked for any more; late but successful ones.
struct LaunchFailureDetector: Sendable {
    private var series = WindowSeries()

    /// Takes a `launch.…` event.
    mutating func observe(_ kind: EventKind, _ record: RecordRef) {
        series.add(WindowSubject(actor: record.actor), tried: 1, bad: kind == .launchFailed ? 1 : 0, record)
    }

    func finish(_ context: WindowContext) -> [Finding] {
        let words = WindowWording(kind: .launchFailure, tried: "launches", became: "failed")
        return series.spans(WindowRule(), context).flatMap { subject, found in
            found.map { span in
                var finding = words.finding(span, in: context)
                finding.actor = context.symbols[subject.actor]
                return finding
            }
        }
    }
}
