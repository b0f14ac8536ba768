import EventIndex
import Foundation
import Testing

/// What somebody else's SQL may not do.
@Suite struct SQLGuardTests {
    static let denied: [(sql: String, what: String)] = [
        ("INSERT INTO events(seq) VALUES (99)", "INSERT"), ("UPDATE events SET plan = 1", "UPDATE"),
        ("DELETE FROM findings", "DELETE"), ("WITH x AS (SELECT 1) DELETE FROM events", "DELETE"),
        ("DROP TABLE events", "more than reading"), ("CREATE TABLE t(a)", "more than reading"),
        ("CREATE TEMP TABLE t(a)", "more than reading"),
        ("CREATE VIEW v AS SELECT 1", "more than reading"),
        ("CREATE VIRTUAL TABLE f USING fts5(a)", "more than reading"),
        ("ALTER TABLE events ADD COLUMN x", "ALTER TABLE"),
        ("ATTACH '/etc/passwd' AS p", "ATTACH"), ("ATTACH ':memory:' AS p", "ATTACH"), ("DETACH main", "DETACH"),
        ("PRAGMA query_only = 0", "PRAGMA"), ("PRAGMA table_info(events)", "PRAGMA"),
        ("SELECT * FROM pragma_table_info('events')", "more than reading"), ("BEGIN", "a transaction"),
        ("SAVEPOINT s", "SAVEPOINT"), ("REINDEX", "REINDEX"), ("ANALYZE", "more than reading"),
        ("VACUUM INTO '/tmp/inquest-copy.db'", "ATTACH"), ("SELECT load_extension('/tmp/x.so')", "load_extension()"),
        ("SELECT Load_Extension('x', 'y')", "load_extension()"),
        ("SELECT fts3_tokenizer('simple')", "fts3_tokenizer()"),
    ]

    private func refusal(_ sql: String, _ limits: SQLLimits = SQLLimits()) throws -> SavedQueryError? {
        let query = try SavedQuery(name: "q", text: sql)
        do {
            _ = try SmallStore.answer(query, limits: limits)
            return nil
        } catch let error as SavedQueryError {
            return error
        }
    }

    @Test("whatever is not reading is refused, and the message says what", arguments: denied)
    func denies(_ sql: String, _ what: String) throws {
        guard case .denied(let said, _) = try #require(try refusal(sql), "\(sql) ran") else {
            Issue.record("\(sql): \(try refusal(sql)?.message ?? "ran")")
            return
        }
        #expect(said == what)
    }

    @Test(
        "exactly one statement: none, two, a comment alone are refused",
        arguments: [
            "", " ; ", "-- only a comment", "SELECT 1; SELECT 2", "SELECT 1;;SELECT 2",
        ])
    func oneStatement(_ sql: String) throws {
        guard case .notOneStatement = try #require(try refusal(sql)) else {
            Issue.record("\(sql): \(try refusal(sql)?.message ?? "ran")")
            return
        }
    }

    @Test("a second statement that writes does not run, whatever the first is")
    func secondWrites() throws {
        guard case .denied(what: "DELETE", _) = try #require(try refusal("SELECT 1; DELETE FROM events")) else {
            Issue.record("the second statement was not refused")
            return
        }
    }

    @Test(
        "reading in all its forms is allowed",
        arguments: [
            "SELECT 1;  -- done",
            "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT * FROM n",
            "SELECT raw ->> '$.seq' FROM events", "SELECT count(*) FROM (SELECT * FROM events)", "VALUES (1), (2)",
            "SELECT key FROM events, json_each(raw)", "SELECT sql FROM sqlite_schema",
            "EXPLAIN QUERY PLAN SELECT * FROM events",
            "SELECT sum(plan) OVER (ORDER BY seq) FROM events", "SELECT sqrt(2), upper('a'), strftime('%Y', 'now')",
        ])
    func allows(_ sql: String) throws {
        #expect(try refusal(sql)?.message == nil)
    }

    @Test(
        "a query without end is ended at its deadline",
        arguments: [
            "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
            "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT i FROM n ORDER BY -i",
            "SELECT count(*) FROM events a, events b, events c, events d, events e, events f, events g, events h, events i",
        ])
    func endless(_ sql: String) throws {
        var limits = SQLLimits()
        limits.time = .milliseconds(200)
        let start = ContinuousClock.now
        guard case .tooLate = try #require(try refusal(sql, limits)) else {
            Issue.record("\(sql): \(try refusal(sql, limits)?.message ?? "ran")")
            return
        }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test(
        "a small query cannot make a large value",
        arguments: [
            "SELECT zeroblob(1000000000)", "SELECT hex(randomblob(100000000))",
            "SELECT replace(replace(replace(hex(zeroblob(9999)), '0', hex(zeroblob(999))), '0', hex(zeroblob(999))), '0', 'ab')",
            "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 99) SELECT group_concat(hex(zeroblob(999999))) FROM n",
        ])
    func large(_ sql: String) throws {
        guard case .tooLarge = try #require(try refusal(sql)) else {
            Issue.record("\(sql): \(try refusal(sql)?.message ?? "ran")")
            return
        }
    }

    @Test("deep nesting and endless text are refused, not a crash")
    func deep() throws {
        #expect(
            try refusal("SELECT " + String(repeating: "(", count: 5000) + "1" + String(repeating: ")", count: 5000))
                != nil)
        #expect(try refusal("SELECT '" + String(repeating: "x", count: 1 << 17) + "'") != nil)
        #expect(
            try refusal("SELECT " + String(repeating: "-", count: 1) + String(repeating: "+", count: 9000) + "1") != nil
        )
    }

    @Test("after a refusal and a deadline the next query is answered")
    func goesOn() throws {
        var limits = SQLLimits()
        limits.time = .milliseconds(100)
        let database = try SmallStore.make(limits: limits)
        let endless = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        for sql in [endless, "DELETE FROM events"] {
            let query = try SavedQuery(name: "q", text: sql)
            #expect(throws: SavedQueryError.self) { try database.run(query, header: { _ in }, row: { _ in true }) }
        }
        var rows: [[SQLValue]] = []
        try database.run(
            try SavedQuery(name: "q", text: "SELECT count(*) FROM events"), header: { _ in },
            row: { row in
                rows.append(row)
                return true
            })
        #expect(rows == [[.integer(12)]])
    }

    @Test("two attempts at one question share the time of its clock, and waiting for a reader does not count")
    func sharedClock() throws {
        let clock = QueryClock(.milliseconds(300))
        let database = try SmallStore.make()
        let one = try SavedQuery(name: "q", text: "SELECT 1")
        try database.run(one, within: clock, header: { _ in }) { _ in
            clock.pause { _ = usleep(500_000) }
            return true
        }
        let endless = try SavedQuery(
            name: "q", text: "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
        for _ in 1...2 {
            let start = ContinuousClock.now
            #expect(throws: SavedQueryError.self) {
                try database.run(endless, within: clock, header: { _ in }, row: { _ in true })
            }
            #expect(ContinuousClock.now - start < .seconds(10))
        }
        // Nothing is left of a time that is over: a third attempt does not run at all.
        let start = ContinuousClock.now
        #expect(throws: SavedQueryError.self) {
            try database.run(endless, within: clock, header: { _ in }, row: { _ in true })
        }
        #expect(ContinuousClock.now - start < .milliseconds(290))
    }

    @Test("a row is no longer than a text may be, however many columns it has")
    func wideRow() throws {
        var limits = SQLLimits()
        limits.length = 1 << 20
        #expect(try refusal("SELECT zeroblob(500000), zeroblob(500000)", limits) == nil)
        guard
            case .tooLarge(_, let message)? = try refusal("SELECT zeroblob(500000), 1, hex(zeroblob(300000))", limits)
        else {
            Issue.record("a row of 1.1 MB was not refused")
            return
        }
        #expect(message == "a row of 1100000 bytes")
    }

    @Test("rows stop where the reader stops")
    func stops() throws {
        var count = 0
        try SmallStore.make().run(
            try SavedQuery(name: "q", text: "SELECT seq FROM events"), header: { _ in },
            row: { _ in
                count += 1
                return count < 3
            })
        #expect(count == 3)
    }
}
