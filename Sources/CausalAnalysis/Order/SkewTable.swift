import EventModel

/// The bounds that one span of time sets between the clocks of the actors which it knows.
struct SkewTable {
    /// (clock of actor `of`) − (clock of actor `from`) ≤ `most`, in nanoseconds; actors by their number here.
    struct Bound {
        var of: Int32
        var from: Int32
        var most: Int64
    }

    /// Sorted by number.
    private let actors: [Symbol]
    /// The tightest bound for each pair by any chain, row by row, `open` where there is none; empty unless it was worked out.
    private let tightest: [Int64]
    /// Else what messages told directly, by the actor of whose clock it is, then by the one it counts from.
    private let bounds: [Bound]
    /// Where in `bounds` each actor's begin; and the places of those that count from each actor, by the one of whose clock it is.
    private let starts: [Int]
    private let fromEach: BoundLists

    private static let open = Int64.max

    /// - Parameters:
    ///   - actors: sorted by symbol.
    ///   - closed: whether bounds are to be tightened by chains of any length, which takes actors³ steps; else by one third actor, when
    ///     asked for.
    init(_ actors: [Symbol], _ known: [Bound], closed: Bool) {
        self.actors = actors
        tightest = closed ? Self.closure(actors.count, known) ?? [] : []
        let direct = tightest.isEmpty ? known : []
        let byFrom = BoundLists(direct.indices, actors.count) { direct[$0].from }
        let byOf = BoundLists(byFrom.places.lazy.map { Int($0) }, actors.count) { direct[$0].of }
        let bounds = byOf.places.map { direct[Int($0)] }
        fromEach = BoundLists(bounds.indices, actors.count) { bounds[$0].from }
        starts = byOf.starts
        self.bounds = bounds
    }

    /// The least bound on (clock of `a` − clock of `b`); nil where there is none.
    func most(of a: Symbol, from b: Symbol) -> Int64? {
        guard let i = index(of: a), let j = index(of: b) else { return nil }
        if !tightest.isEmpty {
            let bound = tightest[i * actors.count + j]
            return bound == Self.open ? nil : bound
        }
        return direct(i, j) ?? throughThird(i, j)
    }

    private func direct(_ a: Int, _ b: Int) -> Int64? {
        var low = starts[a]
        var high = starts[a + 1]
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle].from < b { low = middle + 1 } else { high = middle }
        }
        return low < starts[a + 1] && bounds[low].from == b ? bounds[low].most : nil
    }

    /// The least bound by way of one other actor.
    private func throughThird(_ a: Int, _ b: Int) -> Int64? {
        var least: Int64?
        var (i, j) = (starts[a], fromEach.starts[b])
        while i < starts[a + 1], j < fromEach.starts[b + 1] {
            let (one, other) = (bounds[i], bounds[Int(fromEach.places[j])])
            if one.from == other.of { least = min(least ?? Self.open, one.most + other.most) }
            if one.from <= other.of { i += 1 }
            if one.from >= other.of { j += 1 }
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
    private static func closure(_ n: Int, _ known: [Bound]) -> [Int64]? {
        var tight = Array(repeating: open, count: n * n)
        for i in 0..<n { tight[i * n + i] = 0 }
        for bound in known { tight[Int(bound.of) * n + Int(bound.from)] = bound.most }
        for through in 0..<n {
            for a in 0..<n where tight[a * n + through] != open {
                let first = tight[a * n + through]
                for b in 0..<n where tight[through * n + b] != open {
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
