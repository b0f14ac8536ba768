import EventModel

/// A small race for one endpoint, as it happened and as its logs tell of it. Everything about how the logs look is drawn by chance: who
/// writes a clock, whether the store has a log, commits, or answers with what it replaced, and how late requests and answers are.
///
/// It shares nothing with the detector but the words of the log: `possibleOrders` is nothing but the rules of EVENTS.md section 5, tried on every
/// order of the effects.
struct PlanRace {
    /// What the store did, in the order in which it did it.
    struct Effect {
        var writer: Int
        var plan: Int64
        var displaced: Int64
        /// The events of the log, by number there; −1 where none is logged.
        var sending = -1
        var answer = -1
        var stored = -1
    }

    private(set) var log = LogBuilder()
    private(set) var effects: [Effect] = []
    let hasClocks: Bool
    let hasStoreLog: Bool
    let hasCommits: Bool
    let hasReplaces: Bool
    /// What each event knows: the events that happened before it, itself among them.
    private(set) var past: [Set<Int>] = []

    static let writers = ["a", "b", "c"]

    init(seed: UInt64, effects count: Int = 5) {
        var random = SeededGenerator(seed: seed)
        func chance(_ n: Int) -> Bool { Int.random(in: 0..<n, using: &random) == 0 }
        hasClocks = !chance(3)
        hasStoreLog = chance(2)
        hasCommits = chance(3)
        hasReplaces = chance(3)
        let logsSendings = !chance(4)
        let tellsStoresTime = chance(3)

        // Each writer sends one write at a time; the store takes them in between sending and answer.
        enum Step { case send(Int), apply(Int), answer(Int) }
        var phases = Array(repeating: 0, count: Self.writers.count)
        var plans = Array(repeating: Int64(0), count: Self.writers.count)
        var current = Array(repeating: -1, count: Self.writers.count)
        var clocks: [[String: Int64]] = Array(repeating: [:], count: Self.writers.count + 1)
        var knows: [Set<Int>] = Array(repeating: [], count: Self.writers.count + 1)
        // What the store knew as it took each writer's write, which its answer tells.
        var reply: [(clock: [String: Int64], known: Set<Int>)] = Array(repeating: ([:], []), count: Self.writers.count)
        let store = Self.writers.count
        var active: Int64 = 0
        var seconds = 0.0

        /// Logs an event of an actor, which learns what `other` knows first.
        func write(
            _ actor: Int, hears other: Int?, _ kind: EventKind, _ plan: Int64, replaces: Int64? = nil,
            commit: Int64? = nil, by: String? = nil, store storeName: String? = nil, isLogged: Bool = true
        ) -> Int {
            let name = actor == store ? "store" : Self.writers[actor]
            if let other {
                clocks[actor].merge(clocks[other], uniquingKeysWith: max)
                knows[actor].formUnion(knows[other])
            }
            guard isLogged else { return -1 }
            clocks[actor][name, default: 0] += 1
            let number = log.events.count
            knows[actor].insert(number)
            past.append(knows[actor])
            log.add(
                name, seconds, kind, plan, clock: hasClocks ? clocks[actor] : [:], replaces: replaces, commit: commit,
                store: storeName, by: by)
            return number
        }

        while effects.count < count || phases.contains(where: { $0 != 0 }) {
            seconds += Double(Int.random(in: 1...40, using: &random)) / 10
            let writer = Int.random(in: 0..<Self.writers.count, using: &random)
            switch phases[writer] {
            case 0:
                if effects.count + phases.count(where: { $0 == 1 }) >= count { continue }
                plans[writer] = Int64.random(in: 1...6, using: &random)
                current[writer] = write(writer, hears: nil, .planApplying, plans[writer], isLogged: logsSendings)
                phases[writer] = 1
            case 1:
                var effect = Effect(writer: writer, plan: plans[writer], displaced: active)
                effect.sending = current[writer]
                effect.stored = write(
                    store, hears: writer, .changeCommitted, plans[writer],
                    commit: hasCommits ? Int64(effects.count + 1) : nil, by: Self.writers[writer],
                    isLogged: hasStoreLog)
                if !hasStoreLog, hasClocks { clocks[store]["store", default: 0] += 1 }
                reply[writer] = (clocks[store], knows[store])
                active = plans[writer]
                current[writer] = effects.count
                effects.append(effect)
                phases[writer] = 2
            default:
                let effect = effects[current[writer]]
                if hasStoreLog {
                    clocks[writer].merge(reply[writer].clock, uniquingKeysWith: max)
                    knows[writer].formUnion(reply[writer].known)
                }
                // A writer that meanwhile heard of later effects from others cannot say when its own was.
                let isTold = clocks[writer]["store"] == reply[writer].clock["store"]
                effects[current[writer]].answer = write(
                    writer, hears: nil, .planApplied, plans[writer], replaces: hasReplaces ? effect.displaced : nil,
                    commit: hasCommits ? Int64(current[writer] + 1) : nil,
                    store: tellsStoresTime && hasStoreLog && isTold ? "store" : nil)
                phases[writer] = 0
                // Now and then writers hear of one another.
                if chance(3) {
                    let other = Int.random(in: 0..<Self.writers.count, using: &random)
                    if other != writer {
                        clocks[other].merge(clocks[writer], uniquingKeysWith: max)
                        knows[other].formUnion(knows[writer])
                    }
                }
            }
        }
    }

    /// Whether the logs put one effect before another by rules 1 to 3.
    private func isBefore(_ a: Int, _ b: Int) -> Bool {
        if hasCommits || hasStoreLog { return a < b }
        let (x, y) = (effects[a], effects[b])
        if x.answer < 0 || y.sending < 0 { return false }
        // Without clocks a writer still knows its own order.
        return hasClocks
            ? past[y.sending].contains(x.answer) : x.writer == y.writer && x.answer < y.sending
    }

    /// Every order of the effects that the rules allow: 1 to 3, and 4 too if `replaces`.
    func possibleOrders(replaces: Bool) -> [[Int]] {
        let before = effects.indices.map { b in effects.indices.map { a in a != b && isBefore(a, b) } }
        var found: [[Int]] = []
        func extend(_ order: [Int]) {
            if order.count == effects.count { return found.append(order) }
            for next in effects.indices where !order.contains(next) {
                let isHeldBack = effects.indices.contains { !order.contains($0) && before[next][$0] }
                if isHeldBack { continue }
                if replaces, hasReplaces, effects[next].displaced != order.last.map({ effects[$0].plan }) ?? 0 {
                    continue
                }
                extend(order + [next])
            }
        }
        extend([])
        return found
    }

    /// An overwrite in the words of the oracle.
    struct Overwrite: Hashable {
        var writer: String
        var plan: Int64
        var displaced: Int64
        /// The write's own record.
        var line: Int
    }

    /// The overwrites of one order of the effects.
    func overwrites(in order: [Int]) -> Set<Overwrite> {
        var found: Set<Overwrite> = []
        for (x, y) in zip(order, order.dropFirst()) where effects[y].plan < effects[x].plan {
            found.insert(
                Overwrite(
                    writer: Self.writers[effects[y].writer], plan: effects[y].plan, displaced: effects[x].plan,
                    line: effects[y].answer + 1))
        }
        return found
    }
}
