import CZlib

/// Inflates one stream of deflate without a head, as zips have it.
final class RawInflater {
    private let input: StoredReader
    /// Stays where it is: zlib's state points back at it.
    private let stream: UnsafeMutablePointer<z_stream>
    private(set) var hasEnded = false

    init(_ input: StoredReader) throws(ReadFault) {
        self.input = input
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard inflateInit2_(stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            stream.deallocate()
            throw ReadFault(code: .unreadable, path: input.label, byte: nil, message: "no memory to inflate it")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Inflates some bytes; 0 at the stream's end, and where the input ends before. What came out ahead of damage is given first.
    func read(into target: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int {
        while !hasEnded {
            let source = try input.look(atLeast: 1)
            if source.isEmpty { return 0 }
            let given = UInt32(clamping: source.count)
            let room = UInt32(clamping: target.count)
            // zlib's interface is older than const: it only reads from here.
            stream.pointee.next_in = source.bindMemory(to: UInt8.self).baseAddress.map {
                UnsafeMutablePointer(mutating: $0)
            }
            stream.pointee.avail_in = given
            stream.pointee.next_out = target.bindMemory(to: UInt8.self).baseAddress
            stream.pointee.avail_out = room
            let result = inflate(stream, Z_NO_FLUSH)
            input.consume(Int(given - stream.pointee.avail_in))
            let count = Int(room - stream.pointee.avail_out)
            hasEnded = result == Z_STREAM_END
            if count > 0 { return count }
            if result != Z_OK, result != Z_STREAM_END {
                let words = stream.pointee.msg.map { String(cString: $0) } ?? "it cannot be inflated"
                throw ReadFault(code: .corrupt, path: input.label, byte: input.position, message: words)
            }
        }
        return 0
    }
}
