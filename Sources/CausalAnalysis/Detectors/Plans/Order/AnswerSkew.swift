import EventModel

/// The skew's bounds with what a store's answers tell beside them: a write takes effect between its sending and its answer.
///
/// Only writes count of which sending, answer and store's record belong together beyond doubt. Logs without vector clocks have no other
/// bound in both directions between those who write and the stores.
struct AnswerSkew: SkewBounds {
    private struct Pair: Hashable {
        var writer: Symbol
        var store: Symbol
    }

    /// What is known of (clock of the writer − clock of the store).
    private struct Bounds: Sendable {
        var low = Int64.min
        var high = Int64.max
        /// The loosest of what was told, where a clock was set meanwhile.
        var least = Int64.max
        var most = Int64.min

        mutating func add(_ low: Int64?, _ high: Int64?) {
            if let low {
                self.low = max(self.low, low)
                least = min(least, low)
            }
            if let high {
                self.high = min(self.high, high)
                most = max(most, high)
            }
        }

        mutating func add(_ other: Bounds) {
            low = max(low, other.low)
            high = min(high, other.high)
            least = min(least, other.least)
            most = max(most, other.most)
        }

        /// One side that nothing bounds stands off by no more than so much.
        func range(atMost width: Int64) -> ClosedRange<Int64>? {
            switch (low == .min, high == .max) {
            case (true, true): nil
            case (true, false): high &- width...high
            case (false, true): low...low &+ width
            case (false, false): low <= high ? low...high : min(least, high)...max(most, low)
            }
        }
    }

    private let base: any SkewBounds
    private var pairs: [Pair: Bounds] = [:]
    private var stores: Set<Symbol> = []

    init(_ base: any SkewBounds) {
        self.base = base
    }

    /// Learns from a write: when it was sent and answered, by the writer's clock, and when it took effect, by the store's.
    mutating func learn(sent: Moment?, stored: Moment, answered: Moment?) {
        guard let writer = (sent ?? answered)?.actor, writer != stored.actor else { return }
        pairs[Pair(writer: writer, store: stored.actor), default: Bounds()].add(
            sent.map { $0.time.subtractingReportingOverflow(stored.time).partialValue },
            answered.map { $0.time.subtractingReportingOverflow(stored.time).partialValue })
        stores.insert(stored.actor)
    }

    /// Takes over what was learned of other writes.
    mutating func merge(_ other: AnswerSkew) {
        for (pair, bounds) in other.pairs { pairs[pair, default: Bounds()].add(bounds) }
        stores.formUnion(other.stores)
    }

    var sharedClocks: SharedClocks { base.sharedClocks }

    func offset(of a: Symbol, from b: Symbol, at time: Timestamp) -> ClosedRange<Int64> {
        let known = base.offset(of: a, from: b, at: time)
        if a == b || pairs.isEmpty { return known }
        var told = direct(a, b, at: time)
        // Two writers by way of each store that answered both.
        for store in stores where told == nil || (a != store && b != store) {
            guard let first = direct(a, store, at: time), let second = direct(store, b, at: time) else { continue }
            let sum = first.lowerBound &+ second.lowerBound...first.upperBound &+ second.upperBound
            told = told.map { Self.common($0, sum) } ?? sum
        }
        return told.map { Self.common(known, $0) } ?? known
    }

    private func direct(_ a: Symbol, _ b: Symbol, at time: Timestamp) -> ClosedRange<Int64>? {
        let assumed = base.offset(of: a, from: b, at: time)
        let width = assumed.upperBound / 2 - assumed.lowerBound / 2
        if let range = pairs[Pair(writer: a, store: b)]?.range(atMost: width) { return range }
        guard let range = pairs[Pair(writer: b, store: a)]?.range(atMost: width) else { return nil }
        return 0 &- range.upperBound...0 &- range.lowerBound
    }

    /// What two bounds leave; where they contradict each other, what the answers tell.
    private static func common(_ known: ClosedRange<Int64>, _ told: ClosedRange<Int64>) -> ClosedRange<Int64> {
        known.overlaps(told) ? known.clamped(to: told) : told
    }
}
