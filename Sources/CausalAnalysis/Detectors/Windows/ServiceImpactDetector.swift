import EventModel

/// Finds the times in which a service's requests fail: `service-impact`, and tells which services never did.
///
/// Definition: of the requests in a service's `service.sampled`, the share of `errors` and `throttles` is out of its usual range
/// (`UsualRange`), above 2 % and twice the usual. Onset and end are the first and the last such sample; pauses below 15 minutes belong
/// to the window. `high` where at its worst more than half of a span's requests failed. What it cannot see: requests that no longer
/// come; answers that are slow but right; a service that was as bad before.
struct ServiceImpactDetector: Sendable {
    private var series = WindowSeries()

    /// The least share of failures.
    static let floor = 0.02

    /// Takes a `service.sampled` with its counts.
    mutating func observe(service: Symbol, requests: Int64, errors: Int64, throttles: Int64, _ record: RecordRef) {
        let bad = Double(errors) + Double(throttles)
        // Attempts that never became requests still failed.
        series.add(WindowSubject(actor: .none, name: service), tried: max(Double(requests), bad), bad: bad, record)
    }

    /// The findings, and the names of the services that never left their usual range.
    func finish(_ context: WindowContext) -> (findings: [Finding], unaffected: [String]) {
        let rule = WindowRule(floor: ServiceImpactDetector.floor, factor: 2, least: 5)
        let words = WindowWording(kind: .serviceImpact, tried: "requests", became: "failed")
        var findings: [Finding] = []
        var unaffected: [String] = []
        for (subject, found) in series.spans(rule, context) {
            let name = context.symbols[subject.name]
            if found.isEmpty { unaffected.append(name) }
            for span in found {
                var finding = words.finding(span, in: context)
                finding.service = name
                findings.append(finding)
            }
        }
        return (findings, unaffected.filter { !$0.isEmpty }.sorted())
    }
}
