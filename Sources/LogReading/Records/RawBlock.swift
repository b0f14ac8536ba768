import CSimdjson
import EventModel
import Glibc

/// Whole lines of one source as they were read, before anything is known of them.
struct RawBlock: Sendable {
    /// Bytes that must be readable behind `used`, whatever they are: a last line without its end gets one there, the byte index reads
    /// registers from before that end to beyond it, and simdjson reads past the end of the line that it is given.
    static let padding = max(1 + CBI_BYTES_BEYOND, csj_padding())

    /// The lines with their ends, then room for the parser to read past them.
    var bytes: [UInt8] = []
    /// How many of `bytes` are lines.
    var used = 0
    /// Where the block begins in the source, in inflated bytes.
    var offset: UInt64 = 0
    /// The length of a line that was too long to be kept: the block then stands for this one line.
    var tooLong: UInt64?
    /// Whether damage lies behind it, so that what follows does not go on with its last line.
    var isBroken = false
}

/// Cuts a source's inflated bytes into blocks of whole lines.
///
/// A line that damage interrupts ends there. A line longer than the limit is passed over without being held.
final class BlockReader: @unchecked Sendable {
    // Unchecked: handed from thread to thread by the pipeline, which never lets two use one at a time.
    private let reader: ByteReader
    private let blockSize: Int
    /// How large the next block is made. Many short logs may wait to be delivered, each with its block: so what is left to
    /// read bounds it, or where compression hides that, it grows with what has been read.
    private var nextSize: Int
    private let maxLine: Int
    private let padding = RawBlock.padding
    /// Whether blocks are whole lines; else as many bytes as there is room for.
    private let cutsLines: Bool
    /// The beginning of a line whose end has not been read yet.
    private var carry: [UInt8] = []
    private var hasEnded = false
    private(set) var damage: [BundleSummary.Damage] = []

    init(_ reader: ByteReader, blockSize: Int, maxLine: Int, cutsLines: Bool = true) {
        self.cutsLines = cutsLines
        self.reader = reader
        self.blockSize = blockSize
        self.maxLine = maxLine
        nextSize = reader.plainBytesLeft == nil ? min(blockSize, Self.firstSize) : blockSize
    }

    /// The first block's size where it is not known how much there is to read.
    private static let firstSize = 4 << 10

    /// How many stored bytes have been used up.
    var storedOffset: UInt64 { reader.storedOffset }

    /// Fills `block` with the next lines, reusing its memory; false at the end.
    func next(_ block: inout RawBlock) -> Bool {
        block.used = 0
        block.tooLong = nil
        block.isBroken = false
        block.offset = reader.inflatedOffset - UInt64(carry.count)
        var filled = carry.count
        // A byte more than is left: so the end shows in the same block.
        let most = reader.plainBytesLeft.map { filled + Int(min($0, UInt64(blockSize))) + 1 } ?? .max
        let size = max(min(nextSize, most), filled)
        nextSize = min(blockSize, 4 * nextSize)
        if block.bytes.count < size + padding { block.bytes = Array(repeating: 0, count: size + padding) }
        block.bytes.replaceSubrange(..<filled, with: carry)
        carry.removeAll(keepingCapacity: true)
        while !hasEnded {
            let room = block.bytes.count - padding - filled
            if room == 0 {
                if !cutsLines { return end(&block, filled) }
                if let end = lastLineEnd(block.bytes, from: 0, to: filled) { return cut(&block, end, filled) }
                if filled > maxLine { return passOver(&block, filled) }
                block.bytes.append(contentsOf: repeatElement(0, count: min(filled, maxLine + 1 - filled + blockSize)))
                continue
            }
            switch read(into: &block.bytes, from: filled, count: room) {
            case .bytes(let count): filled += count
            case .fault:
                block.isBroken = true
                return end(&block, filled) || next(&block)
            case .end: hasEnded = true
            }
        }
        return end(&block, filled)
    }

    private enum Reading {
        case bytes(Int)
        case fault
        case end
    }

    private func read(into bytes: inout [UInt8], from start: Int, count: Int) -> Reading {
        bytes.withUnsafeMutableBytes { all in
            do throws(ReadFault) {
                let got = try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: all[start..<start + count]))
                return got == 0 ? .end : .bytes(got)
            } catch {
                damage.append(error.damage)
                return .fault
            }
        }
    }

    /// Ends the block after the last whole line; what follows is carried over.
    private func cut(_ block: inout RawBlock, _ lineEnd: Int, _ filled: Int) -> Bool {
        block.used = lineEnd + 1
        carry.append(contentsOf: block.bytes[block.used..<filled])
        return true
    }

    /// Ends the block with what was read, the last line without its end; false where nothing was.
    private func end(_ block: inout RawBlock, _ filled: Int) -> Bool {
        block.used = filled
        return filled > 0
    }

    /// Reads on to the end of a line that is too long, and puts a word about it in its place.
    private func passOver(_ block: inout RawBlock, _ filled: Int) -> Bool {
        var length = UInt64(filled)
        search: while true {
            switch read(into: &block.bytes, from: 0, count: block.bytes.count - padding) {
            case .bytes(let count):
                let end = block.bytes.withUnsafeBytes {
                    lineEnd(UnsafeRawBufferPointer(rebasing: $0[..<count]), from: 0)
                }
                if end < count {
                    length += UInt64(end)
                    carry.append(contentsOf: block.bytes[(end + 1)..<count])
                    break search
                }
                length += UInt64(count)
            case .fault: break search
            case .end:
                hasEnded = true
                break search
            }
        }
        block.tooLong = length
        return true
    }
}

private func lastLineEnd(_ bytes: [UInt8], from start: Int, to end: Int) -> Int? {
    var at = end - 1
    while at >= start {
        if bytes[at] == 0x0A { return at }
        at -= 1
    }
    return nil
}

/// The index of the next line end at or after `start`; the bytes' end without one.
private func lineEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    guard start < bytes.count, let base = bytes.baseAddress,
        let found = memchr(base + start, 0x0A, bytes.count - start)
    else { return bytes.count }
    return UnsafeRawPointer(found) - base
}
