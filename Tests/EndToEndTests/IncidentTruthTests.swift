import Foundation
import Testing

/// What the analysis finds from the logs alone, against what the simulation says happened.
@Suite struct IncidentTruthTests {
    /// One fact with its time in the truth, and in the findings.
    struct Row {
        var fact: String
        var truth: Date?
        var found: Date?
        var tolerance: TimeInterval
        /// Whether both the truth and the finding were there, so that a missing time means that it lasts.
        var isOpen = false

        var holds: Bool {
            guard let truth, let found else { return truth == nil && found == nil && isOpen }
            return abs(truth.timeIntervalSince(found)) <= tolerance
        }

        var text: String {
            let shown = [truth, found].map { $0.map { $0.formatted(.iso8601) } ?? "–" }
            return [fact.padding(toLength: 64, withPad: " ", startingAt: 0), shown[0], shown[1], holds ? "" : "WRONG"]
                .joined(separator: "  ")
        }
    }

    /// Queues and windows are sampled once a minute: an onset can be told to the sample before, an end to the one after.
    private static let sample: TimeInterval = 60

    @Test func theWholeIncidentIsFoundFromItsLogsAlone() throws {
        let folder = try Folder()
        let rows = try compare("us-east-1-2025-10-20", seed: 1, in: folder)
        print(rows.map(\.text).joined(separator: "\n"))
        #expect(rows.count >= 15, "the truth of the whole incident has at least these rows")
        for row in rows { #expect(row.holds, "\(row.text)") }
    }

    @Test(arguments: [3, 7, 11, 19, 23, 31] as [Int]) func aRaceIsJudgedAsTheStoreSawIt(seed: Int) throws {
        let folder = try Folder()
        for row in try compare("race", seed: seed, in: folder) where !row.fact.hasPrefix("backlog") {
            #expect(row.holds, "race \(seed): \(row.text)")
        }
    }

    @Test func aQuietDayHasNothingToReport() throws {
        let folder = try Folder()
        let findings = try simulate("quiet-day", seed: 5, in: folder).findings
        let serious = findings.filter { $0["severity"] as? String != "info" }.compactMap { $0["summary"] as? String }
        #expect(serious.isEmpty, "nothing happened, and yet: \(serious)")
    }

    @Test func nearMissesAreStaleChecksAndNothingElse() throws {
        let folder = try Folder()
        let kinds = Set(try simulate("near-miss", seed: 5, in: folder).findings.compactMap { $0["kind"] as? String })
        #expect(kinds == ["stale-check"])
    }

    @Test func theSameSeedGivesTheSameRecords() throws {
        let folder = try Folder()
        for name in ["one", "two"] {
            let run = try Program.run(["simulate", "race", "--seed", "9", "-o", folder.path + "/" + name, "--quiet"])
            #expect(run.status == 0, "\(run.errors)")
        }
        let same = try Program.shell("diff -r one two && echo same", in: folder.path)
        #expect(same.text == "same\n", "\(same.text)")
    }

    @Test(arguments: [
        ["no-such-scenario", "-o", "x"], ["race", "--scale", "-1", "-o", "x"], ["race", "--loss", "2", "-o", "x"],
        ["race", "-o", "full"],
    ])
    func wrongArgumentsLeaveNothingBehind(arguments: [String]) throws {
        let folder = try Folder()
        try folder.write(Array("kept".utf8), to: "full/file")
        let run = try Program.run(["simulate"] + arguments, in: folder.path)
        #expect(run.status == 2, "\(arguments): \(run.errors)")
        #expect(run.errors.contains("error: "), "\(run.errors)")
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(left == ["full"], "nothing half-written: \(left)")
    }

    @Test func theSmallLogOfTheContractHasItsFiveFindings() throws {
        let folder = try SampleLogs.small()
        let run = try Program.run(["analyze", folder.path + "/bundle", "--format", "json", "--quiet"])
        let report = try #require(try JSONSerialization.jsonObject(with: Data(run.bytes)) as? Entry)
        let kinds = (report["findings"] as? [Entry] ?? []).compactMap { $0["kind"] as? String }
        #expect(
            kinds.sorted() == [
                "active-plan-deleted", "automation-wedged", "endpoint-emptied", "missing-log", "stale-plan-overwrite",
            ])
    }

    // MARK: Comparing

    private func compare(_ scenario: String, seed: Int, in folder: Folder) throws -> [Row] {
        let (truth, findings) = try simulate(scenario, seed: seed, in: folder)
        return try plans(truth, findings) + queues(truth, findings) + services(truth, findings)
    }

    private typealias Entry = [String: Any]

    private func simulate(_ scenario: String, seed: Int, in folder: Folder) throws -> (truth: Entry, findings: [Entry])
    {
        let bundle = folder.path + "/" + scenario
        let made = try Program.run(["simulate", scenario, "--seed", "\(seed)", "-o", bundle, "--quiet"])
        try #require(made.status == 0, "\(made.errors)")
        let run = try Program.run(["analyze", bundle, "--format", "json", "--quiet"])
        try #require(run.status == 0, "\(run.errors)")
        let report = try #require(try JSONSerialization.jsonObject(with: Data(run.bytes)) as? Entry)
        let text = try Data(contentsOf: URL(fileURLWithPath: bundle + "/truth.json"))
        let truth = try #require(try JSONSerialization.jsonObject(with: text) as? Entry)
        return (truth, try #require(report["findings"] as? [Entry]))
    }

    /// Overwrites, deletions, emptied windows and wedges, in both directions: what happened was found, what was found happened.
    private func plans(_ truth: Entry, _ findings: [Entry]) throws -> [Row] {
        var rows: [Row] = []
        func pair(_ kind: String, _ list: String, key: (Entry) -> String, ends: Bool) throws {
            var wanted = entries(truth, list)
            for finding in findings where finding["kind"] as? String == kind {
                let match = wanted.firstIndex { key($0) == key(finding) }
                let fact = match.map { wanted.remove(at: $0) }
                rows.append(row("\(kind) \(key(finding))", fact, finding, "at", "at", 1))
                if ends { rows.append(row("\(kind) \(key(finding)), its end", fact, finding, "until", "until", 1)) }
            }
            for fact in wanted { rows.append(row("\(kind) \(key(fact))", fact, nil, "at", "at", 1)) }
        }
        try pair(
            "stale-plan-overwrite", "overwrites",
            key: { "\($0["endpoint"] ?? "") \($0["plan"] ?? "") \($0["displaced"] ?? "") \($0["actor"] ?? "")" },
            ends: false)
        try pair("endpoint-emptied", "emptied", key: { "\($0["endpoint"] ?? "")" }, ends: true)
        try pair("automation-wedged", "wedges", key: { "\($0["endpoint"] ?? "")" }, ends: true)
        let deleted = findings.filter { $0["kind"] as? String == "active-plan-deleted" }
        for fact in entries(truth, "deletions") {
            for endpoint in fact["endpoints"] as? [String] ?? [] {
                let match = deleted.first {
                    $0["endpoint"] as? String == endpoint && "\($0["plan"] ?? "")" == "\(fact["plan"] ?? "")"
                }
                rows.append(row("active-plan-deleted \(endpoint)", fact, match, "at", "at", 1))
            }
        }
        let deletions = entries(truth, "deletions").reduce(0) { $0 + ($1["endpoints"] as? [String] ?? []).count }
        #expect(deleted.count == deletions, "as many active plans were found deleted as were")
        return rows
    }

    /// The backlogs' onsets and ends, and the collapse.
    private func queues(_ truth: Entry, _ findings: [Entry]) -> [Row] {
        var rows: [Row] = []
        for fact in entries(truth, "backlogs") {
            let name = "\(fact["actor"] ?? "")/\(fact["queue"] ?? "")"
            let match = findings.first {
                $0["kind"] as? String == "backlog-onset" && "\($0["actor"] ?? "")/\($0["queue"] ?? "")" == name
            }
            rows.append(row("backlog of \(name), its onset", fact, match, "onset", "at", 2 * Self.sample))
            rows.append(row("backlog of \(name), its end", fact, match, "end", "until", 5 * Self.sample))
        }
        for fact in entries(truth, "collapses") {
            let match = findings.first {
                $0["kind"] as? String == "congestive-collapse" && $0["queue"] as? String == fact["queue"] as? String
            }
            rows.append(row("collapse of \(fact["queue"] ?? "")", fact, match, "at", "at", 6 * Self.sample))
        }
        return rows
    }

    /// The impact windows of the services, each with the finding that begins nearest. A service whose failures taper off is back in its
    /// usual range before the last of them: its end may be off by a twentieth of the window.
    private func services(_ truth: Entry, _ findings: [Entry]) -> [Row] {
        var rows: [Row] = []
        for fact in entries(truth, "impacts") {
            let name = "\(fact["service"] ?? "")"
            let from = time(fact["from"]) ?? .distantPast
            let length = (time(fact["until"]) ?? from).timeIntervalSince(from)
            let match = findings.filter {
                $0["kind"] as? String == "service-impact" && $0["service"] as? String == name
            }
            .min { distance($0, from) < distance($1, from) }
            rows.append(row("impact of \(name)", fact, match, "from", "at", 2 * Self.sample))
            rows.append(
                row("impact of \(name), its end", fact, match, "until", "until", max(2 * Self.sample, length / 20)))
        }
        return rows
    }

    private func distance(_ finding: Entry, _ moment: Date) -> TimeInterval {
        abs((time(finding["at"]) ?? .distantFuture).timeIntervalSince(moment))
    }

    private func entries(_ truth: Entry, _ list: String) -> [Entry] { truth[list] as? [Entry] ?? [] }

    private func row(
        _ name: String, _ fact: Entry?, _ finding: Entry?, _ factKey: String, _ findingKey: String,
        _ tolerance: TimeInterval
    ) -> Row {
        Row(
            fact: name, truth: time(fact?[factKey]), found: time(finding?[findingKey]), tolerance: tolerance,
            isOpen: fact != nil && finding != nil)
    }

    private func time(_ value: Any?) -> Date? {
        guard let text = value as? String else { return nil }
        let whole = text.prefix(19) + "Z"
        let fraction = text.dropFirst(19).dropLast()
        return ISO8601DateFormatter().date(from: String(whole))?.addingTimeInterval(Double("0" + fraction) ?? 0)
    }
}
