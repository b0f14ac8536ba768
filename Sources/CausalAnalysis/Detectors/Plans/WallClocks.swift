import EventModel

/// Compares wall clocks of different actors within the skew's bounds, which it looks up once for each pair.
struct WallClocks: Sendable {
    private let skew: any SkewBounds
    private var known: [Pair: ClosedRange<Int64>] = [:]

    private struct Pair: Hashable {
        var a: UInt32
        var b: UInt32
        var window: Int64
    }

    init(_ skew: any SkewBounds) {
        self.skew = skew
    }

    /// The possible true spans from one event to another, in nanoseconds.
    mutating func span(from x: Moment, to y: Moment) -> ClosedRange<Int64> {
        let difference = Timestamp(nanoseconds: y.time).since(Timestamp(nanoseconds: x.time))
        let offset = offset(of: x.actor, from: y.actor, at: x.time)
        return Self.sum(difference, offset.lowerBound)...Self.sum(difference, offset.upperBound)
    }

    /// An event's time as the clock of `actor` would most likely have shown it.
    mutating func time(of x: Moment, for actor: Symbol) -> Int64 {
        let offset = offset(of: actor, from: x.actor, at: x.time)
        return Self.sum(x.time, Self.middle(offset))
    }

    /// The middle of a range of spans.
    static func middle(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound / 2 + range.upperBound / 2 + (range.lowerBound % 2 + range.upperBound % 2) / 2
    }

    private mutating func offset(of a: Symbol, from b: Symbol, at time: Int64) -> ClosedRange<Int64> {
        if a == b { return 0...0 }
        let window = time / (10 * Nanoseconds.minute)
        let pair = Pair(a: a.index, b: b.index, window: window)
        if let range = known[pair] { return range }
        if known.count >= 4096 { known.removeAll(keepingCapacity: true) }
        let range = skew.offset(of: a, from: b, at: Timestamp(nanoseconds: time))
        known[pair] = range
        return range
    }

    private static func sum(_ a: Int64, _ b: Int64) -> Int64 {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? (b > 0 ? .max : .min) : sum
    }
}
