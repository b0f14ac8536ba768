import CausalAnalysis
import EventModel
import Testing

@Suite("The settled order")
struct SettledOrderTests {
    @Test("is a linear extension of happened-before, with every event once", arguments: 0..<40)
    func linearExtension(seed: Int) {
        let logs = RandomLogs(
            seed: UInt64(seed), actors: 2 + seed % 7, events: 300, skew: seed % 3 == 0 ? 0 : 20 * Nanoseconds.second)
        let (entries, notes) = Recorder.order(MemorySupply(logs.byActor))
        #expect(entries.count == logs.history.count, "every event is given out once")
        expectExtension(entries, logs)
        #expect(notes.actors.allSatisfy { $0.cycles.count == 0 && $0.missingCauses.count == 0 })
    }

    @Test("gives out the earliest by wall clock among those whose causes are out", arguments: 0..<10)
    func smallestFirst(seed: Int) {
        let logs = RandomLogs(seed: UInt64(seed), actors: 4, events: 120, skew: 3 * Nanoseconds.second)
        var left = logs.history
        var expected: [String] = []
        while !left.isEmpty {
            let ready = left.indices.filter { i in !left.contains { RandomLogs.happenedBefore($0, left[i]) } }
            let next = ready.min { (left[$0].time, left[$0].actor) < (left[$1].time, left[$1].actor) }
            guard let next else { break }
            expected.append("\(left[next].actor) \(left[next].clock[left[next].actor] ?? 0)")
            left.remove(at: next)
        }
        let entries = Recorder.order(MemorySupply(logs.byActor)).entries
        #expect(entries.map { "\($0.actor) \($0.counter)" } == expected)
    }

    @Test("does not depend on the order of the sources or the size of the batches", arguments: 0..<15)
    func sameOrder(seed: Int) {
        let logs = RandomLogs(seed: UInt64(seed), actors: 5, events: 250, skew: 5 * Nanoseconds.second)
        var random = SeededGenerator(seed: UInt64(seed) &+ 99)
        let expected = Recorder.order(MemorySupply(logs.byActor)).entries.map { "\($0.actor) \($0.counter)" }
        for size in [1, 2, 7, 1000] {
            let sources = logs.byActor.shuffled(using: &random)
            let entries = Recorder.order(MemorySupply(sources, batchSize: size)).entries
            #expect(entries.map { "\($0.actor) \($0.counter)" } == expected, "batches of \(size)")
        }
    }

    @Test("is the same for one file in which all write, as a collector would have it", arguments: 0..<15)
    func oneFile(seed: Int) {
        let logs = RandomLogs(seed: UInt64(seed), actors: 5, events: 250, skew: 5 * Nanoseconds.second)
        let expected = Recorder.order(MemorySupply(logs.byActor)).entries.map { "\($0.actor) \($0.counter)" }
        let byTime = logs.history.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        let sorted = perActorOrdered(byTime.map(\.element), logs)
        for file in [logs.history, sorted] {
            let entries = Recorder.order(MemorySupply([file], batchSize: 16)).entries
            #expect(entries.map { "\($0.actor) \($0.counter)" } == expected)
        }
    }

    @Test("happened-before pairs number the sum of the clocks' entries less one each", arguments: 0..<10)
    func checkValue(seed: Int) {
        let logs = RandomLogs(seed: UInt64(seed), actors: 4, events: 150, skew: Nanoseconds.second)
        let entries = Recorder.order(MemorySupply(logs.byActor)).entries
        var pairs: Int64 = 0
        for b in entries { pairs += Int64(entries.count { $0 != b && b.clock.covers($0.process, $0.stamp) }) }
        let sum = entries.reduce(Int64(0)) { $0 + $1.clock.entries.reduce(0) { $0 + $1.stamp.counter } - 1 }
        #expect(pairs == sum)
    }

    @Test("skipped counters block nothing and are counted", arguments: 0..<10)
    func gaps(seed: Int) {
        var logs = RandomLogs(seed: UInt64(seed), actors: 4, events: 300, skew: Nanoseconds.second)
        var random = SeededGenerator(seed: UInt64(seed))
        logs.history.removeAll { _ in Int.random(in: 0..<10, using: &random) == 0 }
        let (entries, notes) = Recorder.order(MemorySupply(logs.byActor))
        #expect(entries.count == logs.history.count)
        expectExtension(entries, logs)
        #expect(notes.actors.reduce(0) { $0 + $1.gaps.count } > 0)
        #expect(notes.actors.allSatisfy { $0.restarts.count == 0 })
    }

    @Test("records written out of the order of their counters are put in order", arguments: 0..<10)
    func disorder(seed: Int) {
        let logs = RandomLogs(seed: UInt64(seed), actors: 3, events: 300, skew: 0)
        var random = SeededGenerator(seed: UInt64(seed))
        var sources = logs.byActor
        for source in sources.indices {
            for at in stride(from: 5, to: sources[source].count - 10, by: 9) {
                let moved = sources[source].remove(at: at)
                sources[source].insert(moved, at: at + Int.random(in: 1...5, using: &random))
            }
        }
        let (entries, notes) = Recorder.order(MemorySupply(sources))
        #expect(entries.count == logs.history.count)
        expectExtension(entries, logs)
        #expect(notes.actors.reduce(0) { $0 + $1.disorders.count } > 0)
        #expect(notes.actors.allSatisfy { $0.restarts.count == 0 && $0.gaps.count == 0 })
    }

    @Test("duplicates are dropped, and counted")
    func duplicates() {
        let logs = RandomLogs(seed: 1, actors: 3, events: 100, skew: 0)
        var sources = logs.byActor
        sources[0].insert(sources[0][4], at: 9)
        sources[1].append(sources[1][sources[1].count - 1])
        let (entries, notes) = Recorder.order(MemorySupply(sources))
        #expect(entries.count == 100)
        #expect(notes.actors.reduce(0) { $0 + $1.duplicates } == 2)
    }

    @Test("a counter that falls begins a new life, which comes after the one before")
    func restart() {
        let first = (1...5).map { event("a", time: $0, ["a": Int64($0)]) }
        let second = (1...5).map { event("a", time: 10 + $0, ["a": Int64($0)]) }
        let (entries, notes) = Recorder.order(
            MemorySupply([first + second, [event("b", time: 20, ["b": 1, "a": 3])]]))
        #expect(entries.map(\.time) == [1, 2, 3, 4, 5, 11, 12, 13, 14, 15, 20].map { $0 * Nanoseconds.second })
        #expect(notes.actors.first?.restarts.count == 1)
        #expect(entries[5].process != entries[4].process)
        #expect(entries[5].clock.covers(entries[4].process, entries[4].stamp), "the new life follows the old one")
        #expect(
            entries[10].clock.covers(entries[2].process, entries[2].stamp),
            "an entry belongs to the earliest incarnation that reaches its counter")
        #expect(!entries[10].clock.covers(entries[3].process, entries[3].stamp))
        #expect(!entries[10].clock.covers(entries[5].process, entries[5].stamp))
    }

    @Test("one counter with different records is a conflict; both are kept")
    func conflict() {
        var twin = event("a", time: 2, ["a": 2])
        twin.digest = 77
        let log = [event("a", time: 1, ["a": 1]), event("a", time: 2, ["a": 2]), twin, event("a", time: 3, ["a": 3])]
        let (entries, notes) = Recorder.order(MemorySupply([log]))
        #expect(entries.count == 4)
        #expect(notes.actors.first?.conflicts.count == 1)
        #expect(notes.actors.first?.restarts.count == 0)
    }

    @Test("clocks that put events before themselves are named and hang nothing")
    func cycle() {
        let a = [event("a", time: 1, ["a": 1, "b": 1]), event("a", time: 3, ["a": 2])]
        let b = [event("b", time: 2, ["b": 1, "a": 1]), event("b", time: 4, ["b": 2])]
        let (entries, notes) = Recorder.order(MemorySupply([a, b]))
        #expect(entries.map { "\($0.actor)\($0.counter)" } == ["a1", "b1", "a2", "b2"])
        #expect(notes.actors.map(\.cycles.count) == [1, 1])
    }

    @Test("a cause that no log holds is waited for no longer than its actor's log lasts")
    func missingCause() {
        let a = [event("a", time: 1, ["a": 1, "b": 9]), event("a", time: 2, ["a": 2])]
        let b = [event("b", time: 1, ["b": 1]), event("b", time: 5, ["b": 2])]
        let (entries, notes) = Recorder.order(MemorySupply([a, b]))
        #expect(entries.map { "\($0.actor)\($0.counter)" } == ["b1", "b2", "a1", "a2"])
        #expect(notes.actors.reduce(0) { $0 + $1.missingCauses.count } == 1)
    }

    @Test("an actor without a log is named as often as clocks name it anew")
    func missingLog() {
        let (entries, notes) = Recorder.order(
            MemorySupply([[event("a", time: 1, ["a": 1, "p": 4]), event("a", time: 2, ["a": 2, "p": 4])]]))
        #expect(entries.count == 2)
        #expect(notes.mentions.values.reduce(0, +) == 2)
    }

    @Test("causes named by id come first where there are no clocks")
    func causes() {
        let a = [event("a", time: 5, [:], id: "sent")]
        let b = [event("b", time: 1, [:], causes: ["sent"]), event("b", time: 2, [:])]
        let entries = Recorder.order(MemorySupply([a, b])).entries
        #expect(entries.map(\.actor) == ["a", "b", "b"])
        #expect(entries[2].clock.covers(entries[0].process, entries[0].stamp))
    }

    @Test("a plan is created before another deals with it, though by its clock it was not")
    func creation() {
        var create = event("p", time: 5, [:])
        create.kind = .planCreated
        create.plan = 3
        var start = event("e", time: 4, [:])
        start.kind = .runStarted
        start.plan = 3
        let entries = Recorder.order(MemorySupply([[create], [start]])).entries
        #expect(entries.map(\.actor) == ["p", "e"])
        #expect(entries[1].clock.covers(entries[0].process, entries[0].stamp))
    }

    @Test("rotated files of one actor are read in the order of its clock, also where they overlap", arguments: 0..<8)
    func rotated(seed: Int) {
        let logs = RandomLogs(seed: UInt64(seed), actors: 3, events: 240, skew: Nanoseconds.second)
        let expected = Recorder.order(MemorySupply(logs.byActor)).entries.map { "\($0.actor) \($0.counter)" }
        var files: [[MemorySupply.Event]] = []
        for log in logs.byActor {
            let third = log.count / 3
            files += [Array(log[(2 * third - 4)...]), Array(log[..<third]), Array(log[third..<(2 * third)])]
        }
        let entries = Recorder.order(MemorySupply(files)).entries
        #expect(entries.map { "\($0.actor) \($0.counter)" } == expected)
    }

    @Test("broken clocks hang nothing and lose nothing", arguments: 0..<40)
    func broken(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var logs = RandomLogs(seed: UInt64(seed), actors: 5, events: 300, skew: 30 * Nanoseconds.second)
        for at in logs.history.indices where Int.random(in: 0..<12, using: &random) == 0 {
            switch Int.random(in: 0..<5, using: &random) {
            case 0: logs.history[at].clock = [:]
            case 1:
                logs.history[at].clock["actor-\(Int.random(in: 0..<5, using: &random))"] = Int64.random(
                    in: 0...400, using: &random)
            case 2: logs.history[at].clock["nobody"] = 7
            case 3: logs.history[at].clock[logs.history[at].actor] = Int64.max
            default: logs.history[at].time = Int64.random(in: Int64.min...Int64.max, using: &random)
            }
            logs.history[at].digest = UInt64(at)
        }
        for sources in [logs.byActor, [logs.history]] {
            let (entries, notes) = Recorder.order(MemorySupply(sources))
            let dropped = notes.actors.reduce(0) { $0 + $1.duplicates }
            #expect(entries.count + Int(dropped) == logs.history.count)
            let again = Recorder.order(MemorySupply(sources.reversed(), batchSize: 11)).entries
            #expect(
                again.map { "\($0.actor) \($0.counter) \($0.time)" }
                    == entries.map { "\($0.actor) \($0.counter) \($0.time)" })
        }
    }

    private func event(
        _ actor: String, time: Int, _ clock: [String: Int64], id: String? = nil, causes: [String] = []
    ) -> MemorySupply.Event {
        MemorySupply.Event(time: Int64(time) * Nanoseconds.second, actor: actor, clock: clock, id: id, causes: causes)
    }

    /// The same events with each actor's in the order of its counter, at the places that its events have in `file`.
    private func perActorOrdered(_ file: [MemorySupply.Event], _ logs: RandomLogs) -> [MemorySupply.Event] {
        var byActor = Dictionary(grouping: logs.history, by: \.actor)
        return file.compactMap { byActor[$0.actor]?.removeFirst() }
    }

    private func expectExtension(_ entries: [Recorder.Entry], _ logs: RandomLogs) {
        var place: [String: Int] = [:]
        for (at, entry) in entries.enumerated() { place["\(entry.actor) \(entry.counter)"] = at }
        for b in logs.history {
            for a in logs.history where RandomLogs.happenedBefore(a, b) {
                let first = place["\(a.actor) \(a.clock[a.actor] ?? 0)"] ?? -1
                let second = place["\(b.actor) \(b.clock[b.actor] ?? 0)"] ?? -1
                if first >= second {
                    Issue.record("\(a.actor) \(a.clock) stands after \(b.actor) \(b.clock), which it happened before")
                    return
                }
            }
        }
    }
}
