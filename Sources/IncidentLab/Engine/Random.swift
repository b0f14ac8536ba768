/// A seeded generator that gives the same numbers on every machine: xoshiro256** (Blackman and Vigna, 2018), its state filled by
/// SplitMix64. Every variate is made of integers, comparisons and exactly rounded arithmetic, never of a libm function.
struct Random: Sendable {
    private var s0: UInt64
    private var s1: UInt64
    private var s2: UInt64
    private var s3: UInt64

    /// A generator for a seed; `stream` separates generators of one seed that must not disturb one another.
    init(seed: UInt64, stream: UInt64 = 0) {
        var state = seed ^ (stream &* 0xD134_2543_DE82_EF95)
        func split() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        s0 = split()
        s1 = split()
        s2 = split()
        s3 = split()
    }

    /// Sixty-four random bits.
    mutating func next() -> UInt64 {
        let product = s1 &* 5
        let result = ((product << 7) | (product >> 57)) &* 9
        let t = s1 << 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= t
        s3 = (s3 << 45) | (s3 >> 19)
        return result
    }

    /// A number in 0..<1, a multiple of 2⁻⁵³.
    mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A whole number in 0..<bound, by the high half of a product; 0 for a bound below 1.
    mutating func below(_ bound: Int) -> Int {
        bound < 1 ? 0 : Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A whole number in a closed range.
    mutating func among(_ low: Int64, _ high: Int64) -> Int64 {
        low + Int64(below(Int(high - low) + 1))
    }

    /// True in `probability` of the draws.
    mutating func chance(_ probability: Double) -> Bool { probability > 0 && uniform() < probability }

    /// `mean` give or take up to `part` of it, evenly.
    mutating func about(_ mean: Int64, _ part: Double = 0.25) -> Int64 {
        let spread = Int64(Double(mean) * part)
        return among(mean - spread, mean + spread)
    }

    /// An exponential variate of a mean, by von Neumann's comparison method (1951): exact, no logarithm.
    mutating func exponential(_ mean: Int64) -> Int64 {
        var whole = 0.0
        while true {
            let first = uniform()
            var last = first
            var odd = true
            while true {
                let u = uniform()
                if u >= last { break }
                last = u
                odd.toggle()
            }
            if odd { return Int64((whole + first) * Double(mean)) }
            whole += 1
        }
    }
}
