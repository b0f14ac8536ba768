import CZlib

/// Inflates gzip members, one after the other, up to the first damage.
///
/// By zlib itself: libarchive's filter checks no checksum of gzip's, and of a stream cut short it keeps the last 64 KiB to
/// itself, which of a small log is all.
final class GzipDecoder {
    private let input: StoredReader
    /// Stays where it is: zlib's state points back at it.
    private let stream: UnsafeMutablePointer<z_stream>
    private var isInMember = false
    private var hasEnded = false
    /// Inflated bytes of all members.
    private var inflated: UInt64 = 0
    /// Met after bytes that had to be given out first.
    private var pendingFault: ReadFault?

    private static let magic: [UInt8] = [0x1F, 0x8B]

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

    /// Fills the buffer as far as there are bytes; 0 at the end and after a fault.
    func read(into target: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int {
        if let fault = pendingFault {
            pendingFault = nil
            throw fault
        }
        var count = 0
        do throws(ReadFault) {
            while count < target.count, !hasEnded {
                if isInMember {
                    try inflate(into: target, &count)
                } else {
                    try beginMember()
                }
            }
        } catch {
            hasEnded = true
            if count == 0 { throw error }
            pendingFault = error
        }
        return count
    }

    private func beginMember() throws(ReadFault) {
        let head = try input.look(atLeast: 2)
        if head.isEmpty {
            hasEnded = true
        } else if head.starts(with: Self.magic) {
            inflateReset(stream)
            isInMember = true
        } else {
            throw fault(.corrupt, "\(input.remaining.grouped) bytes follow the last gzip member that are none")
        }
    }

    private func inflate(into target: UnsafeMutableRawBufferPointer, _ count: inout Int) throws(ReadFault) {
        let source = try input.look(atLeast: 1)
        if source.isEmpty {
            throw fault(
                .truncated, "the gzip stream is truncated after \(inflated.grouped) bytes",
                hint: "whatever wrote it was stopped, or the copy is not whole; what came before was read")
        }
        let room = UInt32(clamping: target.count - count)
        let given = UInt32(clamping: source.count)
        // zlib's interface is older than const: it only reads from here.
        stream.pointee.next_in = source.bindMemory(to: UInt8.self).baseAddress.map {
            UnsafeMutablePointer(mutating: $0)
        }
        stream.pointee.avail_in = given
        stream.pointee.next_out = target.bindMemory(to: UInt8.self).baseAddress.map { $0 + count }
        stream.pointee.avail_out = room
        let result = CZlib.inflate(stream, Z_NO_FLUSH)
        input.consume(Int(given - stream.pointee.avail_in))
        count += Int(room - stream.pointee.avail_out)
        inflated += UInt64(room - stream.pointee.avail_out)
        switch result {
        case Z_OK, Z_BUF_ERROR:
            break
        case Z_STREAM_END:
            isInMember = false
        default:
            let words = stream.pointee.msg.map { String(cString: $0) } ?? "it cannot be inflated"
            throw fault(
                .corrupt, "the gzip stream is damaged after \(inflated.grouped) bytes: \(words)",
                hint: "what came before it was read; the rest cannot be")
        }
    }

    private func fault(_ code: ReadFault.Code, _ message: String, hint: String? = nil) -> ReadFault {
        ReadFault(code: code, path: input.label, byte: input.position, message: message, hint: hint)
    }
}
