/// How a source's stored bytes are to be inflated.
enum Coding: String, Sendable {
    case plain, zstd, gzip, bzip2, xz, lz4
}

/// What a file's first bytes say that it is. Its name says nothing.
enum ContentKind: Equatable {
    case empty
    case compressed(Coding)
    case tar
    case zip
    /// No log: what it is instead, with its article.
    case foreign(String)
    /// Nothing known by its first bytes: text, or anything else.
    case unknown

    /// How many first bytes `init(prefix:)` wants to see.
    static let prefixLength = 512

    /// Judges a file's first bytes: `prefixLength` of them, or all there are.
    init(prefix: UnsafeRawBufferPointer) {
        if prefix.isEmpty {
            self = .empty
        } else if let known = Self.signatures.first(where: { $0.matches(prefix) }) {
            self = known.kind
        } else if ZstdFrameHeader.isSkippable(prefix) {
            // lz4 has skippable frames of the same magic, but nobody writes one first.
            self = .compressed(.zstd)
        } else {
            self = TarHeader(prefix) != nil || TarHeader.resembles(prefix) ? .tar : .unknown
        }
    }

    private struct Signature {
        let at: Int
        let bytes: [UInt8]
        let kind: ContentKind

        init(_ bytes: [UInt8], at: Int = 0, _ kind: ContentKind) {
            self.bytes = bytes
            self.at = at
            self.kind = kind
        }

        func matches(_ prefix: UnsafeRawBufferPointer) -> Bool {
            prefix.count >= at + bytes.count && prefix[at..<(at + bytes.count)].elementsEqual(bytes)
        }
    }

    private static let signatures: [Signature] = [
        Signature(ZstdFrameHeader.magic, .compressed(.zstd)),
        Signature([0x1F, 0x8B], .compressed(.gzip)),
        Signature(Array("BZh".utf8), .compressed(.bzip2)),
        Signature([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .compressed(.xz)),
        Signature([0x04, 0x22, 0x4D, 0x18], .compressed(.lz4)),
        Signature([0x02, 0x21, 0x4C, 0x18], .compressed(.lz4)),
        Signature([0x50, 0x4B, 0x03, 0x04], .zip),
        Signature([0x50, 0x4B, 0x05, 0x06], .zip),
        Signature([0x89, 0x50, 0x4E, 0x47], .foreign("an image (PNG)")),
        Signature([0xFF, 0xD8, 0xFF], .foreign("an image (JPEG)")),
        Signature(Array("GIF8".utf8), .foreign("an image (GIF)")),
        Signature(Array("WEBP".utf8), at: 8, .foreign("an image (WebP)")),
        Signature([0x7F, 0x45, 0x4C, 0x46], .foreign("a program (ELF)")),
        Signature(Array("%PDF-".utf8), .foreign("a document (PDF)")),
        Signature(Array("SQLite format 3\0".utf8), .foreign("a database (SQLite)")),
        Signature(Array("PAR1".utf8), .foreign("a table (Parquet)")),
        Signature([0x1F, 0x9D], .foreign("compressed in a way that is not read (compress)")),
        Signature([0x5D, 0x00, 0x00], .foreign("compressed in a way that is not read (lzma)")),
        Signature(Array("LZIP".utf8), .foreign("compressed in a way that is not read (lzip)")),
        Signature([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .foreign("an archive of a kind that is not read (7z)")),
        Signature(Array("Rar!".utf8), .foreign("an archive of a kind that is not read (RAR)")),
    ]
}

/// Whether text is a log: judged by the first lines, so that a log that begins with broken ones still is.
enum LogText {
    /// How much inflated text is looked at.
    static let peekLength = 64 << 10

    /// Why the text is no log; nil where a line in it begins with `{`, or a first line is longer than all of the peek and
    /// so leaves it open. Among binary bytes, where any two meet by chance, only `{"` counts.
    /// - Parameter isWhole: whether `text` is all there is.
    static func reasonAgainst(_ text: UnsafeRawBufferPointer, isWhole: Bool) -> String? {
        var bytes = text[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        let isBinary = bytes.contains { $0 < 0x20 && !isBlank($0) && $0 != 0x1B && $0 != 0x0C }
        // findings.json and its like: a record never leaves its brace alone on a line, with more behind it.
        let written = bytes.split(separator: 0x0A).lazy.filter { !$0.allSatisfy(isBlank) }.prefix(2).map(Array.init)
        if written.count == 2, written.first?.filter({ !isBlank($0) }) == [UInt8(ascii: "{")] {
            return "one JSON document over several lines, no log"
        }
        for line in bytes.split(separator: 0x0A) {
            let rest = line.drop(while: isBlank)
            guard rest.first == UInt8(ascii: "{") else { continue }
            if !isBinary || rest.dropFirst().drop(while: isBlank).first == UInt8(ascii: "\"") { return nil }
        }
        if isBinary { return "binary, and no line of it begins with {" }
        if isWhole, bytes.allSatisfy(isBlank) { return "empty but for blanks" }
        if !isWhole, !bytes.contains(0x0A) { return nil }
        return "text, but no line of it begins with {"
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) && byte != 0x0C }
}
