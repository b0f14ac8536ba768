import EventIndex
import Testing

@Suite struct SavedQueryTests {
    static let text = """
        -- Plans of an actor.
        -- One row an event.
        --
        -- :actor  text, required — who
        --         did it
        -- :limit  integer = 2 — how many
        -- :share  number = 0.5 — a part
        -- :since  time = none — from then on
        -- :name   text = two words — with blanks
        SELECT :actor, :limit, :share, :since, :name
        """

    private func failure(_ text: String, _ parameters: [String: String] = [:]) -> SavedQueryError? {
        #expect(throws: SavedQueryError.self) {
            try SmallStore.answer(try SavedQuery(name: "q", text: text), parameters)
        }
    }

    @Test("the comment at the head is title, answer and parameters")
    func comment() throws {
        let query = try SavedQuery(name: "q", text: Self.text)
        #expect(query.title == "Plans of an actor.")
        #expect(query.answer == "One row an event.\n")
        #expect(
            query.parameters.map(\.description) == [
                "actor (text, required)", "limit (integer = 2)", "share (number = 0.5)", "since (time = none)",
                "name (text = two words)",
            ])
        #expect(query.parameters.map(\.meaning) == ["who did it", "how many", "a part", "from then on", "with blanks"])
    }

    @Test("given values and defaults reach the SQL by their types")
    func values() throws {
        let query = try SavedQuery(name: "q", text: Self.text)
        #expect(try SmallStore.answer(query, ["actor": "a'b"])[1] == "a'b|2|0.5||two words")
        #expect(
            try SmallStore.answer(query, ["actor": "", "limit": "-1", "share": "3", "since": "@1", "name": "none"])[1]
                == "|-1|3.0|1000000000|none")
    }

    @Test("a parameter that is missing, unknown or of the wrong type is named, with those there are")
    func parameterErrors() {
        let missing = failure(Self.text)
        #expect(missing?.message == "q needs the parameter actor")
        #expect(missing?.hint.contains("limit (integer = 2)") == true)
        let unknown = failure(Self.text, ["actor": "a", "limt": "3"])
        #expect(unknown?.message == "q has no parameter limt")
        #expect(unknown?.hint.contains("limit (integer = 2)") == true)
        for (name, value) in [("limit", "many"), ("limit", "1.5"), ("share", "nan"), ("share", "x"), ("since", "soon")]
        {
            let bad = failure(Self.text, ["actor": "a", name: value])
            #expect(bad?.message.contains("'\(value)' is none") == true, "\(name)=\(value)")
        }
    }

    @Test(
        "a declaration that cannot be read is refused with its line",
        arguments: [
            "-- t\n-- :x", "-- t\n-- :x txt = 1", "-- t\n-- :x text", "-- t\n-- : text = 1",
            "-- t\n-- :x text required — y",
            "-- t\n-- :é text = 1",
        ])
    func badDeclaration(_ text: String) {
        let failure = failure(text + "\nSELECT 1")
        #expect(failure?.message.hasPrefix("q:2: not a parameter's declaration") == true)
        #expect(failure?.hint.contains("text, integer, number, time") == true)
    }

    @Test(
        "SQL that asks for what is not declared is refused",
        arguments: ["SELECT :x", "SELECT ?", "SELECT ?1", "SELECT @x, $y"])
    func undeclared(_ sql: String) {
        guard case .undeclaredParameter = failure(sql) else {
            Issue.record("\(sql) was not refused for its parameter")
            return
        }
    }

    @Test("a mistake in the SQL is told in SQLite's words, with the tables there are")
    func mistakes() {
        let table = failure("SELECT * FROM evnts")
        #expect(table?.message == "q: no such table: evnts")
        #expect(table?.hint.contains("events, findings, evidence") == true)
        #expect(failure("SELEC 1")?.message == "q: near \"SELEC\": syntax error")
    }

    @Test("a query is found by name or path; an unknown name lists those there are")
    func lookUp() throws {
        let folders = QueryFolders(["/nonexistent", SmallStore.queries])
        #expect(try folders.query("last-writer").name == "last-writer")
        #expect(try folders.query(SmallStore.queries + "/last-writer.sql").name == "last-writer")
        let failure = #expect(throws: SavedQueryError.self) { try folders.query("last-writers") }
        #expect(failure?.hint.contains("last-writer,") == true)
        #expect(failure?.message == "no saved query 'last-writers'. Did you mean last-writer?")
        #expect(throws: SavedQueryError.self) { try folders.query("../Queries/last-writer") }
        #expect(throws: SavedQueryError.self) { try folders.query(SmallStore.queries + "/") }
        #expect(throws: SavedQueryError.self) { try folders.query("") }
    }

    @Test("every column of events holds what the record says, and a NUL in a name does not cut it")
    func columns() throws {
        let store = try EventStore()
        var row = EventRecord(
            seq: 7, ts: -1, actor: "a\0b", event: "e", inferred: true, file: "f", line: 3, raw: "{\"x\":{\"y\":5}}")
        row.role = "r"
        row.endpoint = "p"
        row.plan = 1
        row.active = 2
        row.replaces = 3
        row.commitNo = 4
        row.store = "s"
        row.records = 5
        row.outcome = "ok"
        row.error = "err"
        row.attempt = 6
        row.queue = "q"
        row.item = "i"
        row.depth = 7
        row.oldestMs = 8.5
        row.latencyMs = 9.5
        row.arrived = 10
        row.completed = 11
        row.failed = 12
        row.service = "v"
        row.requests = 13
        row.errors = 14
        row.throttles = 15
        row.state = "t"
        row.by = "b"
        row.reason = "why"
        row.counter = 16
        row.clock = "{}"
        try store.insert([row])
        var names: [String] = []
        var values: [SQLValue] = []
        try store.seal().run(
            try SavedQuery(name: "q", text: "SELECT *, raw ->> '$.x.y' AS y FROM events"), header: { names = $0 },
            row: { row in
                values = row
                return true
            })
        let expected: [(String, SQLValue)] = [
            ("seq", .integer(7)), ("ts", .integer(-1)), ("actor", .text("a\u{2400}b")), ("event", .text("e")),
            ("role", .text("r")),
            ("endpoint", .text("p")), ("plan", .integer(1)), ("active", .integer(2)), ("replaces", .integer(3)),
            ("commit_no", .integer(4)), ("store", .text("s")), ("records", .integer(5)), ("outcome", .text("ok")),
            ("error", .text("err")), ("attempt", .integer(6)), ("queue", .text("q")), ("item", .text("i")),
            ("depth", .integer(7)), ("oldest_ms", .number(8.5)), ("latency_ms", .number(9.5)),
            ("arrived", .integer(10)),
            ("completed", .integer(11)), ("failed", .integer(12)), ("service", .text("v")), ("requests", .integer(13)),
            ("errors", .integer(14)), ("throttles", .integer(15)), ("state", .text("t")), ("by", .text("b")),
            ("reason", .text("why")), ("counter", .integer(16)), ("clock", .text("{}")), ("inferred", .integer(1)),
            ("file", .text("f")), ("line", .integer(3)), ("raw", .text("{\"x\":{\"y\":5}}")),
            ("time", .text("1969-12-31T23:59:59.999999999Z")), ("y", .integer(5)),
        ]
        #expect(names == expected.map(\.0))
        #expect(values == expected.map(\.1))
    }

    @Test("a place in the order that comes twice is an error, not a silent loss")
    func twice() throws {
        let store = try EventStore()
        let failure = #expect(throws: EventStore.Failure.self) {
            try store.insert([SmallStore.events[0], SmallStore.events[0]])
        }
        #expect(failure?.message.contains("UNIQUE") == true)
    }
}
