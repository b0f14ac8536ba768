import EventModel

/// Bounds on how far two actors' wall clocks stand apart, from happened-before: what was sent cannot have been received earlier.
///
/// For actors a and b, let offset = (clock of a − clock of b). A message from a to b gives offset ≤ received − sent … and one from b to
/// a bounds it from below; each for ten minutes of the log, since clocks drift and are set. Where messages run one way only, or none
/// do, `maximum` bounds the rest. Through third actors the bounds of two pairs add up.
package struct ClockSkew: SkewBounds {
    private let maximum: Int64
    private var pairs: [Key: Bounds] = [:]
    private var actors: Set<Symbol> = []

    /// Past this many pairs and spans of time the log is no longer split in time: hostile times cannot fill the memory.
    private static let limit = 200_000

    private struct Key: Hashable {
        var a: Symbol
        var b: Symbol
        var bucket: Int64
    }

    private struct Bounds {
        var low = Int64.min
        var high = Int64.max
    }

    package init(maximum: Int64) {
        self.maximum = maximum
    }

    /// Learns from one event that happened before another of another actor.
    mutating func message(from a: Symbol, sent: Int64, to b: Symbol, received: Int64) {
        if a == b { return }
        // sent − offset(a) ≤ received − offset(b), hence offset(a) − offset(b) ≥ sent − received.
        let least = sent.subtractingReportingOverflow(received).partialValue
        let isSorted = a.index < b.index
        var key = Key(a: isSorted ? a : b, b: isSorted ? b : a, bucket: ClockSkew.bucket(received))
        if pairs.count >= ClockSkew.limit, pairs[key] == nil { key.bucket = .max }
        var bounds = pairs[key] ?? Bounds()
        if isSorted { bounds.low = max(bounds.low, least) } else { bounds.high = min(bounds.high, 0 &- least) }
        pairs[key] = bounds
        actors.insert(a)
        actors.insert(b)
    }

    package func offset(of a: Symbol, from b: Symbol, at time: Timestamp) -> ClosedRange<Int64> {
        if a == b { return 0...0 }
        let bucket = ClockSkew.bucket(time.nanoseconds)
        var bounds = direct(a, b, bucket)
        if bounds.low == .min || bounds.high == .max, actors.count <= 256 {
            for third in actors.sorted(by: { $0.index < $1.index }) where third != a && third != b {
                let first = direct(a, third, bucket)
                let second = direct(third, b, bucket)
                if first.low != .min, second.low != .min {
                    bounds.low = max(bounds.low, first.low.addingReportingOverflow(second.low).partialValue)
                }
                if first.high != .max, second.high != .max {
                    bounds.high = min(bounds.high, first.high.addingReportingOverflow(second.high).partialValue)
                }
            }
        }
        let low = bounds.low == .min ? min(-maximum, bounds.high) : bounds.low
        let high = bounds.high == .max ? max(maximum, bounds.low) : bounds.high
        // Clocks set within the ten minutes contradict each other; then the wider reading holds.
        return low <= high ? low...high : high...low
    }

    /// All pairs of which something is known over the whole log, by actor: the widest reading of all spans.
    package func table(_ symbols: SymbolTable) -> [Quality.Skew] {
        var whole: [Key: Bounds] = [:]
        for (key, bounds) in pairs {
            var sum = whole[Key(a: key.a, b: key.b, bucket: 0)] ?? Bounds(low: .max, high: .min)
            sum.low = min(sum.low, bounds.low == .min ? min(-maximum, bounds.high) : bounds.low)
            sum.high = max(sum.high, bounds.high == .max ? max(maximum, bounds.low) : bounds.high)
            whole[Key(a: key.a, b: key.b, bucket: 0)] = sum
        }
        return whole.map {
            Quality.Skew(
                a: $0.key.a, b: $0.key.b, bounds: min($0.value.low, $0.value.high)...max($0.value.low, $0.value.high))
        }
        .sorted { (symbols[$0.a], symbols[$0.b]) < (symbols[$1.a], symbols[$1.b]) }
    }

    /// The pairs whose wall clocks contradict happened-before: messages were received before they were sent.
    func contradictions(_ symbols: SymbolTable) -> [Finding] {
        var worst: [Key: (least: Int64, bucket: Int64)] = [:]
        for (key, bounds) in pairs {
            // The surest of both directions: how far one clock must stand ahead of the other.
            let ahead = bounds.low != .min && bounds.low > 0 ? bounds.low : 0
            let behind = bounds.high != .max && bounds.high < 0 ? 0 &- bounds.high : 0
            let least = max(ahead, behind)
            if least == 0 { continue }
            let pair = ahead >= behind ? Key(a: key.a, b: key.b, bucket: 0) : Key(a: key.b, b: key.a, bucket: 0)
            if let known = worst[pair], (known.least, key.bucket) >= (least, known.bucket) { continue }
            worst[pair] = (least, key.bucket)
        }
        return worst.map { pair, skew in
            let (fast, slow) = (symbols[pair.a], symbols[pair.b])
            let at = skew.bucket.multipliedReportingOverflow(by: 10 * Nanoseconds.minute)
            var finding = Finding(
                kind: .clockSkew, severity: .info, confidence: .proven,
                at: Timestamp(nanoseconds: at.overflow ? 0 : at.partialValue),
                summary: "\(fast)'s clock stood at least \(Nanoseconds.words(skew.least)) ahead of \(slow)'s: "
                    + "records of \(slow) that happened after some of \(fast) bear earlier times")
            finding.actor = fast
            finding.peak = Double(skew.least) / Double(Nanoseconds.millisecond)
            return finding
        }
    }

    private static func bucket(_ time: Int64) -> Int64 { time / (10 * Nanoseconds.minute) }

    private func direct(_ a: Symbol, _ b: Symbol, _ bucket: Int64) -> Bounds {
        let isSorted = a.index < b.index
        let key = Key(a: isSorted ? a : b, b: isSorted ? b : a, bucket: bucket)
        guard let bounds = pairs[key] ?? pairs[Key(a: key.a, b: key.b, bucket: .max)] else { return Bounds() }
        if isSorted { return bounds }
        return Bounds(
            low: bounds.high == .max ? .min : 0 &- bounds.high, high: bounds.low == .min ? .max : 0 &- bounds.low)
    }
}
