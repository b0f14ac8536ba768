import EventModel

/// Two bundles side by side: a good day and a bad one, or before and after a change.
package struct BundleComparison: Sendable {
    /// One of the two.
    package struct Side: Sendable {
        package let report: Report
        package let list: FindingList

        package init(_ report: Report) {
            self.report = report
            list = FindingList(report.findings)
        }
    }

    package let a: Side
    package let b: Side
    package let findings: FindingsComparison
    package let series: SeriesComparison
    package let histories: [HistoryComparison]

    package init(
        _ a: Side, _ b: Side, _ findings: FindingsComparison, _ series: SeriesComparison,
        _ histories: [HistoryComparison]
    ) {
        (self.a, self.b, self.findings, self.series, self.histories) = (a, b, findings, series, histories)
    }

    /// Whether they differ in nothing that was looked at.
    package var isSame: Bool {
        findings.gone.isEmpty && findings.new.isEmpty && findings.changed.isEmpty && series.differences.isEmpty
            && histories.allSatisfy(\.isSame)
    }

    /// What the findings are about that only one of them has: the histories that are worth a look, the most severe first.
    package static func keys(_ a: Side, _ b: Side, _ findings: FindingsComparison, atMost most: Int) -> [HistoryKey] {
        let differing =
            findings.gone.map { a.list.findings[$0] } + findings.new.map { b.list.findings[$0] }
        var keys: [HistoryKey] = []
        for finding in differing.sorted(by: Finding.precedes) where finding.severity != .info {
            let key: HistoryKey? =
                finding.endpoint.map { .endpoint($0) } ?? finding.queue.map { .queue($0) }
                ?? finding.service.map { .service($0) }
            if let key, !keys.contains(key) { keys.append(key) }
        }
        return Array(keys.prefix(most))
    }
}
