import EventModel

/// The tables and views of an exported database. `events`, `findings` and `evidence` have the columns that saved queries know; their texts of
/// times are stored, since other programs lack the function that makes them.
enum ExportSchema {
    /// What stands in the table `guide`, for whoever opens the file.
    static let meanings: [(name: String, meaning: String)] = [
        ("events", "every event that was exported; seq is its place in the causal order of all events"),
        (
            "happened_before",
            "events of different actors of which the first happened directly before the second, by seq"
        ),
        ("findings", "what was found; label is F1 and so on, id is lasting"),
        ("evidence", "the records that prove a finding, and the part that each plays"),
        ("windows", "findings of one kind that happened at once, as the cascade counts them"),
        ("window_findings", "which findings a window consists of"),
        ("edges", "which window led to which, and whether it began or prolonged it"),
    ]

    static let views: [(name: String, sql: String, meaning: String)] = [
        (
            "proofs",
            """
            SELECT f.label, f.kind, v.part, v.time, v.actor, e.event, e.endpoint, e.plan, e.outcome,
                   v.file || ':' || v.line AS record, e.raw
            FROM evidence AS v JOIN findings AS f ON f.id = v.finding_id
            LEFT JOIN events AS e ON e.file = v.file AND e.line = v.line
            ORDER BY f.rowid, v.rowid
            """, "each finding's records with what they say"
        ),
        (
            "causes",
            """
            SELECT b.seq, b.time, b.actor, b.event, a.seq AS cause_seq, a.time AS cause_time, a.actor AS cause_actor,
                   a.event AS cause_event
            FROM happened_before AS h JOIN events AS a ON a.seq = h.cause JOIN events AS b ON b.seq = h.effect
            """, "happened_before with both events' names"
        ),
        (
            "cascade",
            """
            SELECT a.kind AS kind, a.labels, e.role, b.kind AS led_to, b.labels AS led_to_labels
            FROM edges AS e JOIN windows AS a ON a.number = e.cause JOIN windows AS b ON b.number = e.effect
            ORDER BY e.rowid
            """, "what led to what, in words"
        ),
    ]

    static let tables = [
        stored(EventTables.events), stored(EventTables.findings),
        """
        CREATE TABLE happened_before (cause INTEGER NOT NULL, effect INTEGER NOT NULL);
        CREATE TABLE windows (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, labels TEXT NOT NULL, at INTEGER NOT NULL,
            until INTEGER, at_time TEXT, until_time TEXT);
        CREATE TABLE window_findings (window INTEGER NOT NULL, finding_id TEXT NOT NULL);
        CREATE TABLE edges (cause INTEGER NOT NULL, effect INTEGER NOT NULL, role TEXT NOT NULL);
        CREATE TABLE guide (name TEXT PRIMARY KEY, kind TEXT NOT NULL, meaning TEXT NOT NULL);
        """,
    ]

    static let indices = [
        EventTables.indices, "CREATE INDEX events_by_record ON events(file, line)",
        "CREATE INDEX happened_before_effect ON happened_before(effect)",
    ]

    static let insertEvent = insertion("events", EventTables.timeColumn, times: [2])
    static let insertFinding = insertion("findings", EventTables.findingColumns, times: [6, 7])
    static let insertEvidence = insertion("evidence", EventTables.evidenceColumns, times: [5])
    static let insertPair = insertion("happened_before", 2)
    static let insertWindow = """
        INSERT INTO windows SELECT ?1, ?2, (SELECT group_concat(label, ' ') FROM (SELECT label FROM findings
        WHERE id IN (SELECT value FROM json_each(?3)) GROUP BY label ORDER BY min(rowid))), ?4, ?5, rfc3339(?4), rfc3339(?5)
        """
    static let insertMember = insertion("window_findings", 2)
    static let insertEdge = insertion("edges", 3)

    /// The rows of `windows`: the ids of its findings stand for their labels.
    static func windows(_ cascade: Cascade?) -> [[SQLValue]] {
        (cascade?.windows ?? []).enumerated().map { number, window in
            [
                .integer(Int64(number + 1)), .text(window.kind.rawValue),
                .text("[" + window.findings.map { "\"\($0)\"" }.joined(separator: ",") + "]"),
                .integer(window.at.nanoseconds), window.until.map { .integer($0.nanoseconds) } ?? .null,
            ]
        }
    }

    static func members(_ cascade: Cascade?) -> [[SQLValue]] {
        (cascade?.windows ?? []).enumerated().flatMap { number, window in
            window.findings.map { [.integer(Int64(number + 1)), .text($0)] }
        }
    }

    static func edges(_ cascade: Cascade?) -> [[SQLValue]] {
        (cascade?.edges ?? []).map {
            [.integer(Int64($0.from + 1)), .integer(Int64($0.to + 1)), .text($0.role.rawValue)]
        }
    }

    /// A table whose generated columns hold values of their own.
    private static func stored(_ sql: String) -> String {
        ["ts", "at", "until"].reduce(sql) {
            $0.replacing(" GENERATED ALWAYS AS (rfc3339(\($1))) VIRTUAL", with: "")
        }
    }

    /// - Parameter times: the parameters, from 1, whose text in RFC 3339 fills the last columns.
    private static func insertion(_ table: String, _ columns: Int, times: [Int] = []) -> String {
        let values = (1...columns).map { "?\($0)" } + times.map { "rfc3339(?\($0))" }
        return "INSERT INTO \(table) VALUES (\(values.joined(separator: ", ")))"
    }
}
