/// How a source's stored bytes are compressed.
enum Coding: String, Sendable, CaseIterable {
    case plain, zstd, gzip, bzip2, xz, lz4

    /// The longest head that `init(magic:)` and `hasFrame(at:)` look at.
    static let headLength = 64

    /// The compression whose magic number some bytes begin with; nil for none.
    init?(magic bytes: UnsafeRawBufferPointer) {
        guard let coding = Self.magics.first(where: { bytes.starts(with: $0.bytes) })?.coding else { return nil }
        if coding == .bzip2, !(bytes.count > 3 && (0x31...0x39).contains(bytes[3])) { return nil }
        self = coding
    }

    /// Whether bytes end within a magic number.
    static func isCutMagic(_ bytes: UnsafeRawBufferPointer) -> Bool {
        magics.contains { bytes.count <= $0.bytes.count && $0.bytes.starts(with: bytes) }
    }

    private static let magics: [(coding: Coding, bytes: [UInt8])] = [
        (.zstd, ZstdFrameHeader.magic), (.gzip, GzipDecoder.magic), (.bzip2, Array("BZh".utf8)),
        (.xz, XZDecoder.magic), (.lz4, LZ4FrameHeader.magic), (.lz4, LZ4FrameHeader.legacyMagic),
    ]

    /// What one independent part of such a file is called.
    var frame: String {
        switch self {
        case .plain: "plain text"
        case .zstd: "zstd frame"
        case .gzip: "gzip member"
        case .bzip2: "bzip2 stream"
        case .xz: "xz stream"
        case .lz4: "lz4 frame"
        }
    }

    /// Whether zero bytes may follow a frame without being damage: tapes and block devices add them.
    var allowsPadding: Bool { self == .gzip || self == .xz }

    /// The index of the first frame in some bytes: by its magic number and whatever more its head lets one verify, since
    /// magic numbers also occur by chance. A head that the end of the bytes cuts may be passed over.
    static func firstFrame(in bytes: UnsafeRawBufferPointer) -> Int? {
        for index in bytes.indices where mayBegin[Int(bytes[index])] {
            let head = UnsafeRawBufferPointer(rebasing: bytes[index...].prefix(headLength))
            if Coding(magic: head)?.hasFrame(at: head) ?? false { return index }
        }
        return nil
    }

    private static let mayBegin: [Bool] = (0..<256).map { byte in magics.contains { Int($0.bytes[0]) == byte } }

    private func hasFrame(at head: UnsafeRawBufferPointer) -> Bool {
        switch self {
        case .plain: false
        case .zstd: ZstdFrameHeader(head) != nil
        case .gzip: GzipDecoder.isLikelyHead(head)
        case .bzip2: Bzip2Magic.begins(head.dropFirst(4))
        case .xz: XZDecoder.isHead(head)
        case .lz4: LZ4FrameHeader(head) != nil
        }
    }
}
