import Foundation
import Testing

/// The limits of SQL: of time for any statement, of length, of memory. Each question has a process of its own, as SQLite's limit of memory is
/// the process's.
@Suite struct QueryLimitTests {
    private static let endless = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n)"

    private static func upTo(_ count: Int) -> String {
        "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < \(count))"
    }

    private func ask(_ sql: String, _ options: [String] = [], in folder: Folder) throws -> (CommandRun, Duration) {
        try folder.write("-- Own.\n" + sql, to: "q.sql")
        let start = ContinuousClock.now
        let run = try Program.run(["query", "bundle", "--saved", "q.sql"] + options, in: folder.path)
        return (run, .now - start)
    }

    @Test(
        "a statement ends at its limit, whatever it is doing",
        arguments: [
            // One function that never looks up, and many of them.
            "SELECT printf('%.*c', 2000000000, 'x') || printf('%.*c', 2000000000, 'y')",
            endless + " SELECT printf('%.*c', 1000000000, 'x') FROM n",
            "SELECT instr(hex(zeroblob(4000000)), hex(zeroblob(3900000)) || '1')",
            "SELECT length(replace(hex(zeroblob(4000000)), substr(hex(zeroblob(3900000)), 1, 7000000) || '1', 'z'))",
            // No row comes first, with the table of the index and without it.
            endless + " SELECT count(*) FROM n",
            "SELECT count(*) FROM events a, events b, events c, events d, events e",
            endless + " SELECT i FROM n ORDER BY -i",
            // Rows come, and each takes long.
            endless + " SELECT zeroblob(16000000) FROM n",
        ])
    func late(_ sql: String) throws {
        let folder = try Folder()
        try folder.write(SampleLogs.orderly(400), to: "bundle/a.log")
        let (run, time) = try ask(sql, ["--max-time", "1", "--limit", "100000"], in: folder)
        #expect(run.status == 5, "\(sql): \(run.status) \(run.errors)")
        #expect(run.errors.hasPrefix("inquest: error: q: not done after 1 s\nhint: narrow it"), "\(run.errors)")
        #expect(run.errors.contains("allow more with --max-time"))
        // Twice the limit, the time to notice, and what a busy machine adds; in two attempts it was some 75 s for a limit of 30.
        #expect(time < .seconds(20), "\(sql) took \(time)")
    }

    @Test(
        "memory is bounded: one text, one row, a collection, a sort, many rows",
        arguments: [
            ("SELECT zeroblob(1000000000)", true),
            ("SELECT " + (0..<200).map { _ in "zeroblob(16000000)" }.joined(separator: ", "), true),
            ("SELECT " + (0..<64).map { _ in "hex(zeroblob(8000000))" }.joined(separator: " , "), true),
            (upTo(99) + " SELECT group_concat(hex(zeroblob(900000))) FROM n", true),
            (upTo(99) + " SELECT json_group_array(hex(zeroblob(900000))) FROM n", true),
            (upTo(9000) + " SELECT count(*) FROM (SELECT DISTINCT hex(randomblob(9000)) FROM n)", false),
            (upTo(900) + " SELECT length(x) FROM (SELECT hex(randomblob(90000)) AS x FROM n) ORDER BY x", false),
            (upTo(100) + " SELECT hex(zeroblob(600000)) FROM n", false),
        ])
    func memory(_ sql: String, _ isRefused: Bool) throws {
        let folder = try Folder()
        try folder.write(SampleLogs.orderly(20), to: "bundle/a.log")
        let (run, _) = try ask(sql, ["--memory", "700M", "--limit", "100000"], in: folder)
        if isRefused {
            #expect(run.status == 5, "\(sql): \(run.status) \(run.errors)")
            #expect(run.errors.hasPrefix("inquest: error: q: too large: "), "\(sql): \(run.errors)")
            #expect(run.bytes.isEmpty, "a part of an answer was printed")
        } else {
            #expect(run.status == 0, "\(sql): \(run.errors)")
        }
    }

    @Test("a query whose compilation doubles again and again is refused in time and memory")
    func doubling() throws {
        var sql = "WITH a0 AS (SELECT 1 AS x)"
        for i in 1...40 { sql += ", a\(i) AS (SELECT l.x FROM a\(i - 1) AS l, a\(i - 1) AS r)" }
        let folder = try Folder()
        try folder.write(SampleLogs.orderly(20), to: "bundle/a.log")
        let (run, time) = try ask(sql + " SELECT count(*) FROM a40", in: folder)
        #expect(run.status == 5 && run.errors.hasPrefix("inquest: error: q: "), "\(run.status) \(run.errors)")
        #expect(time < .seconds(60), "\(time)")
    }

    @Test func timeSpentWaitingForAReaderDoesNotCount() throws {
        let folder = try Folder()
        try folder.write(SampleLogs.orderly(20), to: "bundle/a.log")
        let sql = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 12)"
        try folder.write("-- Own.\n" + sql + " SELECT hex(zeroblob(600000)) FROM n", to: "q.sql")
        // The reader reads once the clock would long have run out.
        let run = try Program.shell(
            "set -o pipefail; inquest query bundle --saved q.sql --max-time 3 --format csv | (sleep 6; wc -l)",
            in: folder.path)
        #expect(run.status == 0 && run.text == "13\n", "\(run)")
    }

    @Test func whereAnAnswerIsEndedNoRowIsCut() throws {
        let folder = try Folder()
        try folder.write(SampleLogs.orderly(20), to: "bundle/a.log")
        let sql = Self.endless + " SELECT i, hex(zeroblob(100)) || 'end' FROM n"
        let (run, _) = try ask(sql, ["--max-time", "2", "--format", "csv"], in: folder)
        #expect(run.status == 5 && !run.bytes.isEmpty, "\(run.status) \(run.errors)")
        #expect(run.text.hasSuffix("end\r\n"), "the last row is cut: \(run.text.suffix(300))")
    }

    @Test(arguments: ["0", "-1", "86401", "x"])
    func aTimeThatIsNoneIsRefused(_ time: String) throws {
        let run = try Program.run(["query", "x", "--saved", "y", "--max-time=\(time)"])
        #expect(run.status == 2 && run.errors.contains("--max-time"), "\(run.errors)")
    }
}
