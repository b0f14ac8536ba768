import Foundation
import Testing

/// `inquest export`: each form as its tool reads it.
@Suite struct ExportCommandTests {
    typealias Object = [String: Any]

    /// A race without faults, whose records all carry clocks without gaps.
    private func race(_ options: String..., in folder: Folder) throws {
        let made = try Program.run(
            ["simulate", "race", "--seed", "1", "--faults", "none", "-o", "bundle", "--quiet"] + options,
            in: folder.path)
        try #require(made.status == 0, "\(made.errors)")
    }

    private func export(_ form: String, _ options: String..., in folder: Folder) throws -> CommandRun {
        let run = try Program.run(["export", "bundle", "--to", form, "--quiet"] + options, in: folder.path)
        #expect(run.status == 0 && run.errors.isEmpty, "\(form) \(options): \(run.errors)")
        return run
    }

    private func pairs(_ arguments: String..., in folder: Folder) throws -> [Object] {
        let run = try Program.run(["check", "--pairs", "--format", "json", "--quiet"] + arguments, in: folder.path)
        try #require(run.status == 0, "\(run.errors)")
        let document = try #require(try JSONSerialization.jsonObject(with: Data(run.bytes)) as? Object)
        return try #require(document["executions"] as? [Object])
    }

    @Test func shivizHoldsTheSamePairs() throws {
        let folder = try Folder()
        try race(in: folder)
        _ = try Program.shell("zstd -dcq bundle/*.zst > all.jsonl", in: folder.path)
        // The logs' own clocks, read by an expression of the test's own.
        let pattern = #""actor":"(?<host>[^"]*)".*"vc":(?<clock>\{[^}]*\}),"event":"(?<event>[^"]*)""#
        let wanted = try #require(try pairs("all.jsonl", "--pattern", pattern, in: folder).first)
        _ = try export("shiviz", "-o", "race.log", in: folder)
        let found = try #require(try pairs("race.log", in: folder).first)
        for key in ["events", "hosts", "happened_before_pairs", "concurrent_pairs", "direct_cross_host_edges"] {
            #expect(found[key] as? Int == wanted[key] as? Int && wanted[key] as? Int ?? 0 > 0, "\(key) of the export")
        }
        #expect(found["contradictory_pairs"] as? Int == 0)
    }

    /// Of a part of the events the pairs are those of the whole; each host counts 1, 2, 3, as ShiViz demands.
    @Test func aPartIsCountedAnew() throws {
        let folder = try Folder()
        try race(in: folder)
        let run = try export("shiviz", "--event", "plan.applied", "--actor", "enactor*", in: folder)
        var counts: [String: Int] = [:]
        for line in run.lines.dropFirst(1) where line.contains(" {") {
            let parts = line.split(separator: " ", maxSplits: 1)
            let clock = try #require(try JSONSerialization.jsonObject(with: Data(parts[1].utf8)) as? [String: Int])
            let host = String(parts[0])
            counts[host, default: 0] += 1
            #expect(clock[host] == counts[host], "the clock of \(line)")
            for (other, count) in clock { #expect(count <= counts[other, default: 0], "a later event in \(line)") }
        }
        #expect(counts.count > 1, "several hosts write: \(counts)")
    }

    @Test func perfettosFlowsJoinSlices() throws {
        let folder = try Folder()
        try race(in: folder)
        let run = try export("perfetto", in: folder)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(run.bytes)) as? Object)
        let events = try #require(document["traceEvents"] as? [Object])
        func key(_ event: Object) -> String { "\(event["tid"] ?? "") \(event["ts"] ?? "")" }
        let slices = Set(events.filter { $0["ph"] as? String == "X" }.map(key))
        let starts = events.filter { $0["ph"] as? String == "s" }
        let ends = events.filter { $0["ph"] as? String == "f" }
        #expect(starts.count > 100 && starts.count == ends.count)
        #expect(Set(starts.map { $0["id"] as? Int }).count == starts.count, "each flow has a number of its own")
        #expect((starts + ends).allSatisfy { slices.contains(key($0)) }, "a flow begins or ends at no slice")
        for event in events {
            #expect(event["name"] is String && event["pid"] is Int && event["tid"] is Int, "\(event)")
            #expect(event["ph"] as? String == "M" || event["ts"] is Int, "no time: \(event)")
        }
        let spans = Dictionary(grouping: events.filter { $0["cat"] as? String == "finding" }) { $0["id"] as? String }
        #expect(!spans.isEmpty && spans.values.allSatisfy { $0.map { $0["ph"] as? String } == ["b", "e"] })
    }

    @Test func csvIsThatOfAQuery() throws {
        let folder = try SampleLogs.small()
        let query = try Program.run(
            ["query", "bundle", "--format", "csv", "--mark-findings", "--quiet"], in: folder.path)
        #expect(try export("csv", in: folder).bytes == query.bytes)
        try folder.write(#"{"ts":1,"actor":"=cmd","event":"+1"}"# + "\n", to: "bundle/c.log")
        #expect(try export("csv", in: folder).text.contains(",'=cmd,'+1,"))
    }

    @Test func sqliteAnswersInItsOwnShell() throws {
        let folder = try Folder()
        try race(in: folder)
        _ = try export("sqlite", "-o", "race.db", in: folder)
        func ask(_ sql: String) throws -> [String] {
            let run = try Program.shell("sqlite3 race.db \"\(sql)\"", in: folder.path)
            #expect(run.status == 0 && run.errors.isEmpty, "\(sql): \(run.errors)")
            return run.lines
        }
        _ = try Program.shell("zstd -dcq bundle/*.zst > all.jsonl", in: folder.path)
        let lines = try folder.text("all.jsonl").split(separator: "\n").count
        #expect(try ask("PRAGMA integrity_check") == ["ok"])
        #expect(try ask("SELECT count(*) FROM events") == ["\(lines)"])
        let json = try Program.run(["analyze", "bundle", "--format", "json", "--quiet"], in: folder.path)
        let report = try #require(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? Object)
        let findings = try #require(report["findings"] as? [Object])
        #expect(try ask("SELECT id FROM findings") == findings.compactMap { $0["id"] as? String })
        #expect(try ask("SELECT count(*) FROM proofs WHERE event IS NULL") == ["0"], "a proof's record is not there")
        #expect(try ask("SELECT time FROM events WHERE seq = 1 AND time GLOB '2025-*Z'").count == 1)
        // The pairs are those that ShiViz is given.
        _ = try export("shiviz", "-o", "race.log", in: folder)
        let edges = try #require(try pairs("race.log", in: folder).first?["direct_cross_host_edges"] as? Int)
        #expect(try ask("SELECT count(*) FROM happened_before") == ["\(edges)"])
        #expect(try ask("SELECT count(*) FROM causes WHERE cause_seq >= seq OR actor = cause_actor") == ["0"])
        // Everything in it is explained.
        let unexplained = "name NOT IN (SELECT name FROM guide) AND name <> 'guide'"
        #expect(
            try ask("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND \(unexplained)").isEmpty)
    }

    /// What the rules of PlanTrace.tla say of a trace: the first line that none of them allows.
    private func rejected(_ trace: String) throws -> Int? {
        var active: [String: Int] = [:]
        for (index, text) in trace.split(separator: "\n").enumerated() {
            let line = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? Object)
            let plan = try #require(line["plan"] as? Int)
            let endpoint = try #require(line["endpoint"] as? String)
            switch line["step"] as? String {
            case "create", "check": break
            case "apply":
                if plan < active[endpoint, default: 0] { return index + 1 }
                active[endpoint] = plan
            case "rollback", "restore": active[endpoint] = plan
            case "delete": if active.values.contains(plan) { return index + 1 }
            default: Issue.record("no rule for \(text)")
            }
        }
        return nil
    }

    @Test func theTraceOfAGoodDayIsAcceptedAndThatOfARaceIsNot() throws {
        let folder = try Folder()
        try race("--safeguard", "compare-and-set", in: folder)
        _ = try export("tla", "-o", "good.ndjson", in: folder)
        #expect(try rejected(try folder.text("good.ndjson")) == nil)
        #expect(try folder.text("good.ndjson").split(separator: "\n").count > 100)
        #expect(try folder.text("PlanTrace.tla").contains("MODULE PlanTrace"))
        try FileManager.default.removeItem(atPath: folder.path + "/bundle")
        try race(in: folder)
        let trace = try export("tla", in: folder).text
        let line = try #require(try rejected(trace), "the race is accepted")
        // The line that is rejected is the first of the overwrites in the store's order.
        let text = trace.split(separator: "\n")[line - 1]
        let writes = try Program.run(
            ["query", "bundle", "--saved", "writes-over-newer", "--format", "jsonl", "--quiet"], in: folder.path)
        let row = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? Object)
        let generation = try #require(row["generation"] as? String)
        #expect(
            writes.lines.contains {
                $0.contains("\"endpoint\":\"\(row["endpoint"] ?? "")\"") && $0.contains("\"plan\":\(generation),")
            }, "\(text) is no overwrite")
    }

    @Test(arguments: ["shiviz", "perfetto", "csv", "sqlite", "tla"])
    func theSameBytesTwice(_ form: String) throws {
        let folder = try Folder()
        try race("--no-clocks", in: folder)
        _ = try export(
            form, "-o", "one/out",
            in: try {
                try folder.write([], to: "one/x"); return folder
            }())
        try folder.write([], to: "two/x")
        _ = try export(form, "-o", "two/out", "--threads", "1", "--shards", "3", in: folder)
        #expect(try folder.read("one/out") == folder.read("two/out"))
        #expect(try folder.read("one/out").count > 1000)
    }

    @Test func nothingIsWrittenForANameThatIsNotThere() throws {
        let folder = try SampleLogs.small()
        for form in ["shiviz", "sqlite"] {
            let run = try Program.run(
                ["export", "bundle", "--to", form, "--endpoint", "db.exampel", "-o", "x"], in: folder.path)
            #expect(
                run.status == 2
                    && run.errors.hasPrefix("inquest: error: no endpoint matches 'db.exampel'. Did you mean db.example"),
                "\(run)")
            #expect(try folder.names == ["bundle"])
        }
    }
}
