import EventModel

/// Logs of actors that talk at random, with the clocks that they would keep.
struct RandomLogs {
    /// All events in the order in which they happened.
    var history: [MemorySupply.Event] = []
    var actors: [String]

    /// - Parameter skew: each actor's clock stands up to so far off.
    init(seed: UInt64, actors count: Int, events: Int, skew: Int64) {
        var random = SeededGenerator(seed: seed)
        actors = (0..<count).map { "actor-\($0)" }
        let offsets = actors.map { _ in skew == 0 ? 0 : Int64.random(in: -skew...skew, using: &random) }
        var clocks = actors.map { _ in [String: Int64]() }
        for step in 0..<events {
            let at = Int.random(in: 0..<count, using: &random)
            let me = actors[at]
            if Int.random(in: 0..<3, using: &random) == 0 {
                let other = Int.random(in: 0..<count, using: &random)
                clocks[at].merge(clocks[other], uniquingKeysWith: max)
            }
            clocks[at][me, default: 0] += 1
            history.append(
                MemorySupply.Event(
                    time: Int64(step) * Nanoseconds.second / 10 + offsets[at], actor: me, clock: clocks[at]))
        }
    }

    /// One source an actor.
    var byActor: [[MemorySupply.Event]] { actors.map { name in history.filter { $0.actor == name } } }

    /// Whether a happened before b, by section 3 of EVENTS.md.
    static func happenedBefore(_ a: MemorySupply.Event, _ b: MemorySupply.Event) -> Bool {
        let own = a.clock[a.actor] ?? 0
        if a.actor == b.actor { return own < b.clock[b.actor] ?? 0 }
        return b.clock[a.actor] ?? 0 >= own
    }
}
