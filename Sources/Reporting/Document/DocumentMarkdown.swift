import EventModel

/// Renders a document as Markdown that can be pasted as it is.
package struct DocumentMarkdown: DocumentSyntax {
    /// What the place that shows it understands.
    package struct Dialect: Sendable {
        /// Anchors, line breaks in cells and pictures for both themes need it.
        var allowsHTML = true
        /// Whether fences of Mermaid are drawn.
        var drawsGraphs = true

        /// GitHub and GitLab.
        package static let forge = Dialect()
        /// What word processors and wikis import.
        package static let plain = Dialect(allowsHTML: false, drawsGraphs: false)
    }

    /// How deep its own title stands: 2 for `##`.
    private let level: Int
    private let dialect: Dialect
    /// The folder of the figures, with its slash; nil where there are none.
    private let figures: String?
    /// The address of a link; nil for one that leads nowhere in this text.
    private let address: (Document.Target) -> String?

    /// A renderer.
    package init(
        level: Int = 1, dialect: Dialect = .forge, figures: String? = nil,
        address: @escaping (Document.Target) -> String? = { _ in nil }
    ) {
        self.level = level
        self.dialect = dialect
        self.figures = figures
        self.address = address
    }

    /// The document's text: blocks apart by an empty line, ending in a newline.
    package func render(_ document: Document) -> String {
        var text = ""
        for atom in document.atoms { text += piece(atom, isFirst: text.isEmpty) }
        return text
    }

    func head(_ atom: DocumentAtom) -> String {
        switch atom.block {
        case .table(let head, _): row(head) + "|" + String(repeating: " --- |", count: head.count) + "\n"
        case .facts where dialect.allowsHTML: "| | |\n| --- | --- |\n"
        default: ""
        }
    }

    func body(_ atom: DocumentAtom) -> String {
        switch atom.block {
        case .heading(let text, let depth, let finding):
            String(repeating: "#", count: level + depth - 1) + " " + (finding.map(anchor) ?? "")
                + MarkdownText.inline(text) + "\n"
        case .paragraph(let runs): line(runs) + "\n"
        case .list(let items, let isNumbered):
            items.map { (isNumbered ? "\(atom.number). " : "- ") + line($0) + "\n" }.joined()
        case .table(_, let rows): rows.map(row).joined()
        case .facts(let facts): facts.map(fact).joined()
        case .plot(let lines): "```text\n" + lines.map { VisibleText.cell($0) + "\n" }.joined() + "```\n"
        case .graph(let graph): dialect.drawsGraphs ? "```mermaid\n" + MermaidText.flowchart(graph) + "```\n" : ""
        case .figure(let name, let shows): figures.map { picture($0 + name, shows) } ?? ""
        }
    }

    private func anchor(_ finding: Int) -> String { dialect.allowsHTML ? "<a id=\"f\(finding + 1)\"></a>" : "" }

    private func fact(_ fact: Document.Fact) -> String {
        let term = MarkdownText.inline(fact.term)
        if dialect.allowsHTML {
            return "| **\(term)** | " + fact.lines.map(line).joined(separator: "<br>") + " |\n"
        }
        return "**\(term)**\n\n" + fact.lines.map { "- " + line($0) + "\n" }.joined() + "\n"
    }

    private func picture(_ path: String, _ shows: String) -> String {
        let alt = DocumentHTML.escaped(shows)
        if !dialect.allowsHTML { return "![" + MarkdownText.inline(shows) + "](\(path).svg)\n" }
        return "<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"\(path)-dark.svg\">"
            + "<img alt=\"\(alt)\" src=\"\(path).svg\"></picture>\n"
    }

    private func row(_ cells: [[Document.Run]]) -> String { "| " + cells.map(line).joined(separator: " | ") + " |\n" }

    private func line(_ runs: [Document.Run]) -> String { runs.map(run).joined() }

    private func run(_ run: Document.Run) -> String {
        switch run {
        case .text(let text): inline(text)
        case .strong(let text): text.allSatisfy { $0 == " " } ? text : "**" + MarkdownText.inline(text) + "**"
        case .code(let text): text.utf8.allSatisfy(Self.isPlain) && !text.isEmpty ? "`" + text + "`" : inline(text)
        case .link(let text, let target):
            address(target).map { "[" + MarkdownText.inline(text) + "](" + $0 + ")" } ?? inline(text)
        }
    }

    /// The text with the blanks at its ends, which part it from its neighbours.
    private func inline(_ text: String) -> String {
        // Punctuation around a link or a strong word.
        if text.utf8.allSatisfy({ " .,;:()".utf8.contains($0) }) { return text }
        let inner = MarkdownText.inline(text, limit: Self.longest)
        if inner.isEmpty { return text.isEmpty ? "" : " " }
        return (text.hasPrefix(" ") ? " " : "") + inner + (text.hasSuffix(" ") ? " " : "")
    }

    /// A text longer than this is cut.
    private static let longest = 800

    /// What neither ends a code span nor a table's cell.
    private static func isPlain(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F && byte != 0x60 && byte != 0x7C }
}
