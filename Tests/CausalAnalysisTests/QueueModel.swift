import EventModel

@testable import CausalAnalysis

extension SeededGenerator {
    /// Uniform in 0 ..< 1, from bits alone.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}

/// A queue with random arrivals and random service, sampled every ten seconds: the truth for the tests.
struct QueueModel {
    var seed: Int
    var length: Int
    /// Arrivals as a share of the full capacity, and the capacity as a share of the full one, by sample.
    var load: (Int) -> Double = { _ in 0.6 }
    var capacity: (Int) -> Double = { _ in 1 }
    /// The share of what leaves that failed, by sample.
    var failing: (Int) -> Double = { _ in 0 }

    func samples() -> [QueueSample] {
        var random = SeededGenerator(seed: UInt64(seed))
        var depth = 0
        return (0..<length).map { index in
            var arrived = 0
            var completed = 0
            // A hundred steps a sample, in each of which an item may come and one may go: fifty a sample at full capacity.
            for _ in 0..<100 {
                if random.unit() < 0.5 * load(index) {
                    arrived += 1
                    depth += 1
                }
                if depth > 0, random.unit() < 0.5 * capacity(index) {
                    completed += 1
                    depth -= 1
                }
            }
            return QueueSample(
                time: Timestamp(nanoseconds: Int64(index + 1) * 10 * Nanoseconds.second), depth: Double(depth),
                flow: .since(
                    arrived: Double(arrived), completed: Double(completed) * (1 - failing(index)),
                    failed: Double(completed) * failing(index)))
        }
    }
}
