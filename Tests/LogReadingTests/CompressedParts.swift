import CBzip2
import CLZ4
import CLZMA
import Testing

/// Parts of a log, compressed so that it is known which bytes hold which part.
struct CompressedParts {
    let parts: [[UInt8]]
    /// The file's bytes by part: a frame each, or a block each of one frame.
    let ranges: [Range<Int>]
    let file: [UInt8]

    /// One frame, member or stream for each part.
    init(_ parts: [[UInt8]], frames filter: Filter) throws {
        self.parts = parts
        var file: [UInt8] = []
        var ranges: [Range<Int>] = []
        for part in parts {
            let frame = try filter == .zstd ? zstdFrame(part) : archive(.raw, filter, [("x", part)])
            ranges.append(file.count..<(file.count + frame.count))
            file += frame
        }
        self.file = file
        self.ranges = ranges
    }

    /// One frame in which each part is an independent block.
    init(_ parts: [[UInt8]], blocks filter: Filter) throws {
        self.parts = parts
        let ends: [Int]
        switch filter {
        case .bzip2: (file, ends) = Self.bzip2(parts)
        case .xz: (file, ends) = Self.xz(parts)
        case .lz4: (file, ends) = Self.lz4(parts, checksums: true)
        case .none, .gzip, .zstd: throw NoBlocks()
        }
        ranges = ends.indices.map { ($0 == 0 ? 0 : ends[$0 - 1])..<ends[$0] }
    }

    /// One frame of lz4 in which each part is an independent block, with checksums of blocks and content or without.
    init(_ parts: [[UInt8]], lz4Checksums: Bool) {
        self.parts = parts
        let ends: [Int]
        (file, ends) = Self.lz4(parts, checksums: lz4Checksums)
        ranges = ends.indices.map { ($0 == 0 ? Self.lz4HeadLength : ends[$0 - 1])..<ends[$0] }
    }

    /// Of a frame that states no size.
    private static let lz4HeadLength = 7

    struct NoBlocks: Error {}

    /// All lines of all parts but some.
    func lines(but lost: Set<Int>) -> Set<[UInt8]> {
        Set(parts.indices.filter { !lost.contains($0) }.flatMap { lines(of: parts[$0]) })
    }

    func lines(of bytes: [UInt8]) -> [[UInt8]] { bytes.split(separator: 0x0A).map(Array.init) }

    /// Parts whose bytes hold one.
    func parts(at byte: Int) -> Set<Int> { Set(ranges.indices.filter { ranges[$0].contains(byte) }) }

    private static func bzip2(_ parts: [[UInt8]]) -> ([UInt8], [Int]) {
        var stream = bz_stream()
        BZ2_bzCompressInit(&stream, 1, 0, 0)
        defer { BZ2_bzCompressEnd(&stream) }
        var file: [UInt8] = []
        var ends: [Int] = []
        for (index, part) in parts.enumerated() {
            var input = part
            var output = [CChar](repeating: 0, count: part.count * 2 + 1000)
            let capacity = output.count
            let isLast = index == parts.count - 1
            let written = input.withUnsafeMutableBytes { input in
                output.withUnsafeMutableBufferPointer { output in
                    stream.next_in = input.bindMemory(to: CChar.self).baseAddress
                    stream.avail_in = UInt32(input.count)
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(capacity)
                    let done = isLast ? BZ_STREAM_END : BZ_RUN_OK
                    while BZ2_bzCompress(&stream, isLast ? BZ_FINISH : BZ_FLUSH) != done {}
                    return capacity - Int(stream.avail_out)
                }
            }
            file += output[..<written].map { UInt8(bitPattern: $0) }
            ends.append(file.count)
        }
        return (file, ends)
    }

    private static func xz(_ parts: [[UInt8]]) -> ([UInt8], [Int]) {
        var stream = lzma_stream()
        _ = lzma_easy_encoder(&stream, 0, LZMA_CHECK_CRC32)
        defer { lzma_end(&stream) }
        var file: [UInt8] = []
        var ends: [Int] = []
        for (index, part) in parts.enumerated() {
            var output = [UInt8](repeating: 0, count: part.count * 2 + 1000)
            let capacity = output.count
            let isLast = index == parts.count - 1
            let written = part.withUnsafeBufferPointer { input in
                output.withUnsafeMutableBufferPointer { output in
                    stream.next_in = input.baseAddress
                    stream.avail_in = input.count
                    stream.next_out = output.baseAddress
                    stream.avail_out = capacity
                    while lzma_code(&stream, isLast ? LZMA_FINISH : LZMA_FULL_FLUSH) != LZMA_STREAM_END {}
                    return capacity - stream.avail_out
                }
            }
            file += output[..<written]
            ends.append(file.count)
        }
        return (file, ends)
    }

    private static func lz4(_ parts: [[UInt8]], checksums: Bool) -> ([UInt8], [Int]) {
        var context: OpaquePointer?
        LZ4F_createCompressionContext(&context, UInt32(LZ4F_VERSION))
        defer { LZ4F_freeCompressionContext(context) }
        var preferences = LZ4F_preferences_t()
        preferences.frameInfo.blockMode = LZ4F_blockIndependent
        preferences.frameInfo.contentChecksumFlag = checksums ? LZ4F_contentChecksumEnabled : LZ4F_noContentChecksum
        preferences.frameInfo.blockChecksumFlag = checksums ? LZ4F_blockChecksumEnabled : LZ4F_noBlockChecksum
        preferences.autoFlush = 1
        var output = [UInt8](repeating: 0, count: 1 << 20)
        var file = output[..<LZ4F_compressBegin(context, &output, output.count, &preferences)]
        file = ArraySlice(Array(file))
        var ends: [Int] = []
        for part in parts {
            let size = LZ4F_compressUpdate(context, &output, output.count, part, part.count, nil)
            file += output[..<size]
            ends.append(file.count)
        }
        let size = LZ4F_compressEnd(context, &output, output.count, nil)
        file += output[..<size]
        ends[ends.count - 1] = file.count
        return (Array(file), ends)
    }
}
