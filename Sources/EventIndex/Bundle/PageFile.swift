import LogReading

/// Where a page lies in the index's file.
struct PageRef: Equatable {
    var offset: UInt64
    var size: Int
}

/// Writes an index's file of pages: zstd frames with checksums, one after the other; behind them the directory, and where that lies.
struct PageWriter {
    private let path: String
    private let codec: FrameCodec
    private var waiting: [UInt8] = []
    private var offset: UInt64 = 0

    init(path: String, codec: FrameCodec) {
        self.path = path
        self.codec = codec
        waiting = PageFile.magic
        offset = UInt64(waiting.count)
    }

    mutating func append(_ page: [UInt8]) throws(IndexFault) -> PageRef {
        let frame = try codec.frame(of: page[...])
        let ref = PageRef(offset: offset, size: frame.count)
        offset += UInt64(frame.count)
        waiting += frame
        if waiting.count > 1 << 20 { try flush() }
        return ref
    }

    mutating func finish(directory: [UInt8]) throws(IndexFault) {
        let ref = try append(directory)
        for number in [ref.offset, UInt64(ref.size)] {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                waiting.append(UInt8(truncatingIfNeeded: number >> shift))
            }
        }
        waiting += PageFile.magic
        try flush()
        try IndexOutput.synchronize(path)
    }

    private mutating func flush() throws(IndexFault) {
        try IndexOutput.append(waiting, to: path)
        waiting.removeAll(keepingCapacity: true)
    }
}

/// Reads an index's pages.
struct PageFile {
    /// Also says the version of all that is in the file: what another version wrote is not read.
    static let magic = Array("INQIDX03".utf8)

    private let file: IndexFile
    private let codec: FrameCodec
    /// What stands in the directory.
    let directory: [UInt8]

    init(path: String, codec: FrameCodec) throws(IndexFault) {
        file = try IndexFile(path: path)
        self.codec = codec
        guard file.length >= 32 else { throw .damaged("\(path) is too short") }
        let tail = try file.bytes(at: file.length - 24, count: 24)
        let head = try file.bytes(at: 0, count: 8)
        guard head == PageFile.magic, Array(tail[16...]) == PageFile.magic else {
            throw .damaged("\(path) is no index of this version")
        }
        func number(_ start: Int) -> UInt64 { (0..<8).reduce(0) { $0 | UInt64(tail[start + $1]) << UInt64(8 * $1) } }
        let size = number(8)
        guard size < file.length else { throw .damaged("\(path) has no directory") }
        let frame = try file.bytes(at: number(0), count: Int(size))
        directory = try codec.bytes(of: frame, limit: PageFile.largest)
    }

    /// The most bytes that a page is believed to hold.
    private static let largest = 1 << 30

    func page(_ ref: PageRef) throws(IndexFault) -> [UInt8] {
        try codec.bytes(of: try file.bytes(at: ref.offset, count: ref.size), limit: PageFile.largest)
    }
}

extension ByteWriter {
    mutating func put(_ ref: PageRef) {
        put(ref.offset)
        put(ref.size)
    }
}

extension ByteScanner {
    mutating func page() throws(IndexFault) -> PageRef {
        PageRef(offset: try number(), size: try integer(upTo: .max >> 1))
    }
}
