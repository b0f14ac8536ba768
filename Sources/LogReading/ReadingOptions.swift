/// The limits and places that reading keeps to. A log is hostile until shown otherwise, so everything that a log could
/// make grow has a limit here, each with an option of the command line.
public struct ReadingOptions: Sendable {
    /// The longest line that is decoded, in bytes without its end; a longer one is a malformed line. `--max-line`.
    public var maxLineLength = 1 << 20
    /// The deepest nesting of a record. `--max-depth`.
    public var maxDepth = 128
    /// The largest zstd window that is allocated, in bytes, rounded down to a power of two. `--max-window`.
    public var maxWindow: UInt64 = 128 << 20
    /// The most bytes that one source may inflate to. `--max-size`.
    public var maxInflatedSize = UInt64.max
    /// The zone of times that carry none, in seconds east of UTC; nil: such times are malformed. `--assume-tz`.
    public var assumedZone: Int?
    /// The year of times that carry none; nil: such times are malformed. `--assume-year`.
    public var assumedYear: Int?
    /// Profiles that are tried ahead of all others, in their order. `--profile`.
    public var profiles: [Plan] = []
    /// The execution that is read of logs that hold several; nil: all, each with actors of its own. `--execution`.
    public var execution: String?
    /// The folder for temporary files. Nothing in it ever bears a name.
    public var temporaryFolder = "/tmp"
    /// The most bytes that temporary files may take; nil: a tenth of what is free in their folder. `--spool`.
    public var spoolLimit: UInt64?
    /// The descriptor that the argument `-` reads.
    public var standardInput: Int32 = 0
    /// How many names a decoder tells apart before it begins anew; only its memory depends on that, and its speed.
    package var namesRemembered = 100_000

    /// Whether text that no format recognises is opened all the same: to draft a profile for it.
    package var opensUnknown = false

    /// The default limits.
    public init() {}
}
