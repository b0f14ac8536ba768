import IncidentLab
import Testing

@Suite("The other scenarios")
struct ScenarioTests {
    @Test("a quiet day holds nothing", arguments: [1, 2] as [UInt64])
    func quietDay(_ seed: UInt64) throws {
        let truth = try Simulation.run(scenario: .quietDay, seed: seed, scale: 0.2, sink: NoSink())
        #expect(truth.overwrites.isEmpty && truth.deletions.isEmpty && truth.staleChecks.isEmpty)
        #expect(truth.backlogs.isEmpty && truth.collapses.isEmpty && truth.impacts.isEmpty && truth.edges.isEmpty)
    }

    @Test("near misses: checks go stale and nothing breaks")
    func nearMiss() throws {
        let truth = try Simulation.run(scenario: .nearMiss, seed: 3, scale: 0.2, sink: NoSink())
        #expect(truth.staleChecks.count == 5)
        #expect(truth.overwrites.isEmpty && truth.deletions.isEmpty && truth.backlogs.isEmpty)
    }

    @Test("a slow drain takes hours longer than its surge")
    func slowDrain() throws {
        let truth = try Simulation.run(scenario: .slowDrain, seed: 4, scale: 0.2, sink: NoSink())
        let backlog = try #require(truth.backlogs.first { $0.queue == "propagation" })
        let end = try #require(backlog.end)
        #expect(end - backlog.peakAt > 3 * (backlog.peakAt - backlog.onset))
        #expect(truth.collapses.isEmpty && truth.overwrites.isEmpty)
    }

    @Test("a retry storm outlives its trigger of four minutes until retries are shed")
    func retryStorm() throws {
        let truth = try Simulation.run(scenario: .retryStorm, seed: 5, scale: 0.2, sink: NoSink())
        let storm = try #require(truth.storms.first)
        let end = try #require(storm.until)
        #expect(end - storm.at > 40 * 60_000_000_000)
        #expect(truth.collapses.contains { $0.actor == "order-frontend" })
    }

    @Test("in a race an operator restores within minutes what was emptied")
    func repaired() throws {
        var windows = 0
        for seed in 1...60 as ClosedRange<UInt64> {
            let truth = try Simulation.run(scenario: .race, seed: seed, sink: NoSink())
            for window in truth.emptied {
                windows += 1
                let length = (window.until ?? truth.until) - window.at
                #expect(length > 0 && length < 200_000_000_000, "seed \(seed): \(window.endpoint)")
            }
        }
        #expect(windows > 0)
    }
}
