import EventModel
import Testing

@testable import CausalAnalysis

@Suite("Clocks that cannot be right")
struct ClockFaultTests {
    @Test("well-formed clocks are given no fault, neither with lost records nor with disorder", arguments: 0..<30)
    func wellFormed(seed: Int) {
        var logs = RandomLogs(seed: UInt64(seed), actors: 2 + seed % 6, events: 400, skew: 3 * Nanoseconds.second)
        var random = SeededGenerator(seed: UInt64(seed) &+ 7)
        if seed % 3 == 1 { logs.history.removeAll { _ in Int.random(in: 0..<10, using: &random) == 0 } }
        var sources = logs.byActor
        if seed % 3 == 2 {
            for source in sources.indices where sources[source].count > 20 {
                for at in stride(from: 5, to: sources[source].count - 10, by: 9) {
                    let moved = sources[source].remove(at: at)
                    sources[source].insert(moved, at: at + Int.random(in: 1...5, using: &random))
                }
            }
        }
        let trust = check(sources)
        for actor in trust.actors {
            #expect(actor.notes.clockFaults.count == 0, "no clock is faulty")
            #expect(actor.falls.count == 0 && actor.unclosed.count == 0, "clocks only grow, and are closed")
            #expect(actor.foreseen.count == 0, "nobody knows the future")
        }
        #expect(trust.circleCount == 0)
    }

    @Test("one entry far too high is found before anything rests on it", arguments: 0..<30)
    func spike(seed: Int) {
        var (logs, random) = logs(seed)
        let right = Recorder.order(MemorySupply(logs.byActor)).entries
        let (at, actor, other) = pick(&logs, &random)
        logs.history[at].clock[other, default: 0] += Int64.random(in: 1000...Int64(1) << 50, using: &random)
        expectFault(of: logs, at: at, actor, sameClocksAs: right)
    }

    @Test("one entry too high by less than what is still to come is found", arguments: 0..<30)
    func smallSpike(seed: Int) {
        var (logs, random) = logs(seed)
        let right = Recorder.order(MemorySupply(logs.byActor)).entries
        let (at, actor, other) = pick(&logs, &random)
        // Above what the actor's next three records know, so that they contradict it.
        let own = logs.history[at].clock[actor] ?? 0
        let later = logs.history.filter { $0.actor == actor && ($0.clock[actor] ?? 0) > own }.prefix(3)
        logs.history[at].clock[other] = (later.compactMap { $0.clock[other] }.max() ?? 0) + 1
        expectFault(of: logs, at: at, actor, sameClocksAs: right)
    }

    @Test("one entry too low costs nothing and is named", arguments: 0..<30)
    func dip(seed: Int) {
        var (logs, random) = logs(seed)
        let right = Recorder.order(MemorySupply(logs.byActor)).entries
        let (at, actor, other) = pick(&logs, &random)
        logs.history[at].clock[other] = 0
        expectFault(of: logs, at: at, actor, sameClocksAs: right)
    }

    @Test("it tells nothing in which order a clock's entries stand", arguments: 0..<30)
    func turned(seed: Int) {
        var (logs, random) = logs(seed)
        let (at, _, other) = pick(&logs, &random)
        if seed % 3 == 1 { logs.history[at].clock[other, default: 0] += 1000 }
        if seed % 3 == 2 { logs.history[at].clock[other] = 0 }
        let right = MemorySupply(logs.byActor)
        var turned = right
        turned.turnsClocks = true
        #expect(Recorder.order(turned).entries == Recorder.order(right).entries, "all events and their clocks")
    }

    @Test("two wrong clocks side by side are both found")
    func neighbours() {
        let log = (1...8).map { n in event("a", n, ["a": Int64(n), "b": n == 3 ? 900 : n == 4 ? 5000 : 1]) }
        let (entries, notes) = Recorder.order(MemorySupply([log, [event("b", 0, ["b": 1])]]))
        #expect(notes.actors.map(\.clockFaults.count).reduce(0, +) == 2)
        #expect(entries.last { $0.actor == "a" }?.clock.entries.map(\.stamp.counter).sorted() == [1, 8])
    }

    @Test("an entry for an actor that no one ever knew is found where the clocks are written out whole")
    func unknownActor() {
        let log = (1...6).map { n -> MemorySupply.Event in
            var clock: [String: Int64] = ["a": Int64(n), "b": 1]
            if n == 3 { clock["ghost"] = 77 }
            return event("a", n, clock)
        }
        let notes = Recorder.order(MemorySupply([log, [event("b", 0, ["b": 1])]])).notes
        #expect(notes.actors.map(\.clockFaults.count).reduce(0, +) == 1)
        #expect(notes.mentions.isEmpty, "the ghost is not missed")
    }

    @Test("clocks that name only what has changed are not at fault")
    func changesOnly() {
        let a = (1...6).map { n in event("a", n, n == 3 ? ["a": 3, "b": 2] : ["a": Int64(n)]) }
        let b = (1...6).map { n in event("b", n, n == 5 ? ["b": 5, "a": 4] : ["b": Int64(n)]) }
        let notes = Recorder.order(MemorySupply([a, b])).notes
        #expect(notes.actors.allSatisfy { $0.clockFaults.count == 0 })
    }

    @Test("what is judged does not depend on the size of the batches", arguments: 0..<15)
    func batches(seed: Int) {
        var (logs, random) = logs(seed)
        for _ in 0..<20 {
            let (at, _, other) = pick(&logs, &random)
            logs.history[at].clock[other] = Int64.random(in: 0...400, using: &random)
        }
        let expected = Recorder.order(MemorySupply(logs.byActor))
        for size in [1, 2, 50] {
            let other = Recorder.order(MemorySupply(logs.byActor, batchSize: size))
            #expect(other.entries == expected.entries)
            #expect(other.notes.actors.map(\.clockFaults.count) == expected.notes.actors.map(\.clockFaults.count))
        }
    }

    @Test("a clock that goes back for good is counted once, not as a fault")
    func fall() throws {
        let log = (1...9).map { n in event("a", n, ["a": Int64(n), "b": n < 5 ? 4 : 2]) }
        let b = (1...4).map { event("b", 0, ["b": Int64($0)]) }
        let actor = try #require(check([log, b]).actors.first)
        #expect(actor.falls.count == 1)
        #expect(actor.falls.first?.stamp.counter == 5)
        #expect(actor.notes.clockFaults.count == 0)
    }

    @Test("a clock that knows an event without what that event knew is named")
    func unclosed() {
        let c = [event("c", 1, ["c": 1])]
        let a = [event("a", 2, ["a": 1, "c": 1])]
        let b = [event("b", 3, ["b": 1, "a": 1]), event("b", 4, ["b": 2, "a": 1])]
        let trust = check([a, b, c])
        #expect(trust.actors.map(\.unclosed.count) == [0, 1, 0])
        #expect(trust.actors[1].unclosed.first?.stamp.counter == 1)
    }

    @Test("a circle is named with all its records, and whoever knew what came later")
    func circle() {
        let a = [event("a", 1, ["a": 1, "b": 1]), event("a", 4, ["a": 2, "b": 1])]
        let b = [event("b", 2, ["b": 1, "c": 1]), event("b", 5, ["b": 2, "c": 1])]
        let c = [event("c", 3, ["c": 1, "a": 1]), event("c", 6, ["c": 2, "a": 1])]
        let trust = check([a, b, c])
        #expect(trust.circleCount == 1)
        #expect(trust.circles.first?.count == 3)
        #expect(Set(trust.circles.first?.records.map(\.stamp.counter) ?? []) == [1])
        #expect(trust.actors.reduce(0) { $0 + $1.foreseen.count } > 0)
    }

    @Test("clocks that know a log beyond its end are named, with how far")
    func beyond() {
        let a = (1...6).map { event("a", $0, ["a": Int64($0), "b": $0 < 4 ? 2 : 9]) }
        let b = (1...3).map { event("b", $0, ["b": Int64($0)]) }
        let trust = check([a, b])
        #expect(trust.actors.map(\.beyond.count) == [0, 1])
        #expect(trust.actors[1].claimed == 9)
        #expect(trust.actors[1].end == 3)
        #expect(trust.actors[1].beyond.first?.stamp.counter == 4)
    }

    @Test("an actor that stops long before the others is called silent, one that always paused is not")
    func silence() {
        let a = (0..<200).map { event("a", 30 * $0, ["a": Int64($0 + 1)]) }
        let b = (0..<50).map { event("b", 30 * $0, ["b": Int64($0 + 1)]) }
        let c = (0..<12).map { event("c", 400 * $0, ["c": Int64($0 + 1)]) }
        let trust = check([a, b, c])
        #expect(trust.actors.map { $0.silence != nil } == [false, true, false])
        #expect(trust.actors[1].silence == 4500 * Nanoseconds.second)
    }

    // MARK: Making logs

    private func check(_ sources: [[MemorySupply.Event]]) -> TrustReport {
        var supply = MemorySupply(sources)
        do throws(SpillFailure) {
            var order = try SettledOrder(&supply)
            return try TrustCheck.run(&order).trust
        } catch {
            Issue.record("the check failed: \(error.message)")
            return TrustReport()
        }
    }

    private func logs(_ seed: Int) -> (RandomLogs, SeededGenerator) {
        (
            RandomLogs(seed: UInt64(seed), actors: 3 + seed % 4, events: 300, skew: Nanoseconds.second),
            SeededGenerator(seed: UInt64(seed) &+ 1000)
        )
    }

    /// A record with three of its actor's behind it and at least one before, with an entry for another that all of these know too.
    private func pick(_ logs: inout RandomLogs, _ random: inout SeededGenerator) -> (Int, String, String) {
        while true {
            let at = Int.random(in: 0..<logs.history.count, using: &random)
            let actor = logs.history[at].actor
            let own = logs.history[at].clock[actor] ?? 0
            guard let before = logs.history.first(where: { $0.actor == actor && $0.clock[actor] == own - 1 }),
                logs.history.count(where: { $0.actor == actor && ($0.clock[actor] ?? 0) > own }) >= 3,
                let other = before.clock.keys.filter({ $0 != actor }).sorted().first
            else { continue }
            return (at, actor, other)
        }
    }

    /// One fault is found, at the record; the clocks of the actor's last record and of all other actors are as they should be.
    private func expectFault(
        of logs: RandomLogs, at index: Int, _ actor: String, sameClocksAs right: [Recorder.Entry]
    ) {
        let (entries, notes) = Recorder.order(MemorySupply(logs.byActor))
        let faults = notes.actors.filter { $0.clockFaults.count > 0 }
        #expect(faults.map(\.clockFaults.count) == [1], "one record is at fault")
        #expect(faults.first?.clockFaults.first?.time.nanoseconds == logs.history[index].time)
        #expect(entries.count == right.count, "nothing is lost")
        #expect(notes.actors.allSatisfy { $0.cycles.count == 0 && $0.missingCauses.count == 0 })
        let own = logs.history[index].clock[actor] ?? 0
        for entry in right where !(entry.actor == actor && entry.counter == own) {
            let found = entries.first { $0.actor == entry.actor && $0.counter == entry.counter }
            if let found, known(found, entries) != known(entry, right) {
                Issue.record("the clock of \(entry.actor) \(entry.counter) is not what it should be")
                return
            }
        }
    }

    /// A clock by actors' names; processes are numbered as they are met.
    private func known(_ entry: Recorder.Entry, _ all: [Recorder.Entry]) -> [String: Stamp] {
        var clock: [String: Stamp] = [:]
        for part in entry.clock.entries {
            if let name = all.first(where: { $0.process == part.process })?.actor { clock[name] = part.stamp }
        }
        return clock
    }

    private func event(_ actor: String, _ time: Int, _ clock: [String: Int64]) -> MemorySupply.Event {
        MemorySupply.Event(time: Int64(time) * Nanoseconds.second, actor: actor, clock: clock)
    }
}
