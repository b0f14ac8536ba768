import EventModel
import Testing

@testable import CausalAnalysis

/// Names that no rule knows, at rates that are unusual for their actor.
struct EventRateTests {
    /// Two hours of a server that answers requests, and of what else it writes.
    private func server(_ more: (inout SystemLog, Double) -> Void) -> SystemLog {
        var log = SystemLog()
        for step in 0..<720 {
            let seconds = Double(step) * 10
            log.add("web", seconds, .other, named: "http.request")
            more(&log, seconds)
        }
        return log
    }

    @Test func aNameThatComesAllAtOnceIsTold() throws {
        let log = server { log, seconds in
            if (3_600..<3_840).contains(seconds) {
                log.add("web", seconds + 1, .other, named: "db.timeout")
                log.add("web", seconds + 6, .other, named: "db.timeout")
            }
        }
        let report = log.analyze()
        let finding = try #require(report.all(.eventRateChange).first, "\(report.lines)")
        #expect(report.all(.eventRateChange).count == 1, "\(report.lines)")
        #expect(finding.event == "db.timeout" && finding.actor == "web")
        #expect(finding.count == 48 && finding.severity == .medium && finding.confidence == .measured)
        #expect(finding.at == SystemLog.time(3_601) && finding.until == SystemLog.time(3_836))
        #expect(finding.summary.hasSuffix("at the rate of the rest of the log, none"), "\(finding.summary)")
    }

    @Test func aNameThatFallsSilentWhileTheLogGoesOnIsTold() throws {
        var log = server { _, _ in }
        for step in 0..<720 {
            if !(400..<600).contains(step) { log.add("worker", Double(step) * 10, .other, named: "job.done") }
            log.add("worker", Double(step) * 10 + 3, .runStarted)
        }
        let report = log.analyze()
        let finding = try #require(report.all(.eventRateChange).first, "\(report.lines)")
        #expect(finding.event == "job.done" && finding.count == 0)
        #expect(finding.at == SystemLog.time(3_990) && finding.until == SystemLog.time(6_000))
    }

    @Test func aLogThatEndsIsNoSilence() {
        var log = server { _, _ in }
        for step in 0..<300 { log.add("worker", Double(step) * 10, .other, named: "job.done") }
        #expect(log.analyze().all(.eventRateChange).isEmpty)
    }

    @Test func burstsThatComeAgainAndAgainAreUsual() {
        let log = server { log, seconds in
            if Int(seconds) % 600 < 20 {
                for part in 0..<30 { log.add("web", seconds + Double(part) / 10, .other, named: "cache.purged") }
            }
        }
        #expect(log.analyze().all(.eventRateChange).isEmpty, "\(log.analyze().lines)")
    }

    @Test(arguments: 1...10)
    func chanceIsNoChange(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let log = server { log, _ in _ = log }
        var noisy = log
        var seconds = 0.0
        while seconds < 7_200 {
            seconds += -20 * naturalLogarithm(Double.random(in: 0.000_1..<1, using: &random))
            noisy.add("noise", seconds, .other, named: "tick")
        }
        #expect(noisy.analyze().all(.eventRateChange).isEmpty, "\(noisy.analyze().lines)")
    }
}
