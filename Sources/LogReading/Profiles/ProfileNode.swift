import EventModel
import Yams

/// A node of the YAML of a profile or of annotations, with its place: what it must be is asked for, and an error says where it is not.
package struct ProfileNode {
    let node: Node
    package let file: String

    private static let mostBytes = 256 << 10

    /// Reads a document. Hostile ones end with an error: anchors, by which a small text becomes a huge tree, are refused.
    package static func parse(_ text: String, file: String) throws(ProfileError) -> ProfileNode {
        if text.utf8.count > mostBytes {
            throw ProfileError(file: file, line: 0, column: 0, message: "more than 256 KiB")
        }
        if let hazard = hazard(in: text) {
            throw ProfileError(
                file: file, line: hazard.line, column: hazard.column, message: hazard.what,
                hint: "write the value out, or put it in quotes")
        }
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw ProfileError(file: file, line: 0, column: 0, message: "an empty file")
            }
            return ProfileNode(node: node, file: file)
        } catch let error as ProfileError {
            throw error
        } catch let error as YamlError {
            throw ProfileNode.error(error, file)
        } catch {
            throw ProfileError(file: file, line: 0, column: 0, message: "not YAML")
        }
    }

    private static func error(_ error: YamlError, _ file: String) -> ProfileError {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            return ProfileError(
                file: file, line: mark.line, column: mark.column,
                message: "not YAML: \(problem)" + (context.map { " (\($0))" } ?? ""))
        case .duplicatedKeysInMapping(let duplicates, let context):
            return ProfileError(
                file: file, line: context.mark.line, column: context.mark.column,
                message: "the key '\(duplicates.first ?? "")' stands twice")
        default: return ProfileError(file: file, line: 0, column: 0, message: "not YAML")
        }
    }

    /// What a reader of YAML must not be given, and where: an anchor or an alias (`&` or `*` where a value or a key begins), or more nesting
    /// than a profile has.
    private static func hazard(in text: String) -> (line: Int, column: Int, what: String)? {
        var depth = 0
        /// The indentation of the key whose text the lines are; what stands in that is not YAML.
        var block: Int?
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let indent = line.utf8.prefix { $0 == 0x20 }.count
            if let outer = block, indent > outer || line.allSatisfy(\.isWhitespace) { continue }
            block = blockScalar(line) ? indent : nil
            if indent > mostIndent { return (number + 1, indent, "nested too deep") }
            var quote: UInt8?
            var isStart = true
            var dashes = 0
            for (column, byte) in line.utf8.enumerated() {
                if let open = quote {
                    if byte == open { quote = nil }
                    continue
                }
                let isHash = byte == UInt8(ascii: "#")
                if isHash, isStart { break }
                if isStart, byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*") {
                    return (number + 1, column + 1, "anchors and aliases are not read")
                }
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), isStart { quote = byte }
                let opens = byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{")
                let marks = byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "?")
                if opens { depth += 1 }
                if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") { depth = max(0, depth - 1) }
                if marks, isStart { dashes += 1 }
                if depth > mostDepth || dashes > mostDepth {
                    return (number + 1, column + 1, "nested too deep")
                }
                let isBlank = byte == 0x20 || byte == 0x09
                isStart = opens || byte == UInt8(ascii: ",") || isBlank && isStart || marks
            }
        }
        return nil
    }

    /// Whether a text over several lines begins: `lines: |`.
    private static func blockScalar(_ line: Substring) -> Bool {
        guard let last = line.split(separator: " ").last, let mark = last.first else { return false }
        return (mark == "|" || mark == ">") && last.dropFirst().allSatisfy { "+-0123456789".contains($0) }
    }

    private static let mostDepth = 64
    private static let mostIndent = 200

    package func error(_ message: String, hint: String? = nil) -> ProfileError {
        ProfileError(
            file: file, line: node.mark?.line ?? 0, column: node.mark?.column ?? 0, message: message, hint: hint)
    }

    private func child(_ node: Node) -> ProfileNode { ProfileNode(node: node, file: file) }

    /// What it is, for an error.
    private var kind: String {
        switch node {
        case .scalar: "a value"
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    /// A scalar's text.
    var text: String? {
        if case .scalar(let scalar) = node { scalar.string } else { nil }
    }

    package func string(_ what: String) throws(ProfileError) -> String {
        guard let text else { throw error("\(what) is \(kind), not a text") }
        return text
    }

    func integer(_ what: String) throws(ProfileError) -> Int {
        guard let text, let value = Int(text) else { throw error("\(what) is not a whole number") }
        return value
    }

    func number(_ what: String) throws(ProfileError) -> Double {
        guard let text, let value = Double(text), value.isFinite else { throw error("\(what) is not a number") }
        return value
    }

    package func bool(_ what: String) throws(ProfileError) -> Bool {
        switch text {
        case "true": return true
        case "false": return false
        default: throw error("\(what) is neither true nor false")
        }
    }

    var isMapping: Bool { if case .mapping = node { true } else { false } }
    var isList: Bool { if case .sequence = node { true } else { false } }

    /// The elements of a list; of anything else it alone.
    var elements: [ProfileNode] {
        if case .sequence(let sequence) = node { sequence.map(child) } else { [self] }
    }

    package func list(_ what: String) throws(ProfileError) -> [ProfileNode] {
        guard isList else { throw error("\(what) is \(kind), not a list") }
        return elements
    }

    /// The members of a mapping, in their order.
    func pairs(_ what: String) throws(ProfileError) -> [(key: String, keyNode: ProfileNode, value: ProfileNode)] {
        guard case .mapping(let mapping) = node else { throw error("\(what) is \(kind), not a mapping") }
        var result: [(String, ProfileNode, ProfileNode)] = []
        for (key, value) in mapping {
            result.append((try child(key).string("a key of \(what)"), child(key), child(value)))
        }
        return result
    }

    /// The members of a mapping whose keys are all known.
    package func members(_ what: String, _ known: [String]) throws(ProfileError) -> [String: ProfileNode] {
        var result: [String: ProfileNode] = [:]
        for (key, keyNode, value) in try pairs(what) {
            guard known.contains(key) else { throw keyNode.unknown(key, what, known) }
            result[key] = value
        }
        return result
    }

    /// That a word is not one of those known.
    func unknown(_ word: String, _ what: String, _ known: [String]) -> ProfileError {
        let meant = Suggestion.nearest(word, among: known.map { ($0, 0) })
        return error(
            "\(what) has no '\(VisibleText.cell(word))'." + (meant.map { " Did you mean \($0.name)?" } ?? ""),
            hint: "known are: " + known.joined(separator: ", "))
    }
}
