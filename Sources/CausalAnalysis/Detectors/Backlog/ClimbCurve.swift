/// How a queue filled, from its last quiet sample to its deepest point, in at most 48 points: its form tells a sudden
/// onset from a slow one.
///
/// A load that passes the capacity at once fills the queue along a straight line from the first sample on; one that
/// passes it slowly along a parabola, which a quarter of the way up is far below the line. Neither needs the flows, so
/// it tells of depths, ages and latencies alike.
struct ClimbCurve {
    private struct Point {
        /// Since the last quiet sample.
        var seconds: Float
        /// Above that sample.
        var level: Float
    }

    private static let capacity = 48

    private var points: [Point] = []
    private var start = 0.0
    private var base = 0.0
    private var stride = 1
    private var skipped = 0
    private var peak = Point(seconds: 0, level: 0)

    /// A quiet sample: what follows is counted from it. O(1).
    mutating func begin(at seconds: Double, level: Double) {
        points.removeAll(keepingCapacity: true)
        start = seconds
        base = level
        stride = 1
        skipped = 0
        peak = Point(seconds: 0, level: 0)
    }

    /// Takes a sample behind it. Amortised O(1). Once the queue has drained for as long as it filled, only a new
    /// deepest point is of interest.
    mutating func add(at seconds: Double, level: Double) {
        let point = Point(seconds: Float(seconds - start), level: Float(level - base))
        let isPeak = point.level > peak.level
        if isPeak { peak = point }
        if !isPeak, point.seconds > 2 * peak.seconds + 1 { return }
        skipped += 1
        guard skipped >= stride || points.isEmpty else { return }
        skipped = 0
        points.append(point)
        if points.count < ClimbCurve.capacity { return }
        var kept = 0
        for index in Swift.stride(from: 0, to: points.count, by: 2) {
            points[kept] = points[index]
            kept += 1
        }
        points.removeLast(points.count - kept)
        stride *= 2
    }

    /// How the first third of the climb compares with a straight line: about 1 where the queue filled evenly from the
    /// beginning, half and less where it filled faster and faster. nil where there are too few samples.
    var evenness: Double? {
        let climb = points.filter { $0.seconds < peak.seconds } + [peak]
        guard climb.count >= 5, peak.level > 0 else { return nil }
        let parts = (1...6).map { share -> Float in
            let share = Float(share) / 20
            return Self.level(climb, at: share * peak.seconds) / (share * peak.level)
        }
        return Double(parts.reduce(0, +)) / Double(parts.count)
    }

    /// When the queue began to fill, by the first sample after the quiet one and the growth of the first third; the
    /// quiet one itself where that does not tell.
    var beginning: Double {
        guard let first = points.first, peak.seconds > 0 else { return start }
        let climb = points.filter { $0.seconds < peak.seconds } + [peak]
        let growth = Self.level(climb, at: 0.3 * peak.seconds) / (0.3 * peak.seconds)
        guard growth > 0, first.level > 0 else { return start }
        return start + Double(max(0, min(first.seconds, first.seconds - first.level / growth)))
    }

    private static func level(_ climb: [Point], at seconds: Float) -> Float {
        var before = Point(seconds: 0, level: 0)
        for point in climb {
            if point.seconds >= seconds {
                let part =
                    point.seconds > before.seconds
                    ? (seconds - before.seconds) / (point.seconds - before.seconds) : 1
                return before.level + part * (point.level - before.level)
            }
            before = point
        }
        return before.level
    }
}
