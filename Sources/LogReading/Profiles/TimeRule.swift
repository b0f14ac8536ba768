import EventModel

/// How a time is read.
struct TimeRule: Sendable {
    /// The text or number that is the time.
    var value: Candidate
    var form: Form
    /// Seconds east of UTC of times that name no zone; nil: the command's `--assume-tz`.
    var zone: Int?
    /// Where the year comes from that a form without one lacks.
    var year: Year?
    /// A span that is added, and how many nanoseconds one of it is.
    var added: (Reference, Int64)?
    /// As the profile has it, for an explanation.
    var words = ""

    enum Form: Sendable {
        /// RFC 3339, or a count since 1970 whose size tells its unit.
        case automatic
        /// A count since 1970 of so many nanoseconds each.
        case count(Int64)
        case layout(TimeLayout)
    }

    enum Year: Sendable {
        case constant(Int)
        case reference(Reference)
    }
}

/// A layout in the manner of `strftime`.
struct TimeLayout: Sendable {
    private enum Piece {
        case literal(UInt8)
        case blanks
        /// Digits of a number: least, most.
        case number(Part, Int, Int)
        case fraction
        case monthName
        case zone
        case meridiem
        case seconds
    }

    private enum Part {
        case year, shortYear, month, day, hour, minute, second, ordinalDay
    }

    private let pieces: [Piece]
    let hasYear: Bool

    /// - Returns: nil for a `%` that is not known.
    init?(_ text: String) {
        var pieces: [Piece] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x20 {
                pieces.append(.blanks)
                continue
            }
            guard byte == UInt8(ascii: "%") else {
                pieces.append(.literal(byte))
                continue
            }
            switch rest.popFirst().map({ Character(Unicode.Scalar($0)) }) {
            case "Y": pieces.append(.number(.year, 4, 4))
            case "y": pieces.append(.number(.shortYear, 2, 2))
            case "m": pieces.append(.number(.month, 1, 2))
            case "d", "e": pieces.append(.number(.day, 1, 2))
            case "H", "I": pieces.append(.number(.hour, 1, 2))
            case "M": pieces.append(.number(.minute, 1, 2))
            case "S": pieces.append(.number(.second, 2, 2))
            case "j": pieces.append(.number(.ordinalDay, 3, 3))
            case "f": pieces.append(.fraction)
            case "b", "B": pieces.append(.monthName)
            case "z": pieces.append(.zone)
            case "p": pieces.append(.meridiem)
            case "s": pieces.append(.seconds)
            case "%": pieces.append(.literal(UInt8(ascii: "%")))
            default: return nil
            }
        }
        self.pieces = pieces
        hasYear = pieces.contains {
            switch $0 {
            case .number(.year, _, _), .number(.shortYear, _, _), .seconds: true
            default: false
            }
        }
    }

    /// What a text says.
    struct Reading {
        var year: Int?
        var month = 1
        var day = 1
        var hour = 0
        var minute = 0
        var second = 0
        var fraction: Int64 = 0
        /// Seconds east of UTC.
        var zone: Int?
        var ordinalDay: Int?
        var isAfternoon: Bool?
        /// Seconds since 1970, which leave nothing else to say.
        var epoch: Int64?

        /// The moment, in seconds east of UTC where no zone was named.
        func moment(year given: Int?, zone assumed: Int) -> Timestamp? {
            if let epoch { return Timestamp(seconds: epoch, fraction: fraction) }
            guard let year = year ?? given, (1...12).contains(month), day >= 1,
                day <= RFC3339.daysIn(month: month, year: year), hour < 24, minute < 60, second <= 60
            else { return nil }
            var hours = hour
            if let isAfternoon { hours = hour % 12 + (isAfternoon ? 12 : 0) }
            let days =
                ordinalDay.map { RFC3339.daysSinceEpoch(year: year, month: 1, day: 1) + $0 - 1 }
                ?? RFC3339.daysSinceEpoch(year: year, month: month, day: day)
            let seconds = days * 86_400 + hours * 3600 + minute * 60 + second - (zone ?? assumed)
            return Timestamp(seconds: Int64(seconds), fraction: second == 60 ? 0 : fraction)
        }
    }

    /// Reads a text that must be of the layout to its end.
    func read(_ text: UnsafeRawBufferPointer) -> Reading? {
        var reading = Reading()
        var at = 0
        func digits(_ least: Int, _ most: Int) -> Int? {
            let start = at
            var value = 0
            while at < text.count, at - start < most, text[at].isDigitByte {
                value = value * 10 + Int(text[at] - 0x30)
                at += 1
            }
            return at - start >= least ? value : nil
        }
        for piece in pieces {
            switch piece {
            case .literal(let byte):
                guard at < text.count, text[at] == byte else { return nil }
                at += 1
            case .blanks:
                let start = at
                while at < text.count, text[at].isBlankByte { at += 1 }
                if at == start { return nil }
            case .number(let part, let least, let most):
                guard let value = digits(least, most) else { return nil }
                switch part {
                case .year: reading.year = value
                case .shortYear: reading.year = value < 70 ? 2000 + value : 1900 + value
                case .month: reading.month = value
                case .day: reading.day = value
                case .hour: reading.hour = value
                case .minute: reading.minute = value
                case .second: reading.second = value
                case .ordinalDay: reading.ordinalDay = value
                }
            case .fraction:
                var scale: Int64 = 100_000_000
                let start = at
                while at < text.count, text[at].isDigitByte {
                    reading.fraction += Int64(text[at] - 0x30) * scale
                    scale /= 10
                    at += 1
                }
                if at == start { return nil }
            case .monthName:
                guard let month = TimeLayout.month(text, &at) else { return nil }
                reading.month = month
            case .zone:
                guard let zone = TimeLayout.zone(text, &at) else { return nil }
                reading.zone = zone
            case .meridiem:
                guard at + 2 <= text.count, text[at + 1] | 0x20 == UInt8(ascii: "m") else { return nil }
                reading.isAfternoon = text[at] | 0x20 == UInt8(ascii: "p")
                at += 2
            case .seconds:
                guard let value = digits(1, 12) else { return nil }
                reading.epoch = Int64(value)
            }
        }
        return at == text.count ? reading : nil
    }

    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    private static func month(_ text: UnsafeRawBufferPointer, _ at: inout Int) -> Int? {
        guard at + 3 <= text.count else { return nil }
        let name = String(decoding: text[at..<at + 3].map { $0 | 0x20 }, as: UTF8.self)
        guard let index = months.firstIndex(of: name) else { return nil }
        at += 3
        while at < text.count, (text[at] | 0x20) &- 0x61 < 26 { at += 1 }
        return index + 1
    }

    private static func zone(_ text: UnsafeRawBufferPointer, _ at: inout Int) -> Int? {
        guard at < text.count else { return nil }
        if text[at] | 0x20 == UInt8(ascii: "z") {
            at += 1
            return 0
        }
        if at + 3 <= text.count, ["UTC", "GMT"].contains(String(decoding: text[at..<at + 3], as: UTF8.self)) {
            at += 3
            return 0
        }
        guard text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") else { return nil }
        let sign = text[at] == UInt8(ascii: "-") ? -1 : 1
        var digits: [Int] = []
        at += 1
        while at < text.count, digits.count < 4 {
            if text[at].isDigitByte {
                digits.append(Int(text[at] - 0x30))
            } else if text[at] != UInt8(ascii: ":") {
                break
            }
            at += 1
        }
        guard digits.count == 2 || digits.count == 4 else { return nil }
        let minutes = digits.count == 4 ? digits[2] * 10 + digits[3] : 0
        return sign * ((digits[0] * 10 + digits[1]) * 3600 + minutes * 60)
    }
}
