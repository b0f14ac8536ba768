/// Decodes lz4 frames block by block.
///
/// Not by lz4's own frame decoder, which gives up at the first damage: where blocks are independent, those behind a
/// damaged one are whole, and of a damaged one everything ahead of the damage is. Where it is the size of a block that is
/// damaged, the next one is searched for: see `LZ4BlockSearch`.
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
            isWhole = false
            nextBlock = try searchBlock(behind: input.position, header)
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
        // Where the block's size is what is damaged, it may reach into the next frame.
        var end: UInt64?
        if bytes.count < whole {
            blockFault = truncated()
        } else if !isSound {
            // Decoded over and over to find where it breaks.
            discarded += UInt64(header.blockLimit) / 4
            blockFault = input.fault(
                .corrupt, "an lz4 block is damaged after \(decoded.grouped) bytes of the frame", hint: Self.goesOn)
            let reachesFrame = Coding.firstFrame(in: UnsafeRawBufferPointer(rebasing: bytes.prefix(whole))) != nil
            if header.hasIndependentBlocks, !reachesFrame { end = input.position + UInt64(whole) }
        } else if header.hasBlockChecksums,
            XXH32.hash(body) != LZ4FrameHeader.word(bytes, at: 4 + size)
        {
            blockFault = input.fault(
                .corrupt, "the checksum of an lz4 block is wrong, \(decoded.grouped) bytes into the frame",
                hint: "some of the records shortly before this place may have been altered")
            end = input.position + UInt64(whole)
        }
        let place = input.position
        input.consume(min(whole, bytes.count))
        if blockFault == nil { return }
        isWhole = false
        if let end, try isBlock(at: end, header) {
            nextBlock = end
        } else {
            nextBlock = try searchBlock(behind: place, header)
        }
    }

    /// Where the next block stands behind a block whose size is damaged; nil where none is found ahead of the next frame.
    private func searchBlock(behind place: UInt64, _ header: LZ4FrameHeader) throws(ReadFault) -> UInt64? {
        guard header.hasIndependentBlocks else { return nil }
        let position = input.position
        defer { input.seek(to: position) }
        input.seek(to: place + 1)
        let search = LZ4BlockSearch(header)
        let (candidates, work) = search.candidates(in: try input.look(atLeast: search.length))
        discarded += work
        for candidate in candidates {
            let found = place + 1 + UInt64(candidate.lowerBound)
            if try isBlock(at: place + 1 + UInt64(candidate.upperBound), header) { return found }
        }
        return nil
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
