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
        /// A line of a log.
        case record(file: String, line: UInt64)
    }

    /// What is said under one term.
    package struct Fact: Hashable, Sendable {
        package var term: String
        /// Each stands on a line of its own.
        package var lines: [[Run]]
    }

    /// What led to what: boxes and arrows.
    package struct Graph: Hashable, Sendable {
        /// An arrow between two of the boxes.
        package struct Edge: Hashable, Sendable {
            package var from: Int
            package var to: Int
            /// Whether the one only prolonged the other.
            package var isWeak: Bool
        }

        /// The texts of the boxes.
        package var nodes: [String]
        package var edges: [Edge]
    }

    /// One block after the other.
    package enum Block: Hashable, Sendable {
        /// 1 is the document's own title, 2 that of a part. Links to the finding with that index lead here.
        case heading(String, level: Int, finding: Int?)
        case paragraph([Run])
        case list([[Run]], isNumbered: Bool)
        /// Rows of as many cells as the head has.
        case table(head: [[Run]], rows: [[[Run]]])
        /// Terms and what is said under each.
        case facts([Fact])
        /// Lines whose characters stand below one another.
        case plot([String])
        case graph(Graph)
        /// A picture of a file beside the report: its name without the ending, and what it shows.
        case figure(String, shows: String)
    }

    package var blocks: [Block] = []

    /// An empty document.
    package init() {}

    /// Adds a heading; 1 is the document's own, 2 that of a part.
    package mutating func heading(_ text: String, level: Int = 2, finding: Int? = nil) {
        blocks.append(.heading(text, level: level, finding: finding))
    }

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

    /// Adds a table whose cells are phrases; nothing where there is no row.
    package mutating func table(head: [String], _ rows: [[Phrase]]) {
        if rows.isEmpty { return }
        blocks.append(.table(head: head.map { [.text($0)] }, rows: rows.map { $0.map(\.runs) }))
    }

    /// Adds terms with what is said of them, but for those of which nothing is.
    package mutating func facts(_ facts: [(term: String, lines: [Phrase])]) {
        let said = facts.compactMap { fact in
            fact.lines.isEmpty ? nil : Fact(term: fact.term, lines: fact.lines.map(\.runs))
        }
        if !said.isEmpty { blocks.append(.facts(said)) }
    }

    /// Adds lines whose characters stand below one another; nothing where there are none.
    package mutating func plot(_ lines: [String]) {
        if !lines.isEmpty { blocks.append(.plot(lines)) }
    }
}
