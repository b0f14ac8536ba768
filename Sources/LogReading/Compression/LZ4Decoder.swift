import CLZ4

/// Decodes lz4 frames block by block.
///
/// Not by lz4's own frame decoder, which gives up at the first damage: where blocks are independent, those behind a
/// damaged one are whole, and of a damaged one everything ahead of the damage is.
final class LZ4Decoder: FrameDecoder {
    private let input: StoredReader
    private var header: LZ4FrameHeader?
    private var output = LZ4Output()
    private(set) var start: UInt64 = 0
    private(set) var discarded: UInt64 = 0
    /// Decoded bytes of this frame.
    private var decoded: UInt64 = 0
    private var hash = XXH32()
    /// Whether no block was lost, so that the checksum of the content tells something.
    private var isWhole = true
    /// Where the next block begins, where the frame can go on there after a fault.
    private var nextBlock: UInt64?
    /// What is wrong with the block whose bytes wait in `output`.
    private var blockFault: ReadFault?

    init(_ input: StoredReader) {
        self.input = input
    }

    func begin() throws(ReadFault) {
        start = input.position
        decoded = 0
        hash = XXH32()
        isWhole = true
        nextBlock = nil
        blockFault = nil
        output.clear()
        let bytes = try input.look(atLeast: Coding.headLength)
        guard let header = LZ4FrameHeader(bytes) else {
            if bytes.count < 19 { throw input.truncated("last lz4 frame", after: 0) }
            throw input.fault(.corrupt, "the head of the lz4 frame is damaged", hint: Self.goesOn)
        }
        if header.needsDictionary {
            throw input.fault(.unsupported, "the frame was made with a dictionary, which is not there")
        }
        self.header = header
        input.consume(header.length)
    }

    func decode(into target: UnsafeMutableRawBufferPointer, _ count: inout Int) throws(ReadFault) -> FrameProgress {
        if !output.isEmpty {
            count += output.take(into: UnsafeMutableRawBufferPointer(rebasing: target[count...]))
            return .more
        }
        if let fault = blockFault.take() { throw fault }
        guard let header else { return .ended }
        nextBlock = nil
        let bytes = try input.look(atLeast: 4)
        if bytes.isEmpty, header.isLegacy { return .ended }
        guard bytes.count >= 4 else { throw truncated() }
        let word = LZ4FrameHeader.word(bytes, at: 0)
        if word == 0, !header.isLegacy { return try end(header) }
        guard header.mayBeBlock(word) else {
            if header.isLegacy { return .ended }
            throw input.fault(
                .corrupt, "the lz4 frame is damaged after \(decoded.grouped) bytes: a block of an impossible size",
                hint: Self.goesOn)
        }
        try decodeBlock(word, header)
        return .more
    }

    func skipToNextBlock() -> Bool {
        guard let place = nextBlock else { return false }
        input.seek(to: place)
        nextBlock = nil
        return true
    }

    /// Decodes a block into `output`; a fault waits until that has been delivered.
    private func decodeBlock(_ word: UInt32, _ header: LZ4FrameHeader) throws(ReadFault) {
        let isStored = word >> 31 != 0
        let size = Int(word & 0x7FFF_FFFF)
        let whole = 4 + size + (header.hasBlockChecksums ? 4 : 0)
        let bytes = try input.look(atLeast: whole)
        let body = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(4).prefix(size))
        let history = header.hasIndependentBlocks ? 0 : LZ4Output.window
        var isSound = true
        if isStored {
            output.store(body, keeping: history)
        } else {
            isSound = output.decode(body, limit: header.blockLimit, keeping: history)
        }
        decoded += UInt64(output.count)
        if header.hasContentChecksum { hash.update(output.bytes) }
        if bytes.count < whole {
            blockFault = truncated()
        } else if !isSound {
            // Decoded over and over to find where it breaks.
            discarded += UInt64(header.blockLimit) / 4
            blockFault = input.fault(
                .corrupt, "an lz4 block is damaged after \(decoded.grouped) bytes of the frame", hint: Self.goesOn)
            // Where the block's size is what is damaged, it may reach into the next frame.
            let reachesFrame = Coding.firstFrame(in: UnsafeRawBufferPointer(rebasing: bytes.prefix(whole))) != nil
            if header.hasIndependentBlocks, !reachesFrame { nextBlock = input.position + UInt64(whole) }
        } else if header.hasBlockChecksums,
            XXH32.hash(body) != LZ4FrameHeader.word(bytes, at: 4 + size)
        {
            blockFault = input.fault(
                .corrupt, "the checksum of an lz4 block is wrong, \(decoded.grouped) bytes into the frame",
                hint: "some of the records shortly before this place may have been altered")
            nextBlock = input.position + UInt64(whole)
        }
        if blockFault != nil { isWhole = false }
        input.consume(min(whole, bytes.count))
        if let place = nextBlock, try !isBlock(at: place, header) { nextBlock = nil }
    }

    /// Whether a block, or the end of the frame, is likely to stand at a place that only the size of a damaged block tells,
    /// which may itself be what is damaged: the next blocks' sizes must lead on from one to the other.
    private func isBlock(at place: UInt64, _ header: LZ4FrameHeader) throws(ReadFault) -> Bool {
        let position = input.position
        defer { input.seek(to: position) }
        input.seek(to: place)
        for _ in 0..<Self.blocksFollowed {
            let bytes = try input.look(atLeast: Coding.headLength)
            if bytes.count < 4 { return header.isLegacy && bytes.isEmpty }
            let word = LZ4FrameHeader.word(bytes, at: 0)
            if word == 0, !header.isLegacy {
                let rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(header.hasContentChecksum ? 8 : 4))
                return rest.isEmpty || Coding(magic: rest) != nil || ZstdFrameHeader.isSkippable(rest)
            }
            guard header.mayBeBlock(word) else { return header.isLegacy && Coding(magic: bytes) != nil }
            let end = input.position + 4 + UInt64(word & 0x7FFF_FFFF) + (header.hasBlockChecksums ? 4 : 0)
            input.seek(to: end)
            // The frame is truncated further on.
            if input.position < end { return true }
        }
        return true
    }

    private static let blocksFollowed = 8

    private func end(_ header: LZ4FrameHeader) throws(ReadFault) -> FrameProgress {
        let size = header.hasContentChecksum ? 8 : 4
        let bytes = try input.look(atLeast: size)
        guard bytes.count >= size else { throw truncated() }
        let isRight = !header.hasContentChecksum || !isWhole || LZ4FrameHeader.word(bytes, at: 4) == hash.value
        input.consume(size)
        if isRight { return .ended }
        throw input.fault(
            .corrupt, "the checksum of the lz4 frame of \(decoded.grouped) bytes is wrong",
            hint: "some of the records before this place may have been altered")
    }

    private func truncated() -> ReadFault { input.truncated("last lz4 frame", after: decoded) }

    private static let goesOn = "reading goes on with the next block or frame that is found"
}

/// The bytes of the last block, behind those that the next one may refer back to.
private struct LZ4Output: ~Copyable {
    /// How far back blocks that depend on each other refer.
    static let window = 64 << 10

    private var buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var history = 0
    private var taken = 0
    private var filled = 0

    deinit { buffer.deallocate() }

    var count: Int { filled - history }
    var isEmpty: Bool { taken == filled }
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[history..<filled]) }

    mutating func clear() {
        history = 0
        taken = 0
        filled = 0
    }

    mutating func take(into target: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(target.count, filled - taken)
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[taken..<(taken + count)]))
        taken += count
        return count
    }

    /// Takes a block that is not compressed.
    mutating func store(_ body: UnsafeRawBufferPointer, keeping window: Int) {
        makeRoom(body.count, keeping: window)
        UnsafeMutableRawBufferPointer(rebasing: buffer[history...]).copyMemory(from: body)
        filled = history + body.count
    }

    /// Decodes a block, or what is there ahead of its damage or end; whether it is whole.
    mutating func decode(_ body: UnsafeRawBufferPointer, limit: Int, keeping window: Int) -> Bool {
        // A byte of input stands for 255 of output at the most.
        makeRoom(min(limit, body.count * 255 + 64), keeping: window)
        guard let source = body.bindMemory(to: CChar.self).baseAddress,
            let base = buffer.bindMemory(to: CChar.self).baseAddress
        else { return false }
        let room = Int32(buffer.count - history)
        let size = LZ4_decompress_safe_usingDict(
            source, base + history, Int32(body.count), room, base, Int32(history))
        if size >= 0 {
            filled = history + Int(size)
            return true
        }
        // lz4 does not tell where a block breaks. It can be asked to stop after so many bytes, though: search for the most
        // that it decodes.
        var decodable: Int32 = 0
        var broken = room + 1
        while broken - decodable > 1 {
            let wanted = decodable + (broken - decodable) / 2
            let size = LZ4_decompress_safe_partial_usingDict(
                source, base + history, Int32(body.count), wanted, room, base, Int32(history))
            if size < 0 {
                broken = wanted
            } else {
                decodable = size
                // Less than was wanted: the input has ended.
                if size < wanted { break }
            }
        }
        filled = history + Int(decodable)
        return false
    }

    /// Moves what the next block may refer to ahead of it.
    private mutating func makeRoom(_ size: Int, keeping window: Int) {
        let kept = min(window, filled)
        let old = buffer
        if kept + size > old.count { buffer = .allocate(byteCount: kept + size, alignment: 64) }
        if kept > 0 {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: old[(filled - kept)..<filled]))
        }
        if buffer.baseAddress != old.baseAddress { old.deallocate() }
        history = kept
        taken = kept
        filled = kept
    }
}
