import EventModel
import Reporting
import Testing

@testable import CausalAnalysis

/// Deletions placed on an endpoint, empty endpoints, and automation that cannot mend them.
@Suite struct PlanFindingsDeletionTests {
    /// `a` writes 4 at 50 s, `b` deletes 4 at `deleted`; then what `after` adds.
    private func deletion(at deleted: Double = 60, _ after: (inout LogBuilder) -> Void) -> Detections {
        var log = LogBuilder()
        log.add("a", 49, .planApplying, 4, clock: ["a": 1])
        log.add("a", 50, .planApplied, 4, clock: ["a": 2])
        log.add("b", deleted, .planDeleted, 4, clock: ["b": 1])
        after(&log)
        return log.findings()
    }

    @Test func anEmptiedRecordOfTheGenerationProvesIt() {
        var log = LogBuilder()
        log.add("a", 50, .planApplied, 4, clock: ["a": 2])
        log.add("store", 50, .changeCommitted, 4, clock: ["store": 1], by: "a")
        log.add("b", 60, .planDeleted, 4, clock: ["b": 1])
        log.add("store", 60, .recordEmptied, 4, clock: ["store": 2], records: 0)
        log.add("o", 90, .recordRestored, 7, clock: ["o": 1], records: 4)
        let found = log.findings()
        #expect(found.lines == ["active-plan-deleted 4 by b, proven", "endpoint-emptied 4 by b, proven"])
        let emptied = found.all(.endpointEmptied).first
        #expect(emptied?.until?.nanoseconds == LogBuilder.start + 90 * Nanoseconds.second)
        #expect(emptied?.summary == "no addresses after plan 4 was deleted, until o wrote plan 7")
    }

    @Test func aRestorationNextTellsThatItWasEmptied() {
        let found = deletion { $0.add("o", 90, .recordRestored, 7, clock: ["o": 1], records: 4) }
        #expect(found.lines == ["active-plan-deleted 4 by b, likely", "endpoint-emptied 4 by b, likely"])
        #expect(found.findings.first?.basis == .restorationFollows)
    }

    @Test func automationsWriteNextTellsThatItWasNotWhereAnEmptyEndpointRefuses() {
        let open = deletion(at: 70) { $0.add("c", 70.02, .planApplied, 8, clock: ["c": 1]) }
        #expect(open.lines == [])
        #expect(open.undecided.count == 1, "a store may heal an empty endpoint")
        let closed = deletion(at: 70) { log in
            log.add("c", 70.02, .planApplied, 8, clock: ["c": 1])
            log.add("resolver", 80, .recordEmptied, at: "other", records: 0)
            log.add("d", 81, .planApplied, 8, clock: ["d": 1], at: "other", outcome: .refused)
        }
        #expect(closed.all(.activePlanDeleted).isEmpty)
        #expect(closed.undecided.isEmpty, "an empty endpoint was seen to refuse")
    }

    @Test func aDeletionThatTheNextWriterKnewOfIsProven() {
        let found = { (known: [String: Int64]) in
            var log = LogBuilder()
            log.add("a", 10, .planApplied, 129, clock: ["a": 1], commit: 1)
            log.add("a", 20, .planDeleted, 129, clock: ["a": 2])
            log.add("b", 99, .planApplying, 161, clock: known)
            log.add("b", 100, .planApplied, 161, clock: ["b": 2].merging(known) { $1 == 1 ? $0 : $1 }, commit: 2)
            return log.findings().all(.activePlanDeleted).map(\.confidence)
        }
        #expect(found(["b": 1, "a": 2]) == [.proven])
        #expect(found(["b": 1]) == [.likely], "only the times tell, beyond the skew's bound")
    }

    @Test func oneStoresSilenceSaysNothingAboutAnother() {
        var log = LogBuilder()
        log.add("A", 1, .changeCommitted, 7, clock: ["A": 1], at: "other", by: "w4")
        log.add("A", 2, .recordEmptied, 7, clock: ["A": 2], at: "other")
        log.add("w1", 20, .planApplied, 9, clock: ["w1": 2], store: "B")
        log.add("w3", 200, .planDeleted, 9, clock: ["w3": 1])
        log.add("A", 300, .changeCommitted, 8, clock: ["A": 3], at: "other", by: "w4")
        #expect(log.findings().all(.activePlanDeleted).map(\.confidence) == [.likely])
    }

    /// `w1` writes 9 through the store, `w3` deletes 9 unseen; then the store's log goes on, or not.
    private func silence(counters: Bool = true, gap: Bool = false, goesOn: Bool = true, empties: Bool = true)
        -> [Finding]
    {
        var log = LogBuilder()
        var count: Int64 = 0
        func clock() -> [String: Int64] {
            count += 1
            return counters ? ["A": count] : [:]
        }
        if empties { log.add("A", 1, .recordEmptied, 3, clock: clock(), at: "other") }
        log.add("A", 2, .changeCommitted, 3, clock: clock(), at: "other", by: "w1")
        log.add("w1", 20, .planApplying, 9, clock: ["w1": 1])
        log.add("A", 20.1, .changeCommitted, 9, clock: clock(), by: "w1")
        log.add("w1", 20.2, .planApplied, 9, clock: ["w1": 2], store: "A")
        log.add("w3", 200, .planDeleted, 9, clock: ["w3": 1])
        if gap { count += 1 }
        if goesOn { log.add("A", 300, .changeCommitted, 4, clock: clock(), at: "other", by: "w1") }
        return log.findings().all(.activePlanDeleted)
    }

    @Test func aWholeLogThatDoesNotHoldTheEmptyingExcludesIt() {
        #expect(silence().isEmpty, "the store would have written it")
        #expect(silence(counters: false).map(\.confidence) == [.likely], "nobody knows whether it is whole")
        #expect(silence(gap: true).map(\.confidence) == [.likely], "it may have been in the gap")
        #expect(silence(goesOn: false).map(\.confidence) == [.likely], "the log may have ended before")
        #expect(silence(empties: false).map(\.confidence) == [.likely], "the store may never write it")
    }

    @Test func aDeletionWhileAWriteWasInFlightIsAQuestion() throws {
        let found = deletion(at: 49.5) { _ in }
        #expect(found.lines == [])
        let question = try #require(found.undecided.first)
        #expect(question.question == .deletedWhileActive(4))
        #expect(question.evidence.map(\.part) == ["the deletion", "the write"])
    }

    @Test func aDeletionTheWriteKnewOfCameBefore() {
        var log = LogBuilder()
        log.add("b", 60, .planDeleted, 4, clock: ["b": 1])
        log.add("a", 50, .planApplying, 4, clock: ["a": 1, "b": 1])
        log.add("a", 51, .planApplied, 4, clock: ["a": 2, "b": 1])
        let found = log.findings()
        #expect(found.lines == [], "the clocks order what the times do not")
        #expect(found.undecided.isEmpty)
    }

    @Test func aDeletionThatKnewOfTheWriteEmptiesTheEndpoint() {
        var log = LogBuilder()
        log.add("a", 50, .planApplied, 4, clock: ["a": 1])
        log.add("b", 39, .cleanupStarted, clock: ["a": 1, "b": 1])
        log.add("b", 40, .planDeleted, 4, clock: ["a": 1, "b": 2])
        #expect(log.findings().lines == ["active-plan-deleted 4 by b, proven", "endpoint-emptied 4 by b, proven"])
    }

    @Test func aDeletionThatLearnedOfTheWriteWithItsAnswerMayHaveComeBefore() {
        var log = LogBuilder()
        log.add("a", 50, .planApplied, 4, clock: ["a": 1])
        log.add("b", 40, .planDeleted, 4, clock: ["a": 1, "b": 1])
        #expect(log.findings().all(.activePlanDeleted).map(\.confidence) == [.likely])
    }

    @Test func tenFailuresInARowAreAWedge() {
        for failures in [9, 10] {
            var log = LogBuilder()
            log.add("a", 1, .planApplied, 4, commit: 1)
            for n in 0..<failures { log.add("e\(n % 2)", 10 + Double(n), .planApplied, 9, outcome: .refused) }
            log.add("a", 90, .planApplied, 10, commit: 2)
            let found = log.findings()
            #expect(found.lines == (failures == 10 ? ["automation-wedged, proven"] : []))
            if let wedge = found.findings.first {
                #expect(wedge.count == 10)
                #expect(wedge.severity == .high, "no emptied record")
                #expect(wedge.summary == "10 writes by 2 actors failed or were refused, until a wrote plan 10")
            }
        }
    }

    @Test func writesWithoutAGenerationWedgeToo() {
        var log = LogBuilder()
        for n in 0..<60 { log.add("ctl-\(n % 2)", Double(5 * n), .planApplied, outcome: .refused) }
        let wedge = log.findings().all(.automationWedged).first
        #expect(wedge?.count == 60)
        #expect(wedge?.lasts == true)
    }

    @Test func refusalsOfOlderPlansAreASafeguardAtWork() {
        var log = LogBuilder()
        log.add("a", 1, .planApplied, 9, commit: 1)
        for n in 0..<20 { log.add("b", 10 + Double(n), .planApplied, 4, outcome: .refused) }
        #expect(log.findings().lines == [])
    }

    @Test func aWriteWithoutAddressesEmptiesTheEndpoint() {
        var log = LogBuilder()
        log.add("a", 1, .planApplied, 4, commit: 1, records: 3)
        log.add("a", 5, .planApplied, 5, commit: 2, records: 0)
        log.add("a", 9, .planApplied, 6, commit: 3, records: 3)
        let found = log.findings()
        #expect(found.lines == ["endpoint-emptied by a, proven"])
        #expect(found.findings.first?.until?.nanoseconds == LogBuilder.start + 9 * Nanoseconds.second)
    }

    @Test func aResolverThatSawItEmptyIsEnough() {
        var log = LogBuilder()
        log.add("a", 1, .planApplied, 4, commit: 1)
        log.add("resolver", 30, .recordEmptied, records: 0)
        #expect(log.findings().lines == ["endpoint-emptied, likely"])
    }
}
