import IncidentLab
import Testing

@Suite("What the safeguards prevent, over 200 races")
struct SafeguardTests {
    private static let races: ClosedRange<UInt64> = 1...200

    private func count(_ safeguards: Set<Safeguard>) throws -> (overwrites: Int, deletions: Int) {
        var counts = (overwrites: 0, deletions: 0)
        for seed in SafeguardTests.races {
            let truth = try Simulation.run(scenario: .race, seed: seed, safeguards: safeguards, sink: NoSink())
            counts.overwrites += truth.overwrites.isEmpty ? 0 : 1
            counts.deletions += truth.deletions.isEmpty ? 0 : 1
            #expect(truth.records < 10_000, "seed \(seed): a race is small")
            #expect(truth.overwrites.allSatisfy { $0.plan < $0.displaced }, "seed \(seed)")
            #expect(truth.emptied.count == truth.deletions.reduce(0) { $0 + $1.endpoints.count }, "seed \(seed)")
        }
        return counts
    }

    @Test("none: overwrites in many, deletions of the active plan in some")
    func none() throws {
        let counts = try count([])
        #expect(counts.overwrites >= 100)
        #expect(counts.deletions >= 5)
        #expect(counts.deletions < counts.overwrites)
    }

    @Test("compare-and-set: neither in any")
    func compareAndSet() throws {
        let counts = try count([.compareAndSet])
        #expect(counts.overwrites == 0)
        #expect(counts.deletions == 0)
    }

    @Test("guarded-cleanup alone: no deletion, and overwrites as ever")
    func guardedCleanup() throws {
        let counts = try count([.guardedCleanup])
        #expect(counts.overwrites >= 100)
        #expect(counts.deletions == 0)
    }

    @Test("recheck: fewer overwrites, not none")
    func recheck() throws {
        let counts = try count([.recheck])
        #expect((1..<120).contains(counts.overwrites))
    }
}
