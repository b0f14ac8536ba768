import EventModel

/// Renders a document in Slack's own markup, which has no tables and no headings.
///
/// Slack has no way to write a mark of its markup as text but code: a word that holds one stands in a code span, its backquotes spelled out.
struct DocumentSlack: DocumentSyntax {
    /// The address of a link; nil for one that leads nowhere.
    let address: (Document.Target) -> String?

    func head(_ atom: DocumentAtom) -> String { "" }

    func body(_ atom: DocumentAtom) -> String {
        switch atom.block {
        case .heading(let text, _, _): "*" + Self.text(text) + "*\n"
        case .paragraph(let runs): line(runs) + "\n"
        case .list(let items, let isNumbered):
            items.map { (isNumbered ? "\(atom.number). " : "• ") + line($0) + "\n" }.joined()
        case .table(_, let rows):
            rows.map { row in "• " + row.map(line).filter { !$0.isEmpty }.joined(separator: " · ") + "\n" }.joined()
        case .facts(let facts):
            facts.map { fact in "*\(Self.text(fact.term))*\n" + fact.lines.map { "• " + line($0) + "\n" }.joined() }
                .joined()
        case .plot(let lines):
            "```\n" + lines.map { Self.spelled(VisibleText.cell($0)) + "\n" }.joined() + "```\n"
        case .graph, .figure: ""
        }
    }

    private func line(_ runs: [Document.Run]) -> String {
        runs.map { run in
            switch run {
            case .text(let text): Self.text(text)
            case .strong(let text): text.allSatisfy { $0 == " " } ? text : "*" + Self.text(text) + "*"
            case .code(let text): "`" + Self.spelled(VisibleText.cell(text)) + "`"
            case .link(let text, let target):
                address(target).map { "<\($0)|\(Self.spelled(VisibleText.cell(text)).replacing("|", with: "/"))>" }
                    ?? Self.text(text)
            }
        }.joined()
    }

    /// A text longer than this is cut.
    private static let longest = 400

    /// Text as it stands, word by word.
    static func text(_ text: String) -> String {
        var shown = VisibleText.cell(text)
        if shown.unicodeScalars.count > longest {
            shown = String(String.UnicodeScalarView(shown.unicodeScalars.prefix(longest))) + "…"
        }
        return shown.split(separator: " ", omittingEmptySubsequences: false).map { word in
            isHarmless(word) ? String(word) : "`" + spelled(String(word)) + "`"
        }.joined(separator: " ")
    }

    /// What means something everywhere, code included.
    private static func spelled(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("`", with: "\\u{60}")
    }

    /// Whether a word holds no mark, mention, channel, emoji or address.
    private static func isHarmless(_ word: Substring) -> Bool {
        let scalars = word.unicodeScalars
        if scalars.contains(where: { "*_~`<>&@#|".unicodeScalars.contains($0) }) { return false }
        let lower = word.lowercased()
        if lower.contains("://") || lower.contains("www.") || lower.contains("mailto") { return false }
        return MarkdownText.isHarmless(word) || !scalars.contains(":")
    }
}
