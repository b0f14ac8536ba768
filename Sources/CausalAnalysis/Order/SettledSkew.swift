import EventModel

/// How far the wall clocks of each pair of actors stand apart, by all messages of the log, for each ten minutes of it.
///
/// A message bounds one difference of two clocks from one side; such bounds add up along any chain of actors, so the tightest is a
/// shortest path (Floyd–Warshall on a system of difference constraints, as in Marzullo and Owicki 1983 and Duda et al. 1987 for two
/// clocks). A span of time that leaves one side open takes it from the nearest spans that know it, and `maximum` bounds the rest.
/// Built once, O(actors³) a span for up to `closedActors` actors; a question is O(log) after that.
package struct SettledSkew: SkewBounds {
    /// (clock of `of` − clock of `from`) ≤ `most`, in nanoseconds.
    struct Bound {
        var of: Symbol
        var from: Symbol
        var most: Int64
    }

    /// Ten minutes.
    static let span = 10 * Nanoseconds.minute
    /// In a span with more actors, and once `work` steps are spent, bounds go over one third actor at most.
    private static let closedActors = 64
    private static let work = 200_000_000
    /// So many spans away a clock is still taken to stand as it does here.
    private static let neighbours: Int64 = 6
    /// Larger bounds say nothing.
    private static let useful: Int64 = 1 << 55

    private let maximum: Int64
    private var tables: [Int64: SkewTable] = [:]

    init(_ spans: [Int64: [Bound]], maximum: Int64) {
        self.maximum = maximum
        var left = Self.work
        for (number, bounds) in spans.sorted(by: { $0.key < $1.key }) {
            let useful = bounds.filter { $0.most.magnitude < Self.useful }
            let actors = SkewTable.actors(of: useful).count
            let isAffordable = actors <= Self.closedActors && actors * actors * actors <= left
            if isAffordable { left -= actors * actors * actors }
            tables[number] = SkewTable(useful, closed: isAffordable)
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

    /// The least upper bound that this span knows, else the loosest of the nearest ones on either side; nil where none does.
    private func most(of a: Symbol, from b: Symbol, inSpan number: Int64) -> Int64? {
        if let here = tables[number]?.most(of: a, from: b) ?? tables[.max]?.most(of: a, from: b) { return here }
        func nearest(_ step: Int64) -> Int64? {
            for distance in 1...Self.neighbours {
                let (other, overflow) = number.addingReportingOverflow(step * distance)
                if !overflow, let bound = tables[other]?.most(of: a, from: b) { return bound }
            }
            return nil
        }
        let (before, after) = (nearest(-1), nearest(1))
        guard let before, let after else { return before ?? after }
        return max(before, after)
    }
}
