import CZlib

/// One way to read a member of a zip: how its data are stored, and where they end.
struct ZipPlan: Hashable {
    var method: UInt16
    /// Where in the archive the data begin.
    var start: UInt64
    /// How many bytes there are of data; of deflate, which knows its end itself, at most.
    var storedSize: UInt64
}

/// Reads the data of one member, and compares them with the checksum at their end.
final class ZipMemberReader {
    /// Size and checksum, as one of the headers states them.
    struct Summary: Hashable {
        var size: UInt64
        var crc: UInt32
    }

    private enum Decoder {
        case stored
        case deflate(RawInflater)
        case other(ArchiveReader)
    }

    private let input: StoredReader
    private let decoder: Decoder
    private let plan: ZipPlan
    private let label: String
    /// What the headers say that the data are; one of them is enough.
    private let expected: Set<Summary>
    private var crc: UInt32 = 0
    private var size: UInt64 = 0
    private var hasEnded = false
    /// Whether all of the data have been read and are those that the archive was made from.
    private(set) var isIntact = false

    /// - Parameter archive: the whole zip.
    init(
        _ archive: StoredBytes, _ plan: ZipPlan, expecting expected: Set<Summary>, label: String
    ) throws(ReadFault) {
        self.plan = plan
        self.label = label
        self.expected = expected
        input = try archive.slice(from: plan.start, length: plan.storedSize, label: label).open()
        switch plan.method {
        case 0: decoder = .stored
        case 8: decoder = .deflate(try RawInflater(input))
        // libarchive looks at the lower byte alone.
        case 256...:
            throw ReadFault(
                code: .unsupported, path: label, byte: plan.start,
                message: "the member is stored by an unknown method, \(plan.method)")
        default:
            let head = Self.header(plan, expected.first ?? Summary(size: 0, crc: 0))
            decoder = .other(try ArchiveReader(PrefixedInput(head, input)))
        }
        if case .other(let reader) = decoder, try !reader.next() {
            throw ReadFault(code: .corrupt, path: label, byte: plan.start, message: "the member cannot be read")
        }
    }

    /// Where in the archive the data begin; where they end, once they have been read.
    var start: UInt64 { plan.start }
    var end: UInt64 { plan.start + input.position }

    /// Whether what an entry says of the data that were read is wrong, so that others cannot read them by it.
    func isContradicted(by entry: ZipEntry) -> Bool {
        entry.method != plan.method || entry.size != size || entry.crc != crc || entry.compressedSize != end - start
            || entry.version > ZipEntry.newestVersion
    }

    /// Reads what is left, to see where it ends and whether it is intact.
    func finish(with buffer: UnsafeMutableRawBufferPointer) {
        do throws(ReadFault) {
            while try read(into: buffer) > 0 {}
        } catch {
            // Nobody wants these data: that `isIntact` stays false is all there is to say.
        }
    }

    /// Reads some bytes; 0 at the end.
    func read(into target: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int {
        if hasEnded { return 0 }
        let count: Int
        do throws(ReadFault) {
            switch decoder {
            case .stored: count = try input.read(into: target)
            case .deflate(let inflater): count = try inflater.read(into: target)
            case .other(let reader): count = try reader.read(into: target)
            }
        } catch {
            throw fault(
                error.code, "the member is damaged after \(size.grouped) bytes: \(error.message)",
                hint: "what came before was read, but some of its last records may have been altered; the rest is lost")
        }
        crc = UInt32(
            truncatingIfNeeded: crc32(
                UInt(crc), target.bindMemory(to: UInt8.self).baseAddress, UInt32(clamping: count)))
        size += UInt64(count)
        if count == 0 { try finish() }
        return count
    }

    private func finish() throws(ReadFault) {
        hasEnded = true
        var isCut = false
        switch decoder {
        case .stored: isCut = size < plan.storedSize
        case .deflate(let inflater): isCut = !inflater.hasEnded
        case .other: break
        }
        if isCut {
            throw fault(
                .truncated, "the member is cut off after \(size.grouped) bytes",
                hint: "whatever wrote it was stopped, or the copy is not whole; what came before was read")
        }
        isIntact = expected.contains(Summary(size: size, crc: crc))
        if isIntact { return }
        let sizes = expected.map(\.size)
        let message =
            if let stated = sizes.max() {
                sizes.contains(size)
                    ? "the checksum of the member's \(size.grouped) bytes is wrong"
                    : "the member has \(size.grouped) bytes instead of \(stated.grouped)"
            } else {
                "the size and the checksum of the member are missing, which would show that its \(size.grouped) bytes are whole"
            }
        throw fault(.corrupt, message, hint: "some of its records may have been altered, or are lost")
    }

    private func fault(_ code: ReadFault.Code, _ message: String, hint: String) -> ReadFault {
        hasEnded = true
        return ReadFault(code: code, path: label, byte: plan.start + input.position, message: message, hint: hint)
    }

    /// A header as libarchive wants it ahead of data that are stored in another way than the usual two.
    private static func header(_ plan: ZipPlan, _ summary: Summary) -> [UInt8] {
        var bytes = ZipEntry.localMagic
        func append(_ value: UInt64, _ count: Int) {
            for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
        }
        append(63, 2)
        append(0, 2)
        append(UInt64(plan.method), 2)
        append(0, 4)
        append(UInt64(summary.crc), 4)
        append(0xFFFF_FFFF, 4)
        append(0xFFFF_FFFF, 4)
        append(1, 2)
        append(20, 2)
        bytes.append(UInt8(ascii: "m"))
        append(1, 2)
        append(16, 2)
        append(summary.size, 8)
        append(plan.storedSize, 8)
        return bytes
    }
}

/// Bytes of our own, then those of an input.
private final class PrefixedInput: ByteInput {
    private let head: [UInt8]
    private let rest: StoredReader
    private var given = 0

    init(_ head: [UInt8], _ rest: StoredReader) {
        self.head = head
        self.rest = rest
    }

    var label: String { rest.label }
    var position: UInt64 { UInt64(given) + rest.position }
    var seekableLength: UInt64? { nil }
    func seek(to position: UInt64) {}

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int {
        if given == head.count { return try rest.read(into: buffer) }
        let count = min(head.count - given, buffer.count)
        buffer.copyBytes(from: head[given..<given + count])
        given += count
        return count
    }
}
