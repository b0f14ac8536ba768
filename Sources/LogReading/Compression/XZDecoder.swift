import CLZMA

/// Decodes xz streams with liblzma, block by block.
///
/// Each block has a head with a checksum of its own, so behind damage the next block is found again, even where the
/// stream's head, its index or its end is lost. Only the head tells which kind of checksum follows a block's content: without
/// it content is decoded unverified, and the next block is searched for behind it.
final class XZDecoder: FrameDecoder {
    private enum Part { case head, block, index, footer }

    private let input: StoredReader
    private let maxDictionary: UInt64
    private let coder = XZBlockCoder()
    private(set) var start: UInt64 = 0
    private var part = Part.head
    /// What the head of this stream says, or that of the last one if this one's is lost; nil where there was none.
    private var flags: lzma_stream_flags?
    /// Adds up the blocks, to compare with the index; nil behind damage.
    private var index: OpaquePointer?
    /// Decoded bytes of this stream.
    private var decoded: UInt64 = 0

    static let magic: [UInt8] = [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
    private static let headLength = Int(LZMA_STREAM_HEADER_SIZE)

    init(_ input: StoredReader, maxDictionary: UInt64) {
        self.input = input
        self.maxDictionary = maxDictionary
    }

    deinit { lzma_index_hash_end(index, nil) }

    /// Whether a stream's head begins here, with the right checksum.
    static func isHead(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var flags = lzma_stream_flags()
        return bytes.count >= headLength && lzma_stream_header_decode(&flags, base(bytes)) == LZMA_OK
    }

    func begin() throws(ReadFault) {
        start = input.position
        decoded = 0
        flags = nil
        let bytes = try input.look(atLeast: Self.headLength)
        guard bytes.count >= Self.headLength else { throw truncated() }
        var read = lzma_stream_flags()
        let result = lzma_stream_header_decode(&read, Self.base(bytes))
        guard result == LZMA_OK else { throw broken(result, "its head") }
        flags = read
        index = lzma_index_hash_init(index, nil)
        input.consume(Self.headLength)
        part = .head
    }

    func firstBlock(in bytes: UnsafeRawBufferPointer) -> Int? {
        for index in bytes.indices.dropLast(8)
        where XZBlockCoder.isHead(UnsafeRawBufferPointer(rebasing: bytes[index...])) {
            return index
        }
        return nil
    }

    func beginBlock() {
        lzma_index_hash_end(index, nil)
        index = nil
        part = .head
    }

    func decode(into target: UnsafeMutableRawBufferPointer, _ count: inout Int) throws(ReadFault) -> FrameProgress {
        switch part {
        case .head: return try beginPart()
        case .block: return try decodeBlock(into: target, &count)
        case .index:
            try checkIndex()
            return .more
        case .footer: return try end()
        }
    }

    private func beginPart() throws(ReadFault) -> FrameProgress {
        start = input.position
        let first = try input.look(atLeast: 1)
        guard let byte = first.first else { throw truncated() }
        if byte == 0 {
            if index == nil { return .lost }
            part = .index
            return .more
        }
        let length = (Int(byte) + 1) * 4
        let bytes = try input.look(atLeast: length)
        guard bytes.count >= length else { throw truncated() }
        let result = coder.begin(bytes, flags?.check ?? LZMA_CHECK_NONE, maxDictionary: maxDictionary)
        if case .tooLarge(let size) = result {
            throw input.fault(
                .windowTooLarge, "\(size.grouped) bytes of memory are needed, \(maxDictionary.grouped) are allowed",
                hint: "allow it with --max-window \(size)")
        }
        if case .failed(let code) = result { throw broken(code, "a block's head") }
        input.consume(length)
        part = .block
        return .more
    }

    private func decodeBlock(
        into target: UnsafeMutableRawBufferPointer, _ count: inout Int
    ) throws(ReadFault) -> FrameProgress {
        let bytes = try input.look(atLeast: 1)
        let room = UnsafeMutableRawBufferPointer(rebasing: target[count...])
        let (used, written, result) = coder.decode(bytes, into: room)
        input.consume(used)
        count += written
        decoded += UInt64(written)
        switch result {
        case LZMA_STREAM_END:
            part = .head
            if flags == nil { return .lost }
            if index == nil { break }
            let result = lzma_index_hash_append(index, coder.unpaddedSize, coder.uncompressedSize)
            if result != LZMA_OK { throw broken(result, "a block's size") }
        case LZMA_OK, LZMA_BUF_ERROR:
            if bytes.isEmpty, written == 0 { throw truncated() }
        default:
            throw broken(result, "a block")
        }
        return .more
    }

    private func checkIndex() throws(ReadFault) {
        let bytes = try input.look(atLeast: 1)
        if bytes.isEmpty { throw truncated() }
        var used = 0
        let result = lzma_index_hash_decode(index, Self.base(bytes), &used, bytes.count)
        input.consume(used)
        if result == LZMA_STREAM_END { part = .footer } else if result != LZMA_OK { throw broken(result, "its index") }
    }

    private func end() throws(ReadFault) -> FrameProgress {
        let bytes = try input.look(atLeast: Self.headLength)
        guard bytes.count >= Self.headLength else { throw truncated() }
        var footer = lzma_stream_flags()
        let result = lzma_stream_footer_decode(&footer, Self.base(bytes))
        guard result == LZMA_OK, var head = flags, lzma_stream_flags_compare(&head, &footer) == LZMA_OK,
            footer.backward_size == lzma_index_hash_size(index)
        else { throw broken(LZMA_DATA_ERROR, "its end") }
        input.consume(Self.headLength)
        return .ended
    }

    private func truncated() -> ReadFault { input.truncated("xz stream", after: decoded) }

    private func broken(_ result: lzma_ret, _ what: String) -> ReadFault {
        switch result {
        case LZMA_OPTIONS_ERROR:
            return input.fault(.unsupported, "the xz stream has options that are not supported: \(what)")
        case LZMA_MEM_ERROR:
            return input.fault(.unreadable, "no memory to decode the xz stream")
        default:
            return input.fault(
                .corrupt, "the xz stream is damaged after \(decoded.grouped) bytes: \(what)",
                hint: "some of the records before this place may have been altered; "
                    + "reading goes on with the next block or stream that is found")
        }
    }

    static func base(_ bytes: UnsafeRawBufferPointer) -> UnsafePointer<UInt8>? {
        bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    }
}
