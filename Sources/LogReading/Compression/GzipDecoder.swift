import CZlib

/// Inflates gzip members with zlib.
final class GzipDecoder: FrameDecoder {
    private let input: StoredReader
    /// Has a fixed address: zlib's state points back at it.
    private let stream: UnsafeMutablePointer<z_stream>
    private(set) var start: UInt64 = 0
    /// Inflated bytes of this member.
    private var inflated: UInt64 = 0

    static let magic: [UInt8] = [0x1F, 0x8B]

    init(_ input: StoredReader) throws(ReadFault) {
        self.input = input
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // The largest window, and a gzip head and tail around the data.
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw ReadFault(code: .unreadable, path: input.label, byte: nil, message: "no memory to inflate it")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Whether bytes begin with a head as gzip programs write it. Two bytes of magic number alone occur by chance every
    /// 64 KiB; method, flags, level and operating system make that one in 2³⁸.
    static func isLikelyHead(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count > 10 && bytes.starts(with: magic) && bytes[2] == 8 && bytes[3] & 0xE0 == 0
            && [0, 2, 4].contains(bytes[8]) && (bytes[9] <= 13 || bytes[9] == 255)
    }

    func begin() {
        start = input.position
        inflated = 0
        inflateReset(stream)
    }

    func decode(into target: UnsafeMutableRawBufferPointer, _ count: inout Int) throws(ReadFault) -> FrameProgress {
        let source = try input.look(atLeast: 1)
        if source.isEmpty { throw input.truncated("gzip member", after: inflated) }
        let room = UInt32(clamping: target.count - count)
        let given = UInt32(clamping: source.count)
        // zlib's interface is older than const: it only reads from here.
        stream.pointee.next_in = source.bindMemory(to: UInt8.self).baseAddress.map {
            UnsafeMutablePointer(mutating: $0)
        }
        stream.pointee.avail_in = given
        stream.pointee.next_out = target.bindMemory(to: UInt8.self).baseAddress.map { $0 + count }
        stream.pointee.avail_out = room
        let result = inflate(stream, Z_NO_FLUSH)
        input.consume(Int(given - stream.pointee.avail_in))
        count += Int(room - stream.pointee.avail_out)
        inflated += UInt64(room - stream.pointee.avail_out)
        switch result {
        case Z_OK, Z_BUF_ERROR: return .more
        case Z_STREAM_END: return .ended
        default: throw broken()
        }
    }

    private func broken() -> ReadFault {
        let words = stream.pointee.msg.map { String(cString: $0) } ?? "it cannot be inflated"
        if words == "incorrect data check" || words == "incorrect length check" {
            return input.fault(
                .corrupt, "the checksum of the gzip member of \(inflated.grouped) bytes is wrong",
                hint: "some of the records before this place may have been altered")
        }
        return input.fault(
            .corrupt, "the gzip member is damaged after \(inflated.grouped) bytes: \(words)",
            hint: "some of the records shortly before it may have been altered; reading goes on with the next member")
    }
}
