/// The marks ahead of a block of bzip2 and ahead of a stream's end: 48 bits each, at any bit of a byte.
struct Bzip2Magic: Equatable {
    static let block: UInt64 = 0x3141_5926_5359
    static let end: UInt64 = 0x1772_4538_5090
    static let length = 48

    /// The bit at which it lies.
    let bit: Int
    let isEnd: Bool

    /// Whether a mark stands at the beginning of some bytes.
    static func begins(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
        Bzip2Magic(at: 0, in: UnsafeRawBufferPointer(rebasing: bytes)) != nil
    }

    /// The mark at a bit; nil where there is none.
    init?(at bit: Int, in bytes: UnsafeRawBufferPointer) {
        guard let word = Self.bits(48, at: bit, in: bytes), word == Self.block || word == Self.end else { return nil }
        self.bit = bit
        isEnd = word == Self.end
    }

    /// The first mark at or behind a bit.
    init?(from bit: Int, in bytes: UnsafeRawBufferPointer) {
        // The third byte of a mark lies within it at any alignment, so few bytes can be one.
        var byte = bit / 8 + 2
        while byte < bytes.count {
            var shifts = Self.shifts[Int(bytes[byte])]
            while shifts != 0 {
                let shift = shifts.trailingZeroBitCount
                shifts &= shifts - 1
                let place = (byte - 2) * 8 + shift
                if place >= bit, let found = Bzip2Magic(at: place, in: bytes) {
                    self = found
                    return
                }
            }
            byte += 1
        }
        return nil
    }

    /// For each value of a byte, at which shifts it may be a mark's third.
    private static let shifts: [UInt8] = {
        var shifts = [UInt8](repeating: 0, count: 256)
        for mark in [block, end] {
            for shift in 0..<8 { shifts[Int(truncatingIfNeeded: mark >> (24 + UInt64(shift)) & 0xFF)] |= 1 << shift }
        }
        return shifts
    }()

    /// Up to 48 bits, the highest first; nil where the bytes end before.
    static func bits(_ count: Int, at bit: Int, in bytes: UnsafeRawBufferPointer) -> UInt64? {
        let first = bit / 8
        let last = (bit + count - 1) / 8
        guard last < bytes.count else { return nil }
        var word: UInt64 = 0
        for byte in first...last { word = word << 8 | UInt64(bytes[byte]) }
        return word >> UInt64(last * 8 + 7 - (bit + count - 1)) & ((1 << UInt64(count)) - 1)
    }
}
