import EventModel

/// How many requests a service's samples count, in at most 256 spans: tells when they stop coming.
struct DemandSeries: Sendable {
    private struct Span: Sendable {
        var index: Int64
        var requests: Double
        var samples = 1.0
        var first: RecordRef
        var last: RecordRef
        var rate: Double { requests / samples }
    }

    private var spans: [Span] = []
    private var width = 10 * Nanoseconds.second

    private static let most = 256
    /// Below this share of the usual, requests are missing; a series is steady where three spans of four have the other
    /// share.
    private static let missing = 0.1
    private static let steady = 0.3
    private static let fewest = 20
    private static let expected = 30.0

    /// Takes a sample; one that is late by time counts where it stands.
    mutating func add(requests: Double, _ record: RecordRef) {
        let index = max(floorDivide(record.time.nanoseconds, width), spans.last?.index ?? .min)
        if let last = spans.last, last.index == index {
            spans[spans.count - 1].requests += requests
            spans[spans.count - 1].samples += 1
            spans[spans.count - 1].last = record
        } else {
            spans.append(Span(index: index, requests: requests, first: record, last: record))
        }
        if spans.count > DemandSeries.most, width < .max / 4 { widen() }
    }

    private mutating func widen() {
        width *= 2
        var joined: [Span] = []
        for var span in spans {
            span.index = floorDivide(span.index, 2)
            if let before = joined.last, before.index == span.index {
                joined[joined.count - 1].requests += span.requests
                joined[joined.count - 1].samples += span.samples
                joined[joined.count - 1].last = span.last
            } else {
                joined.append(span)
            }
        }
        spans = joined
    }

    /// The times in which hardly any requests came though samples went on.
    func findings(end: Timestamp?) -> [Finding] {
        guard spans.count >= DemandSeries.fewest else { return [] }
        let rates = spans.map(\.rate).sorted()
        let usual = rates[rates.count / 2]
        guard 4 * rates.count(where: { $0 >= DemandSeries.steady * usual }) >= 3 * rates.count else { return [] }
        return spans.split { $0.rate > DemandSeries.missing * usual }.compactMap { run in
            guard let first = run.first, let last = run.last else { return nil }
            let samples = run.reduce(0) { $0 + $1.samples }
            let requests = run.reduce(0) { $0 + $1.requests }
            guard samples >= 3, samples * usual >= DemandSeries.expected else { return nil }
            let lasts = end.map { $0.since(last.last.time) < max(UnusualSpan.settled, 2 * width) } ?? true
            let window = Finding.Window(
                measure: .demand, tried: samples * usual, bad: requests, worstTried: usual, worstBad: first.rate,
                worstAt: first.first.time, level: 0, usual: usual, usualLimit: DemandSeries.missing * usual,
                width: width)
            var finding = Finding(
                kind: .serviceImpact, severity: .medium, confidence: .measured, at: first.first.time,
                until: lasts ? nil : last.last.time, isWindow: true, detail: .window(window),
                evidence: [Finding.Evidence(part: Finding.Part.onset, record: first.first)])
            if last.last != first.first {
                finding.evidence.append(
                    Finding.Evidence(part: lasts ? Finding.Part.lastSoFar : Finding.Part.last, record: last.last))
            }
            finding.count = Int64(clamping: requests)
            return finding
        }
    }
}
