import EventModel
import LogReading

/// What is hidden in a report that leaves the company, and how much that was.
package struct Redaction: Sendable {
    private let patterns: [TextPattern]
    private let hidesActors: Bool

    /// What stands in place of what a pattern matches.
    private static let mark = "[redacted]"

    /// A redaction by patterns, and of the names of actors.
    package init(patterns: [TextPattern], hidesActors: Bool) {
        self.patterns = patterns
        self.hidesActors = hidesActors
    }

    /// Hides it in a document, and says there how much was hidden.
    func apply(to document: inout Document, _ story: Story) {
        let names = hidesActors ? ActorNames(story.actors) : nil
        var (matches, mentions) = (0, 0)
        document = document.mapped { text in
            let hidden = hide(text, names)
            matches += hidden.matches
            mentions += hidden.mentions
            return hidden.text
        }
        var said: [String] = []
        if !patterns.isEmpty {
            said.append("\(Figures.count(matches, "match", plural: "matches")) of the patterns given")
        }
        if let names {
            said.append(
                "\(Figures.count(mentions, "mention")) of \(Figures.count(names.count, "actor")), each by a number that is the "
                    + "same everywhere in this text")
        }
        document.paragraph(.text("Redacted: " + said.joined(separator: "; ") + "."))
    }
}

extension Redaction {
    /// A text that stands beside the document, with the same hidden.
    func hidden(_ text: String, _ story: Story) -> String {
        hide(text, hidesActors ? ActorNames(story.actors) : nil).text
    }

    private func hide(_ text: String, _ names: ActorNames?) -> (text: String, matches: Int, mentions: Int) {
        var text = text
        var matches = 0
        for pattern in patterns {
            let (replaced, count) = pattern.replacing(in: text, with: Self.mark)
            text = replaced
            matches += count
        }
        let (replaced, mentions) = names?.replacing(in: text) ?? (text, 0)
        return (replaced, matches, mentions)
    }
}

/// Names of actors, each with a number in its place.
private struct ActorNames {
    /// By name; longer names go first where one begins with the other.
    private let numbers: [String: Int]
    private let lengths: [Int]

    var count: Int { numbers.count }

    init(_ names: Set<String>) {
        let sorted = names.filter { !$0.isEmpty }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        numbers = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1, $0 + 1) })
        lengths = Set(sorted.map(\.unicodeScalars.count)).sorted(by: >)
    }

    /// The text with each name that stands as a word of its own replaced, and how many did.
    func replacing(in text: String) -> (text: String, count: Int) {
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var count = 0
        var at = 0
        while at < scalars.count {
            if let (length, number) = name(in: scalars, at: at) {
                result.append(contentsOf: "actor-\(number)".unicodeScalars)
                count += 1
                at += length
            } else {
                result.append(scalars[at])
                at += 1
            }
        }
        return (String(result), count)
    }

    private func name(in scalars: [Unicode.Scalar], at: Int) -> (length: Int, number: Int)? {
        if at > 0, Self.isOfWord(scalars[at - 1]), Self.isOfWord(scalars[at]) { return nil }
        for length in lengths where at + length <= scalars.count {
            let end = at + length
            if end < scalars.count, Self.isOfWord(scalars[end]), Self.isOfWord(scalars[end - 1]) { continue }
            if let number = numbers[String(String.UnicodeScalarView(scalars[at..<end]))] { return (length, number) }
        }
        return nil
    }

    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
    }
}

extension Document {
    /// The same with every text changed. A record's place that changes leads nowhere any more.
    fileprivate func mapped(_ change: (String) -> String) -> Document {
        func line(_ runs: [Run]) -> [Run] {
            runs.map { run in
                switch run {
                case .text(let text): .text(change(text))
                case .strong(let text): .strong(change(text))
                case .code(let text): .code(change(text))
                case .link(let text, .record(let file, let line)):
                    change(file) == file ? .link(change(text), .record(file: file, line: line)) : .text(change(text))
                case .link(let text, let target): .link(change(text), target)
                }
            }
        }
        var result = Document()
        result.blocks = blocks.map { block in
            switch block {
            case .heading(let text, let level, let finding): .heading(change(text), level: level, finding: finding)
            case .paragraph(let runs): .paragraph(line(runs))
            case .list(let items, let isNumbered): .list(items.map(line), isNumbered: isNumbered)
            case .table(let head, let rows): .table(head: head.map(line), rows: rows.map { $0.map(line) })
            case .facts(let facts): .facts(facts.map { Fact(term: $0.term, lines: $0.lines.map(line)) })
            case .plot(let lines): .plot(lines.map(change))
            case .graph(let graph): .graph(Graph(nodes: graph.nodes.map(change), edges: graph.edges))
            case .figure(let name, let shows): .figure(name, shows: change(shows))
            }
        }
        return result
    }
}
