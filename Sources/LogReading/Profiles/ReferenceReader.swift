import EventModel

/// Reads the names of fields, and the texts that are made of them, in a profile.
struct ReferenceReader {
    /// The names that a profile has given to parts of a record, by number.
    private(set) var variables: [String] = []

    /// Gives a part of a record a name; its number.
    mutating func bind(_ node: ProfileNode) throws(ProfileError) -> Int {
        let name = try node.string("as")
        if name.isEmpty || name.contains("/") || name.contains("@") { throw node.error("'\(name)' is not a name") }
        if variables.contains(name) { throw node.error("'\(name)' is bound twice") }
        variables.append(name)
        return variables.count - 1
    }

    /// The field that a name or a pointer means.
    func reference(_ node: ProfileNode) throws(ProfileError) -> Reference {
        try reference(node.string("a field's name"), node)
    }

    func reference(_ text: String, _ node: ProfileNode) throws(ProfileError) -> Reference {
        if text.isEmpty { throw node.error("a field's name is empty") }
        if text.hasPrefix("/") { return .path(variable: nil, steps: Self.steps(text.dropFirst())) }
        if let variable = variables.firstIndex(of: text) { return .path(variable: variable, steps: []) }
        if let slash = text.firstIndex(of: "/"), let variable = variables.firstIndex(of: String(text[..<slash])) {
            return .path(variable: variable, steps: Self.steps(text[text.index(after: slash)...]))
        }
        return .name(FieldName(text))
    }

    /// The way that a pointer takes.
    static func steps(_ text: Substring) -> [Reference.Step] {
        if text.isEmpty { return [] }
        var steps: [Reference.Step] = []
        // A key in brackets may have slashes of its own.
        var parts: [String] = [""]
        var isInBrackets = false
        for character in text {
            if character == "[" { isInBrackets = true }
            if character == "]" { isInBrackets = false }
            if character == "/", !isInBrackets { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        for part in parts {
            if let open = part.firstIndex(of: "["), part.hasSuffix("]") {
                let name = String(part[..<open])
                if !name.isEmpty { steps.append(.member(FieldName(unescaped(name)))) }
                steps.append(.pair(FieldName(String(part[part.index(after: open)...].dropLast()))))
            } else if let index = Int(part), index >= 0 {
                steps.append(.element(index))
            } else {
                steps.append(.member(FieldName(unescaped(part))))
            }
        }
        return steps
    }

    /// A pointer's token as the key that it means (RFC 6901).
    static func unescaped(_ token: String) -> String {
        token.replacing("~1", with: "/").replacing("~0", with: "~")
    }

    /// A text with fields in braces.
    func template(_ text: String, _ node: ProfileNode) throws(ProfileError) -> [Candidate.Piece] {
        var pieces: [Candidate.Piece] = []
        var literal = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            guard character == "{" else {
                literal.append(character)
                continue
            }
            guard let close = rest.firstIndex(of: "}") else { throw node.error("a template has a '{' without its '}'") }
            if !literal.isEmpty { pieces.append(.text(FieldName(literal))) }
            literal = ""
            let words = rest[..<close].split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            var filters: [Transform] = []
            for word in words.dropFirst() { filters.append(try filter(word, node)) }
            pieces.append(.reference(try reference(words[0], node), filters))
            rest = rest[rest.index(after: close)...]
        }
        if !literal.isEmpty { pieces.append(.text(FieldName(literal))) }
        return pieces
    }

    /// What stands behind a bar in a template.
    private func filter(_ word: String, _ node: ProfileNode) throws(ProfileError) -> Transform {
        switch word {
        case "dns": return .dnsName
        case "lower": return .lowercase
        case "first": return .part(0, [UInt8(ascii: "/")])
        case "last": return .part(-1, [UInt8(ascii: "/")])
        case "message": return .message
        default: throw node.unknown(word, "a template", ["dns", "lower", "first", "last", "message"])
        }
    }
}
