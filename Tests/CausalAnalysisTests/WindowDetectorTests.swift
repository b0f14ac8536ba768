import EventModel
import Reporting
import Testing

@testable import CausalAnalysis

/// One golden case for each kind of window: onset, end, count, severity, evidence; and one that is none.
struct WindowDetectorTests {
    @Test func leasesThatRunOutAreOneFindingForTheirActor() throws {
        var log = SystemLog()
        for step in 0..<1_800 {
            let seconds = Double(step) * 2
            let fails = (1_000..<1_600).contains(seconds)
            log.add("host", seconds, fails ? .leaseFailed : .leaseRenewed, at: "droplet-\(step % 50)")
        }
        let report = log.analyze()
        let finding = try #require(report.all(.leaseExpiry).first, "\(report.lines)")
        #expect(report.lines.count == 1, "one window, not one for each droplet: \(report.lines)")
        #expect(finding.actor == "host")
        #expect(finding.severity == .high)
        #expect(finding.at == SystemLog.time(1_000))
        #expect(finding.until == SystemLog.time(1_598))
        #expect(finding.count == 300)
        #expect(finding.isWindow && finding.confidence == .measured)
        #expect(finding.evidence.first?.part == "the onset")
        #expect(finding.evidence.first?.record.time == finding.at)
        #expect(finding.summary.hasPrefix("300 of "), "\(finding.summary)")
        #expect(finding.figure("lease records") == 300 && finding.figure("of them were failures or expiries") == 300)
        #expect(finding.figure("worst share") == finding.peak && finding.figure("usual share") == 0)
        #expect(finding.figure("usual share, at most") == 0.05)
    }

    @Test func launchesThatFailToTheEndHaveNoEnd() throws {
        var log = SystemLog()
        for step in 0..<1_200 {
            log.add("api", Double(step) * 3, step < 900 ? .launchOK : .launchFailed, at: "i-\(step)")
        }
        let report = log.analyze()
        let finding = try #require(report.all(.launchFailure).first, "\(report.lines)")
        #expect(finding.lasts)
        #expect(finding.at == SystemLog.time(2_700))
        #expect(finding.summary.hasSuffix("not over by the end of the log"))
    }

    @Test func lateNetworkStateIsADelay() throws {
        var log = SystemLog()
        for step in 0..<1_200 {
            let isLate = (600..<800).contains(step)
            let kind: EventKind = isLate && step % 2 == 0 ? .stateDelayed : .statePropagated
            log.add("network", Double(step) * 5, kind, at: "eni-\(step)", latency: isLate ? 90_000 : 40)
        }
        let report = log.analyze()
        let finding = try #require(report.all(.propagationDelay).first, "\(report.lines)")
        #expect(finding.at == SystemLog.time(3_000) && finding.until == SystemLog.time(3_995))
        #expect(finding.count == 200)
    }

    @Test func networkStateThatTakesManyTimesTheUsualIsADelayThoughNobodySaysSo() throws {
        var log = SystemLog()
        for step in 0..<1_200 {
            let latency: Double = (600..<800).contains(step) ? 18_000 : 170
            log.add("network", Double(step) * 5, .statePropagated, at: "eni-\(step)", latency: latency)
        }
        let report = log.analyze()
        let finding = try #require(report.all(.propagationDelay).first, "\(report.lines)")
        #expect(finding.at == SystemLog.time(3_000) && finding.until == SystemLog.time(3_995))
        #expect(finding.summary.contains("took more than 1.0 s"), "\(finding.summary)")
    }

    @Test(arguments: [15.0, 60, 300])
    func aFewPropagationsAreEnoughWhereTheyStaySlow(pause: Double) throws {
        var log = SystemLog()
        for step in 0..<160 {
            let latency = step < 100 ? 120 + Double(step * 37 % 100) : 12_000 + Double(step * 37 % 8_000)
            log.add("network", Double(step) * pause, .statePropagated, at: "node", latency: latency)
        }
        let report = log.analyze()
        let finding = try #require(report.all(.propagationDelay).first, "\(report.lines)")
        #expect(finding.at == SystemLog.time(100 * pause), "the first slow one is the onset")
        #expect(finding.lasts, "\(finding)")
        #expect(finding.summary.contains("took more than 1.0 s"), "\(finding.summary)")
    }

    @Test(arguments: 1...20)
    func aFewSlowPropagationsHereAndThereAreNone(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var log = SystemLog()
        for step in 0..<240 {
            // One of twenty takes long, as garbage collection or a lost packet has it.
            let isSlow = Double.random(in: 0..<1, using: &random) < 0.05
            let latency = isSlow ? Double.random(in: 2_000..<20_000, using: &random) : 150
            log.add("network", Double(step) * 15, .statePropagated, at: "node", latency: latency)
        }
        let report = log.analyze()
        #expect(report.all(.propagationDelay).isEmpty, "\(report.lines)")
    }

    @Test(arguments: [false, true])
    func targetsThatChangeToAndFroFlap(everyCheckIsLogged: Bool) throws {
        var log = SystemLog()
        var states: [Int: String] = [:]
        for step in 0..<3_600 {
            let target = step % 40
            let flaps = (1_800..<2_600).contains(step) && target < 30
            let state = flaps && (step / 40) % 2 == 0 ? "unhealthy" : "healthy"
            if everyCheckIsLogged || states[target] != state {
                log.add("checker", Double(step), .targetHealth, at: "target-\(target)", names: [.state: state])
            }
            states[target] = state
        }
        log.add("bystander", 3_700, .other)
        let report = log.analyze()
        let finding = try #require(report.all(.healthFlapping).first, "\(report.lines)")
        #expect(report.lines.count == 1, "one window, not one for each target: \(report.lines)")
        #expect(finding.actor == "checker")
        #expect(finding.severity == .high, "three targets of four were unhealthy at once")
        #expect(abs(finding.at.since(SystemLog.time(1_800))) <= 60 * Nanoseconds.second)
        let end = try #require(finding.until)
        #expect(abs(end.since(SystemLog.time(2_600))) <= 60 * Nanoseconds.second)
    }

    @Test func aServiceThatFailsIsImpactedAndItsNeighbourIsNamedAsWell() throws {
        var log = SystemLog()
        for minute in 0..<120 {
            let errors: Int64 = (60..<90).contains(minute) ? 300 : 2
            log.sample("orders", Double(minute) * 60, errors: errors)
            log.sample("static", Double(minute) * 60 + 1, errors: Int64(minute % 3))
            log.add("worker", Double(minute) * 60 + 2, .launchOK)
        }
        let report = log.analyze()
        let finding = try #require(report.all(.serviceImpact).first, "\(report.lines)")
        #expect(report.lines.count == 1)
        #expect(finding.service == "orders")
        #expect(finding.severity == .medium, "less than half of the requests fail")
        #expect(finding.at == SystemLog.time(3_600) && finding.until == SystemLog.time(89 * 60))
        #expect(finding.count == 9_000)
    }

    @Test func workThatIsTriedOverAndOverIsARetryStorm() throws {
        var log = SystemLog()
        for step in 0..<3_000 {
            let attempt: Int64 = (1_500..<2_500).contains(step) ? Int64(step % 6 + 1) : 1
            log.add("clients", Double(step), .workEnqueued, [.attempt: attempt], names: [.queue: "orders"])
        }
        let report = log.analyze()
        let finding = try #require(report.all(.retryStorm).first, "\(report.lines)")
        #expect(finding.queue == "orders" && finding.actor == "clients")
        #expect(finding.severity == .high)
        #expect(abs(finding.at.since(SystemLog.time(1_500))) <= 10 * Nanoseconds.second)
    }

    @Test func aLogThatExplodesIsARetryStorm() throws {
        var log = SystemLog()
        var random = SeededGenerator(seed: 3)
        var seconds = 0.0
        while seconds < 7_200 {
            let rate = (3_600..<4_200).contains(seconds) ? 40.0 : 0.5
            seconds += Double.random(in: 0...(2 / rate), using: &random)
            log.add("noisy", seconds, .other)
        }
        let report = log.analyze()
        let finding = try #require(report.all(.retryStorm).first, "\(report.lines)")
        #expect(report.lines.count == 1)
        #expect(finding.actor == "noisy")
        #expect(abs(finding.at.since(SystemLog.time(3_600))) <= 20 * Nanoseconds.second)
        #expect(finding.summary.contains("records a second"))
        let (worst, limit) = (finding.figure("worst rate"), finding.figure("usual rate, at most"))
        #expect(worst == finding.peak, "two numbers for one thing")
        #expect(try #require(worst) > #require(limit) && limit == finding.figure("usual rate").map { $0 * 10 })
    }

    @Test func runsThatComeInBurstsAreNone() {
        var log = SystemLog()
        for run in 0..<12 {
            for write in 0..<800 {
                log.add("enactor", Double(run) * 600 + Double(write) * 0.05, .planApplying, at: "e")
            }
            log.add("enactor", Double(run) * 600 + 300, .other)
        }
        #expect(log.analyze().all(.retryStorm).isEmpty)
    }

    @Test func requestsThatTakeLongAreAnImpactThoughNoneFails() throws {
        var log = SystemLog()
        for minute in 0..<240 {
            let latency = (100..<130).contains(minute) ? 900.0 : 20 + Double(minute % 5)
            log.add(
                "shop", Double(minute) * 60, .serviceSampled, [.requests: 1_000, .errors: 1], names: [.service: "shop"],
                latency: latency)
        }
        let report = log.analyze()
        let finding = try #require(report.all(.serviceImpact).first, "\(report.lines)")
        #expect(report.all(.serviceImpact).count == 1)
        #expect(finding.at == SystemLog.time(6_000) && finding.until == SystemLog.time(7_740))
        #expect(finding.summary.contains("had a latency above"), "\(finding.summary)")
    }

    @Test func requestsThatNoLongerComeAreAnImpactThoughNoneFails() throws {
        var log = SystemLog()
        for minute in 0..<240 {
            log.sample("shop", Double(minute) * 60, requests: (100..<130).contains(minute) ? 3 : 900, errors: 0)
        }
        let report = log.analyze()
        let finding = try #require(report.all(.serviceImpact).first, "\(report.lines)")
        #expect(report.all(.serviceImpact).count == 1)
        #expect(finding.at == SystemLog.time(6_000) && finding.until == SystemLog.time(7_740))
        #expect(finding.severity == .medium)
    }

    @Test func requestsThatFailAndTakeLongAreOneFinding() {
        var log = SystemLog()
        for minute in 0..<240 {
            let isBad = (100..<130).contains(minute)
            log.add(
                "shop", Double(minute) * 60, .serviceSampled, [.requests: 1_000, .errors: isBad ? 600 : 1],
                names: [.service: "shop"], latency: isBad ? 900 : 20)
        }
        #expect(log.analyze().all(.serviceImpact).count == 1, "\(log.analyze().lines)")
    }

    @Test func launchesThatFailInSeveralWaysAreCountedByThem() throws {
        var log = SystemLog()
        for step in 0..<2_400 {
            let seconds = Double(step) * 3
            let how: Outcome? =
                (1_000..<1_400).contains(step) ? .error : (1_400..<1_700).contains(step) ? .throttled : nil
            log.add("api", seconds, how == nil ? .launchOK : .launchFailed, at: "i-\(step)", outcome: how ?? .ok)
        }
        let finding = try #require(log.analyze().all(.launchFailure).first)
        guard case .window(let window) = finding.detail else {
            Issue.record("no window: \(finding)")
            return
        }
        #expect(window.tried == 700 && window.bad == 700, "\(window)")
        #expect(window.phases.map(\.outcome) == [.error, .throttled])
        #expect(window.phases.map(\.count) == [400, 300])
        #expect(window.phases[1].span == SystemLog.time(4_200)...SystemLog.time(5_097))
    }

    @Test func aWindowCountsWhatLiesBetweenItsTimesPausesIncluded() throws {
        var log = SystemLog()
        for step in 0..<3_000 {
            let isBad = (1_000..<1_200).contains(step) || (1_350..<1_500).contains(step)
            log.add("api", Double(step) * 3 + 1, isBad ? .launchFailed : .launchOK, at: "i-\(step)")
        }
        let finding = try #require(log.analyze().all(.launchFailure).first)
        guard case .window(let window) = finding.detail else {
            Issue.record("no window: \(finding)")
            return
        }
        #expect(window.bad == 350 && window.tried == 500, "150 succeeded in a pause that belongs to it: \(window)")
    }
}
