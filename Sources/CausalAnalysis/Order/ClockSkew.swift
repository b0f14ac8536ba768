import EventModel

/// Learns from happened-before how far two actors' wall clocks stand apart: what was sent cannot have been received earlier.
///
/// For actors a and b, let offset = (clock of a − clock of b). A message from a to b gives offset ≥ sent − received, and one from b to
/// a bounds it from above; each for ten minutes of the log, since clocks drift and are set. `settled` makes the most of it.
package struct ClockSkew: Sendable {
    private let maximum: Int64
    /// What is known of spans of time gone by; see `pairs`.
    private var gone: [Key: Bounds] = [:]
    /// What is known of the span at hand: for each sender, by number, of each receiver.
    private var present: [[Present]] = []
    /// The actors by number, and their numbers by symbol; −1 without one.
    private var actors: [Symbol] = []
    private var numbers: [Int32] = []

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

    private struct Present {
        /// The span's number; .min where nothing is known.
        var bucket = Int64.min
        /// The most by which a message was sent later than it was received.
        var least = Int64.min
    }

    package init(maximum: Int64) {
        self.maximum = maximum
    }

    /// Learns from one event that happened before another of another actor.
    mutating func message(from a: Symbol, sent: Int64, to b: Symbol, received: Int64) {
        if a == b { return }
        // sent − offset(a) ≤ received − offset(b), hence offset(a) − offset(b) ≥ sent − received.
        let least = sent.subtractingReportingOverflow(received).partialValue
        let (from, to) = (number(of: a), number(of: b))
        present[from].grow(toHold: to, with: Present())
        let bucket = ClockSkew.bucket(received)
        let known = present[from][to]
        if known.bucket == bucket {
            if known.least < least { present[from][to].least = least }
        } else {
            if known.bucket != .min { ClockSkew.add(known, from: a, to: b, &gone) }
            present[from][to] = Present(bucket: bucket, least: least)
        }
    }

    private mutating func number(of actor: Symbol) -> Int {
        let symbol = Int(actor.index)
        if symbol < numbers.count, numbers[symbol] >= 0 { return Int(numbers[symbol]) }
        numbers.grow(toHold: symbol, with: -1)
        numbers[symbol] = Int32(truncatingIfNeeded: actors.count)
        actors.append(actor)
        present.append([])
        return actors.count - 1
    }

    private static func add(_ known: Present, from a: Symbol, to b: Symbol, _ pairs: inout [Key: Bounds]) {
        let isSorted = a.index < b.index
        var key = Key(a: isSorted ? a : b, b: isSorted ? b : a, bucket: known.bucket)
        if pairs.count >= limit, pairs[key] == nil { key.bucket = .max }
        var bounds = pairs[key] ?? Bounds()
        if isSorted {
            bounds.low = max(bounds.low, known.least)
        } else {
            bounds.high = min(bounds.high, 0 &- known.least)
        }
        pairs[key] = bounds
    }

    /// All that is known, of spans gone by and at hand.
    private var pairs: [Key: Bounds] {
        var pairs = gone
        for (from, row) in present.enumerated() {
            for (to, known) in row.enumerated() where known.bucket != .min {
                ClockSkew.add(known, from: actors[from], to: actors[to], &pairs)
            }
        }
        return pairs
    }

    /// The bounds as the whole log shows them; see `SettledSkew`.
    package func settled() -> SettledSkew { SettledSkew(spans, maximum: maximum) }

    /// What is known of each span of time, by the span's number; those past `limit` stand under `Int64.max`.
    private var spans: [Int64: [SettledSkew.Bound]] {
        var spans: [Int64: [SettledSkew.Bound]] = [:]
        for (key, bounds) in pairs {
            if bounds.high != .max {
                spans[key.bucket, default: []].append(SettledSkew.Bound(of: key.a, from: key.b, most: bounds.high))
            }
            if bounds.low != .min {
                spans[key.bucket, default: []].append(SettledSkew.Bound(of: key.b, from: key.a, most: 0 &- bounds.low))
            }
        }
        return spans
    }

    /// All pairs of which something is known, by name: the widest reading of all spans that tell anything of the pair.
    func table(_ settled: SettledSkew, _ symbols: SymbolTable) -> [Quality.Skew] {
        var whole: [Key: ClosedRange<Int64>] = [:]
        for key in pairs.keys {
            // Symbols have no order that would be the same in every run.
            let isSorted = symbols[key.a] < symbols[key.b]
            let pair = Key(a: isSorted ? key.a : key.b, b: isSorted ? key.b : key.a, bucket: 0)
            let bounds = settled.offset(of: pair.a, from: pair.b, inSpan: key.bucket)
            whole[pair] =
                whole[pair].map {
                    min($0.lowerBound, bounds.lowerBound)...max($0.upperBound, bounds.upperBound)
                } ?? bounds
        }
        return whole.map { Quality.Skew(a: $0.key.a, b: $0.key.b, bounds: $0.value) }
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
            let at = skew.bucket.multipliedReportingOverflow(by: SettledSkew.span)
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

    private static func bucket(_ time: Int64) -> Int64 { time / SettledSkew.span }
}
