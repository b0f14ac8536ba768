import EventModel
import GRDB

/// The tables that saved queries read, and how a value becomes a row of them. The columns here are the face of every query in
/// Queries: whatever stands behind the tables, names and meanings stay.
enum EventTables {
    /// Generations have no type: those beyond 64 bits stand as their digits, which an INTEGER column would round. Times stand twice: as nanoseconds, to compare and to subtract, and as text with a zone, made from them when it is read.
    static let events = """
        CREATE TABLE events (
            seq INTEGER PRIMARY KEY, ts INTEGER, actor TEXT NOT NULL, event TEXT NOT NULL, role TEXT,
            endpoint TEXT, plan, active, replaces, commit_no, store TEXT, records INTEGER,
            outcome TEXT, error TEXT, attempt INTEGER, queue TEXT, item TEXT, depth INTEGER, oldest_ms REAL,
            latency_ms REAL, arrived INTEGER, completed INTEGER, failed INTEGER, service TEXT, requests INTEGER,
            errors INTEGER, throttles INTEGER, state TEXT, by TEXT, reason TEXT, counter INTEGER, clock TEXT,
            inferred INTEGER NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, raw TEXT NOT NULL,
            time TEXT GENERATED ALWAYS AS (rfc3339(ts)) VIRTUAL)
        """

    /// `events` where it is read from an index, which makes its own values of every column.
    static let indexedEvents = events.replacing(" PRIMARY KEY", with: "").replacing(
        " GENERATED ALWAYS AS (rfc3339(ts)) VIRTUAL", with: "")

    static let findings = """
        CREATE TABLE findings (
            id TEXT NOT NULL, label TEXT NOT NULL, kind TEXT NOT NULL, severity TEXT NOT NULL, confidence TEXT NOT NULL,
            at INTEGER NOT NULL, until INTEGER, endpoint TEXT, queue TEXT, service TEXT, actor TEXT, plan,
            displaced, awareness TEXT, count INTEGER, peak REAL, summary TEXT NOT NULL,
            at_time TEXT GENERATED ALWAYS AS (rfc3339(at)) VIRTUAL,
            until_time TEXT GENERATED ALWAYS AS (rfc3339(until)) VIRTUAL);
        CREATE TABLE evidence (
            finding_id TEXT NOT NULL, part TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, ts INTEGER,
            actor TEXT NOT NULL, counter INTEGER, time TEXT GENERATED ALWAYS AS (rfc3339(ts)) VIRTUAL);
        """

    /// Made when all rows are there: an index kept while they come costs twice as much.
    static let indices = "CREATE INDEX events_of_endpoint ON events(endpoint, seq) WHERE endpoint IS NOT NULL"

    /// The column of `events` behind all that an insertion names.
    static let timeColumn = 36

    /// By column of `events`, the field that it shows as it was decoded.
    static let fields: [Field?] = [
        nil, nil, nil, nil, .role, nil, .plan, .active, .replaces, .commit, .store, .records, nil, nil, .attempt,
        .queue,
        nil, .depth, .oldestMs, .latencyMs, .arrived, .completed, .failed, .service, .requests, .errors, .throttles,
        .state, .by,
    ]

    /// What an index makes of a comparison with a column of `events` (−1: the row's id); nil: nothing.
    static func column(_ number: Int, _ relation: EventCondition.Relation) -> EventCondition.Column? {
        switch (number, relation == .glob) {
        case (-1, false), (0, false): .seq
        case (1, false): .ts
        case (6, false): .plan
        case (33, false) where relation == .equal: .file
        case (34, false) where relation == .equal: .line
        case (2, _) where relation == .equal || relation == .glob: .name(.actor)
        case (3, _) where relation == .equal || relation == .glob: .name(.event)
        case (5, _) where relation == .equal || relation == .glob: .name(.endpoint)
        default: nil
        }
    }

    static let insertEvent = insertion(into: "events", columns: 36)
    static let insertFinding = insertion(into: "findings", columns: findingColumns)
    static let insertEvidence = insertion(into: "evidence", columns: evidenceColumns)
    static let findingColumns = 17
    static let evidenceColumns = 7

    /// Generated columns take no value: they stand last in each table.
    private static func insertion(into table: String, columns: Int) -> String {
        let values = Array(repeating: "?", count: columns).joined(separator: ", ")
        return "INSERT INTO \(table) VALUES (\(values))"
    }

    /// `rfc3339(nanoseconds)`: the time in UTC with nine fraction digits, so that text sorts as time, for the tables' columns and for queries that compute one. Not an integer: NULL.
    static let rfc3339 = DatabaseFunction("rfc3339", argumentCount: 1, pure: true) { arguments in
        Int64.fromDatabaseValue(arguments[0]).map { Timestamp(nanoseconds: $0).rfc3339(digits: 9) }
    }

    static func bind(_ row: EventRecord, to values: inout some ColumnSink) {
        values.add(row.seq)
        values.add(row.ts == Timestamp.absent.nanoseconds ? nil : row.ts)
        values.add(row.actor)
        values.add(row.event)
        values.add(row.role)
        values.add(row.endpoint)
        values.add(row.plan)
        values.add(row.active)
        values.add(row.replaces)
        values.add(row.commitNo)
        values.add(row.store)
        values.add(row.records)
        values.add(row.outcome)
        values.add(row.error)
        values.add(row.attempt)
        values.add(row.queue)
        values.add(row.item)
        values.add(count: row.depth)
        values.add(row.oldestMs)
        values.add(row.latencyMs)
        values.add(row.arrived)
        values.add(row.completed)
        values.add(row.failed)
        values.add(row.service)
        values.add(row.requests)
        values.add(row.errors)
        values.add(row.throttles)
        values.add(row.state)
        values.add(row.by)
        values.add(row.reason)
        values.add(row.counter)
        values.add(json: row.clock)
        values.add(Int64(row.inferred ? 1 : 0))
        values.add(row.file)
        values.add(row.line)
        values.add(json: row.raw)
    }

    static func bind(_ row: FindingRecord, to values: inout some ColumnSink) {
        let finding = row.finding
        values.add(row.id)
        values.add(row.label)
        values.add(finding.kind.rawValue)
        values.add(finding.severity.name)
        values.add(finding.confidence.name)
        values.add(finding.at.nanoseconds)
        values.add(finding.until?.nanoseconds)
        values.add(finding.endpoint)
        values.add(finding.queue)
        values.add(finding.service)
        values.add(finding.actor)
        values.add(finding.plan)
        values.add(finding.displaced)
        values.add(finding.awareness?.rawValue)
        values.add(finding.count)
        values.add(finding.peak)
        values.add(row.summary)
    }

    static func bind(
        _ evidence: Finding.Evidence, of finding: String, symbols: SymbolTable, files: [String],
        to values: inout some ColumnSink
    ) {
        let source = Int(evidence.record.source.index)
        values.add(finding)
        values.add(evidence.part)
        values.add(source < files.count ? files[source] : "")
        values.add(Int64(clamping: evidence.record.line))
        values.add(evidence.record.time.isAbsent ? nil : evidence.record.time.nanoseconds)
        values.add(symbols[evidence.record.actor])
        values.add(evidence.record.hasClock ? evidence.record.stamp.counter : nil)
    }
}

/// A finding as the tables name it: by its lasting id and by the label that reports show.
package struct FindingRecord: Sendable {
    package var id: String
    package var label: String
    /// The finding in one sentence.
    package var summary: String
    package var finding: Finding

    /// Names a finding.
    package init(id: String, label: String, summary: String, finding: Finding) {
        self.id = id
        self.label = label
        self.summary = summary
        self.finding = finding
    }
}
