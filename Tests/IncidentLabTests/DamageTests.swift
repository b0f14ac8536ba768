import IncidentLab
import Testing

@Suite("Damage is done to the logs, never to the truth")
struct DamageTests {
    private func run(_ damage: Damage) throws -> (truth: Truth, sink: MemorySink) {
        let sink = MemorySink()
        return (try Simulation.run(scenario: .race, seed: 9, damage: damage, sink: sink), sink)
    }

    private func lines(_ sink: MemorySink) -> Int { sink.names.reduce(0) { $0 + sink.lines($1).count } }

    @Test("every kind leaves the truth as it is and shows in the logs")
    func kinds() throws {
        let (truth, whole) = try run(Damage())
        #expect(Int64(lines(whole)) == truth.records)
        let count = lines(whole)

        let lost = try run(Damage(loss: 0.1))
        #expect(lost.truth == truth)
        #expect((count * 8 / 10..<count * 95 / 100).contains(lines(lost.sink)))

        let doubled = try run(Damage(duplicate: 0.1))
        #expect(doubled.truth == truth)
        #expect(lines(doubled.sink) > count)

        let cut = try run(Damage(corrupt: 0.1))
        #expect(cut.truth == truth)
        #expect(cut.sink.logs["dns-store"]?.bytes != whole.logs["dns-store"]?.bytes)

        let skewed = try run(Damage(skew: 5_000_000_000))
        #expect(skewed.truth == truth)
        #expect(lines(skewed.sink) == count)
        #expect(skewed.sink.logs["dns-store"]?.bytes != whole.logs["dns-store"]?.bytes)
    }

    @Test("no clocks: no record has a clock")
    func noClocks() throws {
        let sink = try run(Damage(noClocks: true)).sink
        #expect(!sink.names.contains { sink.lines($0).contains { $0.utf8.contains("\"vc\"".utf8) } })
    }

    @Test("no store log: all logs but the store's")
    func noStoreLog() throws {
        let (truth, sink) = try run(Damage(noStoreLog: true))
        #expect(sink.names == truth.actors.filter { $0 != "dns-store" }.sorted())
    }
}
