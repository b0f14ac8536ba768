import CLZ4

/// Searches for blocks behind one whose size is damaged, which alone would tell where the next block begins.
///
/// A block of lz4 has no magic number. Any bytes are taken for one that begin with a possible size, decode without a fault, and
/// have the right checksum where the frame has checksums. The caller also checks that another block, or the end of
/// the frame, follows.
struct LZ4BlockSearch {
    private let header: LZ4FrameHeader
    /// The largest block's size, itself and its checksum.
    private let longest: Int

    /// How many bytes are decoded or hashed for candidates: bounds the time that hostile bytes cost.
    private static let mostWork = 16 << 20
    /// Beyond these, candidates are chance.
    private static let mostCandidates = 64

    init(_ header: LZ4FrameHeader) {
        self.header = header
        longest = 4 + header.blockLimit + header.blockLimit / 255 + 16 + 4
    }

    /// How many bytes to search in: a block begins within the first half of them, and ends within the second.
    var length: Int { 2 * longest }

    /// The ranges that may be blocks, ahead of the next frame, and how many bytes were gone through to find them.
    func candidates(in bytes: UnsafeRawBufferPointer) -> (ranges: [Range<Int>], work: UInt64) {
        let ahead = UnsafeRawBufferPointer(rebasing: bytes.prefix(longest))
        let searched = Coding.firstFrame(in: ahead) ?? ahead.count
        var ranges: [Range<Int>] = []
        var work = searched
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: header.blockLimit, alignment: 64)
        defer { scratch.deallocate() }
        for start in 0..<searched where start + 8 <= bytes.count {
            let word = LZ4FrameHeader.word(bytes, at: start)
            guard header.mayBeBlock(word) else { continue }
            let bodyEnd = start + 4 + Int(word & 0x7FFF_FFFF)
            let end = bodyEnd + (header.hasBlockChecksums ? 4 : 0)
            guard end <= bytes.count else { continue }
            work += bodyEnd - start
            let body = UnsafeRawBufferPointer(rebasing: bytes[(start + 4)..<bodyEnd])
            let isStored = word >> 31 != 0
            guard isStored || decodes(body, scratch),
                !header.hasBlockChecksums || XXH32.hash(body) == LZ4FrameHeader.word(bytes, at: bodyEnd)
            else {
                if work > Self.mostWork { break }
                continue
            }
            ranges.append(start..<end)
            if ranges.count == Self.mostCandidates || work > Self.mostWork { break }
        }
        return (ranges, UInt64(work))
    }

    private func decodes(_ body: UnsafeRawBufferPointer, _ scratch: UnsafeMutableRawBufferPointer) -> Bool {
        LZ4_decompress_safe(
            body.bindMemory(to: CChar.self).baseAddress, scratch.bindMemory(to: CChar.self).baseAddress,
            Int32(body.count), Int32(scratch.count)) > 0
    }
}
