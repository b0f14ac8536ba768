import EventIndex
import EventModel
import Foundation

/// A store of a dozen events whose answers can be worked out by hand: `slow` writes plan 4 over `fast`'s plan 9.
///
/// seq is 1, 2, 3 …; ts is seconds after 2025-10-20T06:47:00Z.
enum SmallStore {
    static let start: Int64 = 1_760_942_820

    static func make(limits: SQLLimits = SQLLimits()) throws -> EventDatabase {
        let store = try EventStore()
        try store.insert(events)
        try store.insert(StoredTables([finding], symbols: symbols.table, files: ["slow.log"]))
        return try store.seal(limits: limits)
    }

    /// A path beside this package's manifest.
    static func path(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent(name).path
    }

    /// The folder of the built-in queries.
    static let queries = path("Sources/EventIndex/Queries")

    /// All rows of a built-in query, as text, the columns' names first.
    static func answer(_ query: String, _ parameters: [String: String] = [:]) throws -> [String] {
        try answer(try QueryFolders([]).query(query), parameters)
    }

    /// All rows of a query, as text, the columns' names first.
    static func answer(
        _ query: SavedQuery, _ parameters: [String: String] = [:], limits: SQLLimits = SQLLimits()
    ) throws -> [String] {
        var lines: [String] = []
        try make(limits: limits).run(
            query, parameters: parameters.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) },
            header: { lines.append($0.joined(separator: "|")) },
            row: { row in
                lines.append(row.map(text).joined(separator: "|"))
                return true
            })
        return lines
    }

    private static func text(_ value: SQLValue) -> String {
        switch value {
        case .null: ""
        case .integer(let integer): String(integer)
        case .number(let number): String(number)
        case .text(let text): text
        case .bytes(let bytes): bytes.map { String($0, radix: 16) }.joined()
        }
    }

    static let events: [EventRecord] = {
        var events: [EventRecord] = []
        func add(
            _ seconds: Double, _ actor: String, _ event: String, _ endpoint: String? = nil, plan: Int64? = nil,
            _ change: (inout EventRecord) -> Void = { _ in }
        ) {
            let seq = Int64(events.count + 1)
            var row = EventRecord(
                seq: seq, ts: start * 1_000_000_000 + Int64(seconds * 1e9), actor: actor, event: event,
                file: actor + ".log", line: Int64(events.count { $0.actor == actor } + 1), raw: "{\"seq\":\(seq)}")
            row.endpoint = endpoint
            row.plan = plan.map { Generation($0) }
            change(&row)
            events.append(row)
        }
        add(0, "planner", "plan.created", plan: 4)
        add(1, "slow", "plan.applying", "db.example", plan: 4)
        add(20, "planner", "plan.created", plan: 9)
        add(21, "fast", "plan.applying", "db.example", plan: 9)
        add(21.5, "fast", "plan.applied", "db.example", plan: 9) {
            $0.outcome = "ok"
            $0.replaces = 3
            $0.commitNo = 1
            $0.latencyMs = 500
        }
        add(22, "slow", "plan.applied", "db.example", plan: 4) {
            $0.outcome = "timeout"
            $0.error = "no answer"
            $0.attempt = 1
        }
        add(23, "slow", "plan.applying", "db.example", plan: 4) { $0.attempt = 2 }
        add(24.25, "slow", "plan.applied", "db.example", plan: 4) {
            $0.attempt = 2
            $0.replaces = 9
            $0.commitNo = 2
            $0.records = 3
        }
        add(25, "fast", "plan.applied", "web.example", plan: 9) { $0.latencyMs = 7 }
        add(30, "worker", "queue.sampled") {
            $0.queue = "leases"
            $0.depth = 12
            $0.oldestMs = 4000
        }
        add(90, "worker", "queue.sampled") {
            $0.queue = "leases"
            $0.depth = 4711
            $0.oldestMs = 90_500
        }
        add(91, "worker", "queue.sampled") {
            $0.queue = "mail"
            $0.depth = 5
        }
        return events
    }()

    private static let symbols: (table: SymbolTable, slow: Symbol) = {
        var table = SymbolTable()
        let slow = table.intern("slow")
        return (table, slow)
    }()

    private static let finding: FindingRecord = {
        let write = RecordRef(
            source: SourceID(index: 0), line: 4, byte: 0, length: 11,
            time: Timestamp(nanoseconds: start * 1_000_000_000 + 24_250_000_000), actor: symbols.slow,
            process: ProcessID(index: 0), stamp: Stamp(counter: 8), kind: .planApplied, hasClock: true)
        var finding = Finding(
            kind: .stalePlanOverwrite, severity: .high, confidence: .proven, at: write.time,
            evidence: [Finding.Evidence(part: "the write", record: write)])
        finding.endpoint = "db.example"
        finding.actor = "slow"
        finding.plan = 4
        finding.displaced = 9
        finding.awareness = .unaware
        return FindingRecord(
            id: "stale-plan-overwrite:1", label: "F1", summary: "slow wrote plan 4 over plan 9", finding: finding)
    }()
}
