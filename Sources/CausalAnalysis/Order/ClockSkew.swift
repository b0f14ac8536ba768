import EventModel

/// Learns from happened-before how far two actors' wall clocks stand apart: what was sent cannot have been received earlier.
///
/// A message from a to b says that (clock of a − clock of b) ≥ sent − received, in ten minutes of each of the two clocks, since clocks drift
/// and are set. Of all messages between the same two stretches only the strongest is kept. `settled` makes the most of them.
package struct ClockSkew: ~Copyable, Sendable {
    private let maximum: Int64
    /// What is known of stretches gone by.
    private var gone: [SkewEdge.Stretch: SkewEdge] = [:]
    /// What is known of the stretches at hand, by receiver and sender. So the entries of one clock lie side by side. A receiver has a row for
    /// what is given, and one for what is inferred.
    private var places = SparsePlaces()
    private var present = Column<Present>()
    /// The actors by number.
    private var actors = Column<Symbol>()
    /// Of each sender and receiver the message that contradicts their clocks most.
    private var worst: [Pair: Proof] = [:]

    /// Past this many pairs of stretches the log is no longer split in time: hostile times cannot fill the memory.
    private static let limit = 200_000
    /// An inferred edge may bind records that were written late, by so much.
    static let lateness = 5 * Nanoseconds.second
    /// Larger bounds say nothing.
    private static let useful: Int64 = 1 << 55

    struct Present {
        /// The stretches' numbers; .min where nothing is known.
        var from = Int64.min
        var to = Int64.min
        /// The most by which a message was sent later than it was received.
        var least = Int64.min
        /// The number of messages that were sent later than received.
        var proofs: UInt32 = 0
        /// When the latest of them was sent.
        var sent = Timestamp.absent.nanoseconds
    }

    private struct Pair: Hashable {
        var from: Int
        var to: Int
    }

    /// A message that was received before it was sent, by the two clocks.
    struct Proof: Sendable {
        /// The numbers of the actors.
        var from: Int
        var to: Int
        var least: Int64
        var sent: Int64
        var received: RecordSpot
    }

    package init(maximum: Int64) {
        self.maximum = maximum
    }

    /// Gives an actor the next number, from 0.
    mutating func add(_ actor: Symbol) {
        actors.append(actor)
        places.addRow()
        places.addRow()
    }

    /// Learns from one event that happened before another of another actor; actors by number.
    /// - Parameter spot: the record that received it.
    mutating func message(from: Int, sent: Int64, to: Int, received: Int64, at spot: RecordSpot? = nil) {
        learn(from, sent, to, received, lateness: 0, row: 2 * to, spot)
    }

    /// Learns from one that is only inferred to have happened before.
    mutating func inference(from: Int, sent: Int64, to: Int, received: Int64, at spot: RecordSpot? = nil) {
        learn(from, sent, to, received, lateness: Self.lateness, row: 2 * to + 1, spot)
    }

    @inline(__always)
    private mutating func learn(
        _ from: Int, _ sent: Int64, _ to: Int, _ received: Int64, lateness: Int64, row: Int, _ spot: RecordSpot?
    ) {
        if from == to || actors[from] == actors[to] { return }
        let (apart, isBeyond) = sent.subtractingReportingOverflow(received)
        if isBeyond || apart.magnitude >= UInt64(Self.useful) { return }
        let least = apart - lateness
        let (fromSpan, toSpan) = (SettledSkew.span(of: sent), SettledSkew.span(of: received))
        var at = places.place(row, from)
        if at < 0 {
            at = places.add(row, from)
            present.grow(toHold: places.count - 1, with: Present())
        }
        // Who still knows of an event learns nothing new.
        if present[at].sent == sent { return }
        if present[at].from != fromSpan || present[at].to != toSpan {
            if present[at].to != .min { keep(edge(at, from, row)) }
            present[at] = Present(from: fromSpan, to: toSpan)
        }
        present[at].sent = sent
        if least > 0 { present[at].proofs &+= 1 }
        if present[at].least >= least { return }
        present[at].least = least
        if least > 0, let spot, least > worst[Pair(from: from, to: to)]?.least ?? 0 {
            worst[Pair(from: from, to: to)] = Proof(from: from, to: to, least: least, sent: sent, received: spot)
        }
    }

    private func edge(_ at: Int, _ from: Int, _ row: Int) -> SkewEdge {
        let known = present[at]
        let stretch = SkewEdge.Stretch(
            from: actors[from], fromSpan: known.from, to: actors[row / 2], toSpan: known.to,
            isInferred: row % 2 == 1)
        return SkewEdge(stretch: stretch, least: known.least, proofs: UInt64(known.proofs))
    }

    /// Keeps what is known of stretches that are over.
    private mutating func keep(_ edge: SkewEdge) {
        var edge = edge
        if gone.count >= Self.limit, gone[edge.stretch] == nil { edge.stretch.forgetTime() }
        Self.add(edge, to: &gone)
    }

    private static func add(_ edge: SkewEdge, to edges: inout [SkewEdge.Stretch: SkewEdge]) {
        if edges[edge.stretch]?.add(edge) == nil { edges[edge.stretch] = edge }
    }

    /// The bounds as the whole log shows them; see `SettledSkew`.
    package func settled() -> SettledSkew {
        var edges = gone
        for row in 0..<(2 * actors.count) {
            places.forEachPage(of: row) { first, place in
                for from in first..<min(first + SparsePlaces.pageSize, actors.count)
                where present[place + from - first].to != .min {
                    var edge = edge(place + from - first, from, row)
                    if edges.count >= Self.limit, edges[edge.stretch] == nil { edge.stretch.forgetTime() }
                    Self.add(edge, to: &edges)
                }
            }
        }
        return SettledSkew(edges.values.sorted { $0.stretch.precedes($1.stretch) }, maximum: maximum)
    }

    /// The messages that contradict clocks most, one for each sender and receiver, the worst first.
    var proofs: [Proof] {
        worst.values.sorted { ($1.least, $0.from, $0.to) < ($0.least, $1.from, $1.to) }
    }
}

/// What messages told of the clocks of two actors in ten minutes of each: (clock of `from` − clock of `to`) ≥ `least`.
struct SkewEdge: Sendable {
    /// The two stretches, by their numbers; `.max` where the log is no longer split in time.
    struct Stretch: Hashable {
        let from: Symbol
        private(set) var fromSpan: Int64
        let to: Symbol
        private(set) var toSpan: Int64
        let isInferred: Bool

        init(from: Symbol, fromSpan: Int64, to: Symbol, toSpan: Int64, isInferred: Bool) {
            self.from = from
            self.fromSpan = fromSpan
            self.to = to
            self.toSpan = toSpan
            self.isInferred = isInferred
        }

        mutating func forgetTime() {
            fromSpan = .max
            toSpan = .max
        }

        func precedes(_ other: Stretch) -> Bool {
            if toSpan != other.toSpan { return toSpan < other.toSpan }
            if fromSpan != other.fromSpan { return fromSpan < other.fromSpan }
            if to != other.to { return to.index < other.to.index }
            if from != other.from { return from.index < other.from.index }
            return !isInferred && other.isInferred
        }
    }

    fileprivate(set) var stretch: Stretch
    private(set) var least: Int64
    /// How many messages say that the two clocks do not agree.
    private(set) var proofs: UInt64

    fileprivate init(stretch: Stretch, least: Int64, proofs: UInt64) {
        self.stretch = stretch
        self.least = least
        self.proofs = proofs
    }

    /// Takes over what else is known of the same stretches.
    fileprivate mutating func add(_ other: SkewEdge) {
        least = max(least, other.least)
        proofs += other.proofs
    }
}
