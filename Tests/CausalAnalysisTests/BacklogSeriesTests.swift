import EventModel
import Testing

@testable import CausalAnalysis

/// Laws of the backlog detector's heart, on queues whose truth is known because they are made here.
struct BacklogSeriesTests {
    @Test func nothingSeenNothingFound() {
        var series = BacklogSeries<Int>()
        #expect(series.finish().isEmpty)
    }

    @Test(arguments: [0.0, 7, 1e12])
    func aConstantQueueIsNoBacklog(depth: Double) {
        let samples = (0..<5_000).map {
            QueueSample(
                time: Timestamp(nanoseconds: Int64($0) * 10 * Nanoseconds.second), depth: depth,
                flow: .since(arrived: depth, completed: depth, failed: 0))
        }
        #expect(episodes(samples).isEmpty)
    }

    @Test(arguments: 0..<20)
    func steadyRandomLoadIsNoBacklog(seed: Int) {
        let found = episodes(QueueModel(seed: seed, length: 1_500).samples())
        #expect(found.isEmpty, "a queue at 60 % of its capacity was flagged at \(found.map(\.onset.nanoseconds))")
    }

    @Test(arguments: 0..<20)
    func aSurgeIsDatedWithinTwoSamples(seed: Int) throws {
        var model = QueueModel(seed: seed, length: 1_500)
        model.load = { (800..<950).contains($0) ? 1.8 : 0.6 }
        let found = episodes(model.samples())
        let episode = try #require(found.first, "the surge was not found")
        #expect(found.count == 1)
        let truth = Double(800 * 10)
        #expect(abs(Double(episode.onset.nanoseconds) / 1e9 - truth) <= 20)
        #expect(episode.alarm.time > episode.onset)
        #expect(episode.peak.time > episode.alarm.time)
        let recovered = try #require(episode.recovered, "the surge ended and the queue drained")
        #expect(recovered.time > episode.peak.time)
        #expect(Double(episode.peak.time.nanoseconds) / 1e9 <= 9_520)
    }

    @Test(arguments: 0..<20)
    func aSlowRampIsDatedWhereLoadCrossesCapacity(seed: Int) throws {
        var model = QueueModel(seed: seed, length: 1_500)
        // From 0.5 at sample 500 to 1.5 at 1,100: capacity is reached at 800; a tenth of the climb is 50 samples.
        model.load = { $0 < 500 ? 0.5 : $0 < 1_100 ? 0.5 + Double($0 - 500) / 600 : $0 < 1_300 ? 1.5 : 0.3 }
        let episode = try #require(episodes(model.samples()).first, "the ramp was not found")
        #expect(abs(Double(episode.onset.nanoseconds) / 1e10 - 800) <= 50)
    }

    @Test(arguments: 0..<10)
    func anOutageWithoutDepthIsInferredFromTheFlows(seed: Int) throws {
        var model = QueueModel(seed: seed, length: 1_200)
        model.capacity = { (700..<760).contains($0) ? 0 : 1 }
        let samples = model.samples().map { QueueSample(time: $0.time, flow: $0.flow) }
        let episode = try #require(episodes(samples).first, "the outage was not found")
        #expect(abs(Double(episode.onset.nanoseconds) / 1e10 - 700) <= 2)
        #expect(!episode.isMeasured)
    }

    @Test(arguments: 0..<10)
    func shiftingAllTimesShiftsTheFindings(seed: Int) {
        let samples = twoSurges(seed).samples()
        let shift: Int64 = 1_760_918_400 * Nanoseconds.second + 7
        let moved = samples.map { sample in
            var moved = sample
            moved.time = sample.time.advanced(by: shift)
            return moved
        }
        #expect(times(episodes(samples)).map { $0 + shift } == times(episodes(moved)))
    }

    @Test(arguments: 0..<10)
    func scalingDepthAndRatesKeepsTheOnsets(seed: Int) {
        // A power of two, so that rounding is the same.
        let samples = twoSurges(seed).samples()
        #expect(times(episodes(samples)) == times(episodes(samples.map { scaled($0, by: 1024) })))
    }

    @Test(arguments: 0..<10)
    func deltasAndTotalsGiveTheSameEpisodes(seed: Int) {
        let samples = twoSurges(seed).samples()
        #expect(times(episodes(samples)) == times(episodes(asTotals(samples, resetEvery: nil))))
    }

    @Test(arguments: 0..<10)
    func aResetOfTheCountersIsNoBacklog(seed: Int) {
        let calm = QueueModel(seed: seed, length: 1_200).samples()
        #expect(episodes(asTotals(calm, resetEvery: 97)).isEmpty)
    }

    @Test func whatHasNoTimeOfItsOwnIsIgnored() {
        let samples = twoSurges(3).samples()
        var disturbed: [QueueSample] = []
        for sample in samples {
            disturbed.append(sample)
            var back = sample
            back.time = sample.time.advanced(by: -Nanoseconds.hour)
            back.depth = 1e9
            disturbed.append(back)
            back.time = sample.time
            disturbed.append(back)
        }
        #expect(times(episodes(samples)) == times(episodes(disturbed)))
    }

    @Test(arguments: 0..<50)
    func hostileNumbersNeitherTrapNorSpread(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let odd: [Double] = [
            .nan, .infinity, -.infinity, -1, 0, 1, 1e-300, 1e18, 9.2e18, 1e300, .greatestFiniteMagnitude,
        ]
        var time: Int64 = .min
        var samples: [QueueSample] = []
        for _ in 0..<2_000 {
            func number() -> Double? { Int(random.next() % 4) == 0 ? nil : odd[Int(random.next() % UInt64(odd.count))] }
            let flow: QueueSample.Flow? =
                switch Int(random.next() % 3) {
                case 0: .since(arrived: number(), completed: number(), failed: number())
                case 1: .totals(arrived: number(), completed: number(), failed: number())
                default: nil
                }
            samples.append(
                QueueSample(time: Timestamp(nanoseconds: time), depth: number(), oldest: number(), flow: flow))
            let step = [1, 1_000_000_000, Int64.max / 64, -5][Int(random.next() % 4)]
            time = Timestamp(nanoseconds: time).advanced(by: step).nanoseconds
        }
        for episode in episodes(samples) {
            #expect(episode.peakDepth.isFinite && episode.longestWait.isFinite && episode.waitAfter.isFinite)
            #expect(episode.began.contains(episode.onset))
        }
    }

    @Test(arguments: 0..<10)
    func aCollapseIsFoundInsideItsBacklog(seed: Int) throws {
        var model = QueueModel(seed: seed, length: 1_200)
        model.load = { (700..<900).contains($0) ? 1.6 : 0.6 }
        // From sample 740 to 880 nine of ten pieces of work are given up.
        model.failing = { (740..<880).contains($0) ? 0.9 : 0 }
        let episode = try #require(episodes(model.samples()).first)
        let collapse = try #require(episode.collapse, "nothing was said of the collapse")
        #expect(collapse.began.mark == 740)
        #expect(collapse.ended?.mark == 879)
        #expect(collapse.began.time >= episode.onset)
        #expect(collapse.lowestGoodput < 0.5 * collapse.usualGoodput)
        #expect(collapse.highestLoad > 1.2)
    }

    @Test(arguments: [2, 3])
    func oneHealthySampleBreaksACollapse(every step: Int) {
        var model = QueueModel(seed: 3, length: 1_200)
        model.load = { (700..<900).contains($0) ? 1.6 : 0.6 }
        model.failing = { (740..<880).contains($0) && $0 % step != 0 ? 1 : 0 }
        let episodes = episodes(model.samples())
        #expect(!episodes.isEmpty, "the backlog itself is not found")
        #expect(episodes.allSatisfy { $0.collapse == nil }, "no three samples running collapsed")
    }

    @Test(arguments: 0..<10)
    func aBacklogWithoutFailuresIsNoCollapse(seed: Int) {
        #expect(episodes(twoSurges(seed).samples()).allSatisfy { $0.collapse == nil })
    }

    @Test func theLogarithmIsOne() {
        for x in [1e-300, 1e-9, 0.5, 1, 1.414, 1.415, 2, 10, 12_345.678, 1e300] {
            #expect(abs(exponential(naturalLogarithm(x)) / x - 1) < 1e-11)
        }
        #expect(naturalLogarithm(1) == 0)
        #expect(abs(naturalLogarithm(10) - 2.302_585_092_994_046) < 1e-14)
    }

    // MARK: Helpers

    private func episodes(_ samples: [QueueSample]) -> [BacklogEpisode<Int>] {
        var series = BacklogSeries<Int>()
        for (index, sample) in samples.enumerated() { series.observe(sample, mark: index) }
        return series.finish()
    }

    /// Onset, alarm, peak and recovery of each episode.
    private func times(_ episodes: [BacklogEpisode<Int>]) -> [Int64] {
        episodes.flatMap { episode in
            let points =
                [episode.onset, episode.alarm.time, episode.peak.time] + (episode.recovered.map { [$0.time] } ?? [])
            return points.map(\.nanoseconds)
        }
    }

    private func twoSurges(_ seed: Int) -> QueueModel {
        var model = QueueModel(seed: seed, length: 1_500)
        model.load = { (400..<460).contains($0) || (1_000..<1_080).contains($0) ? 2 : 0.6 }
        return model
    }

    private func scaled(_ sample: QueueSample, by factor: Double) -> QueueSample {
        guard case .since(let arrived, let completed, let failed) = sample.flow else { return sample }
        return QueueSample(
            time: sample.time, depth: sample.depth.map { $0 * factor }, oldest: sample.oldest,
            flow: .since(
                arrived: arrived.map { $0 * factor }, completed: completed.map { $0 * factor },
                failed: failed.map { $0 * factor }))
    }

    /// The same samples with counters that only grow, from any start, or that fall to zero now and then.
    private func asTotals(_ samples: [QueueSample], resetEvery period: Int?) -> [QueueSample] {
        var totals = (arrived: 1e6, completed: 9e5, failed: 0.0)
        return samples.enumerated().map { index, sample in
            guard case .since(let arrived, let completed, let failed) = sample.flow else { return sample }
            if let period, index % period == period - 1 { totals = (0, 0, 0) }
            totals.arrived += arrived ?? 0
            totals.completed += completed ?? 0
            totals.failed += failed ?? 0
            return QueueSample(
                time: sample.time, depth: sample.depth,
                flow: .totals(arrived: totals.arrived, completed: totals.completed, failed: totals.failed))
        }
    }
}

/// Backlogs that chance or habit explains.
struct HarmlessBacklogTests {
    private func episodes(_ samples: [QueueSample]) -> [BacklogEpisode<Int>] {
        var series = BacklogSeries<Int>()
        for (index, sample) in samples.enumerated() { series.observe(sample, mark: index) }
        return series.finish()
    }

    /// A queue whose items come and go one at a time, sampled every second for a day.
    private func singleItems(_ seed: UInt64, rate: Double, load: Double) -> [QueueSample] {
        var random = SeededGenerator(seed: seed)
        var depth = 0.0
        return (0..<86_400).map { second in
            // Thinning in tenths of a second: at most one arrival and one departure in each.
            var (arrived, completed) = (Int64(0), Int64(0))
            for _ in 0..<10 {
                if Double.random(in: 0..<1, using: &random) < rate * load / 10 { arrived += 1 }
                if depth + Double(arrived - completed) > 0, Double.random(in: 0..<1, using: &random) < rate / 10 {
                    completed += 1
                }
            }
            depth += Double(arrived - completed)
            return QueueSample(
                time: Timestamp(nanoseconds: Int64(second) * Nanoseconds.second), depth: depth, oldest: nil,
                flow: .since(arrived: Double(arrived), completed: Double(completed), failed: 0))
        }
    }

    @Test(arguments: [(1, 0.3), (2, 0.6), (3, 1.0), (4, 2.0)] as [(UInt64, Double)])
    func aFewItemsByChanceAreNoBacklog(seed: UInt64, rate: Double) {
        let found = episodes(singleItems(seed, rate: rate, load: 0.7))
        #expect(found.isEmpty, "\(rate) items a second: \(found.map { ($0.onset, $0.peakDepth) })")
    }

    /// A queue with a nightly batch for `nights` days, of which one is `factor` times as large and long.
    private func nights(_ count: Int, faulty: Int?, factor: Double) -> [QueueSample] {
        var random = SeededGenerator(seed: 77)
        var depth = 0.0
        return (0..<(count * 1440)).map { minute in
            let (day, ofDay) = (minute / 1440, minute % 1440)
            let isFaulty = day == faulty
            let inBatch = (120..<(isFaulty ? 120 + Int(60 * factor) : 180)).contains(ofDay)
            let arrived = Double.random(in: 540...660, using: &random) + (inBatch ? 600 * (isFaulty ? factor : 1) : 0)
            let completed = min(depth + arrived, Double.random(in: 880...920, using: &random))
            depth += arrived - completed
            return QueueSample(
                time: Timestamp(nanoseconds: Int64(minute) * Nanoseconds.minute), depth: depth.rounded(), oldest: nil,
                flow: .since(arrived: arrived.rounded(), completed: completed.rounded(), failed: 0))
        }
    }

    @Test func whatEveryNightDoesIsNoBacklog() {
        let found = episodes(nights(6, faulty: nil, factor: 1))
        #expect(found.isEmpty, "\(found.map { ($0.onset.rfc3339(), $0.peakDepth) })")
    }

    @Test func aNightThatIsFarWorseThanTheOthersIsOne() {
        let found = episodes(nights(6, faulty: 4, factor: 3))
        #expect(found.count == 1, "\(found.map { ($0.onset.rfc3339(), $0.peakDepth) })")
        #expect(found.first.map { $0.onset.nanoseconds / Nanoseconds.day } == 4)
    }
}
