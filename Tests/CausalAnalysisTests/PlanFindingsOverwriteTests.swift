import EventModel
import Reporting
import Testing

@testable import CausalAnalysis

/// Writes over a newer generation: who knew what, and what the order rests on.
@Suite struct PlanFindingsOverwriteTests {
    /// `b` writes 9, `a` writes 4 after it; the store's commits order them.
    private func overwrite(check: (inout LogBuilder) -> Void, flags: FieldSet = []) -> Detections {
        var log = LogBuilder()
        check(&log)
        log.add("b", 50, .planApplied, 9, clock: ["b": 1], commit: 1)
        log.add("a", 60, .planApplied, 4, clock: ["a": 5], commit: 2, flags: flags)
        return log.findings()
    }

    @Test func aCheckThatSawAnOlderGenerationIsARace() {
        let found = overwrite { $0.add("a", 10, .planChecked, 4, clock: ["a": 1], active: 3) }
        #expect(found.lines == ["stale-plan-overwrite 4 over 9 by a, proven"])
        #expect(found.findings.first?.awareness == .unaware)
        #expect(found.findings.first?.basis == .commits(2, after: 1))
        #expect(found.findings.first?.checkAge == 50 * Nanoseconds.second)
    }

    @Test func aCheckThatSawANewerGenerationKnew() {
        let found = overwrite { $0.add("a", 10, .planChecked, 4, clock: ["a": 1], active: 7) }
        #expect(found.findings.first?.awareness == .aware)
    }

    @Test func aCheckThatTheDisplacedWriteHappenedBeforeKnew() {
        var log = LogBuilder()
        log.add("b", 50, .planApplied, 9, clock: ["b": 1], commit: 1)
        log.add("a", 55, .planChecked, 4, clock: ["a": 1, "b": 1])
        log.add("a", 60, .planApplied, 4, clock: ["a": 2, "b": 1], commit: 2)
        #expect(log.findings().findings.first?.awareness == .aware)
    }

    @Test func whatTheCheckSawDecidesOverWhatItsClockKnew() {
        var log = LogBuilder()
        log.add("b", 50, .planApplied, 9, clock: ["b": 1], commit: 1)
        log.add("a", 55, .planChecked, 4, clock: ["a": 1, "b": 1], active: 3)
        log.add("a", 60, .planApplied, 4, clock: ["a": 2, "b": 1], commit: 2)
        #expect(log.findings().findings.first?.awareness == .unaware, "a store that answered stale")
    }

    @Test func aCheckWithoutWhatItSawAndWithoutAClockTellsNothing() {
        var log = LogBuilder()
        log.add("a", 10, .planChecked, 4)
        log.add("b", 50, .planApplied, 9, commit: 1)
        log.add("a", 60, .planApplied, 4, commit: 2)
        #expect(log.findings().findings.first?.awareness == .unknown)
    }

    @Test func aSlowClockMakesNoLastingOverwriteShort() {
        for minutes in [0.0, -6, -60, 330] {
            var log = LogBuilder()
            log.add("c", 900, .planApplied, 24, clock: ["p": 24, "c": 1], replaces: 8)
            log.add("a", 10 + 60 * minutes, .planChecked, 9, clock: ["p": 9, "a": 1], active: 8)
            log.add("a", 924 + 60 * minutes, .planApplied, 9, clock: ["p": 9, "a": 2], replaces: 24)
            let found = log.findings()
            #expect(found.lines == ["stale-plan-overwrite 9 over 24 by a, proven"], "\(minutes) min")
            #expect(found.findings.first?.lasts == true, "\(minutes) min")
            #expect(found.findings.first?.severity == .critical, "\(minutes) min")
        }
    }

    @Test func theSpanBetweenTwoClocksIsTakenAtItsShortest() {
        func severity(_ skew: some SkewBounds) -> Finding.Severity? {
            var log = LogBuilder()
            log.add("b", 50, .planApplied, 9, commit: 1)
            log.add("a", 60, .planApplied, 4, commit: 2)
            log.add("b", 121, .planApplied, 10, commit: 3)
            return log.findings(skew: skew).all(.stalePlanOverwrite).first?.severity
        }
        #expect(severity(AssumedSkew(maximum: 0)) == .high)
        #expect(severity(AssumedSkew(maximum: 5 * Nanoseconds.second)) == .medium, "it may have been 56 s")
    }

    @Test func withoutACheckNobodyKnows() {
        let found = overwrite { _ in }
        #expect(found.findings.first?.awareness == .unknown)
        #expect(found.findings.first?.summary == "a wrote plan 4 over plan 9; no check of it is in the logs")
    }

    @Test func theStartOfTheRunStandsInForACheck() {
        let found = overwrite { $0.add("a", 10, .runStarted, 4, clock: ["a": 1]) }
        #expect(found.findings.first?.awareness == .unaware)
        #expect(found.findings.first?.evidence.map(\.part).contains("its run's start") == true)
    }

    @Test func countsTheGenerationsCreatedSinceTheCheck() {
        var log = LogBuilder()
        for plan in 1...12 { log.add("p", Double(plan), .planCreated, Int64(plan), clock: ["p": Int64(plan)]) }
        log.add("a", 6.5, .planChecked, 4, clock: ["a": 1, "p": 6], active: 3)
        log.add("b", 50, .planApplied, 9, clock: ["b": 1, "p": 9], commit: 1)
        log.add("a", 60, .planApplied, 4, clock: ["a": 2, "p": 6], commit: 2)
        #expect(log.findings().all(.stalePlanOverwrite).first?.newerPlans == 3, "7 to 9, of which 9 was displaced")
    }

    @Test(arguments: [FieldSet.rollback, .byOperator]) func onPurposeItIsARollback(flag: FieldSet) {
        let found = overwrite(check: { _ in }, flags: flag)
        #expect(found.lines == ["rollback 4 over 9 by a, proven"])
        #expect(found.findings.first?.severity == .info)
    }

    @Test func aNewerGenerationThatReturnsEndsIt() {
        var log = LogBuilder()
        log.add("b", 50, .planApplied, 9, commit: 1)
        log.add("a", 60, .planApplied, 4, commit: 2)
        log.add("b", 90, .planApplied, 10, commit: 3)
        let finding = log.findings().all(.stalePlanOverwrite).first
        #expect(finding?.until?.nanoseconds == LogBuilder.start + 90 * Nanoseconds.second)
        #expect(finding?.severity == .medium)
    }

    @Test func theStoresAnswerProvesItWithoutTheDisplacedRecord() {
        var log = LogBuilder()
        log.add("c", 10, .planApplied, 2, clock: ["c": 1], replaces: 1)
        log.add("a", 60, .planApplied, 4, clock: ["a": 1], replaces: 9)
        let found = log.findings()
        #expect(found.lines == ["stale-plan-overwrite 4 over 9 by a, proven"])
        #expect(found.findings.first?.evidence.map(\.part) == ["the write"], "the displaced write's record is lost")
    }

    @Test func withinTheSkewsBoundItIsPossible() {
        var log = LogBuilder()
        log.add("b", 50, .planApplied, 9)
        log.add("a", 50.05, .planApplied, 4)
        #expect(log.findings().lines == ["stale-plan-overwrite 4 over 9 by a, possible"])
        log = LogBuilder()
        log.add("b", 50, .planApplied, 9)
        log.add("a", 50.5, .planApplied, 4)
        #expect(log.findings().lines == ["stale-plan-overwrite 4 over 9 by a, likely"])
    }

    @Test func nearMissesAreOneFindingARun() {
        var log = LogBuilder()
        log.add("a", 10, .planChecked, 7, clock: ["a": 1], active: 3)
        for (n, endpoint) in ["one", "two", "three"].enumerated() {
            let count = Int64(n)
            log.add("b", 20 + Double(n), .planApplied, 5, clock: ["b": 1 + count], at: endpoint, commit: 1)
            log.add("a", 30 + Double(n), .planApplied, 7, clock: ["a": 2 + count], at: endpoint, commit: 2)
        }
        let found = log.findings()
        #expect(found.lines == ["stale-check 7 by a, likely"])
        #expect(found.findings.first?.count == 3)
        #expect(found.findings.first?.severity == .info)
    }
}
