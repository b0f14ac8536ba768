import EventModel

@testable import CausalAnalysis

/// Numbers that are the same in every run: SplitMix64.
struct Seeded {
    private var state: UInt64

    init(seed: Int) {
        state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    /// Uniform in 0 ..< 1.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}

/// A queue with random arrivals and random service, sampled every ten seconds: the truth for the tests.
struct QueueModel {
    var seed: Int
    var length: Int
    /// Arrivals as a share of the full capacity, and the capacity as a share of the full one, by sample.
    var load: (Int) -> Double = { _ in 0.6 }
    var capacity: (Int) -> Double = { _ in 1 }

    func samples() -> [QueueSample] {
        var random = Seeded(seed: seed)
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
                flow: .since(arrived: Double(arrived), completed: Double(completed), failed: 0))
        }
    }
}
