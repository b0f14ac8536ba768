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
        #expect(found.findings.first?.basis == .storeClock(8, after: 7))
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

    @Test func fromAnswerToAnswerNothingIsProven() {
        var log = LogBuilder()
        log.add("b", 9, .planApplying, 4, clock: ["b": 1])
        log.add("a", 10, .planApplying, 9, clock: ["a": 1])
        log.add("a", 11, .planApplied, 9, clock: ["a": 2])
        log.add("b", 12, .planApplied, 4, clock: ["a": 2, "b": 2])
        #expect(log.findings().lines == ["stale-plan-overwrite 4 over 9 by b, likely"], "b was in flight as a wrote")
    }

    @Test func fromAnswerToSendingItIs() {
        var log = LogBuilder()
        log.add("a", 11, .planApplied, 9, clock: ["a": 2])
        log.add("b", 9, .planApplying, 4, clock: ["a": 2, "b": 1])
        log.add("b", 12, .planApplied, 4, clock: ["a": 2, "b": 2])
        #expect(log.findings().lines == ["stale-plan-overwrite 4 over 9 by b, proven"])
    }

    @Test func aMissingCommitLeavesWhatWasActiveOpen() {
        var log = LogBuilder()
        log.add("a", 1, .planApplied, 45, commit: 41)
        log.add("b", 9, .planApplied, 43, commit: 44)
        #expect(log.findings().lines == ["stale-plan-overwrite 43 over 45 by b, possible"], "42 and 43 are in no log")
    }

    @Test func whatAStoresCommitsCountIsSettledFromAllOfThem() {
        func found(_ commits: [Int64]) -> [String] {
            var log = LogBuilder()
            for (n, commit) in commits.enumerated() {
                log.add("b", Double(n), .planApplied, 5, at: "other-\(n)", commit: commit, store: "s")
            }
            log.add("a", 100, .planApplied, 9, commit: 10, store: "s")
            log.add("b", 200, .planApplied, 4, commit: 14, store: "s")
            return log.findings().all(.stalePlanOverwrite).map(\.confidence.name)
        }
        #expect(found([6, 7, 8, 9, 11, 12, 13]) == ["proven"], "all of the store's values are held")
        #expect(found([6, 7, 8, 9, 11, 13]) == ["possible"], "12 is missing")
        #expect(found([106, 207, 308, 409, 511]) == ["proven"], "of sparse commits none is missing")
    }

    /// A retried write lands after another's: `e1` is answered once and takes effect twice.
    private func lateRequest(commits: Bool) -> Detections {
        var log = LogBuilder()
        func commit(_ count: Int64) -> Int64? { commits ? count : nil }
        log.add("e1", 0, .planChecked, 5, active: 4)
        log.add("e2", 5, .planApplying, 6)
        log.add("store", 5.01, .changeCommitted, 6, commit: commit(2), records: 3, by: "e2")
        log.add("e2", 5.02, .planApplied, 6, replaces: 4, records: 3)
        log.add("e1", 10, .planApplying, 5)
        log.add("e1", 13, .planApplied, 5, outcome: .timeout)
        log.add("e1", 14, .planApplying, 5)
        log.add("store", 14.01, .changeCommitted, 5, commit: commit(3), records: 3, by: "e1")
        log.add("e1", 14.02, .planApplied, 5, replaces: 6, commit: commit(3), records: 3)
        log.add("e2", 20, .planApplying, 7)
        log.add("store", 20.01, .changeCommitted, 7, commit: commit(4), records: 3, by: "e2")
        log.add("e2", 20.02, .planApplied, 7, replaces: 5, records: 3)
        log.add("store", 40, .changeCommitted, 5, commit: commit(5), records: 3, by: "e1")
        return log.findings()
    }

    @Test(arguments: [false, true]) func theStoresOwnLogDecidesOverAnAnswerOfAnotherEffect(commits: Bool) throws {
        let found = lateRequest(commits: commits)
        #expect(
            found.lines == [
                "stale-plan-overwrite 5 over 6 by e1, proven", "stale-plan-overwrite 5 over 7 by e1, proven",
            ])
        let late = try #require(found.findings.last)
        #expect(late.lasts)
        #expect(late.awareness == .unaware)
        #expect(
            late.evidence.map(\.part).contains("its answer"), "the try that was left open: \(late.evidence.map(\.part))"
        )
    }

    @Test func anAnswerThatContradictsTheStoresLogIsOfAnotherEffect() {
        var log = LogBuilder()
        log.add("e1", 14.02, .planApplied, 5, replaces: 6, records: 3)
        log.add("store", 20.01, .changeCommitted, 7, records: 3, by: "e2")
        log.add("store", 40, .changeCommitted, 5, records: 3, by: "e1")
        let late = log.findings().all(.stalePlanOverwrite).filter { $0.displaced == 7 }
        #expect(late.count == 1 && late[0].plan == 5 && late[0].lasts, "\(log.findings().lines)")
    }

    @Test func aTryThatMayHaveTakenEffectLeavesTheActiveGenerationOpen() {
        func confidence(_ plan: Int64, replaces: Int64? = nil) -> [String] {
            var log = LogBuilder()
            log.add("b", 50, .planApplied, 9, clock: ["b": 1])
            log.add("c", 60, .planApplied, plan, clock: ["c": 1], outcome: .unknown)
            log.add("a", 70, .planApplied, 4, clock: ["a": 1], replaces: replaces)
            log.add("b", 80, .planApplied, 20, clock: ["b": 2], replaces: replaces == nil ? nil : 4)
            log.add("a", 90, .planApplied, 5, clock: ["a": 2])
            return log.findings().all(.stalePlanOverwrite).map(\.confidence.name)
        }
        #expect(confidence(7) == ["possible", "likely"])
        #expect(confidence(9) == ["likely", "likely"], "the same generation again changes nothing")
        #expect(confidence(7, replaces: 9) == ["proven", "likely"], "the store said what it displaced")
    }

    @Test func aLongHistoryIsJudgedInPartsToTheSameEnd() {
        var log = LogBuilder()
        for n in 1...1000 {
            let plan = Int64(n % 10 == 0 ? n - 5 : n)
            log.add("e\(n % 3)", Double(n), .planApplied, plan, commit: Int64(n))
        }
        #expect(log.findings().all(.stalePlanOverwrite).count == 100)
    }

    @Test func anOrderThatNothingDecidesIsAQuestion() throws {
        var log = LogBuilder()
        log.add("a", 50, .planApplied, 4)
        log.add("b", 50.05, .planApplied, 9)
        log.add("a", 51, .planApplied, 10)
        log.add("b", 51.05, .planApplied, 11)
        let found = log.findings()
        #expect(found.lines == [])
        #expect(found.undecided.map(\.question) == [.order(plan: 4, after: 9)])
        #expect(found.undecided.first?.count == 2, "the writes of an endpoint are counted")
    }

    @Test func whatAMissingCommitWroteIsAQuestion() throws {
        var log = LogBuilder()
        log.add("a", 50, .planApplied, 4, commit: 1)
        log.add("b", 60, .planApplied, 9, commit: 3)
        log.add("b", 70, .planApplied, 10, commit: 4)
        let found = log.findings()
        #expect(found.lines == [])
        #expect(found.undecided.map(\.question) == [.missingWrites(after: 4, before: 9)])
    }
}
