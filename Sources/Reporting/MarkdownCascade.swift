import EventModel

/// The section of a timeline that tells what led to what, with the records that join each two.
struct MarkdownCascade {
    private let report: Report
    private let list: FindingList
    private let times: TimeStyle

    /// So many of the joins are written out.
    private static let named = 40

    init(_ report: Report, _ list: FindingList, _ times: TimeStyle) {
        self.report = report
        self.list = list
        self.times = times
    }

    func blocks() -> [MarkdownPages.Block] {
        guard let cascade = report.cascade, !cascade.windows.isEmpty else { return [] }
        let words = CascadeWords(cascade, list)
        var blocks = [MarkdownPages.Block("\n## Cascade\n\n")]
        for line in words.lines() {
            let text = line.head + (line.head == "Cascade" ? ": " : "") + line.items.joined(separator: line.separator)
            blocks.append(.init("- " + MarkdownText.inline(text, limit: 1_000) + "\n"))
        }
        if cascade.edges.isEmpty { return blocks }
        blocks.append(.init("\nWhat joins them, each record directly before the next:\n\n"))
        for edge in cascade.edges.prefix(Self.named) {
            let text =
                words.label(edge.from) + (edge.role == .began ? " led to " : " prolonged ")
                + words.label(edge.to) + ": " + CascadeWords.chain(edge, report, times)
            blocks.append(.init("- " + MarkdownText.inline(text, limit: 1_000) + "\n"))
        }
        if cascade.edges.count > Self.named {
            let more = Figures.count(cascade.edges.count - Self.named, "more join")
            blocks.append(.init("- and " + more + ": see findings.json\n"))
        }
        return blocks
    }
}
