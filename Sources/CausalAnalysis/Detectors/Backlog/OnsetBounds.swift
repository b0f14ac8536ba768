import EventModel

/// Within which bounds the onset of a backlog lies in nine cases of ten.
///
/// Arrivals tell the load at any time; departures tell the capacity, but only while the queue is busy; the depth is the
/// integral of their difference and tells late (slow growth) or early (a swing of the load before). A change at once is
/// known to a sample or so. When a gradual one passed the capacity is bounded by the noise of the load itself, so a
/// slow onset has a wide interval, and that, not the point inside it, is the answer that can be relied on.
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
    /// How evenly the queue filled from the beginning; nil where too few samples tell.
    var evenness: Double?

    /// Climbs of history, from the last usual sample to the peak, that are looked at.
    private static let reach = 16.0
    /// How even a climb that began at once is; more, as of a queue that is full before its deepest sample, only where
    /// the flows agree.
    private static let even = 0.88...1.15
    private static let full = 0.88...3
    /// How likely the flows must make a change at once, where they tell.
    private static let likely = 0.5
    /// From how many samples ahead of the last usual one to how many behind it a change at once lies.
    private static let earliest = 1.1
    static let soonest = 0.9
    /// The shares of the climb around its date within which a slow onset lies, by what dates it. Bounds were chosen on
    /// trial series for nine of ten.
    private static func reach(_ rule: Finding.Backlog.Dating) -> (before: Double, after: Double) {
        switch rule {
        case .risingLoad: (0.21, 0.13)
        case .fallingCapacity: (0.26, 0.21)
        case .lastUsual: (0.38, 0.28)
        }
    }

    private var climb: Double { max(peak - lastQuiet, 10 * interval) }

    /// Whether the load passed the capacity at once: the queue filled evenly from the beginning, and what flowed does
    /// not say otherwise. O(800 · pieces).
    var isSudden: Bool {
        guard let evenness else { return true }
        guard OnsetBounds.full.contains(evenness) else { return false }
        return trend().map { $0.suddenShare >= OnsetBounds.likely } ?? OnsetBounds.even.contains(evenness)
    }

    /// The bounds of a sudden onset.
    var ofSudden: (low: Double, high: Double) {
        (max(0, lastQuiet - OnsetBounds.earliest * interval), lastQuiet + OnsetBounds.soonest * interval)
    }

    /// The bounds of a slow onset that is dated at `onset` by a rule.
    func ofSlow(_ onset: Double, by rule: Finding.Backlog.Dating) -> (low: Double, high: Double) {
        let reach = OnsetBounds.reach(rule)
        return (max(0, onset - max(interval, reach.before * climb)), onset + max(interval, reach.after * climb))
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

    /// What left a second while the queue was busy, while it drained too where that agrees, and the variance of that
    /// mean.
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
