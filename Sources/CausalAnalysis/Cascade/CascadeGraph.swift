import EventModel

/// The windows in an order in which causes stand ahead of effects, and what joins them, made of the first chain between
/// each two.
struct CascadeGraph {
    struct Pair: Hashable {
        var from: Int
        var to: Int
    }

    /// The windows' indices as given, in the order of the graph: by onset, causes ahead of what they began.
    private(set) var order: [Int]
    /// By the windows' numbers in `order`.
    private(set) var edges: [Cascade.Edge] = []

    /// A window that ends so soon after its trigger ended with it; one that a chain reaches so soon after its onset was
    /// begun by it.
    static let slack = 5 * Nanoseconds.minute
    /// Four steps have so many records.
    private static let longest = 5
    /// Onsets are known to so much: queues and services are sampled.
    private static let uncertainty = Nanoseconds.minute

    private let windows: [CascadeWindows.Window]
    private var chains: [Pair: [RecordRef]]
    /// What each window began.
    private var began: [[Int]]

    /// - Parameter windows: by onset.
    init(_ windows: [CascadeWindows.Window], _ chains: [Pair: [RecordRef]]) {
        self.windows = windows
        self.chains = chains
        order = Array(windows.indices)
        began = windows.map { _ in [] }
        joinAround()
        joinBeginnings()
        prune()
        sort()
        let prolonged = prolonging()
        var number = order
        for (at, window) in order.enumerated() { number[window] = at }
        for from in windows.indices {
            for to in windows.indices {
                let role: Cascade.Edge.Role? =
                    began[from].contains(to) ? .began : prolonged.contains(Pair(from: from, to: to)) ? .prolonged : nil
                guard let role, let chain = chains[Pair(from: from, to: to)] else { continue }
                edges.append(Cascade.Edge(from: number[from], to: number[to], role: role, chain: chain))
            }
        }
        edges.sort { ($0.from, $0.to) < ($1.from, $1.to) }
    }

    /// Where a window began after one that it leads to, what led to the former leads to the latter by it: through two
    /// records of one process.
    private mutating func joinAround() {
        let direct = chains
        for (pair, chain) in direct where windows[pair.from].at > windows[pair.to].at {
            for first in windows.indices where first != pair.to && windows[first].at <= windows[pair.to].at {
                let around = Pair(from: first, to: pair.to)
                guard let ahead = direct[Pair(from: first, to: pair.from)],
                    let known = ahead.last, let next = chain.first, known.process == next.process,
                    known.stamp <= next.stamp, let arrival = chain.last?.time
                else { continue }
                let joined = ahead + (known == next ? chain.dropFirst() : chain[...])
                let isFirst = chains[around]?.last.map { arrival < $0.time } ?? true
                if isFirst, joined.count <= CascadeGraph.longest { chains[around] = joined }
            }
        }
    }

    /// A window began another that started later, or so little earlier that nobody can tell, where the first chain
    /// arrives by the other's onset or soon after it; of two that could have begun each other the one whose chain
    /// arrived first; never in a circle.
    private mutating func joinBeginnings() {
        var unsure: [(pair: Pair, arrival: Timestamp)] = []
        for from in windows.indices {
            for to in windows.indices where from != to {
                guard let arrival = arrival(from, to) else { continue }
                if let back = self.arrival(to, from), (back, to) < (arrival, from) { continue }
                if windows[from].onset < windows[to].onset {
                    began[from].append(to)
                } else {
                    unsure.append((Pair(from: from, to: to), arrival))
                }
            }
        }
        unsure.sort { ($0.arrival, $0.pair.from, $0.pair.to) < ($1.arrival, $1.pair.from, $1.pair.to) }
        for (pair, _) in unsure where !reaches(pair.to, pair.from) { began[pair.from].append(pair.to) }
        for from in windows.indices { began[from].sort() }
    }

    /// A window, and all that began it, directly or not.
    func causes(of window: Int) -> [Int] { windows.indices.filter { reaches($0, window) } }

    /// When the chain arrived by which one window may have begun another.
    private func arrival(_ from: Int, _ to: Int) -> Timestamp? {
        guard let chain = chains[Pair(from: from, to: to)] else { return nil }
        let arrival = chain.last?.time ?? windows[to].onset
        let ahead = windows[to].onset.since(windows[from].onset)
        let isTimely = arrival.since(windows[to].onset) <= CascadeGraph.slack && ahead >= -CascadeGraph.uncertainty
        // Nothing is told to have begun before what began it.
        return isTimely && windows[from].at <= windows[to].at ? arrival : nil
    }

    /// Where a record belongs to several windows, each of which began the next, only the last of these leads on by it;
    /// and what another window that this one began had begun before was not begun again by a later chain.
    private mutating func prune() {
        let all = began
        for from in windows.indices {
            let led = reached(from)
            began[from] = all[from].filter { to in
                let chain = chains[Pair(from: from, to: to)] ?? []
                guard let arrival = chain.last?.time else { return true }
                return !windows.indices.contains { middle in
                    guard middle != from, middle != to, all[middle].contains(to), led.contains(middle),
                        let other = chains[Pair(from: middle, to: to)], let first = other.last?.time
                    else { return false }
                    return first < arrival || chain.count > 1 && other == chain && all[from].contains(middle)
                }
            }
        }
    }

    private func reaches(_ start: Int, _ goal: Int) -> Bool { reached(start).contains(goal) }

    /// The windows that one began, directly or not, and itself.
    private func reached(_ start: Int) -> Set<Int> {
        var seen = Set([start])
        var open = [start]
        while let at = open.popLast() {
            for next in began[at] where seen.insert(next).inserted { open.append(next) }
        }
        return seen
    }

    /// Kahn's algorithm, the earliest onset first among what may come.
    private mutating func sort() {
        var waiting = windows.map { _ in 0 }
        for effects in began { for effect in effects { waiting[effect] += 1 } }
        var left = Array(windows.indices)
        order = []
        while let at = left.firstIndex(where: { waiting[$0] == 0 }) {
            let window = left.remove(at: at)
            order.append(window)
            for effect in began[window] { waiting[effect] -= 1 }
        }
    }

    /// Chains between windows of which neither began the other: the one whose chain came first kept the other going,
    /// unless that is told already by windows between.
    private func prolonging() -> Set<Pair> {
        var result: Set<Pair> = []
        for from in windows.indices {
            for to in windows.indices where to > from && !began[from].contains(to) && !began[to].contains(from) {
                let (there, back) = (Pair(from: from, to: to), Pair(from: to, to: from))
                let ahead = reaches(from, to) ? nil : chains[there]?.last?.time
                switch (ahead, reaches(to, from) ? nil : chains[back]?.last?.time) {
                case (let a?, let b?): result.insert(a <= b ? there : back)
                case (_?, nil): result.insert(there)
                case (nil, _?): result.insert(back)
                case (nil, nil): break
                }
            }
        }
        return result.filter { !isTold($0, by: result) }
    }

    /// Whether another window that this one began kept the other going before.
    private func isTold(_ pair: Pair, by prolonged: Set<Pair>) -> Bool {
        guard let arrival = chains[pair]?.last?.time else { return false }
        return windows.indices.contains { middle in
            let onward = Pair(from: middle, to: pair.to)
            guard middle != pair.from, prolonged.contains(onward), let first = chains[onward]?.last?.time else {
                return false
            }
            return first <= arrival && reaches(pair.from, middle)
        }
    }
}
