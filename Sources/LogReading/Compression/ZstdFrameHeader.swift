/// The head of a zstd frame, as far as it matters here (RFC 8878, 3.1.1).
struct ZstdFrameHeader {
    static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
    /// The longest header, and the head of the first block.
    static let longest = 18 + 3

    /// How much of what is inflated must be kept to inflate on, in bytes.
    let window: UInt64

    /// The header at the beginning of some bytes; nil where there is none or a first block that cannot be.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 6, bytes.starts(with: Self.magic) else { return nil }
        let descriptor = bytes[4]
        guard descriptor & 0x08 == 0 else { return nil }
        let isSingleSegment = descriptor & 0x20 != 0
        let dictionarySize = [0, 1, 2, 4][Int(descriptor & 3)]
        let contentSizeSize = [isSingleSegment ? 1 : 0, 2, 4, 8][Int(descriptor >> 6)]
        let contentSizeAt = 5 + (isSingleSegment ? 0 : 1) + dictionarySize
        let end = contentSizeAt + contentSizeSize
        guard bytes.count >= end + 3 else { return nil }
        if isSingleSegment {
            window = Self.number(bytes, at: contentSizeAt, size: contentSizeSize) + (contentSizeSize == 2 ? 256 : 0)
        } else {
            let base = UInt64(1) << UInt64(10 + bytes[5] >> 3)
            window = base + base / 8 * UInt64(bytes[5] & 7)
        }
        let block = Self.number(bytes, at: end, size: 3)
        guard block >> 1 & 3 != 3, block >> 3 <= 128 << 10 else { return nil }
    }

    /// Whether a skippable frame begins here.
    static func isSkippable(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= 4 && bytes[0] & 0xF0 == 0x50 && bytes[1] == 0x2A && bytes[2] == 0x4D && bytes[3] == 0x18
    }

    /// A little-endian number of up to 8 bytes.
    static func number(_ bytes: UnsafeRawBufferPointer, at start: Int, size: Int) -> UInt64 {
        bytes[start..<(start + size)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
