import EventModel
import Testing

@testable import CausalAnalysis

/// What is kept of events until they are judged: it comes back as it went in, and takes few bytes.
@Suite struct PlanFactsTests {
    private func fact(_ n: Int, _ random: inout SeededGenerator) -> Fact {
        func chance(_ n: Int) -> Bool { Int.random(in: 0..<n, using: &random) == 0 }
        func number() -> Int64 {
            chance(20) ? Int64.random(in: 0...(1 << 62), using: &random) : Int64.random(in: 0...300, using: &random)
        }
        let process = UInt32.random(in: 0...3, using: &random)
        let form = Fact.Form.allCases[Int.random(in: 0..<6, using: &random)]
        var fact = Fact(
            form: form, writer: Symbol(index: process + 1),
            moment: Moment(
                line: UInt64(n + 1), byte: UInt64(n * 300) + UInt64(number()), time: number() &* 1_000_000,
                counter: number(), position: chance(3) ? UInt32(n) : 0,
                length: UInt32.random(in: 0...4000, using: &random), source: SourceID(index: chance(9) ? 7 : process),
                process: ProcessID(index: process), actor: Symbol(index: process + 1), index: UInt32(n),
                kind: form.kind, hasClock: chance(2), capValue: UInt8.random(in: 0...2, using: &random)))
        fact.outcome = Outcome.allCases[Int.random(in: 0..<6, using: &random)]
        fact.addresses = Int8.random(in: -1...1, using: &random)
        (fact.isDeliberate, fact.byOperator) = (chance(5), chance(5))
        if !chance(5) { fact.plan = number() }
        if chance(2) { fact.seen = number() }
        if chance(2) { fact.commit = number() }
        if chance(3) { fact.writer = Symbol(index: 9) }
        if chance(3) { fact.store = Symbol(index: 4) }
        if chance(3) {
            fact.hasStoreTime = true
            fact.storeTime = StoreTime(
                store: Symbol(index: 4), incarnation: 1, counter: number(),
                position: form == .stored ? fact.moment.position : 0)
        }
        if chance(30) { fact.moment.time = chance(2) ? .min : .max }
        return fact
    }

    @Test func aTapeGivesBackWhatWasPutOnIt() {
        var random = SeededGenerator(seed: 11)
        var parts = FactParts(count: 3)
        var put: [UInt32: [Fact]] = [:]
        for n in 0..<5000 {
            let fact = fact(n, &random)
            let endpoint = UInt32.random(in: 1...40, using: &random)
            put[endpoint, default: []].append(fact)
            parts.append(fact, of: Symbol(index: endpoint))
        }
        var seen = 0
        for part in parts.indices {
            parts.forEachEndpoint(of: part, actors: (1...4).map { Symbol(index: $0) }, GenerationRanks(SymbolTable())) {
                endpoint, facts, own in
                seen += own.count
                for (was, number) in zip(put[endpoint.index] ?? [], own) {
                    var fact = facts[Int(number)]
                    fact.endpoint = 0
                    #expect("\(fact)" == "\(was)")
                }
            }
        }
        #expect(seen == 5000, "facts were lost")
    }

    @Test func factsOfAnOrdinaryLogTakeFewBytes() {
        var parts = FactParts(count: 64)
        for n in 0..<60_000 {
            let actor = n % 3 == 1 ? 3 : n / 3 % 2
            var fact = Fact(
                form: [.sending, .stored, .answer][n % 3], writer: Symbol(index: UInt32(1 + n / 3 % 2)),
                moment: Moment(
                    line: UInt64(n + 1), byte: UInt64(n * 390 + n % 7), time: Int64(n) * 1_237_000,
                    counter: Int64(n / 3),
                    position: 0, length: UInt32(380 + n % 7), source: SourceID(index: 0),
                    process: ProcessID(index: UInt32(actor)), actor: Symbol(index: UInt32(actor + 1)),
                    index: UInt32(n / 3), kind: .planApplied, hasClock: true, capValue: 2))
            fact.plan = Int64(n / 3000)
            if n % 3 > 0 {
                fact.seen = fact.plan - 1
                fact.commit = Int64(n / 3 / 1000)
                fact.hasStoreTime = true
                fact.storeTime = StoreTime(store: Symbol(index: 4), incarnation: 0, counter: Int64(n / 3))
            }
            parts.append(fact, of: Symbol(index: UInt32(10 + n / 3 % 1000)))
        }
        #expect(parts.size < 60_000 * 23, "\(Double(parts.size) / 60_000) bytes a fact")
    }

    @Test func clocksAreRememberedAsOfEachKeptEvent() {
        for seed in UInt64(1)...20 {
            var random = SeededGenerator(seed: seed)
            var clocks = ProcessClocks()
            for actor in 0..<6 { _ = clocks.begin(actor: Symbol(index: UInt32(actor + 1))) }
            var history = ClockHistory()
            var kept: [(process: ProcessID, index: UInt32, clock: VectorClock)] = []
            var followed: Set<ProcessID> = []
            for step in Int64(1)...800 {
                let process = ProcessID(index: UInt32.random(in: 0..<6, using: &random))
                let other = ProcessID(index: UInt32.random(in: 0..<6, using: &random))
                clocks.raise(
                    process, entry: process,
                    to: seed % 2 == 0 ? Stamp(counter: step * 1000) : Stamp(counter: step / 50, position: step))
                if process != other { clocks.merge(clocks.snapshot(other), into: process) }
                history.note(clocks)
                clocks.beginEvent()
                if Int.random(in: 0..<3, using: &random) > 0 { continue }
                followed.insert(process)
                kept.append((process, history.keep(process, clocks), clocks.snapshot(process)))
            }
            history.seal()
            for event in kept {
                for other in followed where other != event.process {
                    let entry = history.entry(event.process, event.index, of: other)
                    // What came before its first kept event may be left out.
                    #expect(
                        entry == event.clock[other] || entry == .zero,
                        "seed \(seed): event \(event.index) of \(event.process.index) on \(other.index)")
                }
            }
            for (at, event) in kept.enumerated() {
                for later in kept[(at + 1)...] where later.clock.covers(event.process, event.clock[event.process]) {
                    if later.process == event.process { continue }
                    #expect(
                        history.entry(later.process, later.index, of: event.process) >= event.clock[event.process],
                        "seed \(seed): a kept event is no longer known to have come before another")
                }
            }
        }
    }

    @Test func aStoresAnswersBoundTheClockOfAWriter() {
        let hours = 2 * 3600.0
        var log = LogBuilder()
        for n in 0..<5 {
            let (at, plan) = (100 * Double(n), Int64(n + 1))
            log.add("slow", at - hours, .planApplying, plan, at: "other")
            log.add("store", at + 0.01, .changeCommitted, plan, at: "other", by: "slow")
            log.add("slow", at + 0.02 - hours, .planApplied, plan, at: "other")
        }
        // By the clock of the store 378 was deleted 40 s after 377 was written over it.
        log.add("store", 510, .changeCommitted, 378, by: "slow")
        log.add("store", 511, .changeCommitted, 380, by: "fast")
        log.add("slow", 551 - hours, .planDeleted, 378)
        #expect(log.findings().lines == [], "the slow clock is known to be slow: \(log.findings().lines)")
    }
}
