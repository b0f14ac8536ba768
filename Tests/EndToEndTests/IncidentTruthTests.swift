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

    @Test(arguments: [1, 7]) func theWholeIncidentIsFoundFromItsLogsAlone(seed: Int) throws {
        let folder = try Folder()
        let run = try SimulatedRun("us-east-1-2025-10-20", seed: seed, in: folder)
        let rows = plans(run) + queues(run) + services(run)
        #expect(rows.count >= 50, "the truth of the whole incident has at least these rows")
        for row in rows { #expect(row.holds, "seed \(seed): \(row.text)") }
        let cascade = CascadeFile(run)
        let truth = Set(run.facts("edges").map { "\($0["from"] ?? "") → \($0["to"] ?? "")" })
        #expect(truth.count >= 25)
        #expect(truth.subtracting(cascade.edges).sorted() == [], "seed \(seed): led on, and no chain was found")
        for edge in cascade.edges.subtracting(truth).sorted() {
            #expect(Self.isChain(edge, of: truth), "seed \(seed): \(edge) did not lead on")
        }
        // Checks fail from the minute before the first state is seen to be late: nothing that is measured came ahead of them.
        #expect(
            cascade.unexplained.filter { $0 != "health-flapping" } == ["stale-plan-overwrite"],
            "seed \(seed): all the rest has a cause")
        #expect(run.found("retry-storm").isEmpty)
    }

    /// Whether edges that are true lead from an edge's beginning to its end.
    private static func isChain(_ edge: String, of truth: Set<String>) -> Bool {
        let ends = edge.components(separatedBy: " → ")
        var reached: Set<String> = [ends[0]]
        while true {
            let next = truth.map { $0.components(separatedBy: " → ") }.filter { reached.contains($0[0]) }.map { $0[1] }
            if next.contains(ends[1]) { return true }
            if reached.isSuperset(of: next) { return false }
            reached.formUnion(next)
        }
    }

    @Test func withoutTheStoresLogAndWithoutClocksItsPlansAreStillFound() throws {
        let folder = try Folder()
        let run = try SimulatedRun("us-east-1-2025-10-20", seed: 1, ["--no-clocks", "--no-store-log"], in: folder)
        for row in plans(run) { #expect(row.holds, "\(row.text)") }
        let counts = run.report["counts"] as? [String: Any] ?? [:]
        #expect(counts["with_clock"] as? Int == 0)
        func confidence(_ kind: String) -> [String] { run.found(kind).compactMap { $0["confidence"] as? String } }
        #expect(confidence("stale-plan-overwrite") == ["proven"], "the answer to the write says what it replaced")
        for kind in ["active-plan-deleted", "endpoint-emptied", "automation-wedged"] {
            #expect(confidence(kind) == ["likely"], "\(kind): only what followed tells, and what is lost nobody knows")
        }
    }

    @Test(arguments: [3, 7, 11, 19, 23, 31] as [Int]) func aRaceIsJudgedAsTheStoreSawIt(seed: Int) throws {
        let folder = try Folder()
        let run = try SimulatedRun("race", seed: seed, ["--faults", "none"], in: folder)
        for row in plans(run) + services(run) { #expect(row.holds, "race \(seed): \(row.text)") }
    }

    @Test func aQuietDayHasNothingToReport() throws {
        let folder = try Folder()
        let findings = try SimulatedRun("quiet-day", seed: 5, in: folder).findings
        let serious = findings.filter { $0["severity"] as? String != "info" }.compactMap { $0["summary"] as? String }
        #expect(serious.isEmpty, "nothing happened, and yet: \(serious)")
    }

    @Test func nearMissesAreStaleChecksAndNothingElse() throws {
        let folder = try Folder()
        let run = try SimulatedRun("near-miss", seed: 5, in: folder)
        #expect(Set(run.findings.compactMap { $0["kind"] as? String }) == ["stale-check"])
        func names(_ entries: [Entry]) -> Set<String> {
            Set(entries.map { "\($0["actor"] ?? "") \($0["plan"] ?? "")" })
        }
        #expect(names(run.findings) == names(run.facts("stale_checks")), "the same runs as in truth")
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
        ["race", "-o", "full"], ["race", "--faults", "no-such-fault", "-o", "x"],
        ["near-miss", "--faults", "all", "-o", "x"],
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
        let report = try #require(try JSONSerialization.jsonObject(with: Data(run.bytes)) as? SimulatedRun.Entry)
        let kinds = (report["findings"] as? [SimulatedRun.Entry] ?? []).compactMap { $0["kind"] as? String }
        #expect(
            kinds.sorted() == [
                "active-plan-deleted", "automation-wedged", "endpoint-emptied", "missing-log", "stale-plan-overwrite",
            ])
    }

    // MARK: Comparing

    private typealias Entry = SimulatedRun.Entry

    /// Overwrites, deletions, emptied windows and wedges, in both directions: what happened was found, what was found happened.
    private func plans(_ run: SimulatedRun) -> [Row] {
        func name(_ entry: Entry, _ keys: [String]) -> String {
            keys.map { "\(entry[$0] ?? "")" }.joined(separator: " ")
        }
        let deleted = run.facts("deletions").flatMap { fact in
            (fact["endpoints"] as? [String] ?? []).map { fact.merging(["endpoint": $0]) { $1 } }
        }
        let plan = ["endpoint", "plan", "actor"]
        return pairs("stale-plan-overwrite", run, run.facts("overwrites")) { name($0, plan + ["displaced"]) }
            + pairs("active-plan-deleted", run, deleted) { name($0, plan) }
            + pairs("endpoint-emptied", run, run.facts("emptied"), end: 1) { name($0, ["endpoint"]) }
            + pairs("automation-wedged", run, run.facts("wedges"), end: 1) { name($0, ["endpoint"]) }
    }

    /// The backlogs' onsets and ends, and the collapses, in both directions.
    private func queues(_ run: SimulatedRun) -> [Row] {
        func name(_ entry: Entry) -> String { "\(entry["actor"] ?? "")/\(entry["queue"] ?? "")" }
        return pairs(
            "backlog-onset", run, run.facts("backlogs"), at: "onset", within: 2 * Self.sample, ends: "end",
            end: 5 * Self.sample, name)
            + pairs("congestive-collapse", run, run.facts("collapses"), within: 6 * Self.sample, name)
    }

    /// The impact windows of the services, in both directions. A service whose failures taper off is back in its usual range before the last
    /// of them: its end may be off by a twentieth of the window.
    private func services(_ run: SimulatedRun) -> [Row] {
        pairs(
            "service-impact", run, run.facts("impacts"), at: "from", within: 2 * Self.sample, end: 2 * Self.sample,
            endShare: 0.05
        ) { "\($0["service"] ?? "")" }
    }

    /// Each finding of a kind with the fact of the same name that is nearest in time; what is left over on either side is a row without the
    /// other, which does not hold.
    private func pairs(
        _ kind: String, _ run: SimulatedRun, _ facts: [Entry], at: String = "at", within tolerance: TimeInterval = 1,
        ends: String = "until", end: TimeInterval? = nil, endShare: Double = 0, _ name: (Entry) -> String
    ) -> [Row] {
        var wanted = facts
        var rows: [Row] = []
        for finding in run.found(kind) {
            let found = SimulatedRun.time(finding["at"]) ?? .distantPast
            func distance(_ fact: Entry) -> TimeInterval {
                abs(found.timeIntervalSince(SimulatedRun.time(fact[at]) ?? .distantFuture))
            }
            let match = wanted.indices.filter { name(wanted[$0]) == name(finding) }
                .min { distance(wanted[$0]) < distance(wanted[$1]) }
            let fact = match.map { wanted.remove(at: $0) }
            rows.append(row("\(kind) \(name(finding))", fact?[at], finding["at"], tolerance, fact != nil))
            guard let end, let fact else { continue }
            let length = SimulatedRun.time(fact[ends]).flatMap { until in
                SimulatedRun.time(fact[at]).map { until.timeIntervalSince($0) }
            }
            rows.append(
                row(
                    "\(kind) \(name(finding)), its end", fact[ends], finding["until"],
                    max(end, (length ?? 0) * endShare), true))
        }
        return rows + wanted.map { row("\(kind) \(name($0))", $0[at], nil, tolerance, false) }
    }

    private func row(
        _ name: String, _ truth: Any?, _ found: Any?, _ tolerance: TimeInterval, _ isPair: Bool
    ) -> Row {
        Row(
            fact: name, truth: SimulatedRun.time(truth), found: SimulatedRun.time(found), tolerance: tolerance,
            isOpen: isPair)
    }
}

/// The cascade of a report, in the truth's words for components.
private struct CascadeFile {
    /// `from → to`, of different components.
    private(set) var edges: Set<String> = []
    /// The kinds of the windows without a known cause.
    private(set) var unexplained: [String] = []

    init(_ run: SimulatedRun) {
        let cascade = run.report["cascade"] as? SimulatedRun.Entry ?? [:]
        let findings = Dictionary(run.findings.map { ($0["id"] as? String ?? "", $0) }) { first, _ in first }
        for edge in cascade["edges"] as? [SimulatedRun.Entry] ?? [] {
            let from = Self.component(findings[edge["from"] as? String ?? ""] ?? [:])
            let to = Self.component(findings[edge["to"] as? String ?? ""] ?? [:])
            if from != to { edges.insert("\(from) → \(to)") }
        }
        for window in cascade["windows"] as? [SimulatedRun.Entry] ?? []
        where window["ending"] as? String == "unknown-trigger" { unexplained.append(window["kind"] as? String ?? "") }
    }

    private static func component(_ finding: SimulatedRun.Entry) -> String {
        let queue = finding["queue"] as? String
        return switch finding["kind"] as? String ?? "" {
        case "stale-plan-overwrite", "active-plan-deleted", "endpoint-emptied", "automation-wedged": "endpoint"
        case "lease-expiry": "droplet-manager"
        case "propagation-delay": "network-manager"
        case "launch-failure": "ec2"
        case "health-flapping": "health-checkers"
        case "service-impact": finding["service"] as? String ?? ""
        case "backlog-onset", "congestive-collapse": finding["actor"] as? String ?? queue ?? ""
        default: "?"
        }
    }
}
