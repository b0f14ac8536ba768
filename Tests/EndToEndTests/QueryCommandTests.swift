import Foundation
import Testing

/// `inquest query`: events by conditions, in all formats, and saved queries.
@Suite struct QueryCommandTests {
    private func query(_ folder: Folder, _ options: String...) throws -> CommandRun { try query(folder, options) }

    private func query(_ folder: Folder, _ options: [String]) throws -> CommandRun {
        try Program.run(["query", folder.path + "/bundle"] + options)
    }

    /// The lines of the small log, by actor and number.
    private func line(_ log: String, _ number: Int) -> String { String(log.split(separator: "\n")[number - 1]) + "\n" }

    @Test func jsonlIsTheRecordsOwnBytes() throws {
        let folder = try SampleLogs.small()
        let odd =
            "  {\"ts\" : 1760942900000000000,\t\"actor\":\"c\",\"event\":\"odd\",\"x\":1e999, \"y\":\"\\u00e9é\",\"z\":1.0}  \r\n"
        try folder.write(odd, to: "bundle/c.log")
        let run = try query(folder, "--format", "jsonl", "--actor", "c")
        #expect(run.status == 0 && run.bytes == Array(odd.utf8), "\(run.text.debugDescription)")
        let all = try query(folder, "--format", "jsonl")
        let wanted = Array((SampleLogs.a + SampleLogs.b + odd).utf8).split(separator: 0x0A)
        #expect(Set(all.lines) == Set(wanted.map { String(decoding: $0, as: UTF8.self) }))
    }

    @Test func conditions() throws {
        let folder = try SampleLogs.small()
        let (a, b) = (SampleLogs.a, SampleLogs.b)
        for (options, wanted) in [
            (["--endpoint", "db.example"], line(b, 2) + line(a, 2) + line(a, 3) + line(b, 4)),
            (["--endpoint", "db.*"], line(b, 2) + line(a, 2) + line(a, 3) + line(b, 4)),
            (["--actor", "b", "--event", "plan.appl*"], line(b, 2) + line(b, 4)),
            (["--event", "plan.checked", "--event", "plan.deleted"], line(a, 1) + line(b, 1) + line(b, 3)),
            (["--plan", "9"], line(b, 1) + line(b, 2) + line(b, 4)), (["--plan", "4..9", "--limit", "1"], line(a, 1)),
            (["--plan", "5.."], line(b, 1) + line(b, 2) + line(b, 4)), (["--actor", "[!b]"], a),
            (["--since", "2025-10-20T06:47:59Z"], line(b, 3) + line(b, 4)),
            (["--until", "2025-10-20T06:47:17Z"], line(a, 1)),
            (["--since", "-1s"], line(b, 3) + line(b, 4)),
        ] {
            let run = try Program.run(["query", folder.path + "/bundle", "--format", "jsonl"] + options)
            #expect(run.status == 0 && run.text == wanted, "\(options) gives \(run.text) \(run.errors)")
        }
    }

    @Test func evidenceOfAFinding() throws {
        let folder = try SampleLogs.small()
        let found = try FindingsFile(try Program.run(["analyze", folder.path + "/bundle", "--format", "json"]).bytes)
        let stale = try #require(found.findings.first { $0["kind"] as? String == "stale-plan-overwrite" })
        let id = try #require(stale["id"] as? String)
        let byID = try query(folder, "--finding", id, "--format", "jsonl")
        let evidence = try #require(stale["evidence"] as? [[String: Any]])
        let places = Set(evidence.map { "\($0["file"] ?? ""):\($0["line"] ?? "")" })
        #expect(byID.status == 0 && byID.lines.count == places.count, "\(byID.text)")
        #expect(byID.text.contains(line(SampleLogs.a, 3)), "the overwriting record is not shown")
        #expect(try query(folder, "--finding", "F1", "--format", "jsonl").status == 0)
        let wrong = try query(folder, "--finding", "F99")
        #expect(
            wrong.status == 2 && wrong.errors.contains("no finding 'F99'")
                && wrong.errors.contains("hint: there are F1 to"))
    }

    @Test func formats() throws {
        let folder = try SampleLogs.small()
        let table = try query(folder, "--endpoint", "db.example")
        #expect(
            table.text.contains("plan.applied") && table.text.contains("of 7 events") || table.text.contains("of "),
            "\(table.text)")
        #expect(table.text.contains("enactor-a.log:3") && table.text.contains("06:47:58.113Z"))
        let csv = try query(folder, "--format", "csv")
        #expect(csv.lines.count == 8 && csv.lines.allSatisfy { $0.hasSuffix("\r") }, "\(csv.text)")
        let markdown = try query(folder, "--format", "markdown")
        #expect(markdown.lines.filter { $0.hasPrefix("|") }.count == 9, "\(markdown.text)")
        #expect(try query(folder, "--format", "jsonl").lines.count == 7)
    }

    @Test func unknownNames() throws {
        let folder = try SampleLogs.small()
        for (options, says) in [
            (["--endpoint", "db.exampel"], "no endpoint matches 'db.exampel'. Did you mean db.example (4 events)?"),
            (["--event", "plan.aplied"], "no event matches 'plan.aplied'. Did you mean plan.applied (3 events)?"),
            (["--actor", "zz*"], "no actor matches 'zz*'."),
            (["--endpoint", "[a"], "unclosed [ at character 1 of '[a'"),
        ] {
            let run = try Program.run(["query", folder.path + "/bundle"] + options)
            #expect(run.status == 2 && run.errors.contains("inquest: error: " + says), "\(options): \(run.errors)")
            #expect(run.bytes.isEmpty, "\(options) prints something: \(run.text)")
        }
        let none = try query(folder, "--endpoint", "db.example", "--plan", "77")
        #expect(none.status == 0 && none.errors == "no event satisfies all conditions\n", "\(none)")
    }

    /// Every built-in query, with a value for each parameter that it requires.
    static let saved =
        (try? FileManager.default.contentsOfDirectory(atPath: Program.package + "/Sources/EventIndex/Queries"))?
        .filter { $0.hasSuffix(".sql") }.sorted() ?? []

    @Test func thereAreSavedQueries() { #expect(QueryCommandTests.saved.count >= 6) }

    @Test(arguments: saved) func everySavedQueryRuns(_ file: String) throws {
        let folder = try SampleLogs.small()
        let name = String(file.dropLast(4))
        let known = ["endpoint": "db.example", "finding": "F1"]
        let sql = try String(contentsOfFile: Program.package + "/Sources/EventIndex/Queries/" + file, encoding: .utf8)
        let required = sql.split(separator: "\n").filter { $0.hasPrefix("-- :") && $0.contains("required") }
            .compactMap { $0.dropFirst(4).split(separator: " ").first.map(String.init) }
        let parameters = try required.flatMap { ["--param", "\($0)=\(try #require(known[$0], "a value for \($0)"))"] }
        for format in ["table", "jsonl", "csv", "markdown", "json"] {
            let run = try Program.run(
                ["query", folder.path + "/bundle", "--saved", name, "--format", format] + parameters)
            #expect(
                run.status == 0 && run.errors.isEmpty && !(run.bytes.isEmpty && format != "jsonl"),
                "\(name): \(run.errors)")
        }
        if !required.isEmpty {
            let run = try query(folder, "--saved", name)
            #expect(run.status == 2 && run.errors.contains(required[0]), "\(name) without \(required): \(run.errors)")
        }
        let wrong = try query(folder, "--saved", name, "--param", "nosuch=1")
        #expect(wrong.status == 2 && wrong.errors.contains("nosuch"), "\(wrong.errors)")
    }

    @Test(arguments: [false, true])
    func aNameThatIsInNoLogIsToldOfASavedQueryToo(indexed: Bool) throws {
        let folder = try SampleLogs.small()
        if indexed { #expect(try Program.run(["index", folder.path + "/bundle"]).status == 0) }
        let wrong = try query(
            folder, "--saved", "events-of-endpoint", "--param", "endpoint=db.exampel", "--format", "jsonl")
        #expect(wrong.status == 0 && wrong.bytes.isEmpty)
        #expect(
            wrong.errors
                == "inquest: note: no endpoint matches 'db.exampel'. Did you mean db.example (4 events)?\n")
        let right = try query(
            folder, "--saved", "events-of-endpoint", "--param", "endpoint=db.example", "--param",
            "until=2025-10-20T06:00")
        #expect(right.status == 0 && right.errors.isEmpty, "the name is right, the span is empty: \(right.errors)")
    }

    @Test(arguments: [false, true])
    func anOutcomeThatNobodyGaveIsNull(indexed: Bool) throws {
        let folder = try Folder()
        var log = ""
        for (index, outcome) in [#""ok""#, #""refused""#, #""odd""#, "null", "7", nil].enumerated() {
            // An escape makes a line one for the judge.
            for note in ["plain", #"\u0041"#] {
                log += #"{"ts":\#(index),"actor":"a","event":"e","note":"\#(note)""#
                log += (outcome.map { #","outcome":\#($0)"# } ?? "") + "}\n"
            }
        }
        try folder.write(log, to: "bundle/a.log")
        try folder.write("-- Outcomes.\nSELECT outcome FROM events ORDER BY seq", to: "o.sql")
        if indexed { #expect(try Program.run(["index", folder.path + "/bundle", "-q"]).status == 0) }
        let run = try query(folder, "--saved", folder.path + "/o.sql", "--format", "jsonl", "-q")
        let wanted = [#""ok""#, #""refused""#, #""odd""#, "null", "null", "null"]
        #expect(
            run.lines == wanted.flatMap { [#"{"outcome":\#($0)}"#, #"{"outcome":\#($0)}"#] }, "\(run.text)\(run.errors)"
        )
    }

    @Test(arguments: ["csv", "jsonl"]) func onATerminalRecordsMoveNoCursor(format: String) throws {
        let folder = try Folder()
        try folder.write(
            #"{"ts":1,"actor":"a","event":"e\u001b[2J","endpoint":"\#u{9B}2J\#u{202E}"}"# + "\n", to: "bundle/a.log")
        let command = "\(Program.path) query bundle --format \(format) -q"
        let shown = try Program.shell("script -qec '\(command)' /dev/null", in: folder.path)
        let piped = try Program.shell(command, in: folder.path)
        #expect(shown.status == 0 && piped.status == 0, "\(shown.errors)\(piped.errors)")
        for hidden in ["\u{1B}", "\u{9B}", "\u{202E}"] {
            #expect(!shown.text.contains(hidden), "\(shown.text.debugDescription)")
        }
        #expect(shown.text.contains("\\u{9b}2J"), "\(shown.text.debugDescription)")
        #expect(piped.text.contains("\u{9B}2J\u{202E}"), "what goes to a pipe is exact: \(piped.text.debugDescription)")
    }

    @Test func aSpanBesideTheLogsIsSaidToBe() throws {
        let folder = try SampleLogs.small()
        let span = "hint: the logs span 2025-10-20T06:47:17Z to 2025-10-20T06:48:01.100Z\n"
        for command in ["analyze", "timeline", "query"] {
            for (option, time, side) in [
                ("--since", "2026-01-01T00:00:00Z", "behind the logs' end"),
                ("--until", "2025-01-01T00:00:00Z", "before the logs' beginning"),
            ] {
                let run = try Program.run([command, folder.path + "/bundle", option, time])
                #expect(
                    run.status == 0
                        && run.errors.hasPrefix(
                            "inquest: note: \(option) \(time) lies \(side): nothing is shown\n" + span),
                    "\(command) \(option): \(run.errors)")
            }
            let inside = try Program.run([command, folder.path + "/bundle", "--since", "-1s"])
            #expect(inside.errors.isEmpty, "\(inside.errors)")
        }
    }

    /// More than is kept while the bundle is analyzed: it is read again.
    @Test func anAnswerThatIsTooMuchToKeep() throws {
        let folder = try Folder()
        let note = String(repeating: "long ", count: 2000)
        let lines = (0..<2000).map { i in
            #"{"ts":\#(1_760_942_800_000_000_000 + i * 1_000_000),"actor":"a","event":"e","endpoint":"x-\#(i % 3)","plan":\#(i),"note":"\#(note)"}"#
                + "\n"
        }
        try folder.write(lines.joined(), to: "bundle/a.log")
        for (options, wanted) in [
            ([], lines), (["--endpoint", "x-1"], lines.enumerated().filter { $0.offset % 3 == 1 }.map(\.element)),
            (["--limit", "1900"], Array(lines[..<1900])), (["--limit", "3"], Array(lines[..<3])),
            (["--since", "-1s"], Array(lines[999...])),
            (["--until", "-1s"], Array(lines[...999])), (["--plan", "1990.."], Array(lines[1990...])),
        ] {
            let run = try query(folder, ["--format", "jsonl"] + options)
            #expect(run.status == 0 && run.text == wanted.joined(), "\(options): \(run.lines.count) lines")
        }
        let table = try query(folder, ["--endpoint", "x-*", "--limit", "2"])
        #expect(table.lines.count == 3 && table.lines[2].hasPrefix("2 of 2,000 events (--limit)"), "\(table.text)")
    }

    /// An index that a saved query makes for itself has no name, may not grow beyond its limit, and is of whatever can be read.
    @Test func whatASavedQueryNeedsIsGoneWithIt() throws {
        let folder = try Folder()
        let log = SampleLogs.orderly(20_000)
        try folder.write(log, to: "bundle/c.log")
        try folder.write([], to: "tmp/keep")
        let sql = ["--saved", "events-a-minute", "--format", "csv", "--quiet"]
        let room = ["TMPDIR": folder.path + "/tmp"]
        let whole = try Program.run(["query", folder.path + "/bundle"] + sql, environment: room)
        #expect(whole.status == 0 && whole.text.contains("plan.applied,20000,0,1"), "\(whole)")
        let piped = try Program.run(["query", "-"] + sql, input: Array(log.utf8), environment: room)
        #expect(piped.status == 0 && piped.bytes == whole.bytes, "\(piped)")
        let full = try Program.run(["query", folder.path + "/bundle", "--spool", "9000"] + sql, environment: room)
        #expect(
            full.status == 5 && full.bytes.isEmpty
                && full.errors.hasPrefix(
                    "inquest: error: more than 9,000 bytes of temporary files would be needed\nhint: "),
            "\(full)")
        let nowhere = try Program.run(
            ["query", folder.path + "/bundle"] + sql, environment: ["TMPDIR": folder.path + "/nowhere"])
        #expect(nowhere.status == 5 && nowhere.errors.contains("TMPDIR names another folder"), "\(nowhere)")
        let killed = try FaultyCalls.run(
            "env TMPDIR=tmp \(Program.path) query bundle " + sql.joined(separator: " "), "pwrite 2 -9", in: folder)
        #expect(killed.status == 128 + SIGKILL, "it was not killed: \(killed)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/tmp") == ["keep"])
        #expect(try folder.names == ["bundle", "tmp"])
    }

    @Test func jsonIsAnArrayOfTheRecords() throws {
        let folder = try SampleLogs.small()
        for options in [["--endpoint", "db.example"], ["--actor", "b", "-n", "1"], ["--plan", "77"]] {
            let lines = try query(folder, options + ["--format", "jsonl", "--quiet"]).lines
            let run = try query(folder, options + ["--format", "json", "--quiet"])
            let array = try #require(try JSONSerialization.jsonObject(with: Data(run.bytes)) as? [[String: Any]])
            #expect(array.count == lines.count && lines.allSatisfy { run.text.contains($0) }, "\(run.text)")
        }
    }

    @Test func onlySomeFields() throws {
        let folder = try SampleLogs.small()
        let run = try query(folder, "--event", "plan.applied", "--fields", "actor,plan,record", "--format", "csv")
        #expect(
            run.text.replacing("\r\n", with: "\n") == """
                actor,plan,record
                b,9,enactor-b.log:2
                a,4,enactor-a.log:3
                b,9,enactor-b.log:4

                """, "\(run.text)")
        let wrong = try query(folder, "--event", "plan.applied", "--fields", "actor,plann", "--format", "json")
        #expect(wrong.errors.contains("no event shown has the field 'plann'. Did you mean plan?"), "\(wrong.errors)")
        let marked = try query(folder, "--fields", "findings,event", "--format", "jsonl", "--event", "plan.deleted")
        #expect(marked.text.contains("\"findings\":\"F"), "\(marked.text)")
    }

    /// Marks cost the detectors, and bring what names no endpoint.
    @Test func marksAreMadeWhereTheyAreAskedFor() throws {
        let folder = try SampleLogs.small()
        let plain = try query(folder, "--endpoint", "db.example", "--quiet")
        let marked = try query(folder, "--endpoint", "db.example", "--mark-findings", "--quiet")
        #expect(!plain.text.contains("  F1") && !plain.text.contains("plan.deleted"), "\(plain.text)")
        #expect(marked.text.contains("  F1") && marked.text.contains("plan.deleted"), "\(marked.text)")
    }

    /// In a pipe nothing is cut; on a terminal lines fit, under their columns' names.
    @Test func columnsFitATerminalAndAreWholeInAPipe() throws {
        let folder = try Folder()
        let name = String(repeating: "long-name.", count: 20) + "end"
        try folder.write(
            #"{"ts":1760942878,"actor":"a-very-long-actor-name-indeed","event":"automation.was.disabled","endpoint":"\#(name)"}"#
                + "\n", to: "bundle/a.log")
        let piped = try query(folder, "--quiet")
        #expect(piped.text.contains("automation.was.disabled") && piped.text.contains(name), "\(piped.text)")
        let command = "stty cols 90; \(Program.path) query bundle -q"
        let shown = try Program.shell("script -qec '\(command)' /dev/null", in: folder.path)
        let lines = shown.text.split(whereSeparator: \.isNewline)
        #expect(lines.first?.contains("actor") == true && lines.first?.hasPrefix("UTC") == true, "\(shown.text)")
        #expect(lines.count == 3 && lines.allSatisfy { $0.count <= 90 }, "\(shown.text)")
    }

    /// A folder of one's own goes before the built-in queries, wherever the program lies.
    @Test func savedQueriesAreFoundAnywhere() throws {
        let folder = try SampleLogs.small()
        try folder.write([], to: "elsewhere/x")
        let place = folder.path + "/elsewhere"
        func run(_ environment: [String: String] = [:]) throws -> CommandRun {
            try Program.run(
                ["query", "../bundle", "--saved", "last-writer", "--format", "jsonl"], in: place,
                environment: ["HOME": place].merging(environment) { $1 })
        }
        #expect(try run().text.contains("\"writer\""))
        try folder.write("-- Mine.\nSELECT 1 AS mine", to: "elsewhere/.config/inquest/queries/last-writer.sql")
        #expect(try run().text == "{\"mine\":1}\n")
        try folder.write("-- Other.\nSELECT 2 AS mine", to: "settings/inquest/queries/last-writer.sql")
        #expect(try run(["XDG_CONFIG_HOME": folder.path + "/settings"]).text == "{\"mine\":2}\n")
    }

    @Test func anAnswerInAFile() throws {
        let folder = try SampleLogs.small()
        for options in [["--format", "csv"], ["--saved", "last-writer", "--format", "csv"]] {
            let run = try Program.run(
                ["query", "bundle", "--quiet", "-o", "x.csv", "--force"] + options, in: folder.path)
            let plain = try Program.run(["query", "bundle", "--quiet"] + options, in: folder.path)
            #expect(run.status == 0 && run.bytes.isEmpty && !plain.bytes.isEmpty, "\(run)")
            #expect(try folder.read("x.csv") == plain.bytes)
        }
        // Nothing is written where a name is wrong.
        let wrong = try Program.run(["query", "bundle", "--actor", "zz", "-o", "none"], in: folder.path)
        #expect(wrong.status == 2 && !FileManager.default.fileExists(atPath: folder.path + "/none"), "\(wrong)")
    }

    @Test func aFileOfOnesOwn() throws {
        let folder = try SampleLogs.small()
        try folder.write("-- Counts.\nSELECT count(*) AS n, max(plan) AS newest FROM events", to: "mine.sql")
        let run = try Program.run(["query", "bundle", "--saved", "mine.sql", "--format", "jsonl"], in: folder.path)
        #expect(run.text == "{\"n\":7,\"newest\":9}\n", "\(run)")
        for (sql, says) in [
            ("DELETE FROM events", ""), ("ATTACH '/tmp/x' AS x", ""), ("SELECT nothing FROM events", "nothing"),
            ("SELECT load_extension('x')", ""), ("PRAGMA writable_schema=1", ""), ("", ""),
        ] {
            try folder.write("-- Bad.\n" + sql, to: "bad.sql")
            let run = try Program.run(["query", "bundle", "--saved", "bad.sql"], in: folder.path)
            #expect(run.status == 2 && run.errors.hasPrefix("inquest: error: "), "'\(sql)': \(run)")
            #expect(says.isEmpty || run.errors.contains(says))
        }
        let wrong = try query(folder, "--saved", "last-writter")
        #expect(wrong.status == 2 && wrong.errors.contains("last-writer"), "\(wrong.errors)")
    }
}
