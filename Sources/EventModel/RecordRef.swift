/// Which log of the bundle: an index into the bundle's list of sources.
public struct SourceID: Hashable, Comparable, BitwiseCopyable, Sendable {
    /// The index, from 0.
    public var index: UInt32

    /// Makes a source's number.
    @inlinable public init(index: UInt32) {
        self.index = index
    }

    /// By number.
    @inlinable public static func < (a: SourceID, b: SourceID) -> Bool { a.index < b.index }
}

/// One record of the bundle: where it stands, and enough of it to name it in a sentence. Plain memory, no references; the longest
/// parts first, so that little of it is padding, since proofs hold many.
public struct RecordRef: Hashable, Sendable {
    /// The line's number, from 1.
    public var line: UInt64
    /// Where the line begins, in inflated bytes.
    public var byte: UInt64
    /// The actor's wall clock.
    public var time: Timestamp
    /// Its place in the life of its process.
    public var stamp: Stamp
    /// The log that holds it.
    public var source: SourceID
    /// The line's length in bytes, without its end.
    public var length: UInt32
    /// Who wrote it.
    public var actor: Symbol
    /// The actor's life in which it was written.
    public var process: ProcessID
    /// What the event means to the analysis.
    public var kind: EventKind
    /// Whether the record carried its clock; otherwise `stamp` was inferred.
    public var hasClock: Bool

    /// Makes a reference to a record.
    @inlinable public init(
        source: SourceID, line: UInt64, byte: UInt64, length: UInt32, time: Timestamp, actor: Symbol,
        process: ProcessID,
        stamp: Stamp, kind: EventKind, hasClock: Bool
    ) {
        self.source = source
        self.line = line
        self.byte = byte
        self.length = length
        self.time = time
        self.actor = actor
        self.process = process
        self.stamp = stamp
        self.kind = kind
        self.hasClock = hasClock
    }
}
