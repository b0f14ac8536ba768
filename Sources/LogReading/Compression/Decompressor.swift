/// Decodes a compressed file: frames of any of the known kinds, one after the other.
///
/// A fault costs no more than the format forces it to. All that could be decoded ahead of it is delivered first. Then the
/// decoder moves to the frame's next independent block where it knows its place, else everything from the broken frame or
/// block on is searched for the next head. What that search finds by chance fails before it yields a byte, and is passed
/// over without a word: one damaged place is one fault. The number of faults, and the work spent on heads that lead
/// nowhere, are bounded, so that a hostile file ends in time linear in its length.
final class Decompressor {
    private enum State {
        case betweenFrames, inFrame, searching, ended
    }

    private let input: StoredReader
    private let maxWindow: UInt64
    private var decoders: [Coding: any FrameDecoder] = [:]
    /// The kind of the frame that was begun last; at first the kind that is expected.
    private var coding: Coding
    private var decoder: any FrameDecoder
    private var state = State.betweenFrames
    private var hasMetFrame = false
    /// Where the search after a fault starts at the earliest.
    private var start: UInt64 = 0
    /// Where the frames without data begin that lie directly ahead. Where no frame follows, their lengths were wrong.
    private var skipStart: UInt64?
    /// Whether a fault was reported and no byte has been decoded since.
    private var isRecovering = false
    private var faults = 0
    private var wastedBytes: UInt64 = 0
    /// Met after bytes that had to be delivered first.
    private var pendingFault: ReadFault?

    /// How far back from a fault the next frame may begin: the end of a frame that was cut short is made up, by mistake,
    /// from the first bytes of the next.
    private static let searchBack: UInt64 = 1 << 20
    private static let mostFaults = 1000
    /// How many bytes may be read for heads that lead nowhere or decoded in vain, and what one of them counts at the least.
    private static let mostWastedBytes: UInt64 = 256 << 20
    private static let leastWaste = UInt64(searchStep)
    /// How much is searched at once: between two heads that lead nowhere no more than this is gone through again.
    private static let searchStep = 8 << 10

    /// - Parameters:
    ///   - coding: what the first frame should be.
    ///   - maxWindow: the largest window or dictionary that is allocated, in bytes.
    init(_ input: StoredReader, _ coding: Coding, maxWindow: UInt64) throws(ReadFault) {
        self.input = input
        self.coding = coding
        self.maxWindow = maxWindow
        decoder = try Self.makeDecoder(coding, input, maxWindow)
        decoders[coding] = decoder
    }

    private static func makeDecoder(
        _ coding: Coding, _ input: StoredReader, _ maxWindow: UInt64
    ) throws(ReadFault) -> any FrameDecoder {
        switch coding {
        case .plain: preconditionFailure("plain bytes need no decoder")
        case .zstd: try ZstdDecoder(input, maxWindow: maxWindow)
        case .gzip: try GzipDecoder(input)
        case .bzip2: Bzip2Decoder(input)
        case .xz: XZDecoder(input, maxDictionary: maxWindow)
        case .lz4: LZ4Decoder(input)
        }
    }

    /// Fills the buffer as far as there are bytes; 0 at the end. After a fault it may be called again.
    func read(into target: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int {
        if let fault = pendingFault.take() { throw fault }
        var count = 0
        while count < target.count, state != .ended {
            let before = count
            do throws(ReadFault) {
                switch state {
                case .ended: break
                case .betweenFrames: try beginFrame()
                case .inFrame: try decode(into: target, &count)
                case .searching: try search()
                }
                if count > before { isRecovering = false }
            } catch {
                if count > before { isRecovering = false }
                guard let fault = recover(from: error) else { continue }
                if count == 0 { throw fault }
                pendingFault = fault
                return count
            }
        }
        return count
    }

    private func decode(into target: UnsafeMutableRawBufferPointer, _ count: inout Int) throws(ReadFault) {
        switch try decoder.decode(into: target, &count) {
        case .more: break
        case .ended:
            state = .betweenFrames
            isRecovering = false
        case .lost:
            state = .searching
            isRecovering = true
        }
    }

    // MARK: Between frames

    private func beginFrame() throws(ReadFault) {
        start = input.position
        let head = try input.look(atLeast: Coding.headLength)
        if head.isEmpty {
            state = .ended
        } else if ZstdFrameHeader.isSkippable(head) {
            try skipFrame(head)
        } else if let found = Coding(magic: head) {
            try use(found)
            skipStart = nil
            hasMetFrame = true
            state = .inFrame
            try decoder.begin()
        } else if head[0] == 0, coding.allowsPadding, hasMetFrame, !isRecovering {
            try skipPadding()
        } else if Coding.isCutMagic(head) {
            throw input.truncated("last \(coding.frame)", after: 0)
        } else {
            // No frame begins here, but a block of one may whose head is lost.
            state = .searching
            throw input.fault(
                .corrupt,
                hasMetFrame
                    ? "what follows the last whole \(coding.frame) is damaged, or does not belong there"
                    : "the beginning is damaged: it should be a \(coding.frame)",
                hint: "reading goes on where the next frame is found")
        }
    }

    private func use(_ found: Coding) throws(ReadFault) {
        if found == coding { return }
        let next: any FrameDecoder
        if let known = decoders[found] {
            next = known
        } else {
            next = try Self.makeDecoder(found, input, maxWindow)
            decoders[found] = next
        }
        coding = found
        decoder = next
    }

    /// Skips a frame that holds no data; zstd and lz4 have the same.
    private func skipFrame(_ head: UnsafeRawBufferPointer) throws(ReadFault) {
        skipStart = skipStart ?? start
        guard head.count >= 8 else { throw input.truncated("last frame", after: 0) }
        let end = start + 8 + ZstdFrameHeader.number(head, at: 4, size: 4)
        input.seek(to: end)
        if input.position < end { throw input.truncated("last frame", after: 0) }
        hasMetFrame = true
    }

    private func skipPadding() throws(ReadFault) {
        while true {
            let bytes = try input.look(atLeast: 1)
            let zeros = bytes.firstIndex { $0 != 0 } ?? bytes.count
            input.consume(zeros)
            if bytes.isEmpty || zeros < bytes.count { break }
        }
        // Only whole words pad a stream of xz.
        if coding == .xz, !(input.position - start).isMultiple(of: 4) {
            throw input.fault(.corrupt, "the padding after the last xz stream is damaged")
        }
    }

    // MARK: Behind damage

    /// Decides how reading goes on. Returns the fault where it is to be reported.
    private func recover(from fault: ReadFault) -> ReadFault? {
        if state == .inFrame { start = decoder.start }
        let skipped = skipStart.take()
        let isChance = isRecovering && (fault.code == .corrupt || fault.code == .truncated)
        if isChance {
            wastedBytes += max(Self.leastWaste, input.position - min(input.position, start))
        } else {
            faults += 1
        }
        isRecovering = true
        if input.isAbandoned {
            state = .ended
        } else if faults >= Self.mostFaults || wastedBytes + decoder.discarded > Self.mostWastedBytes {
            state = .ended
            return input.fault(
                .corrupt, "too many places are damaged: the rest is not read",
                hint: "damage at this place: \(fault.message)")
        } else if let skipped {
            input.seek(to: skipped + 1)
            state = .searching
        } else if state != .searching, state != .inFrame || !decoder.skipToNextBlock() {
            let place = input.position
            input.seek(to: max(start + 1, place - min(place, Self.searchBack)))
            state = .searching
        }
        return isChance ? nil : fault
    }

    /// Looks for the next frame, or the next block of the frame that broke.
    private func search() throws(ReadFault) {
        let ahead = try input.look(atLeast: Self.searchStep)
        let bytes = UnsafeRawBufferPointer(rebasing: ahead.prefix(Self.searchStep))
        if bytes.isEmpty {
            state = .ended
            return
        }
        let block = decoder.firstBlock(in: bytes)
        let searched = UnsafeRawBufferPointer(rebasing: bytes[..<(block ?? bytes.count)])
        if let frame = Coding.firstFrame(in: searched) {
            input.consume(frame)
            state = .betweenFrames
        } else if let block {
            input.consume(block)
            state = .inFrame
            try decoder.beginBlock()
        } else {
            // A head may lie across the end of what was looked at.
            let isLast = UInt64(bytes.count) == input.remaining
            input.consume(isLast ? bytes.count : max(1, bytes.count - Self.longestHead))
        }
    }

    /// The longest head is that of a block of xz.
    private static let longestHead = 64
}
