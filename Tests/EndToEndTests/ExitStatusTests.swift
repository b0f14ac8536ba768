import Foundation
import Testing

/// The exit status: 2, 5, 4, 3, 1 where several apply; and what is said, whatever the status.
@Suite struct ExitStatusTests {
    /// The small log beside one whose last frame is cut.
    private func damaged() throws -> Folder {
        let folder = try SampleLogs.small()
        try folder.write(
            try Archive.of(.zstd, [("x", SampleLogs.orderly(20_000))]).dropLast(50), to: "bundle/c.log.zst")
        return folder
    }

    /// The object `status` of a JSON output.
    private func status(_ run: CommandRun) throws -> [String: Any] {
        let json = try JSONSerialization.jsonObject(with: Data(run.bytes)) as? [String: Any]
        return try #require(json?["status"] as? [String: Any], "\(run.text.prefix(300))")
    }

    @Test func damageIsNotHiddenByAFinding() throws {
        let folder = try damaged()
        let options = ["analyze", "bundle", "--format", "json", "--fail-on", "stale-plan-overwrite", "-o", "out"]
        let run = try Program.run(options, in: folder.path)
        #expect(run.status == 3, "\(run.errors)")
        let facts = try status(run)
        #expect(facts["exit"] as? Int == 3 && facts["damaged"] as? Bool == true, "\(facts)")
        #expect(facts["fail_on"] as? [String] == ["stale-plan-overwrite"])
        #expect((facts["matched"] as? [String])?.count == 1, "JSON does not say that the finding matches: \(facts)")
        #expect(try folder.read("out/findings.json") == run.bytes, "the file says something else")
        #expect(try Program.run(options.dropLast(4) + [], in: folder.path).status == 3)
    }

    @Test func allFindingsCountWhateverIsShown() throws {
        let folder = try SampleLogs.small()
        let run = try Program.run(
            [
                "analyze", "bundle", "--format", "json", "--fail-on", "critical", "--until", "2025-10-20T06:47:30Z",
            ], in: folder.path)
        #expect(run.status == 1, "--until hides a finding from --fail-on: \(run)")
        #expect(try FindingsFile(run.bytes).kinds.contains("stale-plan-overwrite") == false)
        let facts = try status(run)
        #expect(facts["exit"] as? Int == 1 && facts["damaged"] as? Bool == false)
        #expect((facts["matched"] as? [String])?.isEmpty == false, "\(facts)")
        let none = try status(Program.run(["analyze", "bundle", "--format", "json"], in: folder.path))
        #expect(none["exit"] as? Int == 0 && (none["matched"] as? [String])?.isEmpty == true, "\(none)")
    }

    @Test func theCheckSaysItToo() throws {
        let folder = try damaged()
        let run = try Program.run(["check", "bundle", "--format", "json"], in: folder.path)
        let facts = try status(run)
        #expect(run.status == 3 && facts["exit"] as? Int == 3 && facts["damaged"] as? Bool == true, "\(facts)")
    }

    @Test(arguments: [
        ["analyze", "bundle"], ["timeline", "bundle"], ["query", "bundle"], ["query", "bundle", "--saved", "writers"],
        ["explain", "bundle", "F1"], ["index", "bundle"], ["query", "bundle", "--index-dir", "x"],
    ])
    func quietNeverHidesDamage(_ command: [String]) throws {
        let folder = try damaged()
        try folder.write("-- Own.\nSELECT count(*) FROM events", to: "writers.sql")
        // A malformed line is a note, unless --strict makes it damage.
        try folder.write("{\"ts\":1\n", to: "bundle/d.log")
        if command.contains("x") {
            #expect(try Program.run(["index", "bundle", "--index-dir", "x", "--quiet"], in: folder.path).status == 3)
        }
        let words = command.map { $0 == "writers" ? "writers.sql" : $0 }
        let quiet = try Program.run(words + ["--quiet"], in: folder.path)
        #expect(quiet.status == 3, "\(quiet.errors)")
        #expect(quiet.errors.contains("c.log.zst") && quiet.errors.contains("truncated"), "\(quiet.errors)")
        #expect(!quiet.errors.contains("d.log"), "--quiet does not hide notes: \(quiet.errors)")
        let strict = try Program.run(words + ["--quiet", "--strict"], in: folder.path)
        #expect(strict.errors.contains("c.log.zst") && strict.errors.contains("d.log:1:"), "\(strict.errors)")
    }

    @Test("what cannot be finished is 5, what is not there 2, what holds nothing 4, even if it is damaged too")
    func theOthers() throws {
        let folder = try damaged()
        try folder.write(try Archive.of(.zstd, [("x", SampleLogs.a)]).prefix(8), to: "nothing/a.log.zst")
        for (command, status) in [
            ("analyze bundle -o /dev/null/x", 2), ("timeline bundle -o /nowhere/t.md", 5),
            ("index bundle --index-dir /dev/null/x", 5), ("simulate race -o /dev/null/x", 5),
            ("query bundle --saved \(Program.package)/Sources/EventIndex/Queries/last-writer.sql --spool 1", 5),
            ("analyze bundle --memory 40M", 5),
            ("analyze - --spool 1 < <(cat bundle/*)", 5), ("analyze bundle --fail-on nothing", 2),
            ("timeline bundle --endpoint nobody", 2), ("analyze nowhere --fail-on critical", 2),
            ("analyze nothing", 4), ("analyze nothing --fail-on critical --strict", 4),
        ] as [(String, Int32)] {
            let run = try Program.shell("inquest \(command) > out.txt", in: folder.path)
            #expect(run.status == status, "\(command): \(run)")
            #expect(run.errors.contains("inquest: error: "), "\(command): \(run.errors)")
        }
    }

    @Test func theHelpSaysThem() throws {
        let run = try Program.run(["--help"])
        let text = run.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(text.contains("5 could not finish (disk, memory, time, input or output)"), "\(run.text)")
        #expect(text.contains("Where several apply: 2, 5, 4, 3, 1."), "\(run.text)")
    }

    @Test func leapSecondsAreCounted() throws {
        let folder = try Folder()
        let times = ["23:59:59.9Z", "23:59:60Z", "23:59:60.5+00:00", "23:59:60.25Z"]
        let lines = times.enumerated().map { number, time in
            #"{"ts":"2016-12-31T\#(time)","actor":"a","event":"e\#(number)","x":"\#(number == 3 ? "\\u0041" : "")"}"#
        }
        let last = #"{"ts":"2017-01-01T00:00:00.1Z","actor":"b","event":"next"}"#
        try folder.write((lines + [last]).joined(separator: "\n") + "\n", to: "bundle/a.log")
        let run = try Program.run(["analyze", "bundle", "--format", "json"], in: folder.path)
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        #expect(try FindingsFile(run.bytes).quality["leap_seconds"] as? Int == 3)
        let check = try Program.run(["check", "bundle"], in: folder.path)
        #expect(check.status == 0 && check.text.contains("3 records in a leap second (:60)"), "\(check.text)")
        let order = try Program.run(["query", "bundle", "--format", "csv"], in: folder.path)
        let events = order.lines.dropFirst().map { $0.split(separator: ",")[2] }
        #expect(events == ["e0", "e1", "e2", "e3", "next"], "a leap second stands beside its place: \(order.text)")
    }

    // MARK: CSV

    @Test func formulasInCSVAreNeutralised() throws {
        let folder = try Folder()
        var log = ""
        for text in ["=cmd|' /C calc'!A0", "@SUM(1)", "+1+1", "-1+1", "\\t=1", "\\r=1", "-5", "plain"] {
            log +=
                #"{"ts":1,"actor":"\#(text)","event":"\#(text)","endpoint":"\#(text)","error":"\#(text)","outcome":"\#(text)","latency_ms":-5}"#
                + "\n"
        }
        try folder.write(log, to: "bundle/a.log")
        try folder.write(
            "-- x\nSELECT actor, error AS \"=x\", -plan AS n, -5, 1.5, -0.5, '-5' FROM events", to: "q.sql")
        for options in [[], ["--saved", "q.sql"]] {
            let words = ["query", "bundle", "--format", "csv", "--quiet"] + options
            let safe = try Program.run(words, in: folder.path)
            #expect(safe.status == 0)
            #expect(try Program.run(words + ["--csv", "safe"], in: folder.path).bytes == safe.bytes)
            let cells = try Self.cells(safe, in: folder)
            let risky = cells.filter { "=+-@\t\r".contains($0.first ?? " ") && Double($0) == nil }
            #expect(risky.isEmpty, "\(risky)")
            #expect(cells.contains("'=cmd|' /C calc'!A0") && cells.contains("'-1+1") && cells.contains("'\t=1"))
            #expect(cells.contains("'-5") && cells.contains("-5"), "a number is no longer a number")
            let exact = try Self.cells(Program.run(words + ["--csv", "exact"], in: folder.path), in: folder)
            #expect(exact.contains("=cmd|' /C calc'!A0") && exact.contains("\r=1") && !exact.contains("'-1+1"))
            #expect(exact.count == cells.count)
        }
        let help = try Program.run(["query", "--help"]).text
        #expect(help.contains("--csv <safe|exact>"), "\(help)")
    }

    /// The cells of a CSV output, as another reader of CSV sees them.
    private static func cells(_ run: CommandRun, in folder: Folder) throws -> [String] {
        try folder.write(run.bytes, to: "answer.csv")
        let script = "import csv, json; print(json.dumps(sum(csv.reader(open('answer.csv', newline='')), [])))"
        let read = try Program.shell("python3 -c \"\(script)\"", in: folder.path)
        return try #require(try JSONSerialization.jsonObject(with: Data(read.bytes)) as? [String], "\(read.errors)")
    }
}
