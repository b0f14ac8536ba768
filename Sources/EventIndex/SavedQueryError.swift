import EventModel

/// Why a saved query could not be read or run. Quotes names and texts as they were given: sanitise before printing.
package enum SavedQueryError: Error, Sendable {
    /// No file of that name in any of the folders; what there is.
    case unknownQuery(String, known: [String])
    case unreadable(path: String, reason: String)
    /// The system does not give the file, whatever is in it.
    case unavailable(path: String, reason: String)
    /// A line of the comment declares a parameter in a way that cannot be read.
    case badDeclaration(query: String, line: Int, text: String)
    case missingParameter(String, query: SavedQuery)
    case unknownParameter(String, query: SavedQuery)
    case badParameter(String, value: String, type: SavedQuery.ParameterType, query: SavedQuery)
    /// The SQL has a parameter that its comment does not declare (nil: a bare `?`).
    case undeclaredParameter(String?, query: String)
    case notOneStatement(query: String)
    case denied(what: String, query: String)
    case tooLate(query: String, limit: Duration)
    case tooLarge(query: String, message: String)
    case failed(query: String, message: String)

    /// Whether the query was ended by a limit on its time or memory: the query itself is in order.
    package var isOfLimits: Bool {
        switch self {
        case .tooLate, .tooLarge: true
        default: false
        }
    }

    /// What is wrong.
    package var message: String {
        switch self {
        case .unknownQuery(let name, let known):
            "no saved query '\(name)'"
                + (Suggestion.nearest(name, among: known.map { ($0, 0) }).map { ". Did you mean \($0.name)?" } ?? "")
        case .unreadable(let path, let reason), .unavailable(let path, let reason): "\(path): \(reason)"
        case .badDeclaration(let query, let line, let text): "\(query):\(line): not a parameter's declaration: \(text)"
        case .missingParameter(let name, let query): "\(query.name) needs the parameter \(name)"
        case .unknownParameter(let name, let query): "\(query.name) has no parameter \(name)"
        case .badParameter(let name, let value, let type, let query):
            "\(query.name): the parameter \(name) takes \(type.article), and '\(value)' is none"
        case .undeclaredParameter(let name?, let query): "\(query): the parameter :\(name) is not declared"
        case .undeclaredParameter(nil, let query): "\(query): a parameter without a name"
        case .notOneStatement(let query): "\(query): not exactly one statement"
        case .denied(let what, let query): "\(query): \(what) is not allowed"
        case .tooLate(let query, let limit): "\(query): not done after \(limit.components.seconds) s"
        case .tooLarge(let query, let message): "\(query): too large: \(message)"
        case .failed(let query, let message): "\(query): \(message)"
        }
    }

    /// What to do about it.
    package var hint: String {
        switch self {
        case .unknownQuery(let name, let known):
            name.hasSuffix(".sql") ? "is the path right?" : "there are: " + known.joined(separator: ", ")
        case .unavailable: "may you read it, and are not too many files open?"
        case .unreadable: "a saved query is a file of SQL in UTF-8, up to 64 KiB"
        case .badDeclaration:
            "write '-- :name type, required — what it is' or '-- :name type = default — what it is'; "
                + "types: " + SavedQuery.ParameterType.allCases.map(\.rawValue).joined(separator: ", ")
        case .missingParameter(let name, let query):
            "--param \(name)=…; " + SavedQueryError.list(query.parameters)
        case .unknownParameter(_, let query), .badParameter(_, _, _, let query):
            SavedQueryError.list(query.parameters)
        case .undeclaredParameter(let name, _):
            "declare it in the comment at the file's head: -- :\(name ?? "name") text, required — what it is"
        case .notOneStatement: "a saved query is one SELECT, WITH … SELECT or VALUES"
        case .denied: "saved queries only read: SELECT from events, findings and evidence"
        case .tooLate:
            "narrow it (LIMIT comes after the work: conditions on endpoint or ts come before it), "
                + "or allow more with --max-time"
        case .tooLarge: "select fewer columns or rows, or shorter texts"
        case .failed: "tables: events, findings, evidence; their columns: SELECT * FROM events LIMIT 1"
        }
    }

    private static func list(_ parameters: [SavedQuery.Parameter]) -> String {
        if parameters.isEmpty { return "it takes none" }
        return "it takes " + parameters.map(\.description).joined(separator: "; ")
    }
}
