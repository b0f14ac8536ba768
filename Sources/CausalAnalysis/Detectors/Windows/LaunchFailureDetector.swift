import EventModel

/// Finds the times in which launches fail: `launch-failure`, one finding for all instances of one actor that launches.
///
/// Definition: of an actor's `launch.ok` and `launch.failed`, the share that failed or was refused or throttled is out
/// of its usual range (`UsualRange`), above 5 % and three times the usual, with five or more in a span. Onset and end
/// are the first and the last failure of the spans out of the usual; pauses below 15 minutes belong to the window.
/// Where launches failed in several ways, each has its count and its time. `high` where at its worst more than half of
/// a span's launches failed. What it cannot see: launches that nobody asked for any more; late but successful ones.
struct LaunchFailureDetector: Detector {
    private var series = WindowSeries()
    /// The failures by how they ended.
    private var byOutcome: [Outcome: WindowSeries] = [:]

    static let interest = EventInterest.timed(.launchOK, .launchFailed)

    init(shards: Int) {}

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let isBad = batch.kind[row] == .launchFailed
        let subject = WindowSubject(actor: batch.actor[row])
        let record = delivery.reference(batch, row: row)
        series.add(subject, tried: 1, bad: isBad ? 1 : 0, record)
        guard isBad else { return }
        // A failure is one though its record should say nothing of the outcome.
        let outcome = batch.outcome[row] == .ok ? .error : batch.outcome[row]
        byOutcome[outcome, default: WindowSeries()].add(subject, tried: 1, bad: 1, record)
    }

    func finish(_ log: WholeLog) -> Detections {
        Detections(
            series.findings(.launchFailure, .shares, WindowRule(), log) { finding, span in
                guard case .window(var window) = finding.detail else { return }
                let whole = finding.at...max(finding.at, span.last.lastBad)
                window.phases = byOutcome.compactMap { outcome, series in
                    series.bad(of: WindowSubject(actor: log.symbols.find(finding.actor ?? "") ?? .none), within: whole)
                        .map {
                            Finding.Phase(outcome: outcome, count: Int64(clamping: $0.count), span: $0.span)
                        }
                }.sorted { ($0.span.lowerBound, $0.outcome.rawValue) < ($1.span.lowerBound, $1.outcome.rawValue) }
                if window.phases.count < 2 { window.phases = [] }
                finding.detail = .window(window)
            })
    }
}
