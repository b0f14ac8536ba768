import EventModel

/// Finds the times in which a service's requests fail: `service-impact`, and tells which services never did.
///
/// Definition: of the requests in a service's `service.sampled`, the share of `errors` and `throttles` is out of its usual range
/// (`UsualRange`), above 2 % and twice the usual. Onset and end are the first and the last such sample; pauses below 15 minutes belong
/// to the window. `high` where at its worst more than half of a span's requests failed. What it cannot see: requests that no longer
/// come; answers that are slow but right; a service that was as bad before.
struct ServiceImpactDetector: Detector {
    private var series = WindowSeries()

    /// The least share of failures.
    static let floor = 0.02

    static let interest = EventInterest.timed(.serviceSampled)

    init(shards: Int) {}

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        func count(_ field: Field) -> Double { Double(batch.integer(field, at: row) ?? 0) }
        let bad = count(.errors) + count(.throttles)
        // Attempts that never became requests still failed.
        series.add(
            WindowSubject(actor: .none, name: batch.symbol(.service, at: row)), tried: max(count(.requests), bad),
            bad: bad, delivery.reference(batch, row: row))
    }

    /// The findings, and the names of the services that never left their usual range.
    func finish(_ log: WholeLog) -> Detections {
        let rule = WindowRule(floor: ServiceImpactDetector.floor, factor: 2, least: 5)
        var found = Detections(series.findings(.serviceImpact, .shares, rule, log) { _, _ in })
        found.unaffected = series.calm(rule, log).map { log.symbols[$0.name] }.filter { !$0.isEmpty }.sorted()
        return found
    }
}
