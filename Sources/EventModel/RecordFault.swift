/// Something to know about one line: it was left out, a field of it was, or it was kept whole and is odd.
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
        case timeWithoutYear = "time-without-year"
        case wrongRequiredType = "wrong-required-type"
        // A field was dropped, the record kept.
        case wrongType = "wrong-type"
        case outOfRange = "out-of-range"
        // The record was kept whole.
        case unknownOutcome = "unknown-outcome"
        case noTime = "no-time"
        case earlyTime = "early-time"
        case unixSeconds = "unix-s"
        case unixMilliseconds = "unix-ms"
        case unixMicroseconds = "unix-us"
        case unixNanoseconds = "unix-ns"

        /// What became of the record.
        public var effect: Effect {
            switch self {
            case .notJSON, .notAnObject, .invalidUTF8, .lineTooLong, .nestedTooDeep, .missingField, .badTime,
                .timeWithoutZone, .timeWithoutYear, .wrongRequiredType:
                .lineDropped
            case .wrongType, .outOfRange: .fieldDropped
            case .unknownOutcome, .noTime, .earlyTime, .unixSeconds, .unixMilliseconds, .unixMicroseconds,
                .unixNanoseconds:
                .kept
            }
        }

        /// Whether the whole line was left out.
        public var isMalformed: Bool { effect == .lineDropped }
    }

    /// What becomes of a record with a fault.
    public enum Effect: Sendable {
        case lineDropped, fieldDropped, kept
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
