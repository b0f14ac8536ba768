import EventModel

/// Compares wall clocks of different actors within the skew's bounds, and remembers the bounds that it looked up last.
struct WallClocks: Sendable {
    private let skew: any SkewBounds
    /// Each pair of actors in each ten minutes has its place here, which others may take in turn.
    private var known = Array(repeating: Known(), count: 1024)

    private struct Known: Sendable {
        var a = Symbol.none
        var b = Symbol.none
        var window: Int64 = 0
        var offset: ClosedRange<Int64> = 0...0
    }

    init(_ skew: any SkewBounds) {
        self.skew = skew
    }

    /// The possible true spans from one event to another, in nanoseconds.
    mutating func span(from x: RecordRef, to y: RecordRef) -> ClosedRange<Int64> {
        span(from: x.time, of: x.actor, to: y.time, of: y.actor)
    }

    /// The same of two times that clocks of two actors showed.
    mutating func span(from x: Timestamp, of a: Symbol, to y: Timestamp, of b: Symbol) -> ClosedRange<Int64> {
        let difference = y.since(x)
        let offset = offset(of: a, from: b, at: x.nanoseconds)
        return Self.sum(difference, offset.lowerBound)...Self.sum(difference, offset.upperBound)
    }

    /// A time that the clock of `a` showed, as the clock of `actor` would most likely have shown it.
    mutating func time(_ time: Int64, of a: Symbol, for actor: Symbol) -> Int64 {
        Self.sum(time, 0 - Self.middle(offset(of: a, from: actor, at: time)))
    }

    /// The middle of a range of spans.
    static func middle(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound / 2 + range.upperBound / 2 + (range.lowerBound % 2 + range.upperBound % 2) / 2
    }

    private mutating func offset(of a: Symbol, from b: Symbol, at time: Int64) -> ClosedRange<Int64> {
        if a == b { return 0...0 }
        let window = time / (10 * Nanoseconds.minute)
        let mixed = (UInt64(a.index) &* 31 &+ UInt64(b.index)) &* 31 &+ UInt64(truncatingIfNeeded: window)
        let place = Int(mixed % UInt64(known.count))
        if known[place].a != a || known[place].b != b || known[place].window != window {
            let offset = skew.offset(of: a, from: b, at: Timestamp(nanoseconds: time))
            known[place] = Known(a: a, b: b, window: window, offset: offset)
        }
        return known[place].offset
    }

    private static func sum(_ a: Int64, _ b: Int64) -> Int64 {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? (b > 0 ? .max : .min) : sum
    }
}
