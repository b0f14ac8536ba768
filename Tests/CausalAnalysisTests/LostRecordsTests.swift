import EventModel
import Testing

@testable import CausalAnalysis

/// What a gap in a log does to a finding that a lost record could overturn.
@Suite struct LostRecordsTests {
    /// `a` writes 4, `b`, which has heard of it, deletes 4; `c`, a third writer, loses a record at a point of its own.
    private func deletion(losing: Int?, knows: Bool = false) -> Report {
        var log = SystemLog()
        func loses(_ point: Int) { if losing == point { log.lose("c") } }
        log.add("c", 1, .planApplied, at: "db.example", [.plan: 3, .records: 5])
        loses(1)
        log.add("c", 2, .planChecked, [.plan: 3, .active: 3])
        log.add("a", 3, .planApplying, at: "db.example", [.plan: 4], hears: ["c"])
        log.add("a", 4, .planApplied, at: "db.example", [.plan: 4, .replaces: 3, .records: 5])
        loses(2)
        log.add("b", 9, .cleanupStarted, hears: ["a"])
        log.add("b", 10, .planDeleted, [.plan: 4])
        if knows { log.add("c", 11, .planChecked, [.plan: 5, .active: 4], hears: ["b"]) }
        loses(3)
        log.add("c", 12, .runFinished, [.plan: 5])
        return log.analyze()
    }

    private func found(_ report: Report) throws -> Finding { try #require(report.all(.activePlanDeleted).first) }

    @Test func withNothingLostItIsProven() throws {
        let finding = try found(deletion(losing: nil))
        #expect(finding.confidence == .proven && finding.missing.isEmpty)
    }

    @Test func aLostWriteCouldHaveComeInBetween() throws {
        let report = deletion(losing: 2)
        let finding = try found(report)
        #expect(finding.confidence == .likely, "c may have written another plan in between")
        let missing = try #require(finding.missing.first)
        #expect(finding.missing.count == 1)
        #expect(report.symbols[missing.actor] == "c" && missing.counters == 3...3 && missing.count == 1)
        #expect(missing.doubt == .finding)
        #expect(missing.before?.kind == .runFinished)
        #expect(report.all(.endpointEmptied).first?.confidence == .likely, "what follows from it is no surer")
    }

    @Test func whatWasLostBeforeTheWriteChangesNothing() throws {
        let finding = try found(deletion(losing: 1))
        #expect(finding.confidence == .proven, "the write knew of all that c had done")
        #expect(finding.missing.isEmpty)
    }

    @Test func whatWasLostAfterTheDeletionChangesNothing() throws {
        let finding = try found(deletion(losing: 3, knows: true))
        #expect(finding.confidence == .proven, "c had heard of the deletion before the gap")
    }

    @Test func whatIsLostAtALogsEndIsLostToo() throws {
        var log = SystemLog()
        log.add("c", 1, .planApplied, at: "db.example", [.plan: 3, .records: 5])
        log.add("a", 4, .planApplied, at: "db.example", [.plan: 4, .replaces: 3, .records: 5], hears: ["c"])
        log.lose("c")
        log.add("b", 10, .planDeleted, [.plan: 4], hears: ["a", "c"])
        let finding = try #require(log.analyze().all(.activePlanDeleted).first)
        #expect(finding.confidence == .likely, "b knew of an event of c that no log holds")
        #expect(finding.missing.map(\.counters) == [2...2])
        #expect(finding.missing.first?.before == nil, "there is no record behind it")
    }

    @Test func aWriterWithoutAnyLogCouldHaveWritten() throws {
        var log = SystemLog()
        log.lose("ghost")
        log.add("a", 4, .planApplied, at: "db.example", [.plan: 4, .records: 5], hears: ["ghost"])
        log.add("b", 10, .planDeleted, [.plan: 4], hears: ["a"])
        let report = log.analyze()
        let finding = try #require(report.all(.activePlanDeleted).first)
        #expect(finding.confidence == .likely)
        #expect(finding.missing.map { report.symbols[$0.actor] } == ["ghost"])
        #expect(finding.missing.first?.counters == nil, "all of its log is missing")
    }

    @Test func gapsOfALongLogAreJoinedAndNotForgotten() {
        var lost = LostRecords()
        for n in Int64(0)..<10_000 {
            lost.add(
                LostRecords.Gap(
                    actor: .none, process: ProcessID(index: 0), counters: (3 * n + 1)...(3 * n + 1), count: 1,
                    known: VectorClock(), from: n, to: n + 1, next: nil, isOperators: false))
        }
        let gaps = lost.gaps[0]
        #expect(gaps.count <= 256)
        #expect(gaps.reduce(0) { $0 + $1.count } == 10_000)
        #expect(gaps.first?.counters.lowerBound == 1 && gaps.last?.counters.upperBound == 29_998)
        #expect(zip(gaps, gaps.dropFirst()).allSatisfy { $0.counters.upperBound < $1.counters.lowerBound })
    }

    @Test("gaps of many actors that know of one another are few, since each has a long clock")
    func gapsWithLongClocks() {
        let actors = 600
        let clock = VectorClock(
            entries: (0..<actors).map {
                VectorClock.Entry(process: ProcessID(index: UInt32($0)), stamp: Stamp(counter: 1))
            })
        var lost = LostRecords()
        for n in Int64(0)..<100 {
            for actor in 0..<actors {
                lost.add(
                    LostRecords.Gap(
                        actor: .none, process: ProcessID(index: UInt32(actor)), counters: (3 * n + 1)...(3 * n + 1),
                        count: 1, known: clock, from: n, to: n + 1, next: nil, isOperators: false))
            }
        }
        #expect(lost.gaps.allSatisfy { $0.reduce(0) { $0 + $1.count } == 100 }, "a gap was forgotten")
        #expect(lost.gaps.joined().reduce(0) { $0 + $1.known.entries.count } < 8_000_000)
    }
}
