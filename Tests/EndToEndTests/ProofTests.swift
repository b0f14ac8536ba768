import Foundation
import Testing

/// `inquest-verify` accepts what is proven, and refuses what is not as the records say.
@Suite struct ProofTests {
    typealias Entry = [String: Any]

    /// Verifies findings of a report against a bundle: what was said of each, by id.
    private static func verify(
        _ findings: [Entry], of report: Entry, _ bundle: String, in folder: Folder
    ) throws -> (status: Int32, said: [String: String]) {
        var changed = report
        changed["findings"] = findings
        let file = try folder.write(
            [UInt8](try JSONSerialization.data(withJSONObject: changed)), to: "findings.json")
        let run = try Program.shell("inquest-verify '\(file)' '\(bundle)'")
        var said: [String: String] = [:]
        for line in run.lines {
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            if words.count > 2, ["accepted", "refused"].contains(words[0]) { said[String(words[2])] = line }
        }
        return (run.status, said)
    }

    private static func proven(_ run: SimulatedRun) -> [Entry] {
        run.findings.filter { $0["confidence"] as? String == "proven" }
    }

    @Test(arguments: [
        (1, []), (3, []), (8, ["--faults", "none"]), (16, ["--no-clocks"]), (17, []), (21, []),
    ])
    func everyProvenFindingIsAccepted(seed: Int, options: [String]) throws {
        let folder = try Folder()
        let run = try SimulatedRun("race", seed: seed, options, in: folder)
        let proven = Self.proven(run)
        #expect(!proven.isEmpty, "nothing of race \(seed) is proven")
        let (status, said) = try Self.verify(proven, of: run.report, folder.path + "/race", in: folder)
        for finding in proven {
            let line = said[finding["id"] as? String ?? ""] ?? "\(finding["id"] ?? "") is not mentioned"
            #expect(line.hasPrefix("accepted"), "race \(seed): \(line)")
        }
        #expect(status == 0)
    }

    /// What makes a finding false, and why it is refused then.
    private static let lies: [(name: String, change: @Sendable (inout Entry) -> Void)] = [
        ("another plan", { $0["plan"] = ($0["plan"] as? Int ?? 0) + 1 }),
        ("another displaced plan", { $0["displaced"] = ($0["displaced"] as? Int ?? 0) + 1 }),
        ("another writer", { $0["actor"] = "somebody" }),
        ("another endpoint", { $0["endpoint"] = "www.example.com" }),
        ("another time", { $0["at"] = "2025-10-20T06:00:00Z" }),
        ("another rule", { $0["basis"] = "times of one clock" }),
        ("another awareness", { $0["awareness"] = $0["awareness"] as? String == "aware" ? "unaware" : "aware" }),
        ("no proof", { $0["proof"] = [] }),
        ("a kind that it is not", { $0["kind"] = "rollback" }),
        (
            "another line",
            { finding in
                var evidence = finding["evidence"] as? [Entry] ?? []
                evidence[0]["line"] = (evidence[0]["line"] as? Int ?? 0) + 1
                finding["evidence"] = evidence
            }
        ),
        (
            "another byte",
            { finding in
                var evidence = finding["evidence"] as? [Entry] ?? []
                evidence[0]["byte"] = (evidence[0]["byte"] as? Int ?? 0) + 1
                finding["evidence"] = evidence
            }
        ),
        (
            "a log that is not there",
            { finding in
                var evidence = finding["evidence"] as? [Entry] ?? []
                evidence[0]["file"] = "nobody.jsonl"
                finding["evidence"] = evidence
            }
        ),
        (
            "an order turned round",
            { finding in
                var proof = finding["proof"] as? [Entry] ?? []
                for at in proof.indices where proof[at]["earlier"] != nil {
                    (proof[at]["earlier"], proof[at]["later"]) = (proof[at]["later"], proof[at]["earlier"])
                }
                finding["proof"] = proof
            }
        ),
    ]

    @Test func whatTheRecordsDoNotSayIsRefused() throws {
        let folder = try Folder()
        let run = try SimulatedRun("race", seed: 8, ["--faults", "none"], in: folder)
        let overwrites = Self.proven(run).filter {
            $0["kind"] as? String == "stale-plan-overwrite" && $0["awareness"] as? String != "unknown"
                && ($0["proof"] as? [Entry] ?? []).contains { $0["earlier"] != nil }
        }
        let finding = try #require(overwrites.first, "race 8 has no overwrite that an order proves")
        for lie in Self.lies {
            var changed = finding
            lie.change(&changed)
            let (status, said) = try Self.verify([changed], of: run.report, folder.path + "/race", in: folder)
            #expect(
                status == 1 && said.values.allSatisfy { $0.hasPrefix("refused") }, "accepted with \(lie.name): \(said)")
        }
    }

    @Test func aCountIsThatOfTheRecordsCited() throws {
        let folder = try Folder()
        var judged = 0
        for seed in [1, 5, 6] {
            let run = try SimulatedRun("race", seed: seed, in: folder)
            for var finding in Self.proven(run) where finding["count"] is Int {
                finding["count"] = (finding["count"] as? Int ?? 0) + 1
                let (status, said) = try Self.verify([finding], of: run.report, folder.path + "/race", in: folder)
                #expect(status == 1, "accepted with another count: \(said)")
                judged += 1
            }
        }
        #expect(judged > 3, "hardly anything is counted in these races")
    }

    @Test func aRecordThatIsGoneTakesItsProofWithIt() throws {
        let folder = try Folder()
        let run = try SimulatedRun("race", seed: 8, ["--faults", "none"], in: folder)
        let byLog = Self.proven(run).filter { finding in
            (finding["proof"] as? [Entry] ?? []).contains { $0["by"] as? String == "store-log" }
        }
        let finding = try #require(byLog.first, "no proof of race 8 rests on the silence of a store's log")
        let step = try #require((finding["proof"] as? [Entry])?.first { $0["by"] as? String == "store-log" })
        let to = try #require(step["to"] as? Int)
        let (from, store) = (try #require(step["from"] as? Int), try #require(step["store"] as? String))
        try #require(to - from > 1, "nothing lies between the two")
        // The record behind the first is taken out; the lines around it keep their places.
        let log = folder.path + "/race/" + store + ".jsonl.zst"
        let made = try Program.shell(
            "zstd -dc '\(log)' | sed 's/^.*\"\(store)\":\(from + 1)}.*$/{}/' > '\(folder.path)/thin' && "
                + "zstd -qf '\(folder.path)/thin' -o '\(log)'")
        try #require(made.status == 0, "\(made.errors)")
        let (status, said) = try Self.verify([finding], of: run.report, folder.path + "/race", in: folder)
        #expect(status == 1 && said.values.allSatisfy { $0.contains("is missing") || $0.contains("byte") }, "\(said)")
    }

    @Test func whatIsNoFindingsFileIsSaid() throws {
        let folder = try Folder()
        let file = try folder.write("{\"schema\":\"something/1\"}", to: "findings.json")
        let run = try Program.shell("inquest-verify '\(file)' SampleLogs/us-east-1-2025-10-20")
        #expect(run.status == 2)
        #expect(run.errors.contains("not a file of the schema inquest.findings/1"), "\(run.errors)")
    }
}
