import Foundation
import Testing

/// What is advised to log next time decides what was open, once it is there.
@Suite struct LoggingAdviceTests {
    @Test func whatIsAskedForSettlesIt() throws {
        let folder = try Folder()
        var settled = 0
        for seed in 1...6 {
            // The same race, its logs without and with what the stores replaced.
            let lacking = try SimulatedRun(
                "race", seed: seed, ["--no-clocks", "--faults", "no-commits,no-replaces"], in: folder)
            let full = try SimulatedRun("race", seed: seed, ["--no-clocks", "--faults", "no-commits"], in: folder)
            func key(_ finding: SimulatedRun.Entry) -> [String] {
                ["endpoint", "actor", "plan", "displaced"].map { "\(finding[$0] ?? "")" }
            }
            let known = full.found("stale-plan-overwrite")
            for finding in lacking.found("stale-plan-overwrite") {
                guard (finding["would_settle"] as? [String: String])?["field"] == "replaces" else { continue }
                settled += 1
                let same = known.first { key($0) == key(finding) }
                #expect(
                    same == nil || same?["confidence"] as? String == "proven",
                    "race \(seed): still \(same?["confidence"] ?? ""): \(finding["summary"] ?? "")")
            }
        }
        #expect(settled > 0, "nothing was open in these races")
    }
}
