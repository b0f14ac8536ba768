/// Reading and writing of RFC 3339 times, the only textual times in Inquest.
public enum RFC3339 {
    /// What the text of a time turned out to be.
    public enum Reading: Equatable, Sendable {
        /// A moment: date, time and zone were all there.
        case moment(Timestamp)
        /// Date and time without a zone: the moment it would be in UTC.
        case withoutZone(Timestamp)
        /// No time, or one outside the years 1677 to 2262.
        case none
    }

    /// Reads `2025-10-20T06:47:58.113Z`: up to nanoseconds (further digits are cut off) behind a point or a comma, any offset
    /// (`Z`, `+01:00`, `+0100`, `+01`), `T`, `t` or a blank between date and time. A leap second (`:60`, with any fraction) is the
    /// first moment of the next minute: it stands behind the minute that it belongs to and ahead of the next one. Whether a leap
    /// second was inserted at that time is not asked, since clocks and formatters also write `:60` at other times.
    public static func read(_ text: borrowing Span<UInt8>) -> Reading {
        let n = text.count
        guard n >= 19, text[4] == 0x2D, text[7] == 0x2D, text[13] == 0x3A, text[16] == 0x3A,
            text[10] == 0x54 || text[10] == 0x74 || text[10] == 0x20,
            let century = twoDigits(text, 0), let yearOfCentury = twoDigits(text, 2), let month = twoDigits(text, 5),
            let day = twoDigits(text, 8), let hour = twoDigits(text, 11), let minute = twoDigits(text, 14),
            let second = twoDigits(text, 17)
        else { return .none }
        let year = century * 100 + yearOfCentury
        guard (1...12).contains(month), day >= 1, day <= daysIn(month: month, year: year), hour < 24, minute < 60,
            second <= 60
        else { return .none }
        var at = 19
        var fraction: Int64 = 0
        if at < n, text[at] == 0x2E || text[at] == 0x2C {
            at += 1
            var scale: Int64 = 100_000_000
            let first = at
            while at < n, let digit = digit(text[at]) {
                fraction += Int64(digit) * scale
                scale /= 10
                at += 1
            }
            if at == first { return .none }
        }
        if second == 60 { fraction = 0 }
        let seconds = daysSinceEpoch(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
        var offset = 0
        var zoned = true
        if at == n {
            zoned = false
        } else if text[at] == 0x5A || text[at] == 0x7A {
            guard at + 1 == n else { return .none }
        } else {
            guard let read = readOffset(text, from: at) else { return .none }
            offset = read
        }
        guard let moment = Timestamp(seconds: Int64(seconds - offset), fraction: fraction) else { return .none }
        return zoned ? .moment(moment) : .withoutZone(moment)
    }

    /// The seconds east of UTC that `+01:00`, `+0100` or `+01` at the end of a text means.
    private static func readOffset(_ text: borrowing Span<UInt8>, from start: Int) -> Int? {
        let n = text.count
        guard text[start] == 0x2B || text[start] == 0x2D, n >= start + 3, let hours = twoDigits(text, start + 1),
            hours < 24
        else { return nil }
        var minutes = 0
        if n > start + 3 {
            let at = text[start + 3] == 0x3A ? start + 4 : start + 3
            guard n == at + 2, let read = twoDigits(text, at), read < 60 else { return nil }
            minutes = read
        }
        return (hours * 3600 + minutes * 60) * (text[start] == 0x2D ? -1 : 1)
    }

    /// Reads a time from a string; see `read(_:)` for bytes.
    public static func read(_ text: String) -> Reading {
        var text = text
        return text.withUTF8 { read($0.span) }
    }

    /// Days from 1970-01-01 to a date of the proleptic Gregorian calendar (Howard Hinnant's `days_from_civil`).
    public static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The date `days` after 1970-01-01 (Hinnant's `civil_from_days`).
    public static func date(daysSinceEpoch days: Int) -> (year: Int, month: Int, day: Int) {
        let z = days + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// The number of days in a month.
    public static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func digit(_ byte: UInt8) -> Int? {
        byte >= 0x30 && byte <= 0x39 ? Int(byte - 0x30) : nil
    }

    private static func twoDigits(_ text: borrowing Span<UInt8>, _ at: Int) -> Int? {
        guard let tens = digit(text[at]), let ones = digit(text[at + 1]) else { return nil }
        return tens * 10 + ones
    }
}

extension Timestamp {
    /// A moment from whole seconds and nanoseconds into the second; nil outside the range.
    public init?(seconds: Int64, fraction: Int64) {
        // Before 1970 from the second's end backwards: the first second of the range has no beginning in it.
        let isBefore = seconds < 0 && fraction > 0
        let (scaled, overflow) = (isBefore ? seconds + 1 : seconds).multipliedReportingOverflow(by: Nanoseconds.second)
        let (sum, carry) = scaled.addingReportingOverflow(isBefore ? fraction - Nanoseconds.second : fraction)
        if overflow || carry { return nil }
        self.init(nanoseconds: sum)
    }

    /// The moment in RFC 3339 with its offset, `Z` for UTC: `2025-10-20T06:47:58.113Z`.
    ///
    /// - Parameters:
    ///   - offset: seconds east of UTC.
    ///   - digits: decimals of the second; nil writes 0, 3, 6 or 9, as few as keep the value.
    public func rfc3339(offset: Int = 0, digits: Int? = nil) -> String {
        let (date, time) = parts(offset: offset, digits: digits)
        return date + "T" + time + Timestamp.zone(offset: offset)
    }

    /// The time of day in UTC, to the second.
    package var clock: String { parts(digits: 0).time + "Z" }

    /// Date and time of day in a zone `offset` seconds east of UTC, without the zone.
    public func parts(offset: Int = 0, digits: Int? = nil) -> (date: String, time: String) {
        var seconds = nanoseconds / Nanoseconds.second
        var fraction = nanoseconds % Nanoseconds.second
        if fraction < 0 {
            fraction += Nanoseconds.second
            seconds -= 1
        }
        seconds += Int64(offset)
        let days = Int((seconds - (seconds < 0 ? 86_399 : 0)) / 86_400)
        let ofDay = Int(seconds - Int64(days) * 86_400)
        let (year, month, day) = RFC3339.date(daysSinceEpoch: days)
        let date = padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
        var time = padded(ofDay / 3600, 2) + ":" + padded(ofDay / 60 % 60, 2) + ":" + padded(ofDay % 60, 2)
        let kept = digits ?? (fraction == 0 ? 0 : fraction % 1_000_000 == 0 ? 3 : fraction % 1000 == 0 ? 6 : 9)
        if kept > 0 { time += "." + padded(Int(fraction), 9).prefix(kept) }
        return (date, time)
    }

    /// `Z` or `+02:00`.
    public static func zone(offset: Int) -> String {
        if offset == 0 { return "Z" }
        let minutes = abs(offset) / 60
        return (offset < 0 ? "-" : "+") + padded(minutes / 60, 2) + ":" + padded(minutes % 60, 2)
    }
}

private func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
