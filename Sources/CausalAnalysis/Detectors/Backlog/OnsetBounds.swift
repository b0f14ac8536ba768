/// Within which bounds the onset of a backlog lies in nine cases of ten.
///
/// Arrivals tell the load at any time; departures tell the capacity, but only while the queue is busy; the depth is the integral of their
/// difference and tells late (slow growth) or early (a swing of the load before). A change at once is known to a sample or so. When a
/// gradual one passed the capacity is bounded by the noise of the load itself, so a slow onset has a wide interval, and that, not the
/// point inside it, is the answer that can be relied on.
struct OnsetBounds {
    /// The flows known, oldest first, to the deepest point.
    var pieces: [OnsetDating.Piece]
    /// The last sample at which the queue was nearly as usual, the alarm, and the deepest sample.
    var lastQuiet: Double
    var alarm: Double
    var peak: Double
    /// What flowed while the queue was busy: from the alarm to the peak, and while it drained.
    var busy: QueueRates
    var draining: QueueRates
    /// The usual time between two samples.
    var interval: Double
    /// Items that may wait while the queue is as usual.
    var allowed: Double

    /// Climbs of history, from the last usual sample to the peak, that are looked at.
    private static let reach = 16.0
    /// How sure a change at once must be for the narrow interval.
    private static let sure = 0.95
    /// Half the width of the interval in standard deviations; chosen on trial series for nine of ten. The fit's own deviation knows
    /// nothing of errors in its form, which are a share of the climb.
    private static let wide = 2.0
    private static let formError = 0.1
    /// Where nothing is known but the last usual sample: shares of the climb ahead of it and behind it.
    private static let unknownBefore = 0.35
    private static let unknownAfter = 0.2

    private var climb: Double { max(peak - lastQuiet, 10 * interval) }

    /// The bounds of an onset that is dated at `onset`: by the alarm the load had passed the capacity. O(800 · pieces).
    func around(_ onset: Double) -> (low: Double, high: Double) {
        var low = onset - interval
        var high = onset + interval
        func include(_ from: Double, _ to: Double) {
            low = min(low, from)
            high = max(high, to)
        }
        guard let trend = trend() else {
            include(lastQuiet - OnsetBounds.unknownBefore * climb, lastQuiet + OnsetBounds.unknownAfter * climb)
            return (max(0, low), min(high, max(alarm, onset)))
        }
        let isSudden = trend.suddenShare >= OnsetBounds.sure && isNear(trend.sudden)
        if trend.suddenShare >= 1 - OnsetBounds.sure { include(lastQuiet - interval, lastQuiet + interval) }
        if !isSudden, !trend.gradual.isEmpty {
            let form = OnsetBounds.formError * climb
            let fitted = trend.gradual.deviation
            let reach = OnsetBounds.wide * (fitted * fitted + interval * interval + form * form).squareRoot()
            if trend.gradual.mean.isFinite, reach.isFinite {
                include(trend.gradual.mean - reach, trend.gradual.mean + reach)
            }
        } else if !isSudden {
            include(lastQuiet - OnsetBounds.unknownBefore * climb, lastQuiet + OnsetBounds.unknownAfter * climb)
        }
        return (max(0, low), min(high, max(alarm, onset)))
    }

    /// Whether the flows changed where the queue left its usual range.
    private func isNear(_ jump: WeighedMoments) -> Bool {
        abs(jump.mean - lastQuiet) <= OnsetBounds.wide * jump.deviation + 0.05 * climb + 3 * interval
    }

    private func trend() -> OnsetTrend? {
        let start = lastQuiet - OnsetBounds.reach * climb
        let known = pieces.filter { $0.to > start }
        guard let capacity = self.capacity(known) else { return nil }
        let before = known.filter { $0.to <= lastQuiet }
        let during = known.filter { $0.from >= lastQuiet }
        guard let loadBefore = OnsetBounds.arrivals(before), let loadDuring = OnsetBounds.arrivals(during),
            before.reduce(0, { $0 + $1.to - $1.from }) >= 8 * interval
        else { return nil }
        // Whichever changed by more: the load from what it was, or the capacity from the load.
        if capacity.rate >= loadBefore || loadDuring - loadBefore > loadBefore - capacity.rate {
            let least = max(FlowNoise.ofHistory(pieces, interval: interval), capacity.rate)
            let steps = SoftSteps(known, usual: lastQuiet, climb: climb, least: least, flow: { $0.arrived })
            return steps.flatMap {
                OnsetTrend(
                    risingLoad: $0, capacity: capacity.rate, variance: capacity.variance, usual: lastQuiet,
                    allowed: allowed)
            }
        }
        let steps = SoftSteps(
            known, usual: lastQuiet, climb: climb, least: max(loadBefore, 1e-9), flow: { $0.departed })
        return steps.flatMap { OnsetTrend(fallingCapacity: $0, usual: lastQuiet, allowed: allowed) }
    }

    /// What left a second while the queue was busy, while it drained too where that agrees, and the variance of that mean.
    private func capacity(_ known: [OnsetDating.Piece]) -> (rate: Double, variance: Double)? {
        guard !busy.isEmpty else { return nil }
        let climbing = known.filter { $0.from >= min(alarm, peak - 3 * interval) }
        let weights = climbing.map { $0.to - $0.from }
        let noise = max(
            climbing.count >= 8
                ? FlowNoise.about(
                    climbing.map { $0.departed / ($0.to - $0.from) - busy.departures }, weights: weights) : 0,
            busy.departures, 1e-9)
        guard !draining.isEmpty,
            abs(draining.departures - busy.departures)
                < 3 * (noise / busy.span + noise / draining.span).squareRoot()
        else { return (busy.departures, noise / busy.span) }
        var both = busy
        both.add(draining)
        return (both.departures, noise / both.span)
    }

    private static func arrivals(_ pieces: [OnsetDating.Piece]) -> Double? {
        let seconds = pieces.reduce(0) { $0 + $1.to - $1.from }
        return seconds > 0 ? pieces.reduce(0) { $0 + $1.arrived } / seconds : nil
    }
}
