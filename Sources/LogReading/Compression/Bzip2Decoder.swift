/// Decodes bzip2 streams block by block: a stream's blocks depend on nothing but themselves.
///
/// What a block decodes to is delivered once its checksum is right: of a damaged one every byte is noise.
final class Bzip2Decoder: FrameDecoder {
    private let input: StoredReader
    private(set) var start: UInt64 = 0
    private(set) var discarded: UInt64 = 0
    /// The bit of the byte at the input's position at which the next mark stands.
    private var bit = 0
    private var block: [UInt8] = []
    private var taken = 0
    /// Decoded bytes of this stream.
    private var decoded: UInt64 = 0
    /// The checksum over all blocks' checksums; nil where one was lost.
    private var checksum: UInt32?
    /// Whether the input stands at the mark behind a broken block.
    private var isAtNextMark = false
    /// What is wrong behind the block whose bytes wait.
    private var blockFault: ReadFault?

    /// More than any block takes, compressed.
    private static let longestBlock = 2 << 20

    init(_ input: StoredReader) {
        self.input = input
    }

    func begin() {
        reset(checksum: 0)
        input.consume(4)
    }

    func firstBlock(in bytes: UnsafeRawBufferPointer) -> Int? {
        var mark = Bzip2Magic(from: 0, in: bytes)
        while let found = mark, found.isEnd { mark = Bzip2Magic(from: found.bit + 1, in: bytes) }
        return mark.map { $0.bit / 8 }
    }

    func beginBlock() throws(ReadFault) {
        reset(checksum: nil)
        let bytes = try input.look(atLeast: 16)
        bit = (0..<8).first { Bzip2Magic(at: $0, in: bytes).map { !$0.isEnd } ?? false } ?? 0
    }

    func skipToNextBlock() -> Bool { isAtNextMark }

    private func reset(checksum: UInt32?) {
        start = input.position
        bit = 0
        block = []
        taken = 0
        decoded = 0
        isAtNextMark = false
        blockFault = nil
        self.checksum = checksum
    }

    func decode(into target: UnsafeMutableRawBufferPointer, _ count: inout Int) throws(ReadFault) -> FrameProgress {
        if taken < block.count {
            let part = min(block.count - taken, target.count - count)
            block.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(rebasing: target[count...]).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: $0[taken..<(taken + part)]))
            }
            taken += part
            count += part
            return .more
        }
        if let fault = blockFault.take() { throw fault }
        isAtNextMark = false
        start = input.position
        let bytes = try input.look(atLeast: 16)
        if bytes.count * 8 < bit + Bzip2Magic.length { throw truncated() }
        guard let mark = Bzip2Magic(at: bit, in: bytes) else {
            throw input.fault(
                .corrupt, "the bzip2 stream is damaged after \(decoded.grouped) bytes: no block begins there",
                hint: Self.goesOn)
        }
        if mark.isEnd { return try end(bytes) }
        try decodeBlock()
        return .more
    }

    private func decodeBlock() throws(ReadFault) {
        let (bytes, next) = try lookAtBlock()
        let found = Bzip2Block(bytes, from: bit, to: next?.bit ?? bytes.count * 8, discarded: &discarded)
        block = found?.bytes ?? []
        taken = 0
        decoded += UInt64(block.count)
        if let found { checksum = checksum.map { ($0 << 1 | $0 >> 31) ^ found.checksum } } else { checksum = nil }
        if next == nil, UInt64(bytes.count) == input.remaining {
            blockFault = truncated()
        } else if found == nil {
            blockFault = input.fault(
                .corrupt, "a bzip2 block is damaged, \(decoded.grouped) bytes into the stream: it is lost",
                hint: Self.goesOn)
        } else if found?.isExact != true {
            blockFault = input.fault(
                .corrupt, "the bzip2 stream is damaged after \(decoded.grouped) bytes: the next block is not found",
                hint: Self.goesOn)
        }
        if blockFault != nil { checksum = nil }
        if let next {
            input.consume(next.bit / 8)
            bit = next.bit % 8
            isAtNextMark = true
        }
    }

    /// The bytes from the block's on, and the mark behind it where there is one.
    private func lookAtBlock() throws(ReadFault) -> (bytes: UnsafeRawBufferPointer, next: Bzip2Magic?) {
        // A block's mark, its checksum.
        var searched = bit + Bzip2Magic.length + 32
        var wanted = 64 << 10
        while true {
            let bytes = try input.look(atLeast: wanted)
            if let next = Bzip2Magic(from: searched, in: bytes) { return (bytes, next) }
            if bytes.count < wanted || wanted >= Self.longestBlock { return (bytes, nil) }
            searched = max(searched, bytes.count * 8 - Bzip2Magic.length - 8)
            wanted = max(wanted, bytes.count) * 2
        }
    }

    private func end(_ bytes: UnsafeRawBufferPointer) throws(ReadFault) -> FrameProgress {
        guard let stored = Bzip2Magic.bits(32, at: bit + Bzip2Magic.length, in: bytes) else { throw truncated() }
        input.consume((bit + Bzip2Magic.length + 32 + 7) / 8)
        bit = 0
        guard let checksum, checksum != UInt32(truncatingIfNeeded: stored) else { return .ended }
        throw input.fault(
            .corrupt, "the checksum of the bzip2 stream of \(decoded.grouped) bytes is wrong",
            hint: "each of its blocks is whole, but one may be missing")
    }

    private func truncated() -> ReadFault { input.truncated("bzip2 stream", after: decoded) }

    private static let goesOn = "reading goes on with the next block or stream that is found"
}
