/// A time as people give it to `--since` and `--until`: a moment, or a span back from the last event, which is known only once
/// all is read.
public enum TimeBound: Hashable, Sendable {
    /// A moment on the wall clock.
    case moment(Timestamp)
    /// So many nanoseconds before the last event.
    case beforeLastEvent(Int64)
    /// So many nanoseconds into the day of the last event, in a zone so many seconds east of UTC: of a bundle of one day.
    case timeOfDay(Int64, offset: Int)

    /// Why a text is no time.
    public enum Failure: Error, Hashable, Sendable {
        case unreadable(String)
        case outOfRange(String)
        case badZone(String)
        case reversed(since: Timestamp, until: Timestamp)
        case withoutDay(String)

        /// What is wrong. The text is quoted as it was given: sanitise before printing.
        public var message: String {
            switch self {
            case .unreadable(let text): "'\(text)' is no time"
            case .outOfRange(let text): "'\(text)' is outside the years 1677 to 2262"
            case .badZone(let text): "'\(text)' is no offset from UTC"
            case .withoutDay(let text): "'\(text)' names no day, and the logs span several"
            case .reversed(let since, let until):
                "--since \(since.rfc3339()) is later than --until \(until.rfc3339())"
            }
        }

        /// What to do about it.
        public var hint: String {
            switch self {
            case .unreadable, .outOfRange:
                "write 2025-10-20T06:47:58.113Z with parts left out at the end, @1760942878 (Unix seconds), "
                    + "or -2h30m (before the last event; d, h, m, s)"
            case .withoutDay: "write the date ahead of it: 2025-10-20T06:47"
            case .badZone: "write Z, UTC, +02:00 or -07:00"
            case .reversed: "exchange them, or leave one out"
            }
        }
    }

    /// Reads a bound.
    ///
    /// RFC 3339 with parts left out at the end means the *start* of the period: `2025-10-20T07` is 07:00:00, for `--until` too.
    /// `@` and Unix seconds, with decimals; `-1d2h30m5s` counts back from the last event.
    /// - Parameter offset: the zone of a time that names none, in seconds east of UTC.
    public init(_ text: String, offset: Int = 0) throws(Failure) {
        switch text.first {
        case "@": self = .moment(try TimeBound.unixTime(text))
        case "-": self = .beforeLastEvent(try TimeBound.span(text))
        default:
            if let time = TimeBound.timeOfDay(text) {
                self = .timeOfDay(time, offset: offset)
            } else {
                self = .moment(try TimeBound.partial(text, offset: offset))
            }
        }
    }

    /// The moment, given the time of the last event.
    public func resolved(lastEvent: Timestamp) -> Timestamp {
        switch self {
        case .moment(let moment): moment
        case .beforeLastEvent(let span): lastEvent.advanced(by: -span)
        case .timeOfDay(let time, let offset):
            lastEvent.advanced(by: time - TimeBound.intoDay(lastEvent, offset: offset))
        }
    }

    /// Whether a span leaves open which day a time of day is of.
    public func isOpen(within span: ClosedRange<Timestamp>) -> Bool {
        guard case .timeOfDay(_, let offset) = self else { return false }
        let days = [span.lowerBound, span.upperBound].map { $0.parts(offset: offset).date }
        return days[0] != days[1]
    }

    private static func intoDay(_ moment: Timestamp, offset: Int) -> Int64 {
        let (local, overflow) = moment.nanoseconds.addingReportingOverflow(Int64(offset) * Nanoseconds.second)
        let rest = (overflow ? moment.nanoseconds : local) % Nanoseconds.day
        return rest < 0 ? rest + Nanoseconds.day : rest
    }

    /// `06:47`, `06:47:58.113`: nanoseconds into the day; nil of anything else.
    private static func timeOfDay(_ text: String) -> Int64? {
        guard text.utf8.dropFirst(2).first == UInt8(ascii: ":"),
            let moment = try? partial("1970-01-01T" + text, offset: 0),
            text.utf8.allSatisfy({ $0 < 0x3B && $0 != 0x2B && $0 != 0x2D })
        else { return nil }
        return moment.nanoseconds
    }

    /// What completes a time whose parts are left out at the end.
    private static let earliest = "0000-01-01T00:00:00"

    private static func partial(_ text: String, offset: Int) throws(Failure) -> Timestamp {
        var date = text[...]
        var zone = text[text.endIndex...]
        // A zone can only follow a time of day: elsewhere `-` separates a date's parts.
        if let time = text.firstIndex(where: { "Tt ".contains($0) }),
            let start = text[time...].dropFirst().firstIndex(where: { "Zz+-".contains($0) })
        {
            date = text[..<start]
            zone = text[start...]
        }
        let length = date.utf8.count
        let isWhole = length >= earliest.utf8.count
        guard isWhole || [4, 7, 10, 13, 16].contains(length) else { throw .unreadable(text) }
        let full = String(date) + earliest.dropFirst(length)
        switch RFC3339.read(full + zone) {
        case .moment(let moment): return moment
        case .withoutZone(let moment): return moment.advanced(by: -Int64(offset) * Nanoseconds.second)
        case .none:
            // A good date in a year that 64 bits of nanoseconds do not reach? The calendar repeats every 400 years.
            guard let year = Int(full.prefix(4)), year >= 0,
                RFC3339.read(String(1700 + (year + 300) % 400) + full.dropFirst(4) + zone) != .none
            else { throw .unreadable(text) }
            throw .outOfRange(text)
        }
    }

    private static func unixTime(_ text: String) throws(Failure) -> Timestamp {
        var body = text.dropFirst()
        let negative = body.first == "-"
        if negative { body = body.dropFirst() }
        let parts = body.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, isDigits(whole), parts.count == 1 || isDigits(parts[1]) else {
            throw .unreadable(text)
        }
        let decimals = parts.count == 2 ? parts[1].prefix(9) : ""
        guard let seconds = Int64(whole),
            let fraction = Int64(decimals + String(repeating: "0", count: 9 - decimals.count)),
            let moment = Timestamp(seconds: negative ? -seconds : seconds, fraction: negative ? -fraction : fraction)
        else { throw .outOfRange(text) }
        return moment
    }

    private static func span(_ text: String) throws(Failure) -> Int64 {
        let units: [(name: Character, nanoseconds: Int64)] = [
            ("d", Nanoseconds.day), ("h", Nanoseconds.hour), ("m", Nanoseconds.minute), ("s", Nanoseconds.second),
        ]
        var rest = text.dropFirst()
        var total: Int64 = 0
        var smallest = -1
        guard !rest.isEmpty else { throw .unreadable(text) }
        while !rest.isEmpty {
            let digits = rest.prefix { "0123456789".contains($0) }
            rest = rest.dropFirst(digits.count)
            // Each unit once, the larger first: `-90m`, `-2h30m`.
            guard !digits.isEmpty, let unit = units.firstIndex(where: { $0.name == rest.first }), unit > smallest else {
                throw .unreadable(text)
            }
            smallest = unit
            rest = rest.dropFirst()
            guard let count = Int64(digits) else { throw .outOfRange(text) }
            let (part, tooLarge) = count.multipliedReportingOverflow(by: units[unit].nanoseconds)
            let (sum, overflow) = total.addingReportingOverflow(part)
            if tooLarge || overflow { throw .outOfRange(text) }
            total = sum
        }
        return total
    }

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    }

    /// Reads a zone as `--tz` takes it, `Z`, `UTC` or `+02:00`: seconds east of UTC.
    public static func zoneOffset(_ text: String) throws(Failure) -> Int {
        if ["Z", "z", "UTC", "utc"].contains(text) { return 0 }
        guard "+-".contains(text.prefix(1)), !text.isEmpty,
            case .moment(let moment) = RFC3339.read("2000-01-01T00:00:00" + text),
            case .moment(let utc) = RFC3339.read("2000-01-01T00:00:00Z")
        else { throw .badZone(text) }
        return Int(utc.since(moment) / Nanoseconds.second)
    }
}

/// The part of the log's time that is shown: from `since` to `until`, both included, so that a printed time given back finds its event.
public struct TimeWindow: Hashable, Sendable {
    /// nil: from the beginning.
    public let since: Timestamp?
    /// nil: to the end.
    public let until: Timestamp?

    /// All of time.
    public static let all = TimeWindow()

    private init() {
        since = nil
        until = nil
    }

    /// Makes a window; one that ends before it begins is an error.
    public init(since: Timestamp?, until: Timestamp?) throws(TimeBound.Failure) {
        if let since, let until, since > until { throw .reversed(since: since, until: until) }
        self.since = since
        self.until = until
    }

    /// The window of a range.
    package init(_ range: ClosedRange<Timestamp>) {
        since = range.lowerBound
        until = range.upperBound
    }

    /// Whether the moment lies inside.
    public func contains(_ moment: Timestamp) -> Bool {
        (since.map { $0 <= moment } ?? true) && (until.map { moment <= $0 } ?? true)
    }
}
