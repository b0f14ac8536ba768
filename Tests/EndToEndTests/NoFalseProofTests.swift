import Foundation
import Testing

/// Races between enactors whose logs are as bad as real ones: what is called proven is so in truth.
///
/// INQUEST_RACES sets how many; `make races` takes 200.
@Suite struct NoFalseProofTests {
    private static let count = ProcessInfo.processInfo.environment["INQUEST_RACES"].flatMap { Int($0) } ?? 6

    /// Clocks that are off, records of any actor lost or written twice, the store's log or all clocks missing: by turns.
    private static func damage(_ seed: Int) -> (options: [String], skew: Double) {
        let skew = [0.5, 5, 30, 0][seed % 4]
        var options = [
            "--skew", "\(skew)", "--loss", ["0.02", "0.1", "0", "0.3", "0.05"][seed % 5], "--duplicate",
            ["0.05", "0", "0.1"][seed % 3],
        ]
        if seed % 7 == 3 { options.append("--no-store-log") }
        if seed % 11 == 5 { options.append("--no-clocks") }
        return (options, skew)
    }

    @Test func whatIsProvenIsTrue() throws {
        let folder = try Folder()
        var proven = 0
        for seed in 1...max(1, Self.count) {
            let (options, skew) = Self.damage(seed)
            // By turns what a race is like by default, where clocks may be off by any amount, and without faults.
            let run = try SimulatedRun(
                "race", seed: seed, seed % 2 == 0 ? options : options + ["--faults", "none"], in: folder)
            for finding in run.findings where ["proven", "measured"].contains(finding["confidence"] as? String) {
                proven += 1
                #expect(
                    Self.holds(finding, run, tolerance: seed % 2 == 0 ? .infinity : 2 * skew + 2),
                    "race \(seed) \(options): not so in truth: \(finding["at"] ?? "") \(finding["endpoint"] ?? "") \(finding["summary"] ?? "")"
                )
            }
        }
        #expect(proven > Self.count, "something is proven in most races, or this tests nothing")
    }

    @Test func whatCouldBeOverturnedSaysByWhichRecords() throws {
        let folder = try Folder()
        var lowered = 0
        for seed in [3, 8, 13] {
            let run = try SimulatedRun("race", seed: seed, ["--loss", "0.3", "--faults", "none"], in: folder)
            for finding in run.findings {
                let missing = (finding["quality"] as? [String: Any])?["missing"] as? [[String: Any]] ?? []
                let isInDoubt = missing.contains { $0["doubt"] as? String == "finding" }
                if isInDoubt {
                    lowered += 1
                    #expect(finding["confidence"] as? String != "proven", "\(finding["summary"] ?? "")")
                }
                for records in missing {
                    #expect(records["actor"] is String)
                    guard let from = records["from"] as? Int else { continue }
                    #expect(from <= records["to"] as? Int ?? 0 && records["count"] as? Int ?? 0 > 0, "\(records)")
                }
            }
        }
        #expect(lowered > 0, "a third of the records is lost, and nothing is in doubt")
    }

    /// Whether the truth has what a finding says. What the lab's truth does not tell of is taken for granted.
    private static func holds(_ finding: SimulatedRun.Entry, _ run: SimulatedRun, tolerance: TimeInterval) -> Bool {
        guard let at = SimulatedRun.time(finding["at"]) else { return false }
        func isNear(_ time: Any?, _ more: TimeInterval = 0) -> Bool {
            SimulatedRun.time(time).map { abs($0.timeIntervalSince(at)) <= tolerance + more } ?? false
        }
        func isSame(_ fact: SimulatedRun.Entry, _ keys: String...) -> Bool {
            keys.allSatisfy { "\(fact[$0] ?? "")" == "\(finding[$0] ?? "")" }
        }
        switch finding["kind"] as? String {
        case "stale-plan-overwrite":
            return run.facts("overwrites").contains {
                isSame($0, "endpoint", "plan", "displaced", "actor") && isNear($0["at"])
            }
        case "active-plan-deleted":
            return run.facts("deletions").contains {
                isSame($0, "plan", "actor") && isNear($0["at"])
                    && ($0["endpoints"] as? [String] ?? []).contains(finding["endpoint"] as? String ?? "")
            }
        case "endpoint-emptied": return run.facts("emptied").contains { isSame($0, "endpoint") && isNear($0["at"]) }
        case "automation-wedged":
            return run.facts("wedges").contains { isSame($0, "endpoint") && isNear($0["at"], 60) }
        case "stale-check":
            return run.facts("stale_checks").contains {
                isSame($0, "actor", "plan") && finding["count"] as? Int ?? 0 <= $0["writes"] as? Int ?? 0
            }
        case "backlog-onset":
            return run.facts("backlogs").contains { isSame($0, "actor", "queue") && isNear($0["onset"], 120) }
        case "congestive-collapse": return run.facts("collapses").contains { isSame($0, "actor", "queue") }
        case "clock-skew", "log-gap", "missing-log", "propagation-delay": return true
        default: return false
        }
    }
}
