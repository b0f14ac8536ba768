/// The head of an lz4 frame, by lz4_Frame_format.md.
struct LZ4FrameHeader {
    static let magic: [UInt8] = [0x04, 0x22, 0x4D, 0x18]
    static let legacyMagic: [UInt8] = [0x02, 0x21, 0x4C, 0x18]

    /// Bytes of the head.
    let length: Int
    /// The most bytes that a block decodes to.
    let blockLimit: Int
    let hasIndependentBlocks: Bool
    let hasBlockChecksums: Bool
    let hasContentChecksum: Bool
    let needsDictionary: Bool
    /// A frame of lz4's first format: nothing but blocks, up to the end of the file or the next magic number.
    let isLegacy: Bool

    /// The head at the beginning of some bytes; nil where there is none, or where its checksum is wrong.
    init?(_ bytes: UnsafeRawBufferPointer) {
        isLegacy = bytes.starts(with: Self.legacyMagic)
        if isLegacy {
            length = 4
            blockLimit = 8 << 20
            hasIndependentBlocks = true
            hasBlockChecksums = false
            hasContentChecksum = false
            needsDictionary = false
            guard bytes.count >= 8, mayBeBlock(Self.word(bytes, at: 4)) else { return nil }
            return
        }
        guard bytes.count >= 7, bytes.starts(with: Self.magic) else { return nil }
        let flags = bytes[4]
        let size = bytes[5]
        guard flags & 0xC2 == 0x40, size & 0x8F == 0, size >> 4 >= 4 else { return nil }
        let end = 6 + (flags & 0x08 != 0 ? 8 : 0) + (flags & 0x01 != 0 ? 4 : 0)
        guard bytes.count > end else { return nil }
        let hash = XXH32.hash(UnsafeRawBufferPointer(rebasing: bytes[4..<end]))
        guard UInt8(truncatingIfNeeded: hash >> 8) == bytes[end] else { return nil }
        length = end + 1
        blockLimit = 1 << (8 + 2 * Int(size >> 4))
        hasIndependentBlocks = flags & 0x20 != 0
        hasBlockChecksums = flags & 0x10 != 0
        hasContentChecksum = flags & 0x04 != 0
        needsDictionary = flags & 0x01 != 0
    }

    /// Whether a word can be the size of a block; the highest bit of one that is stored as it is stands for that.
    func mayBeBlock(_ word: UInt32) -> Bool {
        let size = Int(word & 0x7FFF_FFFF)
        if isLegacy { return word > 0 && word == size && size <= blockLimit + blockLimit / 255 + 16 }
        return size > 0 && size <= blockLimit
    }

    static func word(_ bytes: UnsafeRawBufferPointer, at index: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self))
    }
}
