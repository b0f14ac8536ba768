import EventModel
import Testing

@testable import CausalAnalysis

/// Readers that know better, and replicas that stay behind.
struct ReplicaTests {
    /// A writer puts 5 and 6 on an endpoint; a reader looks.
    private func reads(_ active: Int64, hears: [String], between: (inout SystemLog) -> Void = { _ in }) -> SystemLog {
        var log = SystemLog()
        log.add("reader", 0, .planChecked, at: "db", [.plan: 1, .active: 4])
        log.add("writer", 10, .planApplied, at: "db", [.plan: 5])
        log.add("writer", 20, .planApplied, at: "db", [.plan: 6])
        between(&log)
        log.add("reader", 60, .planChecked, at: "db", [.plan: 9, .active: active], hears: hears)
        return log
    }

    @Test func whoHeardOfANewerWriteAndReadsTheOlderReadsStale() throws {
        let report = reads(5, hears: ["writer"]).analyze()
        let finding = try #require(report.all(.staleRead).first, "\(report.lines)")
        #expect(finding.actor == "reader" && finding.endpoint == "db" && finding.plan == 5)
        #expect(finding.severity == .medium && finding.confidence == .likely)
        #expect(
            finding.summary.hasPrefix("reader read plan 5 after plan 6, which it had heard of"), "\(finding.summary)")
    }

    @Test func whoHeardOfNothingReadsWhatItReads() {
        #expect(reads(5, hears: []).analyze().all(.staleRead).isEmpty)
    }

    @Test func whoReadsTheNewestReadsWell() {
        #expect(reads(6, hears: ["writer"]).analyze().all(.staleRead).isEmpty)
    }

    @Test func anOlderWriteInBetweenMakesItActiveAgain() {
        let log = reads(5, hears: ["writer"]) { $0.add("other", 30, .planApplied, at: "db", [.plan: 5]) }
        #expect(log.analyze().all(.staleRead).isEmpty, "the other's write may have come after plan 6")
    }

    @Test func anOlderWriteWhoseAnswerComesLaterMayHaveComeBefore() {
        var log = reads(5, hears: ["writer"])
        log.add("other", 90, .planApplied, at: "db", [.plan: 5])
        #expect(log.analyze().all(.staleRead).isEmpty)
    }

    /// Replicas that each apply a plan a minute, the last of them late from 60 to 80.
    private func replicas(late: Double, names: [String] = ["a", "b", "c"], endpoint: (String) -> String) -> SystemLog {
        var events: [(Double, String, Int64)] = []
        for plan in 0..<120 {
            for (place, name) in names.enumerated() {
                let isLate = name == names.last && (60..<80).contains(plan)
                events.append((Double(plan) * 60 + Double(place) * 0.3 + (isLate ? late : 0), name, Int64(plan + 1)))
            }
        }
        var log = SystemLog()
        for (seconds, name, plan) in events.sorted(by: { ($0.0, $0.1) < ($1.0, $1.1) }) {
            log.add(name, seconds, .planApplied, at: endpoint(name), [.plan: plan])
        }
        return log
    }

    @Test func aReplicaThatStaysBehindIsFound() throws {
        let report = replicas(late: 900) { "zone-" + $0 }.analyze()
        let finding = try #require(report.all(.replicaLag).first, "\(report.lines)")
        #expect(report.all(.replicaLag).count == 1, "\(report.lines)")
        #expect(finding.actor == "c" && finding.severity == .high)
        #expect(finding.at == SystemLog.time(3_600), "as another applies what it lacks")
    }

    @Test func replicasThatKeepUpAreNone() {
        #expect(replicas(late: 0.5) { "zone-" + $0 }.analyze().all(.replicaLag).isEmpty)
    }

    @Test func writersOfOneEndpointAreNoReplicas() {
        #expect(replicas(late: 900) { _ in "zone" }.analyze().all(.replicaLag).isEmpty)
    }

    @Test func ofTwoNobodyKnowsWhoIsLate() {
        #expect(replicas(late: 900, names: ["a", "b"]) { "zone-" + $0 }.analyze().all(.replicaLag).isEmpty)
    }
}
