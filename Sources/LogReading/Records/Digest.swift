/// A 64-bit digest of bytes, the same on every machine and in every run: it tells duplicates apart and stands for `id`s.
///
/// Two lanes of multiply-and-fold over 8-byte words, in the manner of wyhash (Wang Yi). Not a defence against somebody who
/// makes collisions on purpose: those can only hide records from their own log's analysis.
enum Digest {
    static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        guard let base = bytes.baseAddress else { return fold(seed, seed) }
        let n = bytes.count
        var hash = seed ^ UInt64(truncatingIfNeeded: n)
        var at = 0
        if n >= 32 {
            // Two lanes that do not wait for each other.
            var other = second
            while at &+ 32 <= n {
                hash = fold(word(base, at) ^ first, word(base, at &+ 8) ^ hash)
                other = fold(word(base, at &+ 16) ^ second, word(base, at &+ 24) ^ other)
                at &+= 32
            }
            hash ^= other
        }
        if at &+ 16 <= n {
            hash = fold(word(base, at) ^ first, word(base, at &+ 8) ^ hash)
            at &+= 16
        }
        var a: UInt64 = 0
        var b: UInt64 = 0
        let left = n &- at
        if left >= 8 {
            a = word(base, at)
            b = word(base, n &- 8)
        } else {
            for i in at..<n { a = a << 8 | UInt64(base.load(fromByteOffset: i, as: UInt8.self)) }
        }
        return fold(a ^ second, b ^ hash ^ first)
    }

    private static let seed: UInt64 = 0x9E37_79B9_7F4A_7C15
    private static let first: UInt64 = 0xD1B5_4A32_D192_ED03
    private static let second: UInt64 = 0xABC9_8388_FB8F_AC03

    @inline(__always)
    private static func word(_ base: UnsafeRawPointer, _ at: Int) -> UInt64 {
        UInt64(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt64.self))
    }

    @inline(__always)
    private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }
}
