import LogReading

/// Small numbers as bits: each cut into its low `k` bits and the rest, which stands as so many ones and a zero (R. F. Rice, 1979).
/// Near the best code for gaps between things that lie anyhow, as an endpoint's events in a log do: half of what bytes would take.
enum RiceCode {
    /// From so many ones on the number itself stands behind them, in 64 bits.
    private static let escape: UInt64 = 24

    /// Codes numbers.
    static func encode(_ values: [UInt64]) -> [UInt8] {
        var sum: Double = 0
        for value in values { sum += Double(value) }
        let mean = values.isEmpty ? 0 : sum / Double(values.count)
        // The best parameter for gaps of geometric distribution: about the logarithm of the mean.
        let k = min(40, UInt64(max(0, (mean * 0.69 + 0.5).exponentOrZero)))
        var bits = BitWriter()
        for value in values {
            let high = value >> k
            if high < escape {
                bits.put((1 << high) - 1, count: high + 1)
                bits.put(value & ((1 << k) - 1), count: k)
            } else {
                bits.put((1 << escape) - 1, count: escape)
                bits.put(value & 0xFFFF_FFFF, count: 32)
                bits.put(value >> 32, count: 32)
            }
        }
        return [UInt8(k)] + bits.finish()
    }

    /// The `count` numbers that were coded.
    static func decode(_ bytes: [UInt8], count: Int) throws(IndexFault) -> [UInt64] {
        guard let first = bytes.first, first <= 40, count <= bytes.count * 8 else {
            throw .damaged("a list that cannot be")
        }
        let k = UInt64(first)
        var bits = BitScanner(bytes, from: 1)
        var values: [UInt64] = []
        values.reserveCapacity(count)
        for _ in 0..<count {
            let high = bits.ones(upTo: escape)
            if high < escape {
                values.append(high << k | bits.take(k))
            } else {
                let low = bits.take(32)
                values.append(low | bits.take(32) << 32)
            }
        }
        guard !bits.hasRunOut else { throw .damaged("a list without an end") }
        return values
    }
}

extension Double {
    /// The place of the highest bit of its whole part.
    fileprivate var exponentOrZero: Int { self < 1 ? 0 : Int(exponent) }
}

/// Packs bits, the first into the lowest of a byte.
private struct BitWriter {
    private var bytes: [UInt8] = []
    private var waiting: UInt64 = 0
    private var used: UInt64 = 0

    /// At most 41 bits at a time.
    mutating func put(_ value: UInt64, count: UInt64) {
        waiting |= value << used
        used += count
        while used >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: waiting))
            waiting >>= 8
            used -= 8
        }
    }

    mutating func finish() -> [UInt8] {
        if used > 0 { bytes.append(UInt8(truncatingIfNeeded: waiting)) }
        return bytes
    }
}

/// Takes bits out again; zeros past the end, which it remembers.
private struct BitScanner {
    private let bytes: [UInt8]
    private var next: Int
    private var waiting: UInt64 = 0
    private var left: UInt64 = 0
    private(set) var hasRunOut = false

    init(_ bytes: [UInt8], from start: Int) {
        self.bytes = bytes
        next = start
    }

    private mutating func fill(_ count: UInt64) {
        while left < count {
            if next < bytes.count {
                waiting |= UInt64(bytes[next]) << left
                next += 1
            } else {
                hasRunOut = true
            }
            left += 8
        }
    }

    mutating func take(_ count: UInt64) -> UInt64 {
        fill(count)
        let value = waiting & ((1 << count) - 1)
        waiting >>= count
        left -= count
        return value
    }

    mutating func ones(upTo limit: UInt64) -> UInt64 {
        var count: UInt64 = 0
        while count < limit, take(1) == 1 { count += 1 }
        return count
    }
}
