import Foundation

/// What everyone is asked, of the records of a busy day.
enum Question: String, CaseIterable {
    case events, overwrites, endpoint, depths

    var name: String {
        switch self {
        case .events: "count by event"
        case .overwrites: "stale overwrites"
        case .endpoint: "events of one endpoint"
        case .depths: "deepest queue a second"
        }
    }

    /// What inquest is asked, but for the files.
    /// - Parameter queries: the folder of the saved queries.
    func words(endpoint: String, queries: String) -> [String] {
        switch self {
        case .events, .depths: ["query", "--quiet", "--saved", "\(queries)/inquest-\(rawValue).sql", "--format", "csv"]
        case .overwrites: ["analyze", "--quiet", "--format", "json"]
        case .endpoint: ["query", "--quiet", "--endpoint", endpoint, "--format", "jsonl"]
        }
    }

    /// What inquest printed, as the rows that the others print.
    func rows(_ printed: Data) throws -> [String] {
        switch self {
        case .events, .depths: return Array(Question.lines(printed).dropFirst())
        case .overwrites:
            return try JSONDecoder().decode(Findings.self, from: printed).findings
                .filter { $0.kind == "stale-plan-overwrite" }
                .map { "\($0.endpoint ?? ""),\($0.plan ?? 0),\($0.displaced ?? 0)" }
        case .endpoint:
            return try Question.lines(printed).map {
                let record = try JSONDecoder().decode(Record.self, from: Data($0.utf8))
                return "\(record.ts),\(record.actor),\(record.event),\(record.plan.map { "\($0)" } ?? "")"
            }
        }
    }

    static func lines(_ printed: Data) -> [String] {
        String(decoding: printed, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
    }

    private struct Findings: Decodable {
        struct Finding: Decodable {
            var kind: String
            var endpoint: String?
            var plan: Int?
            var displaced: Int?
        }
        var findings: [Finding]
    }

    private struct Record: Decodable {
        var ts: String
        var actor: String
        var event: String
        var plan: Int?
    }
}
