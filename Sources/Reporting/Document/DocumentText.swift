import EventModel

/// Renders a document for a terminal.
package struct DocumentText {
    private let width: Int

    /// A renderer for a terminal of `width` columns; at least 40 are used.
    package init(width: Int = 100) {
        self.width = max(40, width)
    }

    /// The document's lines, blocks apart by an empty one, ending in a newline; safe to print.
    package func render(_ document: Document) -> String {
        document.blocks.map(block).filter { !$0.isEmpty }.map { $0.map { $0 + "\n" }.joined() }
            .joined(separator: "\n")
    }

    private func block(_ block: Document.Block) -> [String] {
        switch block {
        case .heading(let text, _, _): [VisibleText.cell(text)]
        case .paragraph(let runs): DisplayWidth.wrap(line(runs), to: width)
        case .list(let items, let isNumbered):
            items.enumerated().flatMap { index, runs in
                let mark = isNumbered ? "\(index + 1). " : "- "
                let pieces = DisplayWidth.wrap(line(runs), to: width - mark.count)
                return pieces.enumerated().map {
                    ($0.offset == 0 ? mark : String(repeating: " ", count: mark.count)) + $0.element
                }
            }
        case .table(let head, let rows): TextColumns.lines(([head] + rows).map { $0.map(line) }, width: width)
        case .facts(let facts): facts.flatMap { fact($0, wide: facts.map { DisplayWidth.of($0.term) }.max() ?? 0) }
        case .graph, .figure: []
        case .plot(let lines): lines.map { DisplayWidth.clip(VisibleText.cell($0), to: width) }
        }
    }

    /// A term, and beside it what is said of it.
    private func fact(_ fact: Document.Fact, wide: Int) -> [String] {
        let indent = min(wide, width / 3) + 2
        let lines = fact.lines.flatMap { DisplayWidth.wrap(line($0), to: width - indent) }
        return lines.enumerated().map { index, text in
            DisplayWidth.fit(index == 0 ? VisibleText.cell(fact.term) : "", to: indent - 2) + "  " + text
        }
    }

    private func line(_ runs: [Document.Run]) -> String {
        VisibleText.cell(
            runs.map { run in
                switch run {
                case .text(let text), .strong(let text), .code(let text), .link(let text, _): text
                }
            }.joined())
    }
}
