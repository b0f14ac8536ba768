import CBzip2

/// One decoded block of bzip2.
///
/// libbz2 decodes streams only. So the block, which begins and ends at any bit, is made a stream of its own.
struct Bzip2Block {
    let bytes: [UInt8]
    /// As it is stored in the block; that of `bytes`, too.
    let checksum: UInt32
    /// Whether the block ends where it was said to.
    let isExact: Bool

    /// The block in a range of bits, which begins with its mark; nil where its checksum is wrong.
    /// - Parameter discarded: is added what was decoded of a damaged block.
    init?(_ source: UnsafeRawBufferPointer, from begin: Int, to end: Int, discarded: inout UInt64) {
        let checksumAt = begin + Bzip2Magic.length
        guard checksumAt + 32 < end, let stored = Bzip2Magic.bits(32, at: checksumAt, in: source) else { return nil }
        checksum = UInt32(truncatingIfNeeded: stored)
        var stream = Self.stream(source, from: begin, to: end, checksum: stored)
        guard let (bytes, isExact) = Self.decode(&stream) else { return nil }
        // libbz2 has checked the checksum itself where it came to the end.
        guard !bytes.isEmpty, isExact || Self.checksum(of: bytes) == checksum else {
            discarded += UInt64(bytes.count)
            return nil
        }
        self.bytes = bytes
        self.isExact = isExact
    }

    private static func stream(
        _ source: UnsafeRawBufferPointer, from begin: Int, to end: Int, checksum: UInt64
    ) -> [UInt8] {
        // Level 9 takes the blocks of every level.
        var stream = Array("BZh9".utf8)
        stream.reserveCapacity((end - begin) / 8 + 24)
        let shift = UInt8(begin % 8)
        let first = begin / 8
        let whole = (end - begin) / 8
        if shift == 0 {
            stream += source[first..<(first + whole)]
        } else {
            for index in first..<(first + whole) {
                stream.append(source[index] << shift | source[index + 1] >> (8 - shift))
            }
        }
        // The bits that are left, the mark of the end, and the checksum of a stream of one block, which is the block's.
        var bits: UInt64 = 0
        let count = (end - begin) % 8
        if count > 0 { bits = Bzip2Magic.bits(count, at: begin + whole * 8, in: source) ?? 0 }
        func append(_ word: UInt64, _ size: Int) {
            for at in stride(from: size - 8, through: 0, by: -8) {
                bits = bits << 8 | word >> UInt64(at) & 0xFF
                stream.append(UInt8(truncatingIfNeeded: bits >> UInt64(count)))
                bits &= (1 << UInt64(count)) - 1
            }
        }
        append(Bzip2Magic.end, Bzip2Magic.length)
        append(checksum, 32)
        if count > 0 { stream.append(UInt8(truncatingIfNeeded: bits << UInt64(8 - count))) }
        return stream
    }

    /// All that libbz2 decodes, and whether it came to the stream's end; nil where there is no memory.
    private static func decode(_ source: inout [UInt8]) -> (bytes: [UInt8], isExact: Bool)? {
        var stream = bz_stream()
        guard BZ2_bzDecompressInit(&stream, 0, 0) == BZ_OK else { return nil }
        defer { BZ2_bzDecompressEnd(&stream) }
        return source.withUnsafeMutableBytes { source in
            stream.next_in = source.bindMemory(to: CChar.self).baseAddress
            stream.avail_in = UInt32(clamping: source.count)
            var bytes: [UInt8] = []
            var step = min(source.count * 8, 1 << 20)
            while true {
                let filled = bytes.count
                var result = BZ_OK
                let part = [UInt8](unsafeUninitializedCapacity: step) { target, count in
                    target.withMemoryRebound(to: CChar.self) {
                        stream.next_out = $0.baseAddress
                        stream.avail_out = UInt32(clamping: step)
                        result = BZ2_bzDecompress(&stream)
                        count = step - Int(stream.avail_out)
                    }
                }
                if filled == 0 { bytes = part } else { bytes += part }
                if result != BZ_OK || part.isEmpty { return (bytes, result == BZ_STREAM_END) }
                step = min(max(step, bytes.count), 4 << 20)
            }
        }
    }

    /// The CRC-32 of bzip2, which takes the highest bit first, unlike zlib's.
    private static func checksum(of bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { $0 << 8 ^ table[Int($0 >> 24 ^ UInt32($1))] }
    }

    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte) << 24) { word, _ in word >> 31 == 0 ? word << 1 : word << 1 ^ 0x04C1_1DB7 }
    }
}
