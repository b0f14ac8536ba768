import EventModel

/// A time in which a queue had fallen behind. `Mark` names the sample, for evidence.
package struct BacklogEpisode<Mark: Sendable>: Sendable {
    /// A sample that plays a part.
    package struct Point: Sendable {
        package var time: Timestamp
        package var mark: Mark
    }

    /// The estimated moment at which the load began to exceed the capacity, and the earliest and the latest that it can
    /// have been.
    package var onset: Timestamp
    package var began: ClosedRange<Timestamp>
    /// The last sample at which the queue was as usual, before the onset.
    package var lastUsual: Point
    package var alarm: Point
    package var peak: Point
    /// The first sample of those at which its wait was usual again; nil while it lasts.
    package var recovered: Point?

    /// Items waiting at the last usual sample, at the alarm, at the peak, and as the wait was usual again.
    package var depthBefore: Double
    package var depthAtAlarm: Double
    package var peakDepth: Double
    package var depthAfter = 0.0
    /// Whether depth or age were measured; else they were inferred from arrivals and departures.
    package var isMeasured: Bool
    package var isDepthMeasured: Bool
    package var isAgeMeasured: Bool
    package var isFlowCounted: Bool
    /// What the onset's date rests on.
    package var rule = Finding.Backlog.Dating.lastUsual
    /// In seconds: the usual wait, the highest that still is usual, the longest, and that at `recovered`.
    package var usualWait: Double
    package var highestUsualWait: Double
    package var longestWait: Double
    package var waitAfter = 0.0
    /// The oldest item's greatest age in seconds, where it was measured.
    package var oldest: Double?
    /// What came and went, and from when to when that was counted: from the alarm to the deepest point.
    package var rates = QueueRates()
    package var busy: ClosedRange<Timestamp>?
    /// The congestive collapse inside it, if there was one.
    package var collapse: CongestiveCollapse<Mark>?

    /// From its onset to where it was last seen.
    package var extent: ClosedRange<Timestamp> { onset...max(onset, recovered?.time ?? peak.time) }
}

/// Watches one queue, sample by sample, and dates the times in which it falls behind.
///
/// The measure is pressure: seconds of work in the queue (Little's law, and the oldest item's age), because depth alone
/// misleads where load differs by the hour. A CUSUM of its logarithm's deviations from the usual raises the alarm, with
/// a threshold that the series' own harmless excursions set. The onset is dated back to the last usual sample, or,
/// where the load rose or the capacity fell slowly, to where the trends of arrivals and departures met (see
/// `OnsetDating`).
///
/// Source of the scheme: E. S. Page, Continuous inspection schemes, Biometrika 41 (1954), on a self-tuned scale.
/// State: about 60 numbers and 64 buckets; a sample costs O(1) and allocates nothing.
package struct BacklogSeries<Mark: Sendable>: Sendable {
    package typealias Episode = BacklogEpisode<Mark>

    private var first: Timestamp?
    private var last: Double = 0
    private var flow = QueueFlow()
    private var usual = UsualWait()
    private var excursion = Excursion()
    private var history = FlowHistory()
    private var recent = RecentFlows()
    private var curve = ClimbCurve()
    /// The last sample that was as usual, the one after it, and the last that was nearly empty or not deviating.
    private var lastUsual = 0.0
    private var firstUnusual: Double?
    private var lastQuiet: Quiet?
    private var usualFlows = UsualFlows()
    /// The backlog that is going on, if one is: in a list of at most one, so that the many series without one pay a
    /// word for it.
    private var climbs: [Climb] = []
    /// The collapse that may have begun ahead of the alarm: of at most one, like `climbs`.
    private var suspected: [CollapseWatch<Mark>] = []
    private var finished: [Episode] = []
    private var harmless = HarmlessBacklogs()

    private struct Quiet {
        var seconds: Double
        var depth: Double
        var mark: Mark
    }

    private struct Climb {
        var episode: Episode
        /// In seconds of the series: the last quiet sample, the last usual one, the one after that, and the peak.
        var from: Double
        var lastUsual: Double
        var firstUnusual: Double
        var peakSeconds: Double
        var limit: Double
        /// Samples running that were as usual again, and the first of them.
        var quietRun = 0
        var quietSince: Episode.Point
        var quietSeconds = 0.0
        var quietDepth = 0.0
        var quietWait = 0.0
        var collapse = CollapseWatch<Mark>()

        /// Takes a sample inside the episode; whether it is the deepest so far, or the longest wait where no depth is
        /// known.
        mutating func follow(_ reading: QueueReading, _ judged: UsualWait.Judgement, _ point: Episode.Point) -> Bool {
            let isPeak =
                reading.depth > episode.peakDepth
                || episode.peakDepth == 0 && reading.wait > episode.longestWait
            if isPeak {
                episode.peakDepth = reading.depth
                episode.peak = point
                peakSeconds = reading.seconds
            }
            episode.longestWait = max(episode.longestWait, reading.wait)
            if let oldest = reading.oldest { episode.oldest = max(episode.oldest ?? 0, oldest) }
            if judged.deviation > 2, reading.wait > judged.limit {
                quietRun = 0
                return isPeak
            }
            if quietRun == 0 {
                quietSince = point
                quietSeconds = reading.seconds
                quietDepth = reading.depth
                quietWait = reading.wait
            }
            quietRun += 1
            return isPeak
        }
    }

    /// A series that has seen nothing.
    package init() {}

    /// Takes the next sample. One that is not later than the sample before is ignored.
    package mutating func observe(_ sample: QueueSample, mark: Mark) {
        guard let first else {
            self.first = sample.time
            flow.begin(sample)
            lastQuiet = Quiet(seconds: 0, depth: sample.depth ?? 0, mark: mark)
            return
        }
        let now = Double(sample.time.since(first)) / 1e9
        guard now > last else { return }
        last = now
        let reading = flow.read(sample, at: now)
        let point = Episode.Point(time: sample.time, mark: mark)
        let judged = usual.judge(wait: reading.wait, interval: flow.interval)
        if !climbs.isEmpty {
            advance(reading, judged, point)
        } else {
            watch(reading, judged, point)
        }
    }

    /// The time over which enough was seen of it to tell whether it fell behind; nil where there was too little.
    package var judged: ClosedRange<Timestamp>? {
        guard let first, usual.isKnown else { return nil }
        return first...first.advanced(by: nanoseconds(last))
    }

    /// All episodes in order of time; one that still lasts has no recovery. Ends the series.
    package mutating func finish() -> [Episode] {
        if let climb = climbs.popLast() { keep(climb, recovered: nil) }
        return finished.filter { !isHarmless($0) }
    }

    /// Whether chance or habit explains an episode.
    private func isHarmless(_ episode: Episode) -> Bool {
        guard let first else { return false }
        if harmless.isChance(depth: episode.peakDepth) { return true }
        let start = Double(episode.onset.since(first)) / 1e9
        let end = episode.recovered.map { Double($0.time.since(first)) / 1e9 } ?? last
        let height = episode.peakDepth > 0 ? episode.peakDepth : episode.longestWait
        return harmless.isHabit(HarmlessBacklogs.Bout(start: start, end: end, height: height), length: last)
    }

    /// Outside episodes: learns what is usual, and raises the alarm.
    private mutating func watch(_ reading: QueueReading, _ judged: UsualWait.Judgement, _ point: Episode.Point) {
        usual.learn(judged, interval: flow.interval, isSuspect: excursion.sum >= 8)
        if lastQuiet?.seconds != reading.seconds { curve.add(at: reading.seconds, level: level(reading)) }
        history.slide(reading)
        recent.slide(reading)
        if judged.deviation <= 1 || reading.wait <= judged.limit {
            lastUsual = reading.seconds
            firstUnusual = nil
            if judged.deviation <= 1 || reading.wait <= judged.limit / 4 {
                lastQuiet = Quiet(seconds: reading.seconds, depth: reading.depth, mark: point.mark)
                curve.begin(at: reading.seconds, level: level(reading))
            }
        } else if firstUnusual == nil {
            firstUnusual = reading.seconds
        }
        if usual.isKnown { excursion.add(deviation: judged.deviation, depth: reading.depth, at: reading.seconds) }
        if excursion.sum == 0 {
            usualFlows.learn(reading)
            suspected.removeAll(keepingCapacity: true)
        } else {
            if suspected.isEmpty { suspected.append(CollapseWatch()) }
            suspected[0].follow(reading, usual: usualFlows, point)
        }
        harmless.add(depth: reading.depth)
        guard usual.isKnown else { return }
        if excursion.sum > excursion.threshold, excursion.samples >= 5, reading.wait >= 2 * judged.limit,
            !isDraining(reading)
        {
            begin(reading, judged, point)
        }
    }

    /// Whether the queue is well past its deepest point, or was so soon empty that it was a burst.
    private func isDraining(_ reading: QueueReading) -> Bool {
        if reading.depth < 0.6 * excursion.deepest { return true }
        let drain = flow.departureRate - flow.arrivalRate
        return drain > 0 && reading.seconds - excursion.began + reading.depth / drain < 10 * flow.interval
    }

    private mutating func begin(_ reading: QueueReading, _ judged: UsualWait.Judgement, _ point: Episode.Point) {
        guard let first, let from = lastQuiet else { return }
        history.beginEpisode()
        recent.beginEpisode()
        let before = first.advanced(by: nanoseconds(from.seconds))
        climbs.append(
            Climb(
                episode: Episode(
                    onset: before, began: before...max(before, point.time),
                    lastUsual: Episode.Point(time: before, mark: from.mark), alarm: point, peak: point,
                    depthBefore: from.depth, depthAtAlarm: reading.depth, peakDepth: reading.depth,
                    isMeasured: flow.isMeasured, isDepthMeasured: flow.isDepthMeasured,
                    isAgeMeasured: flow.isAgeMeasured, isFlowCounted: flow.isCounted,
                    usualWait: usual.wait(interval: flow.interval),
                    highestUsualWait: usual.highest(interval: flow.interval), longestWait: reading.wait,
                    oldest: reading.oldest),
                from: from.seconds, lastUsual: lastUsual, firstUnusual: firstUnusual ?? reading.seconds,
                peakSeconds: reading.seconds, limit: judged.limit, quietSince: point,
                collapse: suspected.first ?? CollapseWatch()))
        suspected = []
    }

    /// Inside an episode: follows it to its peak and back.
    private mutating func advance(_ reading: QueueReading, _ judged: UsualWait.Judgement, _ point: Episode.Point) {
        excursion.addWithinEpisode(deviation: judged.deviation)
        climbs[0].collapse.follow(reading, usual: usualFlows, point)
        let isPeak = climbs[0].follow(reading, judged, point)
        curve.add(at: reading.seconds, level: level(reading))
        history.climb(reading, isPeak: isPeak)
        recent.climb(reading, isPeak: isPeak)
        guard climbs[0].quietRun >= 5 else { return }
        let climb = climbs[0]
        climbs = []
        keep(climb, recovered: climb.quietSince)
        lastQuiet = Quiet(seconds: reading.seconds, depth: reading.depth, mark: point.mark)
        curve.begin(at: reading.seconds, level: level(reading))
        lastUsual = reading.seconds
        firstUnusual = nil
    }

    /// What fills up: the items, or where their number is not known the wait.
    private func level(_ reading: QueueReading) -> Double {
        flow.isDepthMeasured || flow.isCounted ? reading.depth : reading.wait
    }

    /// How many times its limit a wait must reach. Of a depth alone no rate is known but its own movement, and a wait
    /// by that swings more.
    private var leastWait: Double { flow.isCounted || flow.isAgeMeasured ? 4 : 12 }

    /// Judges an episode at its end: a short or shallow one is dropped, one that follows another at once continues it.
    private mutating func keep(_ climb: Climb, recovered: Episode.Point?) {
        let end = recovered == nil ? last : climb.quietSeconds
        let isHarmless =
            end - climb.from < 10 * flow.interval || climb.episode.longestWait < leastWait * climb.limit
        harmless.add(
            HarmlessBacklogs.Bout(
                start: climb.from, end: end,
                height: climb.episode.peakDepth > 0 ? climb.episode.peakDepth : climb.episode.longestWait))
        excursion.end(harmless: isHarmless)
        defer {
            history.endEpisode(forget: !isHarmless)
            recent.endEpisode(forget: !isHarmless)
        }
        if isHarmless { return }
        var episode = climb.episode
        episode.recovered = recovered
        episode.depthAfter = climb.quietDepth
        episode.waitAfter = climb.quietWait
        episode.collapse = climb.collapse.found
        if recovered != nil, episode.collapse != nil { episode.collapse?.ended = climb.collapse.last }
        date(&episode, climb)
        if let before = finished.last, let ended = before.recovered,
            Double(episode.onset.since(ended.time)) / 1e9 < 40 * flow.interval
        {
            finished[finished.count - 1] = BacklogSeries.join(before, episode)
        } else {
            finished.append(episode)
        }
    }

    /// Dates the onset: the last quiet sample, unless what flowed around it tells another moment (see `OnsetDating`).
    private func date(_ episode: inout Episode, _ climb: Climb) {
        guard let first else { return }
        var onset = climb.from
        let pieces = history.pieces(peakAt: climb.peakSeconds)
        let alarm = Double(episode.alarm.time.since(first)) / 1e9
        let recent = self.recent.pieces(peakAt: climb.peakSeconds)
        if let capacity = history.capacity, recent.count >= 8 {
            (onset, episode.rule) =
                OnsetDating(pieces: recent, lastQuiet: climb.from, capacity: capacity, interval: flow.interval).date()
        }
        let bounds = OnsetBounds(
            pieces: pieces, lastQuiet: climb.from, alarm: alarm, peak: climb.peakSeconds, busy: history.busy,
            draining: history.draining, interval: flow.interval,
            allowed: climb.limit * history.busy.departures / 2, evenness: curve.evenness)
        let isSudden = episode.rule == .lastUsual && bounds.isSudden
        if isSudden { onset = min(curve.beginning, climb.from + OnsetBounds.soonest * flow.interval) }
        let (low, high) = isSudden ? bounds.ofSudden : bounds.ofSlow(onset, by: episode.rule)
        func time(_ seconds: Double) -> Timestamp { first.advanced(by: nanoseconds(max(0, seconds))) }
        episode.onset = time(onset)
        episode.began = time(low)...time(high)
        episode.rates = history.busy
        if !episode.rates.isEmpty { episode.busy = episode.alarm.time...max(episode.alarm.time, episode.peak.time) }
    }

    private static func join(_ a: Episode, _ b: Episode) -> Episode {
        var joined = a
        joined.recovered = b.recovered
        joined.depthAfter = b.depthAfter
        joined.waitAfter = b.waitAfter
        if b.peakDepth > a.peakDepth {
            joined.peak = b.peak
            joined.peakDepth = b.peakDepth
            joined.rates = b.rates
            joined.busy = b.busy
        }
        joined.collapse = a.collapse ?? b.collapse
        joined.longestWait = max(a.longestWait, b.longestWait)
        joined.oldest = a.oldest.map { max($0, b.oldest ?? 0) } ?? b.oldest
        return joined
    }

    private func nanoseconds(_ seconds: Double) -> Int64 { Int64(min(seconds * 1e9, 9.2e18)) }
}
