import Foundation
import IncidentLab
import Testing

@Suite("Races with faults")
struct FaultTests {
    private func run(_ faults: Set<Fault>, seed: UInt64) throws -> (truth: Truth, history: History, sink: MemorySink) {
        let sink = MemorySink()
        let truth = try Simulation.run(scenario: .race, seed: seed, faults: faults, sink: sink)
        return (truth, try #require(truth.history), sink)
    }

    /// Lines of every log that hold some text.
    private func count(_ text: String, in sink: MemorySink) -> Int {
        sink.names.reduce(0) { $0 + sink.lines($1).count { $0.utf8.contains(text.utf8) } }
    }

    private func effects(_ faults: Set<Fault>, seeds: ClosedRange<UInt64> = 1...8) throws -> [[History.Effect]] {
        try seeds.map { try run(faults, seed: $0).history.effects }
    }

    @Test("an empty set of faults changes no byte of the logs")
    func none() throws {
        let plain = MemorySink()
        let truth = try Simulation.run(scenario: .race, seed: 7, sink: plain)
        #expect(truth.history == nil)
        #expect(try run([], seed: 7).sink.fingerprint == plain.fingerprint)
    }

    @Test("every fault gives the same bundle twice, and another one than no fault", arguments: Fault.allCases)
    func determinism(_ fault: Fault) throws {
        let (first, second) = (try run([fault], seed: 1), try run([fault], seed: 1))
        #expect(first.truth == second.truth && first.sink.fingerprint == second.sink.fingerprint)
        // Some faults show only where an endpoint was emptied, or a check saw a newer plan.
        let shows = try (1...60 as ClosedRange<UInt64>).contains { seed in
            let (faulty, plain) = (try run([fault], seed: seed), try run([], seed: seed))
            return faulty.sink.fingerprint != plain.sink.fingerprint || !faulty.sink.rotations.isEmpty
        }
        #expect(shows, "\(fault.rawValue) does nothing in sixty races")
    }

    @Test("the seed draws the faults; each is drawn by some seed")
    func drawn() {
        #expect(Fault.drawn(seed: 3) == Fault.drawn(seed: 3))
        let all = (1...300 as ClosedRange<UInt64>).reduce(into: Set<Fault>()) { $0.formUnion(Fault.drawn(seed: $1)) }
        #expect(all == Set(Fault.allCases))
    }

    @Test(
        "the history says what was active before each effect, and agrees with the lists of the truth",
        arguments: 1...12 as ClosedRange<UInt64>)
    func history(_ seed: UInt64) throws {
        let (truth, history, _) = try run(Fault.drawn(seed: seed), seed: seed)
        var active: [String: Int64] = [:]
        for effect in history.effects {
            let before = active[effect.endpoint] ?? effect.displaced
            #expect(effect.displaced == before, "\(effect.endpoint) at \(effect.at)")
            active[effect.endpoint] = effect.kind == .deletion ? 0 : effect.plan
        }
        let overwrites = history.effects.filter { $0.kind == .write && $0.plan < $0.displaced }
        #expect(overwrites.map(\.plan) == truth.overwrites.map(\.plan))
        #expect(overwrites.map(\.displaced) == truth.overwrites.map(\.displaced))
        let deletions = history.effects.count { $0.kind == .deletion }
        #expect(deletions == truth.deletions.reduce(0) { $0 + $1.endpoints.count })
    }

    @Test(
        "the places say on which line each record stands, and which are lost", arguments: 1...12 as ClosedRange<UInt64>)
    func places(_ seed: UInt64) throws {
        let faults = Fault.drawn(seed: seed)
        let (_, history, sink) = try run(faults, seed: seed)
        for place in history.places {
            let lines = sink.logs[place.log] == nil ? [] : sink.lines(place.log)
            let kept = place.lines.filter { $0 > 0 }
            #expect(kept == Array(lines.indices.map { $0 + 1 }), "\(place.log) of seed \(seed)")
        }
        for effect in history.effects {
            guard let ordinal = effect.answer, let line = line(ordinal, of: effect.actor, history, sink) else {
                continue
            }
            #expect(line.contains("\"plan\":\(effect.plan)"), "\(line)")
            if effect.kind == .write { #expect(line.contains(effect.endpoint) && line.contains("plan.applied")) }
        }
    }

    private func line(_ ordinal: Int, of actor: String, _ history: History, _ sink: MemorySink) -> Substring? {
        for place in history.places where place.actor == actor && place.lines[ordinal - 1] > 0 {
            return sink.lines(place.log)[place.lines[ordinal - 1] - 1]
        }
        return nil
    }

    @Test("late requests take effect after the answer to a retry")
    func late() throws {
        let late = try effects([.lateRequests]).joined().count { effect in
            guard let answer = effect.answer, let sending = effect.sending else { return effect.sending != nil }
            return answer < sending
        }
        #expect(late > 0)
    }

    @Test("repeated requests take effect twice")
    func repeated() throws {
        let twice = try effects([.repeatedRequests]).contains { effects in
            var requests: Set<String> = []
            return effects.contains { $0.sending != nil && !requests.insert("\($0.actor) \($0.sending ?? 0)").inserted }
        }
        #expect(twice)
    }

    @Test("a store that heals takes automation's write on an emptied endpoint; another one refuses")
    func healing() throws {
        func healed(_ faults: Set<Fault>) throws -> Int {
            try effects(faults, seeds: 1...60).joined().count { $0.kind == .write && $0.displaced == 0 }
        }
        #expect(try healed([.healingStore]) > 0)
        #expect(try healed([]) == 0)
    }

    @Test("two stores share the endpoints, and count apart")
    func sharded() throws {
        let effects = try run([.shardedStore], seed: 1).history.effects
        let stores = Dictionary(grouping: effects, by: \.store).mapValues { Set($0.map(\.endpoint)) }
        #expect(Set(stores.keys) == ["dns-store", "dns-store-2"])
        #expect(stores["dns-store"]?.isDisjoint(with: stores["dns-store-2"] ?? []) == true)
    }

    @Test("commits count an endpoint's writes, or others too")
    func commits() throws {
        func steps(_ faults: Set<Fault>) throws -> Set<Int64> {
            let effects = try run(faults, seed: 2).history.effects.filter { $0.kind != .deletion }
            let rows =
                faults.contains(.endpointCommits) ? Dictionary(grouping: effects, by: \.endpoint) : ["all": effects]
            return rows.values.reduce(into: []) { steps, row in
                for (one, next) in zip(row, row.dropFirst()) { steps.insert((next.commit ?? 0) - (one.commit ?? 0)) }
            }
        }
        #expect(try steps([]) == [1])
        #expect(try steps([.endpointCommits]) == [1])
        #expect(try steps([.sparseCommits]).contains { $0 > 1 })
    }

    @Test("restarted enactors go on counting, or count from one again")
    func restarts() throws {
        for (faults, falls) in [([.restarts], false), ([.resetCounters], true), ([.crashes, .resetCounters], true)]
            as [(Set<Fault>, Bool)]
        {
            let sink = try run(faults, seed: 4).sink
            #expect(count("process.started", in: sink) > 0)
            let counters = sink.lines("enactor-az1").compactMap { line -> Int? in
                line.firstMatch(of: /"enactor-az1":(\d+)/).flatMap { Int($0.1) }
            }
            #expect(zip(counters, counters.dropFirst()).contains { $0 >= $1 } == falls, "\(faults)")
        }
    }

    @Test("what a log does without, no record has")
    func fields() throws {
        for (fault, text) in [
            (.noClocks, "\"vc\""), (.noCommits, "\"commit\""), (.noReplaces, "\"replaces\""), (.noActive, "\"active\""),
            (.noStoreNames, "\"store\":"), (.noSendings, "\"plan.applying\""),
        ] as [(Fault, String)] {
            #expect(count(text, in: try run([fault], seed: 5).sink) == 0, "\(fault.rawValue)")
            #expect(count(text, in: try run([], seed: 5).sink) > 0, "\(text)")
        }
    }

    @Test("one store's log is lost, ends early or has no clocks; the other's is whole")
    func storeLogs() throws {
        let lost = try run([.shardedStore, .lostStoreLog], seed: 6).sink
        #expect(lost.names.count { $0.hasPrefix("dns-store") } == 1)
        let uncounted = try run([.shardedStore, .uncountedStoreLog], seed: 6).sink
        let clocks = ["dns-store", "dns-store-2"].map { name in
            uncounted.lines(name).count { $0.utf8.contains("\"vc\"".utf8) }
        }
        #expect(clocks.min() == 0 && clocks.max() ?? 0 > 0)
        let cut = try run([.cutStoreLog], seed: 6).sink.lines("dns-store").count
        let whole = try run([], seed: 6).sink.lines("dns-store").count
        #expect((whole / 5..<whole * 4 / 5).contains(cut))
    }

    @Test("every record of a commit in a gap is lost")
    func gaps() throws {
        let (_, history, _) = try run([.commitGaps], seed: 3)
        func isLost(_ actor: String, _ ordinal: Int?) -> Bool? {
            ordinal.map { n in history.places.allSatisfy { $0.actor != actor || $0.lines[n - 1] == 0 } }
        }
        let writes = history.effects.filter { $0.kind == .write && $0.answer != nil }
        let lost = writes.filter { isLost($0.store, $0.effect) == true }
        #expect(!lost.isEmpty && lost.count < writes.count / 4)
        #expect(lost.allSatisfy { isLost($0.actor, $0.answer) == true })
    }

    @Test("clocks are off by an hour or by 330 minutes, to the millisecond")
    func hours() throws {
        let (skewed, plain) = (try run([.hourClocks], seed: 1).sink, try run([], seed: 1).sink)
        let differing = plain.names.filter { skewed.lines($0) != plain.lines($0) }
        #expect(!differing.isEmpty)
        // {"ts":"2025-10-20T05:48:00.000Z": seconds and everything behind stay.
        for name in differing {
            #expect(
                skewed.lines(name).map { $0.dropFirst(23) } == plain.lines(name).map { $0.dropFirst(23) }, "\(name)")
        }
    }

    @Test("exports of an enactor's log overlap, and together hold every record")
    func exports() throws {
        let (_, history, sink) = try run([.overlappingExports], seed: 1)
        #expect(sink.names.contains("enactor-az1-again"))
        let places = history.places.filter { $0.actor == "enactor-az1" }
        #expect(places.count == 2)
        let both = zip(places[0].lines, places[1].lines).map { ($0 > 0, $1 > 0) }
        #expect(both.allSatisfy { $0 || $1 })
        #expect(both.contains { $0 && $1 } && both.contains { $0 != $1 })
    }

    @Test("faults are for races only")
    func racesOnly() {
        #expect(throws: SimulationError.faultsOutsideRace) {
            try Simulation.run(scenario: .nearMiss, seed: 1, scale: 0.05, faults: [.crashes], sink: NoSink())
        }
    }
}
