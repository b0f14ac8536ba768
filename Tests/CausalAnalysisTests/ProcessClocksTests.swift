import EventModel
import Testing

@testable import CausalAnalysis

/// The clocks of many processes, of which each knows few, say the same as a table of all pairs.
@Suite struct ProcessClocksTests {
    @Test(arguments: [(3, 400), (40, 2000), (700, 4000)])
    func sayWhatATableOfAllPairsSays(_ processes: Int, _ steps: Int) {
        var random = SeededGenerator(seed: UInt64(processes))
        func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &random) }
        var clocks = ProcessClocks()
        var table: [[Int: Stamp]] = []
        // Those that no later incarnation has followed.
        var living: [Int] = []
        for step in 0..<steps {
            if table.isEmpty || table.count < processes && roll(4) == 0 {
                let before = table.isEmpty || roll(3) > 0 ? nil : living.remove(at: roll(living.count))
                _ = clocks.begin(actor: Symbol(index: 1), after: before.map { ProcessID(index: UInt32($0)) })
                living.append(table.count)
                table.append(before.map { table[$0] } ?? [:])
            }
            let p = living[roll(living.count)]
            // Mostly near, so that some rows have gaps between what they know.
            let q = roll(3) == 0 ? roll(table.count) : min(table.count - 1, p + roll(3))
            let stamp = Stamp(counter: Int64(roll(9)), position: step % 5 == 0 && step > steps / 2 ? 3 : 0)
            let isNew = stamp > table[p][q, default: .zero]
            #expect(clocks.raise(id(p), entry: id(q), to: stamp) == isNew, "\(stamp) for \(q) in the clock of \(p)")
            if isNew { table[p][q] = stamp }
        }
        for p in living {
            let entries = table[p].filter { $0.value != .zero }.sorted { $0.key < $1.key }
            let expected = entries.map { VectorClock.Entry(process: id($0.key), stamp: $0.value) }
            #expect(clocks.snapshot(id(p)).entries == expected, "the clock of \(p)")
            let others = VectorClock(entries: expected.filter { $0.process != id(p) })
            #expect(clocks.heard(by: id(p), last: VectorClock()) == others, "what \(p) heard of others")
            #expect(clocks.heard(by: id(p), last: others) == others, "what \(p) heard of others, once more")
            var row = clocks.row(id(p))
            for q in table.indices {
                #expect(clocks[id(p), id(q)] == table[p][q, default: .zero], "what \(p) knows of \(q)")
                #expect(clocks.counter(&row, of: Int32(q)) == table[p][q, default: .zero].counter)
            }
        }
    }

    @Test("of a clock those entries are news of which another knows less")
    func news() {
        func clock(_ counts: [Int: Int64]) -> VectorClock {
            VectorClock(
                entries: counts.sorted { $0.key < $1.key }
                    .map { VectorClock.Entry(process: id($0.key), stamp: Stamp(counter: $0.value)) })
        }
        let news = clock([1: 5, 3: 2, 4: 7, 9: 1]).entries(beyond: clock([0: 9, 3: 2, 4: 6, 5: 1]))
        #expect(news == clock([1: 5, 4: 7, 9: 1]).entries)
    }

    private func id(_ index: Int) -> ProcessID { ProcessID(index: UInt32(index)) }
}
