import Foundation
import Testing

/// `inquest index`: queries that read it give what queries that read the logs give, and say so where they cannot.
@Suite struct IndexCommandTests {
    /// Conditions and formats, as one would type them.
    static let queries: [[String]] = [
        ["--format", "jsonl"], ["--limit", "7"], ["--endpoint", "db.example"],
        ["--endpoint", "web-*", "--format", "csv"],
        ["--endpoint", "größe", "--format", "markdown"], ["--endpoint", "quo\"te"],
        ["--actor", "b", "--format", "jsonl"],
        ["--event", "plan.*", "--actor", "[ac]", "--limit", "9"], ["--plan", "3..5", "--format", "jsonl"],
        ["--endpoint", "web-1", "--plan", "4..", "--event", "plan.applied"], ["--since", "-4s", "--format", "jsonl"],
        ["--until", "-8s", "--endpoint", "web-2", "--tz", "+02:00"], ["--finding", "F1"],
        ["--finding", "F2", "--format", "jsonl"], ["--endpoint", "web-one"],
        ["--endpoint", "db.example", "--plan", "999"],
        ["--strict", "--event", "work.*", "--format", "csv"],
    ]

    /// Expects every query to give the same from the index as from the logs: bytes, messages and status.
    private func expectSame(_ bundle: String, _ what: String, _ queries: [[String]] = queries) throws {
        for query in queries {
            let indexed = try Program.run(["query", bundle] + query)
            let scanned = try Program.run(["query", bundle, "--no-index"] + query)
            #expect(
                indexed.bytes == scanned.bytes && indexed.errors == scanned.errors && indexed.status == scanned.status,
                """
                \(what): query \(query.joined(separator: " ")) gives with the index (status \(indexed.status))
                \(indexed.text.prefix(2000))\(indexed.errors)
                and without (status \(scanned.status))
                \(scanned.text.prefix(2000))\(scanned.errors)
                """)
        }
    }

    @Test(arguments: RandomLogs.Form.allCases)
    func anIndexedQueryGivesWhatAScanGives(_ form: RandomLogs.Form) throws {
        for seed in UInt64(1)...2 {
            let folder = try Folder()
            let bundle = try RandomLogs(seed: seed, actors: seed == 1 ? 3 : 40).write(as: form, to: folder)
            let made = try Program.run(["index", bundle])
            #expect(made.status == (form == .damaged ? 3 : 0) && made.bytes.isEmpty, "\(made)")
            try expectSame(bundle, "seed \(seed) as \(form)")
        }
    }

    /// Every saved query, and conditions that an index narrows by and others that it must not.
    @Test func savedQueries() throws {
        let folder = try Folder()
        let own = [
            "SELECT count(*) AS n, min(seq), max(seq), sum(plan), max(ts) - min(ts), count(DISTINCT raw) FROM events",
            "SELECT *, typeof(role), typeof(depth), hex(queue) FROM events WHERE plan = 4 ORDER BY seq",
            "SELECT * FROM events WHERE endpoint = 'web-1' AND plan BETWEEN 3 AND 5",
            "SELECT seq, endpoint FROM events WHERE endpoint = 'WEB-1' COLLATE NOCASE",
            "SELECT seq FROM events WHERE endpoint IN ('web-2', 'db.example', 'größe') ORDER BY seq",
            "SELECT seq FROM events WHERE endpoint IN ('web-2', 'db.example') AND actor = 'b' ORDER BY seq DESC LIMIT 5",
            "SELECT seq, actor FROM events WHERE endpoint GLOB 'web-[12]' AND event GLOB '*.applied' AND actor GLOB 'a*' ORDER BY 1",
            "SELECT seq, plan FROM events WHERE plan > 7.5 OR plan = 2 ORDER BY plan, seq",
            "SELECT seq FROM events WHERE plan <= '3' AND seq > 20.5 AND seq <= 200",
            "SELECT seq FROM events WHERE seq = 7 OR seq BETWEEN 100 AND 103 OR seq < 0 OR seq = 1e300",
            "SELECT seq, time FROM events WHERE ts >= (SELECT min(ts) FROM events) + 3000000000 AND ts < NULL",
            "SELECT seq, time FROM events WHERE ts >= (SELECT max(ts) FROM events) - 3000000000",
            "SELECT e.seq, f.seq FROM events e JOIN events f ON f.seq = e.seq + 1 WHERE e.actor = f.actor",
            "SELECT e.raw FROM events e WHERE e.line = 5 AND e.file IN (SELECT file FROM events WHERE seq < 9) ORDER BY 1",
            "SELECT endpoint, count(*) AS n FROM events GROUP BY endpoint ORDER BY n DESC, endpoint",
            "SELECT kind, label, summary, at_time FROM findings ORDER BY label, id",
            "SELECT v.part, v.file, v.line, v.counter, e.raw FROM evidence v JOIN events e USING (file, line) ORDER BY 1, 2, 3",
            "SELECT nowhere FROM events", "DELETE FROM events",
        ]
        for (index, sql) in own.enumerated() { try folder.write("-- Own.\n" + sql, to: "own-\(index).sql") }
        let given = ["endpoint=db.example", "finding=F1", "since=-9s", "until=-1s", "event=plan.*", "actor=a"]
        let saved = QueryCommandTests.saved.map { Program.package + "/Sources/EventIndex/Queries/" + $0 }
        for (form, seed) in [(RandomLogs.Form.folder, UInt64(3)), (.concatenated, 4), (.damaged, 5)] {
            let logs = RandomLogs(seed: seed, actors: 4, step: form == .concatenated ? 1_000_000_000 : 60_000_000)
            let bundle = try logs.write(as: form, to: folder)
            _ = try Program.run(["index", bundle])
            for file in saved + own.indices.map({ folder.path + "/own-\($0).sql" }) {
                let text = try String(contentsOfFile: file, encoding: .utf8)
                let declared = given.filter { text.contains("-- :" + $0.prefix { $0 != "=" } + " ") }
                let needed = declared.filter { text.contains("-- :" + $0.prefix { $0 != "=" } + "  text, required") }
                for parameters in Set([declared, needed]).sorted(by: { $0.count < $1.count }) {
                    let options = parameters.flatMap { ["--param", $0] }
                    try expectSame(
                        bundle, "saved, \(form)", [["--saved", file, "--format", "jsonl"] + options])
                }
            }
        }
    }

    @Test func theSampleIncident() throws {
        let folder = try Folder()
        let sample = Program.package + "/SampleLogs/us-east-1-2025-10-20"
        let bundle = folder.path + "/bundle"
        try FileManager.default.createDirectory(atPath: bundle, withIntermediateDirectories: false)
        // The writers' logs: with all of the sample this would take minutes in a debug build.
        for name in ["dns-store", "enactor-az1", "enactor-az2", "enactor-az3", "planner"] {
            let file = "/\(name).jsonl.zst"
            try FileManager.default.copyItem(atPath: sample + file, toPath: bundle + file)
        }
        #expect(try Program.run(["index", bundle]).status == 0)
        try expectSame(
            bundle, "the sample",
            [
                ["--endpoint", "dynamodb.us-east-1.amazonaws.com"], ["--finding", "F1", "--format", "jsonl"],
                ["--actor", "enactor-az?", "--plan", "21641", "--format", "csv"],
            ])
    }

    /// One file in which processes stand one after the other is read by one source for each actor: its log is there once all the same.
    @Test func aLogOfConcatenatedProcesses() throws {
        let folder = try Folder()
        let bundle = try RandomLogs(seed: 5, actors: 4, step: 1_000_000_000).write(as: .concatenated, to: folder)
        #expect(try Program.run(["index", bundle]).status == 0)
        #expect(try folder.names == ["bundle.log", "bundle.log.inquest"])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: bundle + ".inquest").sorted() == [
                "index", "log-1.ndjson.zst",
            ])
        try expectSame(bundle, "concatenated processes")
        let first = try Program.run(["query", bundle, "--format", "jsonl", "--limit", "40"])
        #expect(Set(first.lines.compactMap { $0.components(separatedBy: "\"actor\":\"").last?.first }).count == 4)
    }

    @Test func aChangedBundleIsNoticed() throws {
        let folder = try SampleLogs.small()
        let bundle = folder.path + "/bundle"
        #expect(try Program.run(["index", bundle]).status == 0)
        func check(_ says: String?) throws {
            let run = try Program.run(["query", bundle, "--format", "jsonl"])
            let scan = try Program.run(["query", bundle, "--format", "jsonl", "--no-index"])
            #expect(run.status == 0 && run.bytes == scan.bytes, "\(run)")
            let note = "inquest: note: the index is not used, since the bundle is not as it was: "
            #expect(
                run.errors == (says.map { note + $0 + "\nhint: run inquest index again\n" } ?? ""), "\(run.errors)")
        }
        try check(nil)
        try folder.write(SampleLogs.b, to: "bundle/enactor-c.log")
        try check("added: enactor-c.log")
        try FileManager.default.removeItem(atPath: bundle + "/enactor-c.log")
        try check(nil)
        try folder.write(SampleLogs.a.replacingOccurrences(of: "db.", with: "dc."), to: "bundle/enactor-a.log")
        try check("changed: enactor-a.log")
        try FileManager.default.removeItem(atPath: bundle + "/enactor-a.log")
        try check("removed: enactor-a.log")
        #expect(try Program.run(["query", bundle, "--max-skew", "5", "--quiet"]).errors.isEmpty)
        #expect(try Program.run(["index", bundle]).status == 0)
        try check(nil)
        let other = try Program.run(["query", bundle, "--max-skew", "5"])
        #expect(other.errors.contains("the index is not used: it was made with other options"), "\(other.errors)")
    }

    /// Killed as it writes to one of its files, waits for the disk, or renames: wherever that is, nothing is left that could be taken for an
    /// index.
    @Test(arguments: ["write 1", "write 9", "write 30", "fsync 1", "fsync 3", "rename 1"])
    func anInterruptedIndexIsNone(_ call: String) throws {
        let folder = try Folder()
        try folder.write(SampleLogs.orderly(20_000), to: "bundle/c.log")
        let killed = try FaultyCalls.run("inquest index bundle --quiet", "\(call) -9", in: folder)
        #expect(killed.status == 128 + SIGKILL, "it was not killed: \(killed)")
        let left = try folder.names
        #expect(left.count == 2 && left[0].hasPrefix(".bundle.inquest.tmp-") && left[1] == "bundle", "\(left)")
        let query = ["query", "bundle", "--endpoint", "web-3.example", "--format", "jsonl"]
        let run = try Program.run(query, in: folder.path)
        #expect(run.status == 0 && run.errors.isEmpty && run.lines.count == 2000, "\(run.errors)")
        #expect(try Program.run(["index", "bundle"], in: folder.path).status == 0)
        #expect(try folder.names == ["bundle", "bundle.inquest"], "what the first left is not gone")
        #expect(try Program.run(query, in: folder.path).bytes == run.bytes)
    }

    @Test func aFullDiskLeavesNothing() throws {
        let folder = try Folder()
        try folder.write(SampleLogs.orderly(20_000), to: "bundle/c.log")
        let run = try Program.shell(
            "ulimit -f 8; exec env --ignore-signal=XFSZ inquest index bundle --quiet", in: folder.path)
        #expect(run.status == 5 && run.errors.contains("file too large"), "\(run)")
        #expect(try folder.names == ["bundle"])
    }

    @Test func theBundleStaysAsItIs() throws {
        let folder = try SampleLogs.small()
        func state() throws -> [String] {
            try ["enactor-a.log", "enactor-b.log"].map { name in
                let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/bundle/" + name)
                return "\(try folder.text("bundle/" + name)) \(attributes[.modificationDate] ?? "")"
            } + FileManager.default.contentsOfDirectory(atPath: folder.path + "/bundle").sorted()
        }
        let before = try state()
        let run = try Program.run(["index", "bundle", "--index-dir", "indices/mine"], in: folder.path)
        #expect(run.status == 0 && run.errors.hasPrefix("7 events indexed in "), "\(run)")
        #expect(try state() == before && folder.names == ["bundle", "indices"])
        #expect(try Program.run(["index", "bundle"], in: folder.path).status == 0)
        #expect(try state() == before)
        let copy = try Program.shell("zstd -dcq bundle.inquest/log-1.ndjson.zst", in: folder.path)
        #expect(copy.text == SampleLogs.a, "the re-framed log is no zstd file of the same lines")
    }

    @Test func analyzeMakesTheIndexInTheSamePass() throws {
        let folder = try SampleLogs.small()
        let bundle = folder.path + "/bundle"
        let plain = try Program.run(["analyze", bundle])
        let run = try Program.run(["analyze", bundle, "--index"])
        #expect(run.status == 0 && run.bytes == plain.bytes && run.errors.contains("7 events indexed in "), "\(run)")
        try expectSame(bundle, "analyze --index", [["--endpoint", "db.example"], ["--format", "jsonl"]])
    }

    /// Damage in the index is noticed, whatever it hits, and the logs are read instead.
    @Test func aDamagedIndexIsNotBelieved() throws {
        let folder = try SampleLogs.small()
        let bundle = folder.path + "/bundle"
        let whole = try Program.run(["query", bundle, "--format", "jsonl"])
        for file in ["index", "log-1.ndjson.zst"] {
            #expect(try Program.run(["index", bundle]).status == 0)
            var bytes = try folder.read("bundle.inquest/" + file)
            bytes[20] ^= 0xFF
            try folder.write(bytes, to: "bundle.inquest/" + file)
            let run = try Program.run(["query", bundle, "--format", "jsonl"])
            #expect(run.status == 0 && run.bytes == whole.bytes, "\(file): \(run)")
            #expect(run.errors.contains("the index is damaged"), "\(file): the index is not read: \(run.errors)")
        }
    }

    @Test func whatCanHaveNoIndex() throws {
        let folder = try SampleLogs.small()
        let input = try Program.run(["index", "-"], in: folder.path, input: Array(SampleLogs.a.utf8))
        #expect(input.status == 2 && input.errors.contains("standard input has no index"), "\(input)")
        let several = try Program.run(["index", "bundle/enactor-a.log", "bundle/enactor-b.log"], in: folder.path)
        #expect(several.status == 2 && several.errors.contains("--index-dir"), "\(several)")
        let nothing = try Program.run(["index", "nowhere"], in: folder.path)
        #expect(nothing.status == 2 && nothing.errors.contains("nowhere"), "\(nothing)")
        let full = try Program.run(["index", "bundle", "--index-dir", "/dev/null/x"], in: folder.path)
        #expect(full.status == 5 && full.errors.contains("the index cannot be written here"), "\(full)")
        #expect(try folder.names == ["bundle"])
    }
}
