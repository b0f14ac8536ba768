/// What is usual for one queue: a running mean and scale of the logarithm of its wait.
///
/// Waits differ by factors, hence the logarithm; a quarter of the sampling interval is added to keep an empty queue finite.
struct UsualWait {
    private var mean = 0.0
    private var scale = 0.5
    private var samples = 0

    /// How far a wait lies from the usual, in scales, held to ±4.
    struct Judgement {
        var deviation: Double
        /// Three times the usual wait, but not less than one interval: below it nothing counts as a backlog.
        var limit: Double
        fileprivate var logarithm: Double
    }

    /// Whether enough was seen to judge by.
    var isKnown: Bool { samples >= 30 }

    /// The usual wait in seconds; 0 where it is too short for the sampling to tell.
    func wait(interval: Double) -> Double {
        let wait = exponential(mean) - interval / 4
        return wait > interval / 100 ? wait : 0
    }

    /// The wait up to which a queue that had fallen behind counts as usual again: three times the usual wait (and an interval), or
    /// within two scales of it.
    func highest(interval: Double) -> Double {
        max(limit(interval), exponential(mean + 2 * max(scale, 0.12)) - interval / 4)
    }

    private func limit(_ interval: Double) -> Double { max(interval, 3 * (exponential(mean) - interval / 4)) }

    /// Judges a wait. O(1).
    mutating func judge(wait: Double, interval: Double) -> Judgement {
        let x = naturalLogarithm(wait + interval / 4)
        if samples == 0 { mean = x }
        let deviation = (x - mean) / max(scale, 0.12)
        return Judgement(
            deviation: max(-4, min(4, deviation)),
            limit: limit(interval), logarithm: x)
    }

    /// Learns from a judged wait outside episodes, with a half-life of two hours or 60 samples, the longer; five times slower while
    /// the queue seems to leave its usual range.
    mutating func learn(_ judged: Judgement, interval: Double, isSuspect: Bool) {
        samples = min(samples + 1, 1 << 20)
        let halfLife = max(7200 / interval, 60)
        let weight = max(0.693_147 / halfLife, 1 / Double(samples + 1)) * (isSuspect ? 0.2 : 1)
        let spread = max(scale, 0.12)
        let innovation = max(-3 * spread, min(3 * spread, judged.logarithm - mean))
        if samples > 1 { scale += weight * (1.25 * abs(innovation) - scale) }
        mean += weight * innovation
    }
}

/// A cumulative sum of deviations (Page's CUSUM) whose threshold learns from the series' own harmless excursions.
struct Excursion {
    /// The sum; zero between excursions.
    private(set) var sum = 0.0
    private(set) var samples = 0
    private(set) var began = 0.0
    private(set) var deepest = 0.0
    private var peak = 0.0
    private var usualPeak = 1.0
    private var highestPeak = 0.0

    /// The sum that harmless excursions of this series do not reach.
    var threshold: Double { max(8, 0.5 * usualPeak * 9.210_340_371_976_184, 1.3 * highestPeak) }

    /// Adds one sample; an excursion that has come back to zero is learned from.
    mutating func add(deviation: Double, depth: Double, at seconds: Double) {
        sum = max(0, sum + deviation - 0.75)
        if sum > 0 {
            if samples == 0 { began = seconds }
            samples += 1
            peak = max(peak, sum)
            deepest = max(deepest, depth)
        } else if samples > 0 {
            if peak > 1 {
                usualPeak += 0.1 * (peak - usualPeak)
                highestPeak = max(0.98 * highestPeak, peak)
            }
            reset()
        }
    }

    /// Goes on summing inside an episode, where only the height matters.
    mutating func addWithinEpisode(deviation: Double) { peak += max(0, deviation - 0.75) }

    /// Ends an excursion that was taken for an episode; a harmless one raises the threshold.
    mutating func end(harmless: Bool) {
        if harmless { highestPeak = max(highestPeak, peak) }
        reset()
    }

    private mutating func reset() {
        sum = 0
        samples = 0
        peak = 0
        deepest = 0
    }
}
