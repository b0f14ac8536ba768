import EventModel

/// The windows in an order in which causes stand ahead of effects, and what joins them, made of the first chain between each two.
struct CascadeGraph {
    struct Pair: Hashable {
        var from: Int
        var to: Int
    }

    /// The windows' indices as given, in the order of the graph: by onset, causes ahead of what they began.
    private(set) var order: [Int]
    /// By the windows' numbers in `order`.
    private(set) var edges: [Cascade.Edge] = []

    /// A window that ends so soon after its trigger ended with it; one that a chain reaches so soon after its onset was begun by it.
    static let slack = 5 * Nanoseconds.minute
    /// Onsets are known to so much: queues and services are sampled.
    private static let uncertainty = Nanoseconds.minute

    private let windows: [CascadeWindows.Window]
    private let chains: [Pair: [RecordRef]]
    /// What each window began.
    private var began: [[Int]]

    /// - Parameter windows: by onset.
    init(_ windows: [CascadeWindows.Window], _ chains: [Pair: [RecordRef]]) {
        self.windows = windows
        self.chains = chains
        order = Array(windows.indices)
        began = windows.map { _ in [] }
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

    /// A window began another that started later, or so little earlier that nobody can tell, where the first chain arrives by the other's
    /// onset or soon after it; never in a circle.
    private mutating func joinBeginnings() {
        for isSure in [true, false] {
            for from in windows.indices {
                for to in windows.indices where (from < to) == isSure && from != to {
                    guard let chain = chains[Pair(from: from, to: to)] else { continue }
                    let arrival = chain.last?.time ?? windows[to].at
                    let ahead = windows[to].at.since(windows[from].at)
                    if arrival.since(windows[to].at) > CascadeGraph.slack || ahead < -CascadeGraph.uncertainty {
                        continue
                    }
                    if !isSure, reaches(to, from) { continue }
                    began[from].append(to)
                }
            }
        }
    }

    /// Where a record belongs to several windows, each of which began the next, only the last of these leads on by it.
    private mutating func prune() {
        for from in windows.indices {
            let effects = began[from]
            began[from] = effects.filter { to in
                guard let chain = chains[Pair(from: from, to: to)], chain.count > 1 else { return true }
                return !effects.contains { middle in
                    middle != to && began[middle].contains(to) && chains[Pair(from: middle, to: to)] == chain
                }
            }
        }
    }

    private func reaches(_ start: Int, _ goal: Int) -> Bool {
        var seen = Set([start])
        var open = [start]
        while let at = open.popLast() {
            if at == goal { return true }
            for next in began[at] where seen.insert(next).inserted { open.append(next) }
        }
        return false
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

    /// Chains between windows of which neither began the other: the one whose chain came first kept the other going, unless that is
    /// told already by windows between.
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
        return result
    }
}
