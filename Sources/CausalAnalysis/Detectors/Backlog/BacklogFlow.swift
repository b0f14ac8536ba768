/// What one sample says after counters, gaps and missing numbers are dealt with. Times are in seconds.
struct QueueReading {
    /// Since the series' first sample.
    var seconds: Double
    /// Since the sample before.
    var elapsed: Double
    /// Items waiting, measured or inferred from the flows.
    var depth: Double
    /// The time for which an item that arrives now will wait.
    var wait: Double
    /// Arrivals and departures since the sample before, gaps filled up at the same rate; nil where unknown.
    var arrived: Double?
    var departed: Double?
    /// The part of `departed` that succeeded.
    var completed: Double?
    /// Age of the oldest item, where it was measured.
    var oldest: Double?
}

/// Turns a queue's samples into readings: resets of counters, lost samples, and a depth or rates that nobody measured.
struct QueueFlow {
    /// The usual time between two samples.
    private(set) var interval = 0.0
    /// Moving averages, items a second.
    private(set) var arrivalRate = 0.0
    private(set) var departureRate = 0.0
    /// Whether any sample measured the depth or the oldest item's age.
    var isMeasured: Bool { isDepthMeasured || isAgeMeasured }
    private(set) var isDepthMeasured = false
    private(set) var isAgeMeasured = false
    /// Whether any sample counted what came and went.
    private(set) var isCounted = false

    private var seconds = 0.0
    private var depth = 0.0
    private var ratesSeen = 0
    private var totals = Counts(arrived: 0, completed: 0, failed: 0)
    private var totalsAt = -1.0

    private struct Counts {
        var arrived: Double
        var completed: Double
        var failed: Double
        var departed: Double { completed + failed }
    }

    /// The first sample of a series: a place to count from.
    mutating func begin(_ sample: QueueSample) {
        depth = sample.depth ?? 0
        isDepthMeasured = sample.depth != nil
        isAgeMeasured = sample.oldest != nil
        _ = counts(sample, at: 0, elapsed: 0)
    }

    /// The next sample, `seconds` after the first one; its time is later than that of the sample before. O(1).
    mutating func read(_ sample: QueueSample, at now: Double) -> QueueReading {
        let elapsed = now - seconds
        seconds = now
        learnInterval(elapsed)
        if sample.depth != nil { isDepthMeasured = true }
        if sample.oldest != nil { isAgeMeasured = true }

        let counted = counts(sample, at: now, elapsed: elapsed)
        if counted != nil { isCounted = true }
        if let counted { learnRates(arrived: counted.arrived / elapsed, departed: counted.departed / elapsed) }
        if let measured = sample.depth {
            if counted == nil {
                // Without flows the depth's own movement is the least that flowed.
                let moved = (measured > depth ? measured - depth : depth - measured) / elapsed
                learnRates(arrived: moved, departed: moved)
            }
            depth = measured
        } else if let counted {
            // Counts never agree to the last item: a small leak keeps their difference from adding up for ever.
            let more = counted.arrived - counted.departed - 0.01 * max(counted.arrived, counted.departed)
            depth = max(0, depth + more)
        }
        return QueueReading(
            seconds: now, elapsed: elapsed, depth: depth, wait: wait(sample, hasFlow: counted != nil),
            arrived: counted?.arrived, departed: counted?.departed, completed: counted?.completed,
            oldest: sample.oldest)
    }

    /// Seconds of work ahead of a new item: the mean of Little's law and the oldest item's age, of what is there of them.
    private func wait(_ sample: QueueSample, hasFlow: Bool) -> Double {
        let work = depth / max(arrivalRate, departureRate, 0.5 / interval)
        guard let oldest = sample.oldest else { return work }
        return hasFlow ? (work + oldest) / 2 : oldest
    }

    /// Short intervals are believed at once; long ones may be gaps and move the estimate slowly.
    private mutating func learnInterval(_ elapsed: Double) {
        if interval == 0 {
            interval = elapsed
        } else if elapsed < 0.75 * interval {
            interval += 0.25 * (elapsed - interval)
        } else if elapsed < 1.5 * interval {
            interval += 0.05 * (elapsed - interval)
        } else {
            interval += 0.02 * (min(elapsed, 4 * interval) - interval)
        }
    }

    private mutating func learnRates(arrived: Double, departed: Double) {
        let weight = ratesSeen < 5 ? 1 / Double(ratesSeen + 1) : 0.2
        arrivalRate += weight * (arrived - arrivalRate)
        departureRate += weight * (departed - departureRate)
        ratesSeen = min(ratesSeen + 1, 5)
    }

    /// What came and went in the last `elapsed` seconds, as far as the sample says.
    private mutating func counts(_ sample: QueueSample, at now: Double, elapsed: Double) -> Counts? {
        switch sample.flow {
        case nil: return nil
        case .since(let arrived, let completed, let failed):
            guard elapsed > 0, let counts = complete(arrived, completed, failed, sample.depth) else { return nil }
            let interval = max(self.interval, .leastNormalMagnitude)
            if elapsed < 1.5 * interval || ratesSeen == 0 { return counts }
            // A gap. Either samples were lost with their counts, or the sampler was late and its counts cover the gap:
            // whichever gives rates closer to those before.
            let usual = max(arrivalRate, departureRate) * interval + 0.5
            let most = max(counts.arrived, counts.departed)
            let ifLost = ratio(most + 0.5, usual)
            let ifLate = ratio(most * interval / elapsed + 0.5, usual)
            return ifLost < ifLate ? scaled(counts, by: elapsed / interval) : counts
        case .totals(let arrived, let completed, let failed):
            guard let arrived, let completed else { return nil }
            let new = Counts(arrived: arrived, completed: completed, failed: failed ?? 0)
            defer {
                totals = new
                totalsAt = now
            }
            if totalsAt < 0 || elapsed <= 0 { return nil }
            let isReset =
                new.arrived < totals.arrived || new.completed < totals.completed || new.failed < totals.failed
            let grown =
                isReset
                ? new
                : Counts(
                    arrived: new.arrived - totals.arrived, completed: new.completed - totals.completed,
                    failed: new.failed - totals.failed)
            return scaled(grown, by: elapsed / (now - totalsAt))
        }
    }

    /// Fills up what one of arrivals, departures and a measured depth leaves open about the others.
    private func complete(_ arrived: Double?, _ completed: Double?, _ failed: Double?, _ measured: Double?) -> Counts? {
        if let arrived, let completed { return Counts(arrived: arrived, completed: completed, failed: failed ?? 0) }
        guard let measured else { return nil }
        let more = measured - depth
        if let arrived { return Counts(arrived: arrived, completed: max(0, arrived - more), failed: 0) }
        guard let completed else { return nil }
        return Counts(arrived: max(0, completed + (failed ?? 0) + more), completed: completed, failed: failed ?? 0)
    }

    private func scaled(_ counts: Counts, by factor: Double) -> Counts {
        Counts(arrived: counts.arrived * factor, completed: counts.completed * factor, failed: counts.failed * factor)
    }

    private func ratio(_ a: Double, _ b: Double) -> Double { a > b ? a / b : b / a }
}
