import EventModel
import Testing

@testable import CausalAnalysis

/// The effective order: late records put in their place, answers paired with the store's records, contradictions dropped.
@Suite struct PlanFindingsOrderTests {
    @Test func aCommitThatArrivesLateIsPutInItsPlace() {
        var log = LogBuilder()
        log.add("b", 50, .planApplied, 9, commit: 3)
        log.add("c", 51, .planApplied, 10, commit: 4)
        // Written first, answered last.
        log.add("a", 52, .planApplied, 4, commit: 2)
        #expect(log.findings().findings.isEmpty, "4 was there before 9 and 10: \(log.findings().lines)")
    }

    @Test func theStoresClockOrdersWritesThatClocksLeaveConcurrent() {
        var log = LogBuilder()
        log.add("a", 50, .planApplied, 4, clock: ["a": 1, "store": 8], store: "store")
        log.add("b", 80, .planApplied, 9, clock: ["b": 1, "store": 7], store: "store")
        let found = log.findings()
        #expect(found.lines == ["stale-plan-overwrite 4 over 9 by a, proven"])
        #expect(found.findings.first?.basis == "the store's clock: 8 after 7")
    }

    @Test func aTimeoutThatTheStoreCommittedTookEffect() {
        var log = LogBuilder()
        log.add("b", 50, .planApplied, 9, clock: ["b": 1])
        log.add("store", 50, .changeCommitted, 9, clock: ["store": 1], by: "b")
        log.add("a", 60, .planApplying, 4, clock: ["a": 1])
        log.add("a", 62, .planApplied, 4, clock: ["a": 2], outcome: .timeout)
        log.add("store", 62.05, .changeCommitted, 4, clock: ["store": 2], by: "a")
        let found = log.findings()
        #expect(found.lines == ["stale-plan-overwrite 4 over 9 by a, proven"])
        #expect(
            found.findings.first?.evidence.map(\.part) == [
                "the write", "its answer", "its sending", "the displaced write",
                "the store's record of the displaced write",
            ])
    }

    @Test func aTimeoutThatTheStoreNeverSawHadNoEffect() {
        var log = LogBuilder()
        log.add("b", 50, .planApplied, 9, clock: ["b": 1])
        log.add("store", 50, .changeCommitted, 9, clock: ["store": 1], by: "b")
        log.add("a", 62, .planApplied, 4, clock: ["a": 2], outcome: .timeout)
        log.add("b", 70, .planApplied, 10, clock: ["b": 2])
        log.add("store", 70, .changeCommitted, 10, clock: ["store": 2], by: "b")
        #expect(log.findings().lines == [])
        #expect(log.findings().undecided.isEmpty, "the store's log has no gap")
    }

    @Test func aTimeoutWithoutTheStoresLogIsAQuestion() throws {
        var log = LogBuilder()
        log.add("b", 50, .planApplied, 9)
        log.add("a", 62, .planApplied, 4, outcome: .timeout)
        let found = log.findings()
        #expect(found.lines == [])
        let question = try #require(found.undecided.first)
        #expect(question.endpoint == "db.example")
        #expect(question.plan == 4)
    }

    @Test func whatTheNextWriteDisplacedAnswersForATimeout() {
        var log = LogBuilder()
        log.add("b", 50, .planApplied, 9, replaces: 3)
        log.add("a", 62, .planApplied, 4, outcome: .timeout)
        log.add("b", 70, .planApplied, 10, replaces: 4)
        let found = log.findings()
        #expect(found.lines.first?.hasPrefix("stale-plan-overwrite 4 over 9 by a") == true, "\(found.lines)")
        #expect(found.undecided.isEmpty)
    }

    @Test func clocksThatContradictCommitsAreDroppedAndCounted() {
        var log = LogBuilder()
        log.add("b", 50, .planApplied, 9, clock: ["b": 1], commit: 2)
        log.add("a", 60, .planApplied, 4, clock: ["a": 1, "b": 1], commit: 1)
        let found = log.findings()
        #expect(found.lines == [], "commit 1 is before commit 2, whatever the clocks say")
        #expect(found.droppedConstraints == 1)
    }

    @Test func aLongHistoryIsJudgedInPartsToTheSameEnd() {
        var log = LogBuilder()
        for n in 1...1000 {
            let plan = Int64(n % 10 == 0 ? n - 5 : n)
            log.add("e\(n % 3)", Double(n), .planApplied, plan, commit: Int64(n))
        }
        #expect(log.findings().all(.stalePlanOverwrite).count == 100)
    }
}
