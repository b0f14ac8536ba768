import EventModel

/// Renders a document as HTML: escaped text in elements of its own; only a link to a record has an attribute from data.
package struct DocumentHTML {
    /// The level of its own title: 2 for `h2`.
    private let level: Int
    /// The address of a record; nil where records are not linked.
    private let records: LinkTemplate?

    /// A renderer.
    package init(level: Int = 1, records: LinkTemplate? = nil) {
        self.level = level
        self.records = records
    }

    /// The document's elements, one a line.
    package func render(_ document: Document) -> String { document.blocks.map(block).joined() }

    private func block(_ block: Document.Block) -> String {
        switch block {
        case .heading(let text, let depth, let finding):
            "<h\(level + depth - 1)\(finding.map { " id=\"f\($0 + 1)\"" } ?? "")>" + Self.escaped(text)
                + "</h\(level + depth - 1)>\n"
        case .paragraph(let runs): element("p", line(runs)) + "\n"
        case .list(let items, let isNumbered):
            element(isNumbered ? "ol" : "ul", items.map { element("li", line($0)) }.joined()) + "\n"
        case .table(let head, let rows):
            element(
                "table",
                element("thead", row(head, "th")) + element("tbody", rows.map { row($0, "td") }.joined())) + "\n"
        case .facts(let facts):
            element(
                "dl",
                facts.map { fact in
                    element("dt", Self.escaped(fact.term)) + fact.lines.map { element("dd", line($0)) }.joined()
                }.joined()) + "\n"
        case .plot(let lines): element("pre", lines.map { Self.escaped($0) + "\n" }.joined()) + "\n"
        case .graph, .figure: ""
        }
    }

    private func row(_ cells: [[Document.Run]], _ name: String) -> String {
        element("tr", cells.map { element(name, line($0)) }.joined())
    }

    private func line(_ runs: [Document.Run]) -> String { runs.map(run).joined() }

    private func run(_ run: Document.Run) -> String {
        switch run {
        case .text(let text): Self.escaped(text)
        case .strong(let text): element("strong", Self.escaped(text))
        case .code(let text): element("code", Self.escaped(text))
        case .link(let text, .finding(let index)): "<a href=\"#f\(index + 1)\">" + Self.escaped(text) + "</a>"
        case .link(let text, .record(let file, let number)):
            records.map {
                "<a href=\"\(Self.escaped($0.address(file: file, line: number)))\">" + Self.escaped(text) + "</a>"
            } ?? Self.escaped(text)
        }
    }

    private func element(_ name: String, _ content: String) -> String { "<\(name)>\(content)</\(name)>" }

    /// Text as it may stand between tags, and in an attribute in double quotes: what hides is spelled out.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in VisibleText.cell(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
