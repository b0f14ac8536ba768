import EventModel

/// Dates the onset of a backlog by what flowed around it, once its deepest point is known.
///
/// A queue tells late that its load has passed its capacity, where that happens slowly: at first it grows by less than its usual
/// swings. And it tells early where a swing of the load filled it before. So the last usual sample is only the first guess,
/// and the trends of arrivals and departures around it are asked for a second one. Each trend is a line by least squares, which
/// counts only where it explains the flow as well as a jump would.
///
/// The jump is the break of one level into two by least squares: J. Bai and P. Perron, Estimating and testing linear models with
/// multiple structural changes, Econometrica 66 (1998).
struct OnsetDating {
    /// Flows between the moments `from` and `to`, in seconds of the series.
    struct Piece {
        var from: Double
        var to: Double
        var arrived: Double
        var departed: Double
    }

    /// From well before the alarm to the deepest point, without a gap.
    let pieces: [Piece]
    /// The last sample at which the queue was nearly as usual.
    let lastQuiet: Double
    /// Items a second that left while the queue was busy.
    let capacity: Double
    /// The usual time between two samples.
    let interval: Double

    /// The onset in seconds of the series. O(pieces).
    func date() -> (seconds: Double, rule: Finding.Backlog.Dating) {
        let dated =
            isBelowCapacity ? risingLoad().map { ($0, Finding.Backlog.Dating.risingLoad) } : nil
        let onset = dated ?? fallingCapacity().map { ($0, .fallingCapacity) } ?? (lastQuiet, .lastUsual)
        return onset.0.isFinite ? onset : (lastQuiet, .lastUsual)
    }

    /// Whether the arrivals before were surely fewer than the capacity, by three standard deviations of counting: else it was the
    /// capacity that fell.
    private var isBelowCapacity: Bool {
        var seconds = 0.0
        var arrived = 0.0
        for piece in pieces where piece.to <= lastQuiet {
            seconds += piece.to - piece.from
            arrived += piece.arrived
        }
        return seconds > 0 && capacity * seconds - arrived >= 3 * max(arrived, 1).squareRoot()
    }

    /// The line through the arrivals, from the last quiet sample to the moment of half the deepest depth and as long before it, meets
    /// the capacity early where the load had swung up before, and the queue tells late: the truth lies between.
    private func risingLoad() -> Double? {
        guard let half = moment(ofShare: 0.5), let start = pieces.first?.from else { return nil }
        let reach = half - lastQuiet
        let arrivals = Trend(pieces, from: max(start, lastQuiet - reach), to: half) { $0.arrived }
        guard let line = arrivals.line, arrivals.count >= 6, line.slope > 0, line.residual < 1.5 * arrivals.jumpResidual
        else { return nil }
        let met = max(start - reach, min(half, line.moment(of: capacity)))
        let onset = max(0, (lastQuiet + met) / 2)
        return abs(onset - lastQuiet) > 5 * interval ? onset : nil
    }

    /// The line through the departures of the busy queue, up to four fifths of its deepest depth, leaves the usual arrivals where the
    /// capacity first falls short of them. It counts where it falls for sure and begins near the usual arrivals.
    private func fallingCapacity() -> Double? {
        guard let deep = moment(ofShare: 0.8, wholePieces: true), let first = pieces.first, let last = pieces.last
        else {
            return nil
        }
        let usual = pieces.reduce(0) { $0 + $1.arrived } / (last.to - first.from)
        let departures = Trend(pieces, from: lastQuiet, to: deep) { $0.departed }
        guard let line = departures.line, departures.count >= 3, line.slope < 0 else { return nil }
        // Counts vary by their own size at the least, and by more where the service does.
        let variance = max(line.residual / Double(max(1, departures.count - 2)), line.meanRate)
        let missingAtFirst = usual - line.rate(at: lastQuiet)
        let missingAtLast = usual - line.rate(at: deep)
        guard -line.slope >= 2.5 * (variance / line.spread).squareRoot(), missingAtLast > 0,
            missingAtFirst <= 0.35 * missingAtLast
        else { return nil }
        let left = max(0, min(last.to, line.moment(of: usual)))
        // Where the queue stayed usual past that moment, both are guesses at it from either side.
        return left >= lastQuiet ? left : (left + lastQuiet) / 2
    }

    /// The last moment at which the queue had grown, since the last quiet sample, by no more than this share of what it grew by in all;
    /// or the end of the piece in which that was.
    private func moment(ofShare share: Double, wholePieces: Bool = false) -> Double? {
        var depth = 0.0
        var depths = [0.0]
        var before = 0.0
        for piece in pieces {
            let grown = piece.arrived - piece.departed
            if piece.from < lastQuiet {
                before = depth + grown * min(1, (lastQuiet - piece.from) / (piece.to - piece.from))
            }
            depth += grown
            depths.append(depth)
        }
        let wanted = share * (depth - before)
        guard wanted > 0 else { return nil }
        var index = pieces.count
        while index > 0, depths[index] - before > wanted { index -= 1 }
        guard index < pieces.count else { return pieces.last?.to }
        let piece = pieces[index]
        if wholePieces { return piece.to }
        let part = (before + wanted - depths[index]) / (depths[index + 1] - depths[index])
        return piece.from + part * (piece.to - piece.from)
    }
}

/// The rates of a flow in a window, each weighted with the time that it stands for: as a line, and as one jump between two levels.
private struct Trend {
    /// A line by weighted least squares.
    struct Line {
        var meanTime: Double
        var meanRate: Double
        var slope: Double
        /// The weighted sum of the squared distances from the line, and that of the squared distances from the mean time.
        var residual: Double
        var spread: Double

        func rate(at time: Double) -> Double { meanRate + slope * (time - meanTime) }
        func moment(of rate: Double) -> Double { meanTime + (rate - meanRate) / slope }
    }

    private(set) var count = 0
    private(set) var line: Line?
    /// The least weighted sum of squared distances that two levels with one jump between them leave.
    private(set) var jumpResidual = 0.0

    /// The trend of `flow` between two moments; pieces that reach out of the window count for the part inside.
    init(_ pieces: [OnsetDating.Piece], from start: Double, to end: Double, flow: (OnsetDating.Piece) -> Double) {
        var points: [(time: Double, rate: Double, weight: Double)] = []
        var weight = 0.0
        var meanTime = 0.0
        var meanRate = 0.0
        for piece in pieces where piece.from < end && piece.to > start {
            let from = max(piece.from, start)
            let to = min(piece.to, end)
            let point = (time: (from + to) / 2, rate: flow(piece) / (piece.to - piece.from), weight: to - from)
            points.append(point)
            weight += point.weight
            meanTime += point.weight * point.time
            meanRate += point.weight * point.rate
        }
        count = points.count
        guard count > 2, weight > 0 else { return }
        meanTime /= weight
        meanRate /= weight
        var spread = 0.0
        var together = 0.0
        var total = 0.0
        var seen = 0.0
        var excess = 0.0
        var mostExplained = 0.0
        for (index, point) in points.enumerated() {
            let rate = point.rate - meanRate
            spread += point.weight * (point.time - meanTime) * (point.time - meanTime)
            together += point.weight * (point.time - meanTime) * rate
            total += point.weight * rate * rate
            seen += point.weight
            excess += point.weight * rate
            if index < count - 1 {
                mostExplained = max(mostExplained, excess * excess * weight / (seen * (weight - seen)))
            }
        }
        guard spread > 0 else { return }
        jumpResidual = total - mostExplained
        let slope = together / spread
        line = Line(
            meanTime: meanTime, meanRate: meanRate, slope: slope, residual: total - slope * together, spread: spread)
    }
}
