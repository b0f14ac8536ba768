import EventModel
import Testing

@testable import CausalAnalysis

/// Where the onset of a backlog is dated, on flows that are exact and on queues whose truth is known.
struct OnsetDatingTests {
    // MARK: Exact flows, ten seconds a piece

    @Test func aLoadThatJumpsIsDatedAtTheLastUsualSample() {
        let found = dating(lastQuiet: 600, arrived: { $0 < 600 ? 5 : 15 }, departed: { $0 < 600 ? 5 : 10 }).date()
        #expect(found.rule == .lastUsual && found.seconds == 600)
    }

    @Test(arguments: [520.0, 640, 800])
    func aLoadThatRisesIsDatedMidwayToWhereItMeetsTheCapacity(lastQuiet: Double) {
        // It rises from 5 a second by 1 in a hundred seconds and meets 10 at 500 s, wherever the queue stopped being as usual.
        let found = dating(
            lastQuiet: lastQuiet, arrived: { 5 + $0 / 100 }, departed: { min(10, 5 + $0 / 100) }
        ).date()
        let truth = lastQuiet == 520 ? 520 : (lastQuiet + 500) / 2
        #expect(found.rule == (lastQuiet == 520 ? .lastUsual : .risingLoad), "too near to tell apart: five samples")
        #expect(abs(found.seconds - truth) < 1, "\(found.seconds) instead of \(truth)")
    }

    @Test func aCapacityThatFallsAfterASwingFilledTheQueueIsDatedWhereItLeavesTheLoad() {
        // From 400 s the capacity falls from 12 by 1 in a hundred seconds: below the 8 that come at 800 s.
        let found = dating(
            lastQuiet: 700, arrived: { _ in 8 }, departed: { $0 < 800 ? 8 : 8 - ($0 - 800) / 100 }, capacity: 6
        ).date()
        #expect(found.rule == .fallingCapacity)
        #expect(abs(found.seconds - 800) < 40, "\(found.seconds)")
    }

    @Test func aCapacityThatBreaksOffIsDatedAtTheLastUsualSample() {
        let found = dating(
            lastQuiet: 600, arrived: { _ in 8 }, departed: { $0 < 600 ? 8 : 4 }, capacity: 4
        ).date()
        #expect(found.rule == .lastUsual && found.seconds == 600)
    }

    @Test(arguments: [0.0, .infinity, 1e37])
    func oddFlowsAreDatedAtTheLastUsualSample(rate: Double) {
        let found = dating(lastQuiet: 600, arrived: { _ in rate }, departed: { _ in rate }).date()
        #expect(found.rule == .lastUsual && found.seconds == 600)
    }

    // MARK: Queues

    @Test(arguments: 0..<20)
    func aSlowLeakIsDatedWhereTheCapacityFallsBelowTheLoad(seed: Int) throws {
        var model = QueueModel(seed: seed, length: 1_500)
        // From 1 at sample 500 to 0.4 at 1,000: it passes the load at 800, and is mended at 1,100.
        model.capacity = { $0 < 500 ? 1 : $0 < 1_000 ? 1 - 0.6 * Double($0 - 500) / 500 : $0 < 1_100 ? 0.4 : 1 }
        model.load = { _ in 0.64 }
        let episode = try #require(episodes(model.samples()).first, "the leak was not found")
        let error = Double(episode.onset.nanoseconds) / 1e10 - 800
        #expect(abs(error) <= 45, "dated \(error) samples off; the climb took 300")
        #expect(episode.rule != .risingLoad, "it was not the load that rose")
    }

    @Test func aRelapseWithinFortySamplesIsTheSameBacklog() {
        #expect(episodes(twoSurges(apart: 130)).count == 1, "drained for some 20 samples between the surges")
        #expect(episodes(twoSurges(apart: 300)).count == 2, "drained for some 190 samples between the surges")
    }

    // MARK: Helpers

    private func dating(
        lastQuiet: Double, arrived: (Double) -> Double, departed: (Double) -> Double, capacity: Double = 10
    ) -> OnsetDating {
        let pieces = (0..<120).map { index in
            let from = Double(index) * 10
            return OnsetDating.Piece(
                from: from, to: from + 10, arrived: 10 * arrived(from + 5), departed: 10 * departed(from + 5))
        }
        return OnsetDating(pieces: pieces, lastQuiet: lastQuiet, capacity: capacity, interval: 10)
    }

    private func twoSurges(apart: Int) -> [QueueSample] {
        var model = QueueModel(seed: 1, length: 1_500)
        model.load = { (500..<560).contains($0) || (500 + apart..<560 + apart).contains($0) ? 1.6 : 0.6 }
        return model.samples()
    }

    private func episodes(_ samples: [QueueSample]) -> [BacklogEpisode<Int>] {
        var series = BacklogSeries<Int>()
        for (index, sample) in samples.enumerated() { series.observe(sample, mark: index) }
        return series.finish()
    }
}
