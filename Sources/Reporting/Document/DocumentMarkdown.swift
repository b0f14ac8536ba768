import EventModel

/// Renders a document as GitHub Markdown that can be pasted as it is.
package struct DocumentMarkdown {
    /// How deep its own title stands: 2 for `##`.
    private let level: Int
    /// The address of a link; nil for one that leads nowhere in this text.
    private let address: (Document.Target) -> String?

    /// A renderer.
    package init(level: Int = 1, address: @escaping (Document.Target) -> String? = { _ in nil }) {
        self.level = level
        self.address = address
    }

    /// The document's text: blocks apart by an empty line, ending in a newline.
    package func render(_ document: Document) -> String {
        document.blocks.map(block).joined(separator: "\n")
    }

    private func block(_ block: Document.Block) -> String {
        switch block {
        case .heading(let text, let depth):
            String(repeating: "#", count: level + depth - 1) + " " + MarkdownText.inline(text) + "\n"
        case .paragraph(let runs): line(runs) + "\n"
        case .list(let items, let isNumbered):
            items.enumerated().map { index, runs in (isNumbered ? "\(index + 1). " : "- ") + line(runs) + "\n" }
                .joined()
        case .table(let head, let rows):
            row(head) + "|" + String(repeating: " --- |", count: head.count) + "\n" + rows.map(row).joined()
        case .plot(let lines): "```text\n" + lines.map { VisibleText.cell($0) + "\n" }.joined() + "```\n"
        }
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
        // Punctuation behind a link or a strong word.
        if text.utf8.allSatisfy({ " .,;:)".utf8.contains($0) }) { return text }
        let inner = MarkdownText.inline(text, limit: Self.longest)
        if inner.isEmpty { return text.isEmpty ? "" : " " }
        return (text.hasPrefix(" ") ? " " : "") + inner + (text.hasSuffix(" ") ? " " : "")
    }

    /// A text longer than this is cut.
    private static let longest = 800

    /// What neither ends a code span nor a table's cell.
    private static func isPlain(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F && byte != 0x60 && byte != 0x7C }
}
