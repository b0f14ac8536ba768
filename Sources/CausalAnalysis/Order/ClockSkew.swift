import EventModel

/// Learns from happened-before how far two actors' wall clocks stand apart: what was sent cannot have been received earlier.
///
/// For actors a and b, let offset = (clock of a − clock of b). A message from a to b gives offset ≥ sent − received, and one from b to
/// a bounds it from above; each for ten minutes of the log, since clocks drift and are set. `settled` makes the most of it.
package struct ClockSkew: ~Copyable, Sendable {
    private let maximum: Int64
    /// What is known of spans of time gone by.
    private var gone: [Key: KnownSkew] = [:]
    /// What is known of the span at hand, by receiver and sender. So the entries of one clock lie side by side.
    private var places = SparsePlaces()
    private var present = Column<Present>()
    /// The actors by number.
    private var actors = Column<Symbol>()

    /// Past this many pairs and spans of time the log is no longer split in time: hostile times cannot fill the memory.
    private static let limit = 200_000

    private struct Key: Hashable {
        var a: Symbol
        var b: Symbol
        var span: Int64

        init(_ known: KnownSkew) {
            a = known.a
            b = known.b
            span = known.span
        }
    }

    struct Present {
        /// The span's number; .min where nothing is known.
        var span = Int64.min
        /// The most by which a message was sent later than it was received.
        var least = Int64.min
        /// How many were sent later than received.
        var proofs: UInt32 = 0
    }

    package init(maximum: Int64) {
        self.maximum = maximum
    }

    /// Gives an actor the next number, from 0.
    mutating func add(_ actor: Symbol) {
        actors.append(actor)
        places.addRow()
    }

    /// The same of one that is only inferred to have happened before: a line may be late by `lateness`.
    mutating func inference(from: Int, sent: Int64, to: Int, received: Int64) {
        message(
            from: from, sent: sent.subtractingReportingOverflow(Self.lateness).partialValue, to: to, received: received)
    }

    private static let lateness = 5 * Nanoseconds.second

    /// Learns from one event that happened before another of another actor; actors by number.
    mutating func message(from: Int, sent: Int64, to: Int, received: Int64) {
        if from == to || actors[from] == actors[to] { return }
        // sent − offset(a) ≤ received − offset(b), hence offset(a) − offset(b) ≥ sent − received.
        let least = sent.subtractingReportingOverflow(received).partialValue
        let span = received / SettledSkew.span
        var at = places.place(to, from)
        if at < 0 {
            at = places.add(to, from)
            present.grow(toHold: places.count - 1, with: Present())
        }
        let known = present[at]
        if known.span == span {
            if known.least < least { present[at].least = least }
            if least > 0 { present[at].proofs &+= 1 }
        } else {
            if known.span != .min { keep(KnownSkew(of: actors[from], from: actors[to], known)) }
            present[at] = Present(span: span, least: least, proofs: least > 0 ? 1 : 0)
        }
    }

    /// Keeps what is known of a span that is over.
    private mutating func keep(_ known: KnownSkew) {
        var known = known
        if gone.count >= Self.limit, gone[Key(known)] == nil { known.span = .max }
        gone[Key(known), default: known].add(known)
    }

    /// All that is known, of spans gone by and at hand, by span, then pair.
    private var known: [KnownSkew] {
        var all = Array(gone.values)
        var count = gone.count
        for to in actors.indices {
            places.forEachPage(of: to) { first, place in
                for from in first..<min(first + SparsePlaces.pageSize, actors.count) {
                    guard var known = known(at: place + from - first, from: from, to: to) else { continue }
                    let back = self.known(at: places.place(from, to), from: to, to: from).flatMap {
                        $0.span == known.span ? $0 : nil
                    }
                    // It was taken together with its way back.
                    if from < to, back != nil { continue }
                    if let back { known.add(back) }
                    if gone.isEmpty || gone[Key(known)] == nil {
                        if count >= Self.limit { known.span = .max }
                        count += 1
                    }
                    all.append(known)
                }
            }
        }
        all.sort { ($0.span, $0.a.index, $0.b.index) < ($1.span, $1.a.index, $1.b.index) }
        KnownSkew.merge(&all)
        return all
    }

    /// What is known of one direction in the span at hand, by its place.
    private func known(at: Int, from: Int, to: Int) -> KnownSkew? {
        guard at >= 0, present[at].span != .min else { return nil }
        return KnownSkew(of: actors[from], from: actors[to], present[at])
    }

    /// The bounds as the whole log shows them; see `SettledSkew`.
    package func settled() -> SettledSkew { SettledSkew(known, maximum: maximum) }
}

/// What messages told of two actors' clocks in one span of time: (clock of `a` − clock of `b`) lies in `low...high`.
struct KnownSkew: Sendable {
    /// The actor of the smaller symbol.
    let a: Symbol
    let b: Symbol
    /// The span's number; `.max` where the log is no longer split.
    fileprivate(set) var span: Int64
    /// `.min` and `.max` where no message went that way.
    private(set) var low = Int64.min
    private(set) var high = Int64.max
    /// How many messages say that the two clocks do not agree.
    private(set) var proofs: UInt64 = 0

    fileprivate init(of a: Symbol, from b: Symbol, _ known: ClockSkew.Present) {
        span = known.span
        proofs = UInt64(known.proofs)
        if a.index < b.index {
            (self.a, self.b) = (a, b)
            low = known.least
        } else {
            (self.a, self.b) = (b, a)
            high = 0 &- known.least
        }
    }

    /// Whether another is of the same pair and span.
    private func isAlike(_ other: KnownSkew) -> Bool { a == other.a && b == other.b && span == other.span }

    /// Takes over what else is known of the same pair and span.
    fileprivate mutating func add(_ other: KnownSkew) {
        low = max(low, other.low)
        high = min(high, other.high)
        proofs += other.proofs
    }

    /// Makes one of those that are alike, which stand side by side.
    fileprivate static func merge(_ all: inout [KnownSkew]) {
        var count = 0
        for at in all.indices {
            if count > 0, all[count - 1].isAlike(all[at]) {
                all[count - 1].add(all[at])
            } else {
                all[count] = all[at]
                count += 1
            }
        }
        all.removeSubrange(count...)
    }
}
