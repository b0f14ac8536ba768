/// Whether series of two samples of blocks differ by more than chance, all of them at once.
///
/// Blocks are dealt to the two samples anew, a fixed number of times from a fixed seed, and each time the largest statistic of all series is
/// taken. A series differs where hardly any of these is as large as its own statistic. So the answer is corrected for all comparisons
/// (Westfall and Young's maxT): that one of a thousand series looks odd by chance is counted in. A block's series are dealt together, since
/// they depend on one another.
struct PermutationTest {
    /// How often blocks are dealt.
    static let rounds = 1999
    /// A series differs below this.
    static let level = 0.001

    private let first: Int
    private let count: Int

    /// - Parameters:
    ///   - first: how many blocks the first sample has.
    ///   - second: how many the second has.
    init(first: Int, second: Int) {
        self.first = first
        count = first + second
    }

    /// Whether there are so many ways to deal the blocks that a difference can be told from chance at all.
    var canTell: Bool {
        var ways = 1.0
        for index in 0..<min(first, count - first) { ways *= Double(count - index) / Double(index + 1) }
        return first > 0 && first < count && 2 / ways < PermutationTest.level
    }

    /// For each series the probability that chance alone gives any series a statistic as large as its own.
    /// - Parameter series: of each block its value, nil without one: the first sample's, then the second's.
    func probabilities(_ series: [[Double?]]) -> [Double] {
        let series = series.map { Series($0) }
        var dealt = Array(0..<count)
        let own = series.map { $0.statistic(of: dealt[..<first]) }
        var exceeded = [Int](repeating: 0, count: series.count)
        var numbers = SplitMix64(state: 1)
        for _ in 0..<PermutationTest.rounds {
            for index in 0..<first { dealt.swapAt(index, index + numbers.below(count - index)) }
            let largest = series.reduce(0) { max($0, $1.statistic(of: dealt[..<first])) }
            for index in series.indices where largest >= own[index] { exceeded[index] += 1 }
        }
        return exceeded.map { Double($0 + 1) / Double(PermutationTest.rounds + 1) }
    }

    /// A series, its missing values as zeros of no weight.
    private struct Series {
        let values: [Double]
        let weights: [Double]
        let sum: Double
        let weight: Double
        let deviation: Double

        init(_ values: [Double?]) {
            self.values = values.map { $0 ?? 0 }
            weights = values.map { $0 == nil ? 0 : 1 }
            sum = self.values.reduce(0, +)
            weight = weights.reduce(0, +)
            let mean = weight > 0 ? sum / weight : 0
            let squares = values.reduce(0.0) { $0 + ($1.map { ($0 - mean) * ($0 - mean) } ?? 0) }
            deviation = weight > 1 ? (squares / (weight - 1)).squareRoot() : 0
        }

        /// The difference of the samples' means in units of its standard error, rounded, so that sums in another order are equal.
        func statistic(of sample: ArraySlice<Int>) -> Double {
            var (a, n) = (0.0, 0.0)
            for index in sample {
                a += values[index]
                n += weights[index]
            }
            let m = weight - n
            if n == 0 || m == 0 || deviation == 0 { return 0 }
            let error = deviation * (1 / n + 1 / m).squareRoot()
            return (abs(a / n - (sum - a) / m) / error * 1e9).rounded() / 1e9
        }
    }
}

/// Steele, Lea and Flood's generator: the same numbers everywhere.
private struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(limit)).high) }
}
