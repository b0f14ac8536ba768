import EventModel

/// How far the wall clocks of each pair of actors stand apart, by all messages of the log, for each ten minutes of it.
///
/// A message bounds one difference of two clocks from one side; such bounds add up along any chain of actors, so the tightest is a
/// shortest path (Floyd–Warshall on a system of difference constraints, as in Marzullo and Owicki 1983 and Duda et al. 1987 for two
/// clocks). A span of time that leaves one side open takes it from the nearest spans that know it, and `maximum` bounds the rest.
/// Built once, O(actors³) a span for up to `closedActors` actors; a question is O(log) after that.
package struct SettledSkew: SkewBounds {
    /// Ten minutes.
    static let span = 10 * Nanoseconds.minute
    /// In a span with more actors, and once `work` steps are spent, bounds go over one third actor at most.
    private static let closedActors = 64
    private static let work = 200_000_000
    /// So many spans away a bound still tells something here, and by how much two clocks may drift apart from span to span: 500 ppm.
    private static let neighbours: Int64 = 64
    private static let drift = span / 2000
    /// Larger bounds say nothing.
    private static let useful: Int64 = 1 << 55

    /// What messages told, by span, then pair.
    let known: [KnownSkew]
    private let maximum: Int64
    /// The spans of which anything is known, ascending, and the bounds in each.
    private var spans: [Int64] = []
    private var tables: [SkewTable] = []

    /// - Parameter known: by span, then pair.
    init(_ known: [KnownSkew], maximum: Int64) {
        self.known = known
        self.maximum = maximum
        var left = Self.work
        var numbering = ActorNumbering()
        var rest = known[...]
        while let span = rest.first?.span {
            let here = rest.prefix { $0.span == span }
            rest = rest.dropFirst(here.count)
            let (actors, bounds) = numbering.bounds(here, below: Self.useful)
            let work = actors.count * actors.count * actors.count
            let isAffordable = actors.count <= Self.closedActors && work <= left
            if isAffordable { left -= work }
            spans.append(span)
            tables.append(SkewTable(actors, bounds, closed: isAffordable))
        }
    }

    package func offset(of a: Symbol, from b: Symbol, at time: Timestamp) -> ClosedRange<Int64> {
        offset(of: a, from: b, inSpan: time.nanoseconds / Self.span)
    }

    /// The same for a span's number.
    func offset(of a: Symbol, from b: Symbol, inSpan number: Int64) -> ClosedRange<Int64> {
        if a == b { return 0...0 }
        let high = most(of: a, from: b, inSpan: number)
        let low = most(of: b, from: a, inSpan: number).map { 0 - $0 }
        let least = low ?? min(-maximum, high ?? -maximum)
        let most = high ?? max(maximum, low ?? maximum)
        // Clocks set within the ten minutes contradict each other; then the wider reading holds.
        return least <= most ? least...most : most...least
    }

    /// The least upper bound that this span knows, else the looser of the nearest ones on either side, with what clocks may drift until
    /// here; nil where none does.
    private func most(of a: Symbol, from b: Symbol, inSpan number: Int64) -> Int64? {
        if let here = bound(of: a, from: b, inSpan: number) ?? bound(of: a, from: b, inSpan: .max) { return here }
        func nearest(_ step: Int64) -> Int64? {
            for distance in 1...Self.neighbours {
                let (other, overflow) = number.addingReportingOverflow(step * distance)
                if !overflow, let bound = bound(of: a, from: b, inSpan: other) {
                    let (drifted, isBeyond) = bound.addingReportingOverflow(distance * Self.drift)
                    return isBeyond ? bound : drifted
                }
            }
            return nil
        }
        let (before, after) = (nearest(-1), nearest(1))
        guard let before, let after else { return before ?? after }
        return max(before, after)
    }

    /// What a span itself knows. O(log).
    private func bound(of a: Symbol, from b: Symbol, inSpan number: Int64) -> Int64? {
        var low = 0
        var high = spans.count
        while low < high {
            let middle = (low + high) / 2
            if spans[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < spans.count && spans[low] == number ? tables[low].most(of: a, from: b) : nil
    }
}

/// Numbers the actors of one span after the other.
private struct ActorNumbering {
    /// By symbol; −1 for actors that the span at hand does not know.
    private var numbers: [Int32] = []

    /// The actors that the useful bounds of a span name, sorted by symbol, and those bounds by their places there.
    mutating func bounds(
        _ known: ArraySlice<KnownSkew>, below useful: Int64
    ) -> (actors: [Symbol], bounds: [SkewTable.Bound]) {
        let count = known.count
        let known = known.lazy.filter { $0.high.magnitude < useful || $0.low.magnitude < useful }
        var actors: [Symbol] = []
        for pair in known {
            for actor in [pair.a, pair.b] {
                numbers.grow(toHold: Int(actor.index), with: -1)
                if numbers[Int(actor.index)] >= 0 { continue }
                numbers[Int(actor.index)] = 0
                actors.append(actor)
            }
        }
        actors.sort { $0.index < $1.index }
        for (number, actor) in actors.enumerated() { numbers[Int(actor.index)] = Int32(number) }
        defer { for actor in actors { numbers[Int(actor.index)] = -1 } }
        var bounds: [SkewTable.Bound] = []
        bounds.reserveCapacity(2 * count)
        for pair in known {
            let (a, b) = (numbers[Int(pair.a.index)], numbers[Int(pair.b.index)])
            if pair.high.magnitude < useful { bounds.append(SkewTable.Bound(of: a, from: b, most: pair.high)) }
            if pair.low.magnitude < useful { bounds.append(SkewTable.Bound(of: b, from: a, most: 0 - pair.low)) }
        }
        return (actors, bounds)
    }
}
