import EventModel
import Testing

@testable import CausalAnalysis

/// What holds of windows whatever the numbers: quiet systems give none, times and order move findings and change nothing else,
/// memory is bounded.
struct WindowLawTests {
    @Test(arguments: 1...20)
    func aQuietSystemGivesNothing(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var log = SystemLog()
        var seconds = 0.0
        while seconds < 14_400 {
            seconds += Double.random(in: 0..<8, using: &random)
            let luck = Double.random(in: 0..<1, using: &random)
            log.add("host", seconds, luck < 0.01 ? .leaseFailed : .leaseRenewed, at: "d")
            log.add("api", seconds, luck > 0.97 ? .launchFailed : .launchOK, at: "i")
            log.add("network", seconds, luck > 0.99 ? .stateDelayed : .statePropagated, at: "n")
            if luck < 0.02 {
                let state = luck < 0.01 ? "unhealthy" : "healthy"
                log.add("checker", seconds, .targetHealth, at: "t", names: [.state: state])
            }
            let attempt: Int64 = luck < 0.05 ? 2 : 1
            log.add("client", seconds, .workEnqueued, [.attempt: attempt])
        }
        for minute in 0..<240 {
            let noise = Int64.random(in: 0..<8, using: &random)
            log.sample("svc", Double(minute) * 60, requests: 500 + Int64(minute), errors: noise)
        }
        let found = log.analyze()
        let windows = found.findings.filter { $0.severity != .info && $0.kind != .backlogOnset }
        #expect(windows.isEmpty, "\(found.lines)")
    }

    @Test func theQuietPartMayStandAnywhere() throws {
        // The bundle begins in the middle of the outage.
        for quiet in [0..<60, 60..<120, 120..<180] {
            var log = SystemLog()
            for minute in 0..<180 {
                log.sample("svc", Double(minute) * 60, errors: quiet.contains(minute) ? 1 : 400)
            }
            let report = log.analyze()
            #expect(report.all(.serviceImpact).count == (quiet.lowerBound == 60 ? 2 : 1), "\(report.lines)")
            #expect(report.all(.serviceImpact).allSatisfy { $0.usual != nil })
        }
    }

    @Test func theBaselineThatTheUserNamesIsTheOneUsed() throws {
        var log = SystemLog()
        for minute in 0..<180 { log.sample("svc", Double(minute) * 60, errors: minute < 90 ? 300 : 1) }
        #expect(log.analyze().all(.serviceImpact).count == 1)
        let told = log.analyze(baseline: 0...5_000)
        #expect(told.all(.serviceImpact).isEmpty, "30 % of failures were said to be usual: \(told.lines)")
    }

    @Test func aStrayTimeCostsOneBucketOnly() {
        var series = TimeBuckets()
        let record = SystemLog.record
        series.add(at: Timestamp(nanoseconds: .min), tried: 1, bad: 0, mark: record)
        series.add(at: Timestamp(nanoseconds: .max), tried: 1, bad: 0, mark: record)
        for second in 0..<3_600 { series.add(at: SystemLog.time(Double(second)), tried: 1, bad: 0, mark: record) }
        #expect(series.width == 10 * Nanoseconds.second)
        #expect(series.buckets.count == 362)
    }

    @Test func bucketsAreBoundedAndLoseNothing() {
        var series = TimeBuckets()
        var random = SeededGenerator(seed: 9)
        for _ in 0..<20_000 {
            let time = Timestamp(nanoseconds: Int64.random(in: .min ... .max, using: &random))
            series.add(at: time, tried: 2, bad: 1, mark: SystemLog.record)
        }
        #expect(series.buckets.count <= TimeBuckets.limit)
        #expect(series.buckets.reduce(0) { $0 + $1.tried } == 40_000)
        #expect(series.buckets.reduce(0) { $0 + $1.bad } == 20_000)
        #expect(zip(series.buckets, series.buckets.dropFirst()).allSatisfy { $0.index < $1.index })
    }

    @Test func theOrderOfArrivalDoesNotMatter() {
        var random = SeededGenerator(seed: 4)
        let times = (0..<3_000).map { SystemLog.time(Double($0) * 7) }
        var sorted = TimeBuckets()
        var shuffled = TimeBuckets()
        for time in times { sorted.add(at: time, tried: 1, bad: 1, mark: SystemLog.record(at: time)) }
        for time in times.shuffled(using: &random) {
            shuffled.add(at: time, tried: 1, bad: 1, mark: SystemLog.record(at: time))
        }
        #expect(sorted.width == shuffled.width)
        #expect(sorted.buckets.map(\.index) == shuffled.buckets.map(\.index))
        #expect(sorted.buckets.map(\.bad) == shuffled.buckets.map(\.bad))
        #expect(
            sorted.buckets.map(\.mark?.time) == shuffled.buckets.map(\.mark?.time), "the first of equals is the mark")
    }
}

extension SystemLog {
    static let record = record(at: time(0))

    static func record(at time: Timestamp) -> RecordRef {
        RecordRef(
            source: SourceID(index: 0), line: 1, byte: 0, length: 0, time: time, actor: .none,
            process: ProcessID(index: 0), stamp: .zero, kind: .other, hasClock: false)
    }
}
