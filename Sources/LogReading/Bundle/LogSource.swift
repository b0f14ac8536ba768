/// One log of a bundle: a value that can be opened any number of times, on any thread.
public struct LogSource: Sendable {
    /// The path below the bundle, an archive's members behind a `!`: `logs.tar!/enactor-a.log`. Sanitise before printing.
    public let path: String
    /// How the log is compressed: `plain`, `zstd`, `gzip`, `bzip2`, `xz`, `lz4`; of a plain member of a compressed archive,
    /// how that is.
    public let encoding: String
    /// The bytes that a reader goes through: a file's size, a member's size in a plain tar, else what it takes in the spool.
    public var storedSize: UInt64 { stored.length }

    /// How its bytes become events.
    public internal(set) var format = RecordFormat.native

    let stored: StoredBytes
    let coding: Coding
    let maxWindow: UInt64
    let maxInflatedSize: UInt64

    init(_ stored: StoredBytes, _ coding: Coding, encoding: String? = nil, options: ReadingOptions) {
        self.init(
            path: stored.label, encoding: encoding ?? coding.rawValue, stored: stored, coding: coding,
            maxWindow: options.maxWindow, maxInflatedSize: options.maxInflatedSize)
    }

    private init(
        path: String, encoding: String, stored: StoredBytes, coding: Coding, maxWindow: UInt64, maxInflatedSize: UInt64
    ) {
        self.path = path
        self.encoding = encoding
        self.stored = stored
        self.coding = coding
        self.maxWindow = maxWindow
        self.maxInflatedSize = maxInflatedSize
    }

    /// A reader at the first byte. It keeps a file open and, for zstd, a window in memory for as long as it lives.
    public func open() throws(ReadFault) -> ByteReader {
        try ByteReader(stored, coding, maxWindow: maxWindow, maxInflatedSize: maxInflatedSize)
    }

    /// The same log under another path.
    func renamed(_ path: String) -> LogSource {
        let stored = stored.slice(from: 0, length: stored.length, label: path)
        var source = LogSource(
            path: path, encoding: encoding, stored: stored, coding: coding, maxWindow: maxWindow,
            maxInflatedSize: maxInflatedSize)
        source.format = format
        return source
    }

    /// Its name, as a profile's fields may come from it.
    var name: SourceName { SourceName(path: path, parent: stored.parentFolder) }
}
