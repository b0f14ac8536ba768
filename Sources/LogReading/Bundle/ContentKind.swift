import EventModel

/// What a file's first bytes say that it is. Its name is asked only where these are damaged: see `init(name:)`.
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
        } else if let coding = Coding(magic: prefix) {
            self = .compressed(coding)
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
        // A stream whose own magic number is damaged: the first block's.
        Signature([0x31, 0x41, 0x59, 0x26, 0x53, 0x59], at: 4, .compressed(.bzip2)),
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
        Signature([0x1F, 0x9D, 0x90], .foreign("compressed in a way that is not read (compress)")),
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

    /// Why text is not a log.
    enum Reason: String {
        case binary = "binary, and no line of it begins with {"
        case blank = "empty but for blanks"
        case document = "one JSON document over several lines, no log"
        case text = "text of a form that no profile knows"
        case utf16 = "UTF-16 text, which is not read: convert it to UTF-8"
    }

    /// Why the text is not a log; nil where a line in it begins with `{`, or a first line is longer than all of the peek and
    /// so leaves it open. Among binary bytes, where any two meet by chance, only `{"` counts.
    /// - Parameter isWhole: whether `text` is all there is.
    static func reasonAgainst(_ text: UnsafeRawBufferPointer, isWhole: Bool) -> Reason? {
        if isUTF16(text) { return .utf16 }
        let bytes = withoutMark(text)
        let isBinary = isBinary(text)
        // findings.json and its like: a record never leaves its brace alone on a line, with more behind it.
        let written = bytes.split(separator: 0x0A).lazy.filter { !$0.allSatisfy(isBlank) }.prefix(2).map(Array.init)
        if written.count == 2, written.first?.filter({ !isBlank($0) }) == [UInt8(ascii: "{")] { return .document }
        for line in bytes.split(separator: 0x0A) {
            let rest = line.drop(while: isBlank)
            guard rest.first == UInt8(ascii: "{") else { continue }
            if !isBinary || isRecord(rest) { return nil }
        }
        if isBinary { return .binary }
        if isWhole, bytes.allSatisfy(isBlank) { return .blank }
        if !isWhole, !bytes.contains(0x0A) { return nil }
        return .text
    }

    /// Whether one of a text's first lines holds a time of day, as a log's do and a README's do not.
    static func holdsTime(_ text: [UInt8]) -> Bool {
        var run = 0
        // hh:mm:ss: five of eight characters are digits around two colons.
        for at in text.indices.prefix(16 << 10) where text[at] == UInt8(ascii: ":") {
            guard at >= 2, at + 5 < text.count, text[at + 3] == UInt8(ascii: ":") else { continue }
            let digits = [at - 2, at - 1, at + 1, at + 2, at + 4, at + 5]
            if digits.allSatisfy({ text[$0].isDigitByte }) { run += 1 }
            if run >= 2 { return true }
        }
        return false
    }

    /// The first lines, for people.
    static func firstLines(_ text: [UInt8]) -> [String] {
        text.split(separator: 0x0A).prefix(3).map { VisibleText.decoded(Array($0.prefix(200))) }
    }

    /// Whether there are bytes that no text has.
    static func isBinary(_ text: UnsafeRawBufferPointer) -> Bool {
        text.contains { $0 < 0x20 && !isBlank($0) && $0 != 0x1B && $0 != 0x0C }
    }

    /// Whether bytes are UTF-8, but for a last character that the peek may cut. The few bytes that are left of something compressed may have
    /// no control character among them, yet are no text.
    static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
        (0...(bytes.count < peekLength ? 0 : 3)).contains { cut in
            String(validating: bytes.dropLast(cut), as: UTF8.self) != nil
        }
    }

    /// Whether binary bytes begin as a record does, with a brace and a quote: a brace alone stands there by chance.
    static func beginsWithRecord(_ bytes: UnsafeRawBufferPointer) -> Bool {
        isRecord(withoutMark(bytes).drop(while: isBlank))
    }

    private static func isRecord(_ line: Slice<UnsafeRawBufferPointer>) -> Bool {
        line.first == UInt8(ascii: "{") && line.dropFirst().drop(while: isBlank).first == UInt8(ascii: "\"")
    }

    private static func withoutMark(_ text: UnsafeRawBufferPointer) -> Slice<UnsafeRawBufferPointer> {
        text.starts(with: [0xEF, 0xBB, 0xBF]) ? text.dropFirst(3) : text[...]
    }

    /// Whether it is text of two bytes a character, most of these ASCII as in any JSON: with or without a byte order mark.
    private static func isUTF16(_ text: UnsafeRawBufferPointer) -> Bool {
        let bytes = text.prefix(4096)
        let hasMark = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
        // Of each pair, the zero comes second where the lower byte comes first.
        for zero in 0...1 {
            var pairs = 0
            var ascii = 0
            var braces = 0
            for index in stride(from: hasMark ? 2 : 0, to: bytes.count - 1, by: 2) {
                let character = bytes[index + 1 - zero]
                pairs += 1
                if bytes[index + zero] == 0, character >= 0x20 || isBlank(character) { ascii += 1 }
                if bytes[index + zero] == 0, character == UInt8(ascii: "{") { braces += 1 }
            }
            if pairs > 0, braces > 0 || hasMark, ascii * 10 >= pairs * (hasMark ? 5 : 9) { return true }
        }
        return false
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) && byte != 0x0C }
}
