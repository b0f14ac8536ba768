import EventModel

/// The bounds that one span of time sets between the clocks of the actors which it knows.
struct SkewTable {
    /// Sorted by number.
    private let actors: [Symbol]
    /// What messages told directly.
    private var direct: [Pair: Int64] = [:]
    /// The tightest bound for each pair by any chain, row by row, `open` where there is none; empty unless it was worked out.
    private var tightest: [Int64] = []

    private static let open = Int64.max

    private struct Pair: Hashable {
        var a: Symbol
        var b: Symbol
    }

    /// - Parameter closed: whether bounds are to be tightened by chains of any length, which takes actors³ steps; else by one third actor,
    ///   when asked for.
    init(_ known: [SettledSkew.Bound], closed: Bool) {
        actors = Self.actors(of: known)
        for bound in known {
            let pair = Pair(a: bound.of, b: bound.from)
            direct[pair] = min(direct[pair] ?? Self.open, bound.most)
        }
        guard closed, let tightest = closure() else { return }
        self.tightest = tightest
        direct.removeAll()
    }

    /// The actors that bounds name, by number.
    static func actors(of bounds: [SettledSkew.Bound]) -> [Symbol] {
        Set(bounds.flatMap { [$0.of, $0.from] }).sorted { $0.index < $1.index }
    }

    /// The least bound on (clock of `a` − clock of `b`); nil where there is none.
    func most(of a: Symbol, from b: Symbol) -> Int64? {
        if !tightest.isEmpty {
            guard let i = index(of: a), let j = index(of: b) else { return nil }
            let bound = tightest[i * actors.count + j]
            return bound == Self.open ? nil : bound
        }
        if let bound = direct[Pair(a: a, b: b)] { return bound }
        var least: Int64?
        for third in actors {
            guard let first = direct[Pair(a: a, b: third)], let second = direct[Pair(a: third, b: b)] else { continue }
            least = min(least ?? Self.open, first + second)
        }
        return least
    }

    private func index(of actor: Symbol) -> Int? {
        var low = 0
        var high = actors.count
        while low < high {
            let middle = (low + high) / 2
            if actors[middle].index < actor.index { low = middle + 1 } else { high = middle }
        }
        return low < actors.count && actors[low] == actor ? low : nil
    }

    /// Every bound tightened by all chains of others (Floyd–Warshall); nil where the bounds contradict one another.
    private func closure() -> [Int64]? {
        let n = actors.count
        var tight = Array(repeating: Self.open, count: n * n)
        for i in 0..<n {
            for j in 0..<n { tight[i * n + j] = i == j ? 0 : direct[Pair(a: actors[i], b: actors[j])] ?? Self.open }
        }
        for through in 0..<n {
            for a in 0..<n where tight[a * n + through] != Self.open {
                let first = tight[a * n + through]
                for b in 0..<n where tight[through * n + b] != Self.open {
                    let (sum, overflow) = first.addingReportingOverflow(tight[through * n + b])
                    if overflow { return nil }
                    if sum < tight[a * n + b] { tight[a * n + b] = sum }
                }
            }
            // A clock that differs from itself was set within the span.
            for i in 0..<n where tight[i * n + i] < 0 { return nil }
        }
        return tight
    }
}
