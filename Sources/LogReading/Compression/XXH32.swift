/// The 32-bit xxHash, as lz4 has it, over bytes that come in pieces.
struct XXH32 {
    private var lanes: (UInt32, UInt32, UInt32, UInt32)
    private var length: UInt64 = 0
    /// The beginning of a stripe of 16 bytes.
    private var rest: [UInt8] = []

    private static let prime1: UInt32 = 2_654_435_761
    private static let prime2: UInt32 = 2_246_822_519
    private static let prime3: UInt32 = 3_266_489_917
    private static let prime4: UInt32 = 668_265_263
    private static let prime5: UInt32 = 374_761_393

    init() {
        lanes = (Self.prime1 &+ Self.prime2, Self.prime2, 0, 0 &- Self.prime1)
    }

    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var hash = XXH32()
        hash.update(bytes)
        return hash.value
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        length += UInt64(bytes.count)
        var at = 0
        if !rest.isEmpty {
            at = min(16 - rest.count, bytes.count)
            rest += bytes[..<at]
            if rest.count < 16 { return }
            lanes = rest.withUnsafeBytes { [lanes] in Self.mixed(lanes, $0, at: 0) }
            rest.removeAll()
        }
        var mixed = lanes
        while bytes.count - at >= 16 {
            mixed = Self.mixed(mixed, bytes, at: at)
            at += 16
        }
        lanes = mixed
        rest += bytes[at...]
    }

    /// The hash of all bytes so far.
    var value: UInt32 {
        var hash =
            length < 16
            ? Self.prime5
            : Self.rotated(lanes.0, 1) &+ Self.rotated(lanes.1, 7) &+ Self.rotated(lanes.2, 12)
                &+ Self.rotated(lanes.3, 18)
        hash &+= UInt32(truncatingIfNeeded: length)
        rest.withUnsafeBytes { rest in
            var at = 0
            while rest.count - at >= 4 {
                hash = Self.rotated(hash &+ Self.word(rest, at) &* Self.prime3, 17) &* Self.prime4
                at += 4
            }
            while at < rest.count {
                hash = Self.rotated(hash &+ UInt32(rest[at]) &* Self.prime5, 11) &* Self.prime1
                at += 1
            }
        }
        hash = (hash ^ hash >> 15) &* Self.prime2
        hash = (hash ^ hash >> 13) &* Self.prime3
        return hash ^ hash >> 16
    }

    @inline(__always)
    private static func mixed(
        _ lanes: (UInt32, UInt32, UInt32, UInt32), _ bytes: UnsafeRawBufferPointer, at index: Int
    ) -> (UInt32, UInt32, UInt32, UInt32) {
        (
            round(lanes.0, word(bytes, index)), round(lanes.1, word(bytes, index + 4)),
            round(lanes.2, word(bytes, index + 8)), round(lanes.3, word(bytes, index + 12))
        )
    }

    @inline(__always)
    private static func round(_ lane: UInt32, _ word: UInt32) -> UInt32 {
        rotated(lane &+ word &* prime2, 13) &* prime1
    }

    @inline(__always)
    private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word << count | word >> (32 - count) }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self))
    }
}
