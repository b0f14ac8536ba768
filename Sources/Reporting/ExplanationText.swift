import EventModel

extension ExplanationPage {
    /// The page for a terminal of `width` columns (at least 60 are used), ending in a newline; safe to print.
    package func text(width: Int = 100) -> String {
        let width = max(60, width)
        var lines = DisplayWidth.wrap(VisibleText.cell(([title] + head).joined(separator: " · ")), to: width)
        for section in sections {
            let isLong = section.title.count > Self.label - 2
            lines += isLong ? ["", "  " + section.title] : [""]
            var first = isLong ? "" : "  " + section.title
            func add(_ line: String) {
                lines.append(DisplayWidth.fit(first, to: Self.label + 2) + " " + line)
                first = ""
            }
            for line in section.lines {
                for piece in DisplayWidth.wrap(VisibleText.cell(line), to: width - Self.label - 3) { add(piece) }
            }
            // Tables and plots need the width more than the column of titles.
            lines += TextColumns.lines(section.table, width: width - 4).map { "    " + $0 }
            lines += section.plot.map { "    " + VisibleText.cell($0) }
        }
        return lines.map { String(DisplayWidth.clip($0, to: width).reversed().drop { $0 == " " }.reversed()) }
            .joined(separator: "\n") + "\n"
    }

    /// The page as Markdown, for a postmortem.
    package func markdown() -> String {
        var text = "## " + MarkdownText.inline(title) + "\n\n"
        text += head.map { MarkdownText.inline($0, limit: 200) }.joined(separator: " · ") + "\n"
        for section in sections {
            text += "\n### " + section.title + "\n\n"
            text += section.lines.map { "- " + MarkdownText.inline($0, limit: 800) + "\n" }.joined()
            if let head = section.table.first {
                text += section.lines.isEmpty ? "" : "\n"
                text += Self.row(head) + "|" + String(repeating: " --- |", count: head.count) + "\n"
                text += section.table.dropFirst().map(Self.row).joined()
            }
            if !section.plot.isEmpty {
                text += (section.lines.isEmpty ? "" : "\n") + "```text\n"
                text += section.plot.map { VisibleText.cell($0) + "\n" }.joined() + "```\n"
            }
        }
        return text
    }

    private static let label = 10

    private static func row(_ cells: [String]) -> String {
        "| " + cells.map { MarkdownText.inline($0, limit: 200) }.joined(separator: " | ") + " |\n"
    }
}
