import EventModel
import Testing

@testable import CausalAnalysis

/// Laws of the settled order, against an oracle that compares all pairs of records.
@Suite("The laws of the settled order")
struct OrderLawTests {
    private static let seeds = 0..<60
    private static let minute = Nanoseconds.minute

    @Test("it is the one linear extension of smallest times, with given, inferred and mixed clocks", arguments: seeds)
    func oracle(seed: Int) {
        let logs = MixedLogs(seed: UInt64(seed))
        let found = Recorder.order(MemorySupply(logs.byActor)).entries.map { "\($0.actor)@\($0.time)" }
        #expect(found == PairOracle(logs.history).sequence.map { "\($0.actor)@\($0.time)" })
    }

    @Test("shifted clocks reverse nothing that happened before something", arguments: seeds)
    func shiftedClocks(seed: Int) {
        let logs = MixedLogs(seed: UInt64(seed))
        var random = SeededGenerator(seed: UInt64(seed) &+ 5)
        var shifts: [String: Int64] = [:]
        for actor in logs.actors {
            shifts[actor] = ([0, 1, -1, 5, -5, 60, -60, 330, -330].randomElement(using: &random) ?? 0) * Self.minute
        }
        var shifted = logs
        for at in shifted.history.indices { shifted.history[at].time += shifts[shifted.history[at].actor] ?? 0 }
        let entries = Recorder.order(MemorySupply(shifted.byActor)).entries
        var place: [String: Int] = [:]
        for (at, entry) in entries.enumerated() {
            place["\(entry.actor)@\(entry.time - (shifts[entry.actor] ?? 0))"] = at
        }
        #expect(place.count == logs.history.count, "every event is handed out once")
        for (a, b) in PairOracle(logs.history).pairs {
            let first = place["\(logs.history[a].actor)@\(logs.history[a].time)"] ?? -1
            let second = place["\(logs.history[b].actor)@\(logs.history[b].time)"] ?? -1
            if first >= second {
                Issue.record("\(logs.history[a]) stands after \(logs.history[b]), which it happened before")
                return
            }
        }
    }

    @Test(
        "no message of a Raft cluster is received before it is sent, with clocks off by up to an hour", arguments: 0..<6
    )
    func raft(seed: UInt64) throws {
        let trace = RaftTrace(seed: seed, skew: Nanoseconds.hour)
        var supply = MemorySupply(trace.logs, batchSize: 64)
        var order = try SettledOrder(&supply)
        var recorder = Recorder()
        try order.run(&recorder)
        var place: [[Int]] = trace.logs.map { $0.map { _ in -1 } }
        for (at, entry) in recorder.entries.enumerated() { place[entry.source][Int(entry.line) - 1] = at }
        var sent: [String: Int] = [:]
        for (server, log) in trace.logs.enumerated() {
            for (line, event) in log.enumerated() { if let id = event.id { sent[id] = place[server][line] } }
        }
        var edges = 0
        for (server, log) in trace.logs.enumerated() {
            for (line, event) in log.enumerated() {
                if line > 0 { #expect(place[server][line - 1] < place[server][line], "own order is reversed") }
                for cause in event.causes {
                    edges += 1
                    #expect(try #require(sent[cause]) < place[server][line], "the receipt of \(cause) comes first")
                }
            }
        }
        #expect(edges > 900 && recorder.entries.count == trace.logs.reduce(0) { $0 + $1.count })
        for (a, one) in trace.offsets.enumerated() {
            for (b, other) in trace.offsets.enumerated() where a != b {
                guard let first = order.symbols.find(RaftTrace.name(a)),
                    let second = order.symbols.find(RaftTrace.name(b))
                else { continue }
                let bounds = order.skew.offset(
                    of: first, from: second, at: Timestamp(nanoseconds: trace.logs[a][trace.logs[a].count / 2].time))
                #expect(
                    bounds.contains(one - other), "clocks \(one - other) ns apart are said to stand \(bounds) apart")
                #expect(
                    bounds.upperBound - bounds.lowerBound < 21 * Nanoseconds.second,
                    "two that talk by way of a third: lines may be late by 5 s each way on both legs"
                )
            }
        }
    }

    @Test("records with counters may stand in any number of files", arguments: 0..<30)
    func parts(seed: Int) {
        let logs = RandomLogs(seed: UInt64(seed), actors: 3, events: 240, skew: 3 * Nanoseconds.second)
        let expected = Recorder.order(MemorySupply(logs.byActor)).entries.map { "\($0.actor) \($0.counter)" }
        var random = SeededGenerator(seed: UInt64(seed) &+ 11)
        for count in [2, 3, 8] {
            var files = Array(repeating: [MemorySupply.Event](), count: count)
            for event in logs.history { files[Int.random(in: 0..<count, using: &random)].append(event) }
            let (entries, notes) = Recorder.order(MemorySupply(files.filter { !$0.isEmpty }))
            #expect(entries.map { "\($0.actor) \($0.counter)" } == expected, "\(count) parts")
            #expect(notes.actors.allSatisfy { $0.gaps.count == 0 && $0.restarts.count == 0 && $0.processes == 1 })
        }
    }

    @Test("memory changes nothing", arguments: 0..<20)
    func memory(seed: Int) {
        let logs = MixedLogs(seed: UInt64(seed))
        let expected = Recorder.order(MemorySupply(logs.byActor)).entries
        for bytes in [0, 4096] {
            var options = OrderOptions()
            options.frameBytes = bytes
            #expect(Recorder.order(MemorySupply(logs.byActor, batchSize: 5), options).entries == expected)
        }
    }

    @Test("a cause that no log holds is counted, named by its digest, and delays nothing")
    func missingCause() {
        let a = (0..<5).map { MemorySupply.Event(time: Int64($0) * 10, actor: "a", id: "a\($0)") }
        let b = [MemorySupply.Event(time: 25, actor: "b", causes: ["lost-1"])]
        let (entries, notes) = Recorder.order(MemorySupply([a, b]))
        #expect(entries.map(\.time) == [0, 10, 20, 25, 30, 40])
        #expect(notes.missingNameCount == 1)
        #expect(notes.missingNames.first?.record.time.nanoseconds == 25)
    }

    @Test("ids of several actors and generations of several creators order nothing, and are counted")
    func ambiguousNames() {
        let a = [MemorySupply.Event(time: 50, actor: "a", id: "x")]
        let b = [MemorySupply.Event(time: 60, actor: "b", id: "x")]
        let c = [MemorySupply.Event(time: 10, actor: "c", causes: ["x"])]
        let (entries, notes) = Recorder.order(MemorySupply([a, b, c]))
        #expect(entries.map(\.actor) == ["c", "a", "b"])
        #expect(notes.ambiguousNames == 1)
    }

    @Test("a line that is there twice, in files of two processes, bears its id once")
    func duplicateName() {
        func event(_ second: Int64, id: String? = nil, causes: [String] = []) -> MemorySupply.Event {
            MemorySupply.Event(time: second * Nanoseconds.second + 1, actor: "a", id: id, causes: causes)
        }
        let sent = event(25, id: "m")
        let one = [event(10), event(12), sent, event(20, causes: ["m"]), event(30)]
        let two = [sent, event(26)]
        let (entries, notes) = Recorder.order(MemorySupply([one, two]))
        #expect(notes.actors.map(\.processes) == [2] && notes.actors.map(\.duplicates) == [1])
        #expect(
            entries.filter { $0.source == 0 }.map(\.line) == [1, 2, 3, 4, 5],
            "the receipt of m comes behind its sending")
        #expect(notes.ambiguousNames == 0)
    }

    @Test("creations inside a cycle are dropped before causes, and named")
    func cycleOfCreation() {
        var create = MemorySupply.Event(time: 30, actor: "p", causes: ["used"])
        create.kind = .planCreated
        create.plan = 7
        var use = MemorySupply.Event(time: 20, actor: "e", id: "used")
        use.kind = .runStarted
        use.plan = 7
        let (entries, notes) = Recorder.order(MemorySupply([[create], [use]]))
        #expect(entries.map(\.actor) == ["e", "p"], "the cause holds, the creation does not")
        #expect(notes.actors.first { $0.droppedCauses.count > 0 }?.droppedCauses.count == 1)
        #expect(notes.circleCount == 0)
    }

    @Test("circles of many records are named, hang nothing and stand by time", arguments: 0..<20)
    func circles(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var logs = RandomLogs(seed: UInt64(seed), actors: 4, events: 150, skew: 0)
        for _ in 0..<6 {
            let at = Int.random(in: 0..<100, using: &random)
            let later = Int.random(in: (at + 1)..<150, using: &random)
            let other = logs.history[later]
            if other.actor == logs.history[at].actor { continue }
            // From here on the actor claims to know what comes later.
            for next in at..<150 where logs.history[next].actor == logs.history[at].actor {
                logs.history[next].clock[other.actor] = max(
                    logs.history[next].clock[other.actor] ?? 0, other.clock[other.actor] ?? 0)
            }
        }
        let expected = PairOracle(logs.history).sequence.map { "\($0.actor) \($0.clock[$0.actor] ?? 0)" }
        let entries = Recorder.order(MemorySupply(logs.byActor)).entries
        #expect(entries.map { "\($0.actor) \($0.counter)" } == expected)
    }
}

/// Logs of actors of whom some keep vector clocks and some do not, who name causes and create plans; clocks are hours apart.
struct MixedLogs {
    var history: [MemorySupply.Event] = []
    var actors: [String]

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed &+ 1)
        let count = 2 + Int(seed % 4)
        actors = (0..<count).map { "actor-\($0)" }
        let offsets = actors.map { _ in Int64.random(in: -4000...4000, using: &random) * Nanoseconds.second }
        let hasClock = actors.map { _ in Int.random(in: 0..<3, using: &random) > 0 }
        var clocks = actors.map { _ in [String: Int64]() }
        var sent: [String] = []
        var plans: [Int64] = []
        for step in 0..<(60 + Int(seed % 40)) {
            let at = Int.random(in: 0..<count, using: &random)
            var event = MemorySupply.Event(
                time: Int64(step) * Nanoseconds.second + offsets[at], actor: actors[at])
            if hasClock[at] {
                let other = Int.random(in: 0..<count, using: &random)
                if hasClock[other], Int.random(in: 0..<3, using: &random) == 0 {
                    clocks[at].merge(clocks[other], uniquingKeysWith: max)
                }
                clocks[at][actors[at], default: 0] += 1
                event.clock = clocks[at]
            }
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1:
                event.id = "event-\(step)"
                sent.append("event-\(step)")
            case 2:
                if let cause = sent.randomElement(using: &random) { event.causes = [cause] }
            case 3:
                if at == 0 {
                    event.kind = .planCreated
                    event.plan = Int64(plans.count + 1)
                    plans.append(Int64(plans.count + 1))
                } else if let plan = plans.randomElement(using: &random) {
                    event.plan = plan
                }
            default: break
            }
            history.append(event)
        }
    }

    /// One source an actor.
    var byActor: [[MemorySupply.Event]] {
        actors.map { name in history.filter { $0.actor == name } }.filter { !$0.isEmpty }
    }
}

/// Happened-before and the sequence by section 3 of EVENTS.md, for records that stand in their actors' order: by all pairs.
struct PairOracle {
    private let events: [MemorySupply.Event]
    private var after: [Set<Int>]

    init(_ events: [MemorySupply.Event]) {
        self.events = events
        after = events.map { _ in [] }
        for a in events.indices {
            for b in events.indices where a != b && isEdge(a, b) { after[a].insert(b) }
        }
        let edges = after
        close()
        // Every edge between two records that each happened before the other goes.
        let reach = after
        after = events.indices.map { a in edges[a].filter { !(reach[$0].contains(a) && reach[a].contains($0)) } }
        close()
    }

    /// All pairs of which the first happened before the second.
    var pairs: [(Int, Int)] { events.indices.flatMap { a in after[a].map { (a, $0) } } }

    /// Of the records whose causes have all been taken, the one of smallest time, then name, first.
    var sequence: [MemorySupply.Event] {
        var left = Set(events.indices)
        var sequence: [MemorySupply.Event] = []
        while !left.isEmpty {
            let ready = left.filter { b in !left.contains { after[$0].contains(b) } }
            guard let next = ready.min(by: { key($0) < key($1) }) else { return sequence }
            sequence.append(events[next])
            left.remove(next)
        }
        return sequence
    }

    private func key(_ at: Int) -> (Int64, String, Int) { (events[at].time, events[at].actor, at) }

    private func isEdge(_ a: Int, _ b: Int) -> Bool {
        let (one, other) = (events[a], events[b])
        if one.actor == other.actor { return a < b }
        if let own = one.clock[one.actor], other.clock[one.actor] ?? 0 >= own, other.clock[other.actor] != nil {
            return true
        }
        if let id = one.id, other.causes.contains(id) { return true }
        return one.kind == .planCreated && one.plan != nil && one.plan == other.plan && other.clock.isEmpty
    }

    private mutating func close() {
        for middle in events.indices {
            for a in events.indices where after[a].contains(middle) { after[a].formUnion(after[middle]) }
        }
    }
}
