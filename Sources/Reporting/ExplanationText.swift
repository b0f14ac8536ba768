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
        var document = Document()
        document.heading(title, level: 1)
        document.paragraph(.text(head.joined(separator: " · ")))
        document.blocks += parts(without: []).blocks
        return DocumentMarkdown(level: 2).render(document)
    }

    /// Its sections, but for those of some titles, as parts of a document.
    func parts(without titles: Set<String>) -> Document {
        var document = Document()
        for section in sections where !titles.contains(section.title) {
            document.heading(section.title)
            document.list(section.lines)
            document.table(section.table)
            document.plot(section.plot)
        }
        return document
    }

    private static let label = 10
}
