/// Finds out what a file is whose first bytes are damaged: one byte there must not cost the whole log.
///
/// There are three witnesses. The name's ending is taken at its word where the content is binary, or shorter than anything that has
/// such a name; where it begins with a record all the same, something of that kind must stand behind. Where the name says nothing, a
/// zip's directory at the end tells, or a later frame, if what it decodes to is a log; other binary files hold compressed parts too.
struct DamagedHead {
    /// How far into a file a later frame is looked for.
    private static let searched: UInt64 = 16 << 20

    private let bytes: StoredBytes
    private let options: ReadingOptions

    init(_ bytes: StoredBytes, options: ReadingOptions) {
        self.bytes = bytes
        self.options = options
    }

    /// What the file should be; nil where nothing says that it is more than it seems.
    /// - Parameter beginning: its first bytes, up to `LogText.peekLength`.
    func kind(_ beginning: UnsafeRawBufferPointer) throws(ReadFault) -> ContentKind? {
        let named = ContentKind(name: bytes.label)
        if let named, beginning.count < Self.shortest { return named }
        guard LogText.isBinary(beginning) || named != nil && !LogText.isUTF8(beginning) else { return nil }
        let isPlain = LogText.beginsWithRecord(beginning)
        if let named, !isPlain { return named }
        if isPlain { return if let named, try follows(named, beginning) { named } else { nil } }
        if try ZipDirectory.endsZip(bytes.open()) { return .zip }
        guard let coding = try laterFrame() else { return nil }
        return .compressed(coding)
    }

    /// Nothing compressed and no archive is shorter.
    private static let shortest = 8

    /// Whether something of a kind stands behind a beginning that looks like a log.
    private func follows(_ kind: ContentKind, _ beginning: UnsafeRawBufferPointer) throws(ReadFault) -> Bool {
        switch kind {
        case .compressed: try laterFrame() != nil
        case .tar: try TarHeader.endsTar(bytes.open()) ? true : TarHeader.first(in: beginning) != nil
        case .zip: try ZipDirectory.endsZip(bytes.open())
        case .empty, .foreign, .unknown: false
        }
    }

    /// The kind of a later frame that holds a log.
    private func laterFrame() throws(ReadFault) -> Coding? {
        let part = bytes.slice(from: 0, length: Self.searched, label: bytes.label)
        guard let coding = try Self.firstCoding(in: part.open()) else { return nil }
        let reader = try LogSource(part, coding, options: options).open()
        // The beginning is damaged, and perhaps more ahead of the frame.
        for _ in 0..<Self.mostFaults {
            let text = reader.beginning(LogText.peekLength)
            let isLog = text.bytes.withUnsafeBytes { LogText.reasonAgainst($0, isWhole: text.isWhole) == nil }
            if !text.bytes.isEmpty, isLog { return coding }
            if text.fault == nil { break }
        }
        return nil
    }

    private static let mostFaults = 100

    private static func firstCoding(in input: StoredReader) throws(ReadFault) -> Coding? {
        while true {
            let bytes = try input.look(atLeast: 64 << 10)
            if let index = Coding.firstFrame(in: bytes) {
                return Coding(magic: UnsafeRawBufferPointer(rebasing: bytes[index...]))
            }
            if UInt64(bytes.count) == input.remaining { return nil }
            input.consume(max(1, bytes.count - Coding.headLength))
        }
    }
}

extension ContentKind {
    /// What the ending of a file's name says.
    init?(name: String) {
        guard let dot = name.lastIndex(of: "."), !name[dot...].contains("/"),
            let kind = Self.endings[name[dot...].dropFirst().lowercased()]
        else { return nil }
        self = kind
    }

    private static let endings: [String: ContentKind] = [
        "zst": .compressed(.zstd), "zstd": .compressed(.zstd), "tzst": .compressed(.zstd),
        "gz": .compressed(.gzip), "tgz": .compressed(.gzip),
        "bz2": .compressed(.bzip2), "tbz": .compressed(.bzip2), "tbz2": .compressed(.bzip2),
        "xz": .compressed(.xz), "txz": .compressed(.xz),
        "lz4": .compressed(.lz4), "tlz4": .compressed(.lz4),
        "tar": .tar, "zip": .zip,
    ]
}
