import EventModel
import Testing

@testable import CausalAnalysis

/// What joins windows, and what does not.
struct CascadeTests {
    /// A name that does not resolve for ten minutes, a service that needs it, and one that needs nothing.
    private func outage(
        hears: Bool = true, throughNormal: Bool = false, serviceUntil: Int = 70, mitigation: Double? = nil
    ) -> SystemLog {
        var log = SystemLog()
        for minute in 0..<180 {
            let seconds = Double(minute) * 60
            let isDown = (60..<70).contains(minute)
            for step in 0..<6 {
                log.add(
                    "manager", seconds + Double(step) * 9, isDown ? .leaseFailed : .leaseRenewed, at: "droplet-\(step)")
            }
            if throughNormal { log.add("between", seconds + 55, .runStarted, hears: ["manager"]) }
            if let mitigation, minute == Int(mitigation) { log.add("operator", mitigation * 60, .throttleSet) }
            let isHit = (60..<serviceUntil).contains(minute)
            let news = throughNormal ? ["between"] : ["manager"]
            let told = mitigation == nil ? [] : ["operator"]
            log.sample("orders", seconds + 57, errors: isHit ? 400 : 1, hears: (hears ? news : []) + told)
            log.sample("static", seconds + 58, errors: 1)
        }
        return log
    }

    @Test func aChainOfAbnormalRecordsJoinsTwoWindows() throws {
        let report = outage().analyze()
        let cascade = try #require(report.cascade)
        #expect(cascade.windows.map(\.kind) == [.leaseExpiry, .serviceImpact], "\(report.lines)")
        let edge = try #require(cascade.edges.first)
        #expect(cascade.edges.count == 1)
        #expect(edge.from == 0 && edge.to == 1 && edge.role == .began)
        #expect(edge.chain.map(\.kind) == [.leaseFailed, .serviceSampled])
        #expect(edge.chain.map { report.symbols[$0.actor] } == ["manager", "orders"])
    }

    @Test func timeAloneJoinsNothing() throws {
        let cascade = try #require(outage(hears: false).analyze().cascade)
        #expect(cascade.windows.count == 2)
        #expect(cascade.edges.isEmpty, "no message led from one to the other")
        #expect(cascade.windows.allSatisfy { $0.ending == .unknownTrigger })
    }

    @Test func withoutClocksTheCauseIsUnknown() throws {
        var log = outage()
        log.hasClocks = false
        let cascade = try #require(log.analyze().cascade)
        #expect(cascade.windows.count == 2 && cascade.edges.isEmpty)
    }

    @Test func newsThatPassesThroughANormalEventIsNoChain() throws {
        let cascade = try #require(outage(throughNormal: true).analyze().cascade)
        #expect(cascade.windows.count == 2)
        #expect(cascade.edges.isEmpty, "every event on a chain must be abnormal itself")
    }

    @Test func whatEndsWithItsTriggerEndsWithIt() throws {
        let cascade = try #require(outage().analyze().cascade)
        #expect(cascade.windows[1].ending == .withTrigger(0))
    }

    @Test func whatOutlivesItsTriggerIsToldByHowMuchAndWhatEndedIt() throws {
        let report = outage(serviceUntil: 120, mitigation: 110).analyze()
        let cascade = try #require(report.cascade)
        guard case .outlived(let trigger, let span) = cascade.windows[1].ending else {
            Issue.record("it lasted 50 minutes longer: \(cascade.windows[1].ending)")
            return
        }
        #expect(trigger == 0)
        #expect(abs(span - 50 * Nanoseconds.minute) <= 2 * Nanoseconds.minute)
        let end = try #require(cascade.windows[1].endedBy)
        #expect(end.kind == .throttleSet && report.symbols[end.actor] == "operator")
    }

    @Test func aMitigationThatNobodyHeardOfEndedNothing() throws {
        var log = outage(serviceUntil: 120)
        log.add("operator", 6_600, .throttleSet)
        let cascade = try #require(log.analyze().cascade)
        #expect(cascade.windows[1].endedBy == nil)
    }

    @Test func anActOfSomethingElseEndedNothing() throws {
        var log = outage(serviceUntil: 120)
        log.add("operator", 6_500, .throttleSet, names: [.service: "static"])
        log.sample("static", 7_230, errors: 1, hears: ["operator"])
        log.sample("orders", 7_250, errors: 1, hears: ["static"])
        let cascade = try #require(log.analyze().cascade)
        #expect(cascade.windows[1].endedBy == nil, "the operator throttled another service")
    }

    @Test func twoQueuesThatOneActorLooksAtInTurnDoNotActOnEachOther() throws {
        var log = SystemLog()
        for minute in 0..<240 {
            for (queue, begin) in [("first", 100), ("second", 160)] {
                let behind = minute >= begin ? Int64(minute - begin) : 0
                log.add(
                    "manager", Double(minute) * 60 + (queue == "first" ? 0 : 20), .queueSampled,
                    [.depth: 2 + 600 * behind, .arrived: 900, .completed: minute >= begin ? 300 : 900],
                    names: [.queue: queue])
            }
        }
        let cascade = try #require(log.analyze().cascade)
        #expect(cascade.windows.map(\.kind) == [.backlogOnset, .backlogOnset])
        #expect(cascade.edges.isEmpty, "one sample follows the other, and that is all")
    }

    @Test func whatIsWrittenDownAtOneMomentHasHeardTheSame() throws {
        var log = SystemLog()
        for minute in 0..<240 {
            let isDown = (120..<150).contains(minute)
            for step in 0..<6 {
                log.add(
                    "hosts", Double(minute) * 60 + Double(step) * 9, isDown ? .leaseFailed : .leaseRenewed,
                    at: "droplet-\(step)")
            }
            let time = Double(minute) * 60 + 57
            log.add(
                "manager", time, .queueSampled, [.depth: 1, .arrived: 60, .completed: 60], names: [.queue: "quiet"],
                hears: ["hosts"])
            log.sample("manager", time, errors: isDown ? 500 : 1)
        }
        let cascade = try #require(log.analyze().cascade)
        #expect(cascade.windows.map(\.kind) == [.leaseExpiry, .serviceImpact])
        #expect(cascade.edges.map(\.role) == [.began], "the news came with the record before, of the same moment")
    }

    @Test func whatStayedWellIsNamed() throws {
        #expect(try #require(outage().analyze().cascade).unaffected == ["static"])
    }

    @Test func oneWindowAloneNeedsNoCascade() {
        var log = SystemLog()
        for minute in 0..<120 { log.sample("orders", Double(minute) * 60, errors: minute >= 60 ? 400 : 1) }
        #expect(log.analyze().cascade == nil)
    }
}
