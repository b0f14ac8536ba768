import Foundation
import Testing

/// `inquest analyze`: the summary, the JSON, the exit status, the report folder.
@Suite struct AnalyzeCommandTests {
    private func analyze(_ folder: Folder, _ options: String...) throws -> CommandRun {
        try Program.run(["analyze", folder.path + "/bundle"] + options)
    }

    @Test func theSmallLogOfTheFormat() throws {
        let run = try analyze(SampleLogs.small())
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        for words in [
            "stale-plan-overwrite", "active-plan-deleted", "endpoint-emptied", "automation-wedged", "db.example",
            "proven", "unaware", "No logs from: p", "inquest timeline",
        ] {
            #expect(run.text.contains(words), "'\(words)' is not said:\n\(run.text)")
        }
        let order = ["CRITICAL", "HIGH", "INFO"].compactMap { run.text.range(of: $0)?.lowerBound }
        #expect(order == order.sorted(), "not the most severe first:\n\(run.text)")
    }

    @Test func theSchema() throws {
        let run = try analyze(SampleLogs.small(), "--format", "json")
        let found = try FindingsFile(run.bytes)
        #expect(found.root["schema"] as? String == "inquest.findings/1")
        #expect(
            Set(found.root.keys) == [
                "schema", "bundle", "status", "sources", "span", "counts", "findings", "cascade", "safeguards",
                "quality",
            ])
        #expect((found.root["bundle"] as? [String: Any])?["name"] as? String == "bundle")
        let span = try #require(found.root["span"] as? [String: String])
        #expect(span == ["from": "2025-10-20T06:47:17.000000000Z", "to": "2025-10-20T06:48:01.100000000Z"])
        #expect(
            found.counts.mapValues { $0 as? Int } == [
                "events": 7, "actors": 2, "endpoints": 1, "lines": 7, "malformed": 0, "dropped_fields": 0,
                "duplicates": 0,
                "with_clock": 7,
            ])
        let sources = try #require(found.root["sources"] as? [[String: Any]])
        #expect(sources.map { $0["path"] as? String } == ["enactor-a.log", "enactor-b.log"])
        #expect(sources.map { $0["events"] as? Int } == [3, 4])
        #expect(
            found.kinds.sorted() == [
                "active-plan-deleted", "automation-wedged", "endpoint-emptied", "missing-log", "stale-plan-overwrite",
            ])
        for finding in found.findings {
            let id = finding["id"] as? String ?? ""
            for key in ["id", "kind", "severity", "confidence", "at", "summary"] {
                #expect((finding[key] as? String)?.isEmpty == false, "\(key) of \(id) is no text")
            }
            #expect(["critical", "high", "medium", "info"].contains(finding["severity"] as? String))
            #expect(["proven", "measured", "likely", "possible"].contains(finding["confidence"] as? String))
            #expect(finding.keys.contains("until"), "until of \(id) is missing")
            for item in finding["evidence"] as? [[String: Any]] ?? [] {
                #expect((item["file"] as? String)?.hasSuffix(".log") == true && (item["line"] as? Int ?? 0) > 0)
                #expect(item["ts"] is String && item["actor"] is String && item["part"] is String)
                #expect(item.keys.contains("counter"))
            }
        }
        let stale = try #require(found.findings.first { $0["kind"] as? String == "stale-plan-overwrite" })
        #expect(stale["plan"] as? Int == 4 && stale["displaced"] as? Int == 9 && stale["actor"] as? String == "a")
        #expect(stale["awareness"] as? String == "unaware" && stale["confidence"] as? String == "proven")
        #expect(stale["at"] as? String == "2025-10-20T06:47:58.113000000Z" && stale["check_age_ms"] as? Double == 41113)
    }

    @Test func theSameBytesInEveryRun() throws {
        let folder = try SampleLogs.small()
        try folder.write(SampleLogs.orderly(3000), to: "bundle/c.log")
        var first: [UInt8]?
        for options in [["--threads", "0"], ["--threads", "1"], ["--threads", "4"], []] {
            for command in [["analyze", "--format", "json"], ["timeline", "--all"], ["query"]]
            where command[0] == "analyze" || first != nil {
                let run = try Program.run(command + [folder.path + "/bundle"] + options)
                #expect(run.status == 0)
                if command[0] != "analyze" { continue }
                if let first {
                    #expect(run.bytes == first, "\(options) changes the findings")
                } else {
                    first = run.bytes
                }
            }
        }
    }

    @Test func theSameFindingsWhateverTheNamesAndTheOrderOfFiles() throws {
        let folder = try SampleLogs.small()
        let (a, b) = (folder.path + "/bundle/enactor-a.log", folder.path + "/bundle/enactor-b.log")
        for command in [["analyze", "--format", "json"], ["query"], ["timeline"]] {
            let one = try Program.run(command + [a, b])
            let other = try Program.run(command + [b, a])
            // The bundle's name lists the arguments as they were given.
            let named = other.text.replacingOccurrences(
                of: "enactor-b.log, enactor-a.log", with: "enactor-a.log, enactor-b.log")
            #expect(one.text == named, "\(command): the order of the arguments changes the result")
        }
        try folder.write(SampleLogs.b, to: "renamed/0.log")
        try folder.write(SampleLogs.a, to: "renamed/1.log")
        let ids = try FindingsFile(analyze(folder, "--format", "json").bytes).ids
        let renamed = try Program.run(["analyze", folder.path + "/renamed", "--format", "json"])
        #expect(try FindingsFile(renamed.bytes).ids.sorted() == ids.sorted(), "ids depend on the files' names")
    }

    @Test func failOn() throws {
        let folder = try SampleLogs.small()
        for (kind, status) in [("stale-plan-overwrite", 1), ("critical", 1), ("backlog-onset", 0), ("medium", 0)]
            as [(String, Int32)]
        {
            #expect(try analyze(folder, "--fail-on", kind).status == status, "--fail-on \(kind)")
        }
        #expect(try analyze(folder, "--fail-on", "backlog-onset", "--fail-on", "automation-wedged").status == 1)
        let run = try analyze(folder, "--fail-on", "stale-plan-overwrit")
        #expect(run.status == 2 && run.errors.contains("Did you mean stale-plan-overwrite?"), "\(run.errors)")
    }

    @Test func windowsOfTime() throws {
        let folder = try SampleLogs.small()
        func kinds(_ options: String...) throws -> [String] {
            let run = try Program.run(["analyze", folder.path + "/bundle", "--format", "json"] + options)
            #expect(run.status == 0, "\(options): \(run.errors)")
            return try FindingsFile(run.bytes).kinds
        }
        #expect(try kinds("--until", "2025-10-20T06:47:57Z").contains("stale-plan-overwrite") == false)
        #expect(try kinds("--until", "2025-10-20T06:47:59Z").contains("stale-plan-overwrite"))
        #expect(try kinds("--until", "@1760942878").contains("stale-plan-overwrite") == false)
        #expect(try kinds("--since", "-1s").contains("automation-wedged"), "-1s counts from the last event")
        #expect(try kinds("--since=-1m30s").contains("stale-plan-overwrite"))
        #expect(try kinds("--until", "2025-10-20T08:47:57", "--tz", "+02:00").contains("stale-plan-overwrite") == false)
        for (options, says) in [
            (
                ["--since", "2025-10-20T07", "--until", "2025-10-20T06"],
                "--since 2025-10-20T07:00:00Z is later than --until 2025-10-20T06:00:00Z"
            ),
            (["--since", "soon"], "'soon' is no time"), (["--until", "-5x"], "'-5x' is no time"),
            (["--since", "9999-01-01"], "'9999-01-01' is outside the years 1677 to 2262"),
            (["--tz", "CET"], "--tz: 'CET' is no offset"),
            (["--assume-tz", "-2"], "--assume-tz: '-2' is no offset"),
        ] {
            let run = try Program.run(["analyze", folder.path + "/bundle"] + options)
            #expect(run.status == 2 && run.bytes.isEmpty, "\(options) ends with \(run.status)")
            #expect(run.errors.contains("inquest: error: ") && run.errors.contains(says), "\(options): \(run.errors)")
            #expect(run.errors.contains("hint: "), "\(options): \(run.errors)")
        }
    }

    @Test func timesAreShownInTheZoneAskedFor() throws {
        let folder = try SampleLogs.small()
        #expect(try analyze(folder, "--tz", "+02:00").text.contains("08:47:58.113+02:00"))
        #expect(try analyze(folder).text.contains("06:47:58.113Z"))
    }

    @Test func timesWithoutZone() throws {
        let folder = try Folder()
        try folder.write(SampleLogs.a.replacingOccurrences(of: "Z\"", with: "\""), to: "bundle/a.log")
        let without = try analyze(folder, "--format", "json")
        #expect(without.status == 4 && without.errors.contains("--assume-tz"), "\(without.errors)")
        let with = try analyze(folder, "--format", "json", "--assume-tz", "-07:00")
        let span = try FindingsFile(with.bytes).root["span"] as? [String: String]
        #expect(span?["from"] == "2025-10-20T13:47:17.000000000Z")
    }

    @Test func wrongUsage() throws {
        for (arguments, says) in [
            (["analyze"], "bundle"), (["analize", "x"], "analize"), (["analyze", "x", "--threads", "many"], "many"),
            (["analyze", "x", "--threads", "-1"], "--threads"), (["analyze", "x", "--max-line", "1"], "--max-line"),
            (["analyze", "x", "--max-depth", "0"], "--max-depth"),
            (["analyze", "x", "--max-skew", "-5"], "--max-skew"),
            (["analyze", "x", "--format", "xml"], "xml"), (["timeline", "x", "--max-bytes", "9999"], "-o"),
            (["query", "x", "--limit", "0"], "--limit"), (["query", "x", "--plan", "9..1"], "9..1"),
            (["query", "x", "--saved", "last-writer", "--endpoint", "e"], "--param"),
        ] {
            let run = try Program.run(arguments)
            #expect(run.status == 2 && run.bytes.isEmpty, "\(arguments) ends with \(run.status)")
            #expect(run.errors.lowercased().contains(says), "\(arguments): \(run.errors)")
        }
        #expect(try Program.run(["--help"]).status == 0 && Program.run(["analyze", "--help"]).status == 0)
        #expect(try Program.run(["--version"]).text.split(separator: ".").count == 3)
    }

    @Test func everyWayOfGivingABundle() throws {
        let folder = try SampleLogs.small()
        let members = [("x/enactor-a.log", SampleLogs.a), ("x/enactor-b.log", SampleLogs.b)]
        let both = SampleLogs.a + SampleLogs.b
        let files: [(String, [UInt8])] = [
            ("logs.tar", try Archive.of(.tar, members)), ("logs.zip", try Archive.of(.zip, members)),
            ("logs.tar.zst", try Archive.of(.tarZstd, members)), ("all.log.gz", try Archive.of(.gzip, [("x", both)])),
            ("all.log.zst", try Archive.of(.zstd, [("x", both)])), ("all.log", Array(both.utf8)),
        ]
        let wanted = try FindingsFile(analyze(folder, "--format", "json").bytes)
        for (name, bytes) in files {
            let path = try folder.write(bytes, to: name)
            let byName = try Program.run(["analyze", path, "--format", "json"])
            let byInput = try Program.run(["analyze", "-", "--format", "json"], input: bytes)
            let byPipe = try Program.shell("cat '\(path)' | inquest analyze - --format json")
            for (how, run) in [("by name", byName), ("as standard input", byInput), ("through a pipe", byPipe)] {
                #expect(run.status == 0, "\(name) \(how): \(run.errors)")
                let found = try FindingsFile(run.bytes)
                #expect(found.events == 7 && found.ids == wanted.ids, "\(name) \(how) gives other findings")
            }
        }
    }
}
