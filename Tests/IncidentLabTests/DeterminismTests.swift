import IncidentLab
import Testing

@Suite("The same seed gives the same bundle")
struct DeterminismTests {
    @Test("two runs of one seed agree in every byte", arguments: [Scenario.race, .nearMiss])
    func twice(_ scenario: Scenario) throws {
        let (first, second) = (MemorySink(), MemorySink())
        let truth = try Simulation.run(scenario: scenario, seed: 5, scale: 0.05, sink: first)
        #expect(try Simulation.run(scenario: scenario, seed: 5, scale: 0.05, sink: second) == truth)
        let isSame =
            first.names == second.names && first.names.allSatisfy { first.logs[$0]?.bytes == second.logs[$0]?.bytes }
        #expect(isSame, "\(scenario.rawValue) differs from run to run")
        #expect(first.names == truth.actors.sorted(), "one log for each actor")
        #expect(
            first.logs.values.allSatisfy { $0.isFinished && !$0.bytes.isEmpty }, "every log is written and finished")
    }

    @Test("another seed gives another bundle")
    func another() throws {
        let (first, second) = (MemorySink(), MemorySink())
        _ = try Simulation.run(scenario: .race, seed: 5, sink: first)
        _ = try Simulation.run(scenario: .race, seed: 6, sink: second)
        #expect(first.fingerprint != second.fingerprint)
    }

    @Test("the bytes are these on every machine; a change of the simulation changes them, and then this number")
    func golden() throws {
        let sink = MemorySink()
        let truth = try Simulation.run(scenario: .race, seed: 7, sink: sink)
        #expect(sink.fingerprint == 13_823_804_120_437_434_584, "records: \(truth.records)")
    }

    @Test("bad numbers are refused, and nothing is written")
    func refused() {
        let sink = MemorySink()
        for scale in [0, -1, .nan, .infinity, 1e9] as [Double] {
            #expect(throws: SimulationError.self, "scale \(scale)") {
                try Simulation.run(scenario: .race, seed: 1, scale: scale, sink: sink)
            }
        }
        #expect(throws: SimulationError.damageOutOfRange) {
            try Simulation.run(scenario: .race, seed: 1, damage: Damage(loss: 1.5), sink: sink)
        }
        #expect(sink.logs.isEmpty)
    }

    @Test("what the sink throws ends the simulation")
    func fullDisk() {
        struct Full: Error {}
        final class Disk: BundleSink, LogSink {
            func open(log name: String, rotation: Int?) -> any LogSink { self }
            func write(_ bytes: borrowing Span<UInt8>) throws { throw Full() }
            func finish() {}
        }
        #expect(throws: Full.self) { try Simulation.run(scenario: .race, seed: 1, sink: Disk()) }
    }
}
