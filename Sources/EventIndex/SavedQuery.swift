import EventModel

/// A question in SQL that is kept in a file, with a comment at its head that says what it answers and what it needs:
///
///     -- Events of an endpoint, in causal order.
///     -- Further lines say what the columns mean.
///     -- :endpoint  text, required — the endpoint's name
///     -- :limit  integer = 100 — how many rows at most
///     SELECT … WHERE endpoint = :endpoint LIMIT :limit
///
/// Where there is no default, `= none` gives NULL.
package struct SavedQuery: Sendable {
    /// What a parameter's text is read as.
    package enum ParameterType: String, CaseIterable, Sendable {
        case text, integer, number
        /// As `--since` takes it; nanoseconds since 1970 in SQL.
        case time

        var article: String {
            switch self {
            case .text: "a text"
            case .integer: "an integer"
            case .number: "a number"
            case .time: "a time (2025-10-20T06:47, @1760942878, -90m)"
            }
        }
    }

    /// One declared parameter.
    package struct Parameter: Sendable {
        package var name: String
        package var type: ParameterType
        /// nil: it must be given.
        package var defaultText: String?
        package var meaning: String

        /// `limit (integer = 100)`.
        package var description: String {
            "\(name) (\(type.rawValue)\(defaultText.map { " = " + $0 } ?? ", required"))"
        }
    }

    /// The file's name without `.sql`.
    package var name: String
    /// The comment's first line, and the further ones up to the parameters.
    package var title: String
    package var answer: String
    package var parameters: [Parameter]
    package var sql: String

    /// Reads a query. `name` is for messages.
    package init(name: String, text: String) throws(SavedQueryError) {
        self.name = name
        var title: String?
        var answer: [String] = []
        var parameters: [Parameter] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = SavedQuery.trimmed(line)
            guard line.hasPrefix("--") else { break }
            let comment = SavedQuery.trimmed(line.dropFirst(2))
            if comment.hasPrefix(":") {
                guard let parameter = SavedQuery.declaration(comment) else {
                    throw .badDeclaration(query: name, line: index + 1, text: String(comment))
                }
                parameters.append(parameter)
            } else if title == nil {
                title = String(comment)
            } else if parameters.isEmpty {
                answer.append(String(comment))
            } else {
                parameters[parameters.count - 1].meaning += " " + comment
            }
        }
        self.title = title ?? ""
        self.answer = answer.joined(separator: "\n")
        self.parameters = parameters
        sql = text
    }

    /// The values of all declared parameters, from the texts given for them and the defaults.
    /// - Parameters:
    ///   - offset: the zone of times that name none, in seconds east of UTC.
    ///   - lastEvent: what a time such as `-90m` counts from.
    func values(
        _ given: [(name: String, value: String)], offset: Int, lastEvent: Timestamp
    ) throws(SavedQueryError) -> [String: SQLValue] {
        for (name, _) in given where !parameters.contains(where: { $0.name == name }) {
            throw .unknownParameter(name, query: self)
        }
        var values: [String: SQLValue] = [:]
        for parameter in parameters {
            let text = given.last { $0.name == parameter.name }?.value
            if text == nil, parameter.defaultText == "none" {
                values[parameter.name] = .null
                continue
            }
            guard let text = text ?? parameter.defaultText else { throw .missingParameter(parameter.name, query: self) }
            guard let value = SavedQuery.value(text, parameter.type, offset: offset, lastEvent: lastEvent) else {
                throw .badParameter(parameter.name, value: text, type: parameter.type, query: self)
            }
            values[parameter.name] = value
        }
        return values
    }

    private static func value(_ text: String, _ type: ParameterType, offset: Int, lastEvent: Timestamp) -> SQLValue? {
        switch type {
        case .text: return .text(text)
        case .integer: return Int64(text).map { .integer($0) }
        case .number: return Double(text).flatMap { $0.isFinite ? .number($0) : nil }
        case .time:
            guard let bound = try? TimeBound(text, offset: offset) else { return nil }
            return .integer(bound.resolved(lastEvent: lastEvent).nanoseconds)
        }
    }

    /// Reads `:limit  integer = 100 — how many`.
    private static func declaration(_ comment: Substring) -> Parameter? {
        let halves = comment.split(separator: "—", maxSplits: 1, omittingEmptySubsequences: false)
        let head = trimmed(halves[0].dropFirst())
        let name = head.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        let rest = trimmed(head.dropFirst(name.count))
        let type = ParameterType.allCases.first { rest.hasPrefix($0.rawValue) }
        guard let type, !name.isEmpty else { return nil }
        let need = trimmed(rest.dropFirst(type.rawValue.count))
        let meaning = halves.count == 2 ? String(trimmed(halves[1])) : ""
        if need == ", required" || need == ",required" {
            return Parameter(name: String(name), type: type, defaultText: nil, meaning: meaning)
        }
        guard need.hasPrefix("=") else { return nil }
        return Parameter(
            name: String(name), type: type, defaultText: String(trimmed(need.dropFirst())), meaning: meaning)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\r\n" }
        let start = text.drop(while: isBlank)
        return start[..<(start.lastIndex { !isBlank($0) }.map { start.index(after: $0) } ?? start.startIndex)]
    }
}
