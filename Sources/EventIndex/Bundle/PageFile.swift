import LogReading

/// Where a page lies in the index's file.
struct PageRef: Equatable {
    var offset: UInt64
    var size: Int
}

/// Writes an index's pages: zstd frames with checksums; in a file of their own one after the other, behind them the directory, and where
/// that lies.
struct PageWriter {
    private let output: IndexOutput
    private let codec: FrameCodec

    init(_ output: IndexOutput, codec: FrameCodec) {
        self.output = output
        self.codec = codec
    }

    func begin() throws(IndexFault) { try output.append(PageFile.magic) }

    func append(_ page: [UInt8]) throws(IndexFault) -> PageRef {
        let frame = try codec.frame(of: page[...])
        return PageRef(offset: try output.append(frame), size: frame.count)
    }

    /// Ends the file and waits until it is on the disk.
    func finish(directory: [UInt8]) throws(IndexFault) {
        let ref = try append(directory)
        var tail: [UInt8] = []
        for number in [ref.offset, UInt64(ref.size)] {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                tail.append(UInt8(truncatingIfNeeded: number >> shift))
            }
        }
        try output.append(tail + PageFile.magic)
        try output.synchronize()
    }
}

/// Reads an index's pages.
struct PageFile {
    /// Also says the version of all that is in the file: what another version wrote is not read.
    static let magic = Array("INQIDX04".utf8)

    let file: IndexFile
    private let codec: FrameCodec

    init(_ file: IndexFile) throws(IndexFault) {
        self.file = file
        codec = try FrameCodec()
    }

    /// What stands in the directory of a file of pages; `path` is for messages.
    func directory(_ path: String) throws(IndexFault) -> [UInt8] {
        guard file.length >= 32 else { throw .damaged("\(path) is too short") }
        let tail = try file.bytes(at: file.length - 24, count: 24)
        let head = try file.bytes(at: 0, count: 8)
        guard head == PageFile.magic, Array(tail[16...]) == PageFile.magic else {
            throw .damaged("\(path) is no index of this version")
        }
        func number(_ start: Int) -> UInt64 { (0..<8).reduce(0) { $0 | UInt64(tail[start + $1]) << UInt64(8 * $1) } }
        let size = number(8)
        guard size < file.length else { throw .damaged("\(path) has no directory") }
        return try page(PageRef(offset: number(0), size: Int(size)))
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
