import EventModel
import IncidentLab
import Testing

@Suite("The incident falls on its times")
struct IncidentTests {
    /// The bold rows of the incident's timeline: what, when (UTC), and where the truth says so.
    private static let rows: [(fact: String, hour: Int, minute: Int, found: @Sendable (Truth) -> Int64?)] = [
        ("regional endpoint empty", 6, 48, { $0.emptied.first?.at }),
        ("record restored", 9, 25, { $0.time(of: "record restored") }),
        ("re-leasing falls behind", 9, 25, { $0.backlogs.first { $0.queue == "leases" }?.onset }),
        ("and collapses", 9, 25, { $0.collapses.first?.at }),
        ("resolver caches expired", 9, 40, { $0.time(of: "resolver caches expired") }),
        ("work throttled, hosts restarted", 11, 14, { $0.time(of: "work throttled") }),
        ("all leases established", 12, 28, { $0.time(of: "leases established") }),
        ("network-state backlog starts", 12, 28, { $0.backlogs.first { $0.queue == "propagation" }?.onset }),
        ("load-balancer errors begin", 12, 30, { $0.time(of: "balancer errors begin") }),
        ("network state late", 13, 21, { $0.time(of: "network state delayed") }),
        ("health-check failures detected", 13, 52, { $0.time(of: "health-check failures detected") }),
        ("zone failover disabled", 16, 36, { $0.time(of: "failover disabled") }),
        ("load-balancer errors end", 16, 36, { $0.impacts.last { $0.service == "nlb" }?.until }),
        ("propagation normal", 17, 36, { $0.backlogs.first { $0.queue == "propagation" }?.end }),
        ("launches normal", 20, 50, { $0.time(of: "launches normal") }),
        ("launches succeed again", 20, 50, { $0.impacts.last { $0.service == "ec2" }?.until }),
        ("failover enabled", 21, 9, { $0.time(of: "failover enabled") }),
        ("ecs recovered", 21, 20, { $0.time(of: "ecs tasks caught up") }),
        ("eks recovered", 21, 20, { $0.time(of: "eks tasks caught up") }),
        ("fargate recovered", 21, 20, { $0.time(of: "fargate tasks caught up") }),
    ]

    private func check(_ truth: Truth) {
        for row in IncidentTests.rows {
            let day = Int64(RFC3339.daysSinceEpoch(year: 2025, month: 10, day: 20)) * Nanoseconds.day
            let fact = day + Int64(row.hour * 60 + row.minute) * Nanoseconds.minute
            guard let found = row.found(truth) else {
                Issue.record("seed \(truth.seed): \(row.fact) never comes about")
                continue
            }
            #expect(
                abs(found - fact) <= 2 * Nanoseconds.minute,
                "seed \(truth.seed): \(row.fact) at \(Timestamp(nanoseconds: found).rfc3339(digits: 0))")
        }
        #expect(truth.overwrites.count == 1, "seed \(truth.seed): one overwrite, on the regional endpoint")
        #expect(truth.overwrites.first?.endpoint == "dynamodb.us-east-1.amazonaws.com")
        #expect(truth.overwrites.first?.actor == "enactor-az1")
        #expect(truth.deletions.first?.actor == "enactor-az2")
        #expect(truth.deletions.first?.plan == truth.overwrites.first?.plan)
        #expect(truth.wedges.first?.actors.sorted() == ["enactor-az1", "enactor-az2", "enactor-az3"])
        #expect(!truth.impacts.contains { $0.service == "vps-plain" }, "a plain virtual server stays well")
    }

    @Test("at full size, with the seed of the sample")
    func full() throws {
        let truth = try Simulation.run(scenario: .incident, seed: 1, sink: NoSink())
        check(truth)
        #expect((250_000...400_000).contains(truth.records))
    }

    @Test("whatever the seed", arguments: [2, 3, 40, 500] as [UInt64])
    func anySeed(_ seed: UInt64) throws {
        check(try Simulation.run(scenario: .incident, seed: seed, scale: 0.4, sink: NoSink()))
    }

    @Test("compare-and-set would have prevented all of it")
    func prevented() throws {
        let truth = try Simulation.run(
            scenario: .incident, seed: 1, scale: 0.2, safeguards: [.compareAndSet], sink: NoSink())
        #expect(truth.overwrites.isEmpty && truth.deletions.isEmpty && truth.backlogs.isEmpty && truth.impacts.isEmpty)
    }

    @Test("guarded-cleanup would have prevented the outage, not the overwrite")
    func guarded() throws {
        let truth = try Simulation.run(
            scenario: .incident, seed: 1, scale: 0.2, safeguards: [.guardedCleanup], sink: NoSink())
        #expect(truth.overwrites.count == 1)
        #expect(truth.deletions.isEmpty && truth.impacts.isEmpty)
    }

    @Test("rate-limited-propagation leaves the collapse, and no backlog of network state")
    func rateLimited() throws {
        let truth = try Simulation.run(
            scenario: .incident, seed: 1, scale: 0.2, safeguards: [.rateLimitedPropagation], sink: NoSink())
        #expect(truth.collapses.count == 1)
        #expect(!truth.backlogs.contains { $0.queue == "propagation" })
    }

    @Test("failover-velocity leaves the backlog, and hardly an error of the load balancer")
    func velocity() throws {
        let truth = try Simulation.run(
            scenario: .incident, seed: 1, scale: 0.2, safeguards: [.failoverVelocity], sink: NoSink())
        #expect(truth.backlogs.contains { $0.queue == "propagation" })
        #expect(!truth.impacts.contains { $0.service == "nlb" && $0.worst > 0.1 })
    }
}
