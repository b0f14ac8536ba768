import EventModel

/// How far the wall clocks of each pair of actors stand apart, by all messages of the log, for each ten minutes of each clock.
///
/// A message bounds one difference of two clocks from one side; such bounds add up along any chain of actors, and along time by what clocks may
/// drift, so the tightest is a shortest path on a system of difference constraints, as in Marzullo and Owicki 1983 and Duda et al. 1987 for
/// two clocks. Bounds are computed for those pairs that are asked for. Where happened-before runs one way only, `maximum` bounds the other.
package struct SettledSkew: SkewBounds {
    /// Ten minutes.
    static let span = 10 * Nanoseconds.minute
    /// So many spans away a bound still tells something here, and by how much a clock may drift from span to span: 500 ppm.
    private static let neighbours: Int64 = 64
    private static let drift = span / 2000
    /// So many pairs of records are kept that prove clocks wrong.
    static let proofsKept = 64

    /// What messages told, by span, then actors.
    let known: [SkewEdge]
    /// Messages that were received before they were sent by the two clocks, the worst of each sender and receiver first.
    package internal(set) var proofs: [SkewProof] = []
    let graph: SkewGraph
    package var sharedClocks = SharedClocks()
    private let maximum: Int64

    init(_ known: [SkewEdge], maximum: Int64) {
        self.known = known
        self.maximum = maximum
        graph = SkewGraph(known, drift: Self.drift, neighbours: Self.neighbours)
    }

    /// The number of the ten minutes that a time lies in.
    @inline(__always)
    static func span(of time: Int64) -> Int64 { time >= 0 ? time / span : (time + 1) / span - 1 }

    package func offset(of a: Symbol, from b: Symbol, at time: Timestamp) -> ClosedRange<Int64> {
        if a == b || sharedClocks.areShared(a, b) { return 0...0 }
        var search = SkewSearch(graph)
        return offset(of: a, from: b, inSpan: Self.span(of: time.nanoseconds), work: SkewSearch.work, &search)
    }

    /// The same while the clock of `a` shows the times of a span, with so many edges looked at for it.
    func offset(
        of a: Symbol, from b: Symbol, inSpan span: Int64, work: Int, _ search: inout SkewSearch
    ) -> ClosedRange<Int64> {
        if a == b || sharedClocks.areShared(a, b) { return 0...0 }
        let (low, high) = bounds(of: a, from: b, inSpan: span, work: work, &search)
        let least = low ?? min(-maximum, high ?? -maximum)
        let most = high ?? max(maximum, low ?? maximum)
        return least <= most ? least...most : most...least
    }

    /// What is proven; nil on a side of which nothing is.
    private func bounds(
        of a: Symbol, from b: Symbol, inSpan span: Int64, work: Int, _ search: inout SkewSearch
    ) -> (low: Int64?, high: Int64?) {
        var low: Int64?
        var high: Int64?
        for (one, distance) in graph.nearest(a, span, within: Self.neighbours) {
            for (other, otherDistance) in nodes(of: b, beside: one, inSpan: span) {
                let drifted = (distance + otherDistance) * Self.drift
                if let most = search.most(of: one, from: other, work: work) {
                    high = min(high ?? .max, most + drifted)
                }
                if let most = search.most(of: other, from: one, work: work) {
                    low = max(low ?? .min, 0 - most - drifted)
                }
            }
        }
        return (low, high)
    }

    /// The nodes of `b` around what its clock showed when that of a node of another actor showed the times of a span.
    private func nodes(of b: Symbol, beside node: Int, inSpan span: Int64) -> [(node: Int, distance: Int64)] {
        // Two clocks hours apart show one moment in different spans; how far apart they are some node of `b` tells.
        guard let guess = graph.nearest(b, span, within: .max).min(by: { $0.distance < $1.distance }) else { return [] }
        let apart = (graph.solution[node] - graph.solution[guess.node]) / Self.span
        let (shown, isBeyond) = span.subtractingReportingOverflow(apart)
        return graph.nearest(b, isBeyond ? span : shown, within: Self.neighbours)
    }
}

/// A message that was received before it was sent, by the clocks of the two.
package struct SkewProof: Sendable {
    /// The record that happened before the other, and the other.
    package var sent: RecordRef
    package var received: RecordRef
    /// How far the clock of the sender stands ahead, at the least.
    package var least: Int64
}
