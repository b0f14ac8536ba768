/// A text with structure and without a form: built once, rendered for each place where people read it.
///
/// Its texts are exact; each renderer makes them safe for its own place.
package struct Document: Hashable, Sendable {
    /// A part of a paragraph.
    package enum Run: Hashable, Sendable {
        case text(String)
        case strong(String)
        case code(String)
        /// A word that leads to something of the report.
        case link(String, Target)
    }

    /// What a link leads to.
    package enum Target: Hashable, Sendable {
        /// The group of findings with that index.
        case finding(Int)
    }

    /// One block after the other.
    package enum Block: Hashable, Sendable {
        /// 1 is the document's own title, 2 that of a part.
        case heading(String, level: Int)
        case paragraph([Run])
        case list([[Run]], isNumbered: Bool)
        /// Rows of as many cells as the head has.
        case table(head: [[Run]], rows: [[[Run]]])
        /// Lines whose characters stand below one another.
        case plot([String])
    }

    package var blocks: [Block] = []

    /// An empty document.
    package init() {}

    /// Adds a heading; 1 is the document's own, 2 that of a part.
    package mutating func heading(_ text: String, level: Int = 2) { blocks.append(.heading(text, level: level)) }

    /// Adds a paragraph.
    package mutating func paragraph(_ runs: Run...) { blocks.append(.paragraph(runs)) }

    /// Adds a list of plain sentences; nothing where there are none.
    package mutating func list(_ items: [String], isNumbered: Bool = false) {
        list(items.map { [.text($0)] }, isNumbered: isNumbered)
    }

    /// Adds a list; nothing where there are no items.
    package mutating func list(_ items: [[Run]], isNumbered: Bool = false) {
        if !items.isEmpty { blocks.append(.list(items, isNumbered: isNumbered)) }
    }

    /// Adds a table of plain cells whose first row is the head; nothing where there is no row.
    package mutating func table(_ rows: [[String]]) {
        guard let head = rows.first else { return }
        let cells = { (row: [String]) in row.map { [Run.text($0)] } }
        blocks.append(.table(head: cells(head), rows: rows.dropFirst().map(cells)))
    }

    /// Adds lines whose characters stand below one another; nothing where there are none.
    package mutating func plot(_ lines: [String]) {
        if !lines.isEmpty { blocks.append(.plot(lines)) }
    }
}
