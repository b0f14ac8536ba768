import EventModel

/// A comparison for people.
package struct ComparisonText: Sendable {
    private let comparison: BundleComparison
    private let offset: Int
    private let width: Int
    private let color: Bool

    /// - Parameters:
    ///   - offset: seconds east of UTC in which times are shown.
    ///   - width: columns; at least 60 are used.
    package init(_ comparison: BundleComparison, offset: Int, width: Int, color: Bool) {
        self.comparison = comparison
        self.offset = offset
        self.width = max(60, width)
        self.color = color
    }

    /// Rows of a kind that are shown; the rest is counted.
    private static let rows = 40

    /// The text, ending in a newline; safe to print whatever the logs hold.
    package func text() -> String {
        var lines: [String] = []
        for (name, side) in [("A", comparison.a), ("B", comparison.b)] {
            let report = side.report
            lines += hang(
                "\(name)         ",
                "\(report.bundle.name) · \(SummaryHead.volume(report)) · \(SummaryHead.span(report, times(side)))")
        }
        lines.append("")
        lines += findings()
        lines += [""] + series()
        lines += [""] + histories()
        if comparison.isSame { lines += ["", "Nothing differs."] }
        return lines.joined(separator: "\n") + "\n"
    }

    private func times(_ side: BundleComparison.Side) -> TimeStyle {
        TimeStyle(offset: offset, span: side.report.span)
    }

    private func findings() -> [String] {
        let found = comparison.findings
        let same = found.both.count - found.changed.count
        var lines = hang(
            "Findings  ",
            "\(Figures.grouped(found.gone.count)) gone, \(Figures.grouped(found.new.count)) new, "
                + "\(Figures.grouped(found.changed.count)) changed, \(Figures.grouped(same)) the same")
        for (word, style, side, indices) in [
            ("gone", TextStyle.cyan, comparison.a, found.gone), ("new", TextStyle.red, comparison.b, found.new),
        ] {
            lines += rows(indices) { row(word, style, side, $0, FindingWords.sentence(side.list.findings[$0])) }
        }
        lines += rows(found.changed) {
            row("changed", .yellow, comparison.b, $0.b, $0.changes.joined(separator: "; "))
        }
        return lines
    }

    private func row(
        _ word: String, _ style: TextStyle, _ side: BundleComparison.Side, _ index: Int, _ text: String
    ) -> [String] {
        let finding = side.list.findings[index]
        let head = "\(side.list.label(index)) \(finding.severity.name) \(finding.kind.rawValue) \(finding.subject)"
        let when = times(side).clock(finding.at)
        return [style.apply(DisplayWidth.fit(word, to: 8), color) + "  " + VisibleText.cell("\(when)  \(head)")]
            + DisplayWidth.wrap(VisibleText.cell(text), to: width - 10).map { indent + $0 }
    }

    private func series() -> [String] {
        let series = comparison.series
        let blocks = "blocks of ten minutes (\(series.blocks.a) in A, \(series.blocks.b) in B)"
        if !series.canTell {
            return hang("Figures   ", "not compared: too few \(blocks) to tell a difference from chance")
        }
        var lines = hang(
            "Figures   ",
            "\(Figures.grouped(series.differences.count)) of \(Figures.count(series.compared, "series", plural: "series")) "
                + "differ over \(blocks), p < 0.001 after correction for all of them")
        lines += rows(series.differences) { difference in
            let (a, b) = (Self.value(difference.a, difference.key), Self.value(difference.b, difference.key))
            return hang(indent, "\(difference.key.subject): \(a) in A, \(b) in B")
        }
        return lines
    }

    private static func value(_ value: Double?, _ key: SeriesTally.Key) -> String {
        guard let value else { return "none" }
        let number = Figures.short(key.measure == .failed ? value * 100 : value)
        return switch key.measure {
        case .rate: number + " in ten minutes"
        case .failed: number + " % failed"
        case .latency: number + " ms"
        case .depth: number + " waiting"
        }
    }

    private func histories() -> [String] {
        if comparison.histories.isEmpty {
            return hang("Histories ", "none compared: --key NAME compares an endpoint's, a queue's or a service's")
        }
        return comparison.histories.enumerated().flatMap { index, history in
            let head = "\(history.key.sort) \(history.key.name)"
            if history.isSame {
                return hang(
                    index == 0 ? "Histories " : indent,
                    "\(head): all \(Figures.count(history.counts.a, "event")) are the same")
            }
            return hang(
                index == 0 ? "Histories " : indent,
                "\(head): the first \(Figures.count(history.common, "event")) are the same, then they part")
                + side("A", comparison.a, history.a, history.counts.a)
                + side("B", comparison.b, history.b, history.counts.b)
        }
    }

    private func side(_ name: String, _ side: BundleComparison.Side, _ event: KeyHistories.Event?, _ count: Int)
        -> [String]
    {
        guard let event else {
            return hang(indent + "  \(name)  ", "all of its \(Figures.count(count, "event")) are in the other, too")
        }
        return hang(
            indent + "  \(name)  ", "\(times(side).clock(event.time))  \(event.actor)  \(event.act)  \(event.record)")
    }

    private let indent = String(repeating: " ", count: 10)

    private func rows<Row>(_ rows: [Row], _ lines: (Row) -> [String]) -> [String] {
        let more = rows.count - Self.rows
        return rows.prefix(Self.rows).flatMap(lines) + (more > 0 ? [indent + "… \(Figures.grouped(more)) more"] : [])
    }

    private func hang(_ head: String, _ text: String) -> [String] {
        let blanks = String(repeating: " ", count: head.count)
        return DisplayWidth.wrap(VisibleText.cell(text), to: width - head.count).enumerated().map {
            ($0 == 0 ? head : blanks) + $1
        }
    }
}
