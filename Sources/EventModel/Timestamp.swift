/// A moment on some wall clock: nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// Sixty-four bits reach from 1677-09-21 to 2262-04-11; what lies outside is no time to Inquest.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public var nanoseconds: Int64

    /// Makes a moment from nanoseconds since 1970-01-01T00:00:00Z.
    @inlinable public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The time of a record whose `ts` is no time: before all others.
    public static let absent = Timestamp(nanoseconds: .min)

    /// Whether it stands for no time at all.
    public var isAbsent: Bool { nanoseconds == .min }

    /// Earlier on the wall clock; says nothing about cause.
    @inlinable public static func < (a: Timestamp, b: Timestamp) -> Bool { a.nanoseconds < b.nanoseconds }

    /// The span from `earlier` to this moment in nanoseconds; at the ends of the range it stops there instead of overflowing.
    public func since(_ earlier: Timestamp) -> Int64 {
        let (difference, overflow) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
        return overflow ? (nanoseconds > earlier.nanoseconds ? .max : .min) : difference
    }

    /// This moment moved by `span` nanoseconds; at the ends of the range it stops there instead of overflowing.
    public func advanced(by span: Int64) -> Timestamp {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(span)
        return Timestamp(nanoseconds: overflow ? (span > 0 ? .max : .min) : sum)
    }
}

/// Spans of time in nanoseconds, the unit of every difference of two `Timestamp`s.
public enum Nanoseconds {
    /// One millisecond.
    public static let millisecond: Int64 = 1_000_000
    /// One second.
    public static let second: Int64 = 1_000_000_000
    /// One minute.
    public static let minute: Int64 = 60 * second
    /// One hour.
    public static let hour: Int64 = 60 * minute
    /// One day of 24 hours.
    public static let day: Int64 = 24 * hour
}
