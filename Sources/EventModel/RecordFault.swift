/// Something wrong with one line: the line was left out (`malformed`), or a field of it was.
public struct RecordFault: Hashable, Sendable {
    /// What kind of fault; faults of one kind are counted together.
    public enum Kind: String, CaseIterable, Sendable {
        // The line is no record.
        case notJSON = "not-json"
        case notAnObject = "not-an-object"
        case invalidUTF8 = "invalid-utf8"
        case lineTooLong = "line-too-long"
        case nestedTooDeep = "nested-too-deep"
        case missingField = "missing-field"
        case badTime = "bad-time"
        case timeWithoutZone = "time-without-zone"
        case wrongRequiredType = "wrong-required-type"
        // A field was dropped, the record kept.
        case wrongType = "wrong-type"
        case outOfRange = "out-of-range"

        /// Whether the whole line was left out.
        public var isMalformed: Bool { self != .wrongType && self != .outOfRange }
    }

    /// What kind of fault it is.
    public var kind: Kind
    /// The line's number, from 1.
    public var line: UInt64
    /// Where in the source the fault lies (the line's first byte where no better place is known), in inflated bytes.
    public var byte: UInt64
    /// What is wrong, in words for a reader: `ts is missing`, `unclosed string at column 212`. Never contains bytes of the log unsanitised.
    public var detail: String

    /// Makes a fault.
    public init(kind: Kind, line: UInt64, byte: UInt64, detail: String) {
        self.kind = kind
        self.line = line
        self.byte = byte
        self.detail = detail
    }
}
