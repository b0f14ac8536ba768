import EventModel
import Testing

@testable import CausalAnalysis

/// What explains the overwrite of EVENTS.md section 6, and the same with more around it.
@Suite struct ExplanationTests {
    /// The small log; with the planner's own log where `planner` is true.
    private func log(planner: Bool = false, _ between: (inout LogBuilder) -> Void = { _ in }) -> LogBuilder {
        var log = LogBuilder()
        if planner {
            for plan in Int64(1)...4 { log.add("p", Double(plan), .planCreated, plan, clock: ["p": plan]) }
        }
        log.add("a", 17, .planChecked, 4, clock: ["p": 4, "a": 1], active: 3)
        if planner {
            for plan in Int64(5)...9 { log.add("p", 20 + Double(plan), .planCreated, plan, clock: ["p": plan]) }
        }
        between(&log)
        log.add("b", 55.870, .planChecked, 9, clock: ["p": 9, "b": 1], active: 3)
        log.add("b", 56.211, .planApplied, 9, clock: ["p": 9, "b": 2], replaces: 3, records: 6)
        log.add("a", 58.001, .planApplying, 4, clock: ["p": 4, "a": 12])
        log.add("a", 58.113, .planApplied, 4, clock: ["p": 4, "a": 13], replaces: 9, records: 5)
        log.add("b", 60.402, .planDeleted, 4, clock: ["p": 9, "b": 3])
        log.add("b", 61.100, .planApplied, 9, clock: ["p": 9, "b": 4], outcome: .refused)
        return log
    }

    private func explain(_ log: LogBuilder, _ kind: Finding.Kind = .stalePlanOverwrite) throws -> Explanation {
        log.explanation(of: try #require(log.findings().all(kind).first))
    }

    @Test func everyPieceOfEvidenceIsFoundAgainWithWhatItsRecordSays() throws {
        let explanation = try explain(log())
        #expect(explanation.witnesses.map(\.part) == explanation.finding.evidence.map(\.part))
        #expect(explanation.witness(Finding.Part.check)?.active == 3)
        #expect(explanation.witness(Finding.Part.write)?.replaces == 9)
        #expect(explanation.witness(Finding.Part.displaced)?.plan == 9)
    }

    @Test func withoutThePlannersLogActorsKnowWhatTheirRecordsName() throws {
        let explanation = try explain(log())
        #expect(!explanation.hasPlanner)
        #expect(explanation.knowledge.map(\.actor) == ["b", "a"])
        #expect(explanation.knowledge.map(\.plan) == [9, 4], "the write's own answer, which names 9, came too late")
        #expect(explanation.knowledge.map(\.isByClock) == [false, false])
    }

    @Test func withItTheirClocksTell() throws {
        let explanation = try explain(log(planner: true))
        #expect(explanation.knowledge.map(\.actor) == ["b", "p", "a"])
        #expect(explanation.knowledge.map(\.plan) == [9, 9, 4])
        #expect(explanation.knowledge.map(\.isByClock) == [true, true, true])
        #expect(explanation.creations.map(\.plan) == [4, 9])
        #expect(explanation.creations.map(\.record.stamp.counter) == [4, 9])
    }

    @Test func theTwoWritesAreConcurrentAndTheClocksShowIt() throws {
        let pair = try #require(try explain(log()).pair)
        #expect(pair.later.relation(to: pair.earlier) == .concurrent)
        #expect(pair.later.clock[pair.earlier.process] == .zero)
        #expect(pair.earlier.clock[pair.later.process] == .zero)
    }

    @Test func aWriterThatHadHeardOfTheNewerWriteIsOrderedBehindIt() throws {
        var log = LogBuilder()
        log.add("b", 10, .planApplied, 9, clock: ["b": 1], replaces: 3)
        log.add("a", 20, .planChecked, 4, clock: ["b": 1, "a": 1], active: 9)
        log.add("a", 21, .planApplied, 4, clock: ["b": 1, "a": 2], replaces: 9)
        let explanation = try explain(log)
        let pair = try #require(explanation.pair)
        #expect(pair.later.relation(to: pair.earlier) == .after)
        #expect(pair.earlier.relation(to: pair.later) == .before)
        #expect(explanation.knowledge.first { $0.actor == "a" }?.plan == 9)
    }

    @Test func whatKeptTheWriterIsCounted() throws {
        let explanation = try explain(
            log { log in
                for try_ in Int64(2)...6 {
                    log.add(
                        "a", 20 + Double(try_), .planApplied, 4, clock: ["p": 4, "a": try_], at: "other.example",
                        outcome: try_ < 5 ? .timeout : .ok)
                }
            })
        let delay = try #require(explanation.delay)
        #expect(delay.writes == 5)
        #expect(delay.troubled == 3)
        #expect(delay.longestPause == 32_001 * Nanoseconds.millisecond)
        #expect(delay.afterPause?.stamp.counter == 12)
    }

    @Test func aDeletionIsSetAgainstTheWriteOfWhatItDeleted() throws {
        let explanation = try explain(log(), .activePlanDeleted)
        let pair = try #require(explanation.pair)
        #expect(pair.later.actor == "b")
        #expect(pair.earlier.actor == "a")
        #expect(pair.later.relation(to: pair.earlier) == .concurrent)
    }

    @Test func aQueuesCurveSpansTheBacklogAndKeepsItsPeak() throws {
        var finding = Finding(
            kind: .backlogOnset, severity: .high, confidence: .proven,
            at: Timestamp(nanoseconds: LogBuilder.start + 100 * Nanoseconds.second),
            until: Timestamp(nanoseconds: LogBuilder.start + 200 * Nanoseconds.second), isWindow: true)
        finding.queue = "work"
        finding.actor = "q"
        var log = LogBuilder()
        for step in 0..<300 {
            let depth = step < 100 || step > 200 ? 2 : Int64(100 - abs(150 - step)) * 10
            log.sample("q", Double(step), queue: "work", depth: depth, arrived: step < 150 ? 20 : 5, completed: 10)
        }
        log.sample("q", 300, queue: "other", depth: 1_000_000, arrived: 0, completed: 0)
        finding.evidence = [.init(part: "the alarm", record: log.reference(120, kind: .queueSampled))]
        finding.detail = .backlog(
            Finding.Backlog(
                alarm: finding.at, lastUsual: finding.at, peak: finding.at, recovered: finding.until,
                rates: Finding.Rates(arrivals: 20, completions: 10, failures: 0), busy: nil, dating: .lastUsual,
                measure: .depth, isDepthMeasured: true, depthBefore: 2, depthAtAlarm: 700, peakDepth: 1000,
                depthAfter: 2, usualWait: 0.2, usualWaitLimit: 1, longestWait: 100, waitAfter: 0.2, oldest: nil))
        let curve = try #require(log.explanation(of: finding).curve)
        #expect(curve.buckets.count == 60)
        #expect(curve.buckets.compactMap(\.depth).max() == 1000)
        #expect(curve.usualDepth == 2)
        #expect(curve.depthAtAlarm == 700 && curve.usualWait == 0.2, "the finding's own numbers")
        #expect(curve.capacity.map { abs($0 - 10) < 0.01 } == true)
        #expect(curve.rateLimit == 0, "700 items at 10/s take far longer than ten waits of 0.2 s")
    }
}
