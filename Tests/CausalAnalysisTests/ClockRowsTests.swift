import EventModel
import Testing

@testable import CausalAnalysis

/// The detector's shared clock rows say the same as snapshots of the clocks.
@Suite struct ClockRowsTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64], [9, 90])
    func rowsSayWhatSnapshotsSay(seed: UInt64, processes: Int) {
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var clocks = ProcessClocks()
        let processes = (1...processes).map { clocks.begin(actor: Symbol(index: UInt32($0))) }
        var counters = Array(repeating: Int64(0), count: processes.count)
        var rows = ClockRows()
        var kept: [(process: ProcessID, stamp: Stamp, row: Int32, clock: VectorClock)] = []
        for _ in 0..<2000 {
            let p = random(processes.count)
            // One process is never kept, so that it has no column.
            if random(3) == 0 {
                clocks.merge(clocks.snapshot(processes[random(processes.count)]), into: processes[p])
            }
            counters[p] += 1
            clocks.raise(processes[p], entry: processes[p], to: Stamp(counter: counters[p]))
            if p > 0 {
                let row = rows.keep(processes[p], clocks)
                kept.append((processes[p], Stamp(counter: counters[p]), row, clocks.snapshot(processes[p])))
            }
            if kept.count > 40 { rows.release(kept.remove(at: random(kept.count)).row) }
        }
        for x in kept {
            for y in kept where x.process != y.process {
                #expect(
                    (rows.entry(y.row, x.process) >= x.stamp) == y.clock.covers(x.process, x.stamp),
                    "whether \(x.process) at \(x.stamp.counter) happened before \(y.process) at \(y.stamp.counter)")
                let isAll = x.clock.entries.allSatisfy { entry in
                    entry.process == x.process || entry.process == y.process || entry.process.index == 0
                        || rows.entry(y.row, entry.process) >= entry.stamp
                }
                let covers = rows.covers(y.row, x.row, besides: y.process)
                #expect(
                    covers == isAll,
                    "whether \(y.process) at \(y.stamp.counter) knew all that \(x.process) at \(x.stamp.counter) did")
            }
        }
    }
}
