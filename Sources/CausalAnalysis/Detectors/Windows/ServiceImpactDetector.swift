import EventModel

/// Finds the times in which a service's requests fail, take long or do not come: `service-impact`, and tells which
/// services never did.
///
/// Definition: of the requests in a service's `service.sampled`, the share of `errors` and `throttles` is out of its
/// usual range (`UsualRange`), above 2 % and twice the usual. Where that is as usual: of its samples, more than half
/// have a `latency_ms` out of its usual range (`LatencyLevels`); or three samples running and more have less than a
/// tenth of the usual requests, where three of four have at least three tenths. Onset and end are the first and the
/// last such sample; pauses below 15 minutes belong to the window. `high` where at its worst more than half of a span's
/// requests failed. What it cannot see: a service that was as bad before, or is idle for a quarter of the log; requests
/// that no longer come where the samples cease as well.
struct ServiceImpactDetector: Detector {
    private var series = WindowSeries()
    private var latencies = LatencyLevels(
        milliseconds: [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536], rule: WindowRule(least: 3, sure: 9))
    private var demands: [Symbol: DemandSeries] = [:]

    /// The least share of failures.
    static let floor = 0.02
    private static let limit = 4_096

    static let interest = EventInterest.timed(.serviceSampled)

    init(shards: Int) {}

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        func count(_ field: Field) -> Double { Double(batch.integer(field, at: row) ?? 0) }
        let bad = count(.errors) + count(.throttles)
        let service = batch.symbol(.service, at: row)
        let subject = WindowSubject(actor: .none, name: service)
        let record = delivery.reference(batch, row: row)
        // Attempts that never became requests still failed.
        let tried = max(count(.requests), bad)
        series.add(subject, tried: tried, bad: bad, record)
        if let latency = batch.number(.latencyMs, at: row) {
            latencies.add(subject, milliseconds: latency, record)
        }
        guard batch.has(.requests, at: row), demands[service] != nil || demands.count < ServiceImpactDetector.limit
        else {
            return
        }
        demands[service, default: DemandSeries()].add(requests: tried, record)
    }

    /// The findings, and the names of the services that never left their usual range.
    mutating func finish(_ log: WholeLog) -> Detections {
        let rule = WindowRule(floor: ServiceImpactDetector.floor, factor: 2, least: 5)
        var found = series.findings(.serviceImpact, .shares, rule, log) { _, _ in }
        // One episode is one finding, whatever shows it.
        for finding in latencies.findings(.serviceImpact, .latencies, log, where: { _ in true })
        where !found.contains(where: { $0.isEpisode(of: finding) }) {
            found.append(finding)
        }
        for (service, demand) in demands {
            for var finding in demand.findings(end: log.span?.upperBound) {
                finding.service = log.symbols[service]
                if !found.contains(where: { $0.isEpisode(of: finding) }) { found.append(finding) }
            }
        }
        found.sort(by: Finding.precedes)
        let hit = Set(found.compactMap(\.service))
        var all = Detections(found)
        all.unaffected = series.calm(rule, log).map { log.symbols[$0.name] }
            .filter { !$0.isEmpty && !hit.contains($0) }.sorted()
        return all
    }
}

extension Finding {
    /// Whether two are of one service at one time, or hardly apart.
    fileprivate func isEpisode(of other: Finding) -> Bool {
        let ends = (until ?? Timestamp(nanoseconds: .max), other.until ?? Timestamp(nanoseconds: .max))
        return service == other.service && at <= ends.1.advanced(by: UnusualSpan.pause)
            && other.at <= ends.0.advanced(by: UnusualSpan.pause)
    }
}
