/// A count since 1970-01-01T00:00:00Z, whose size tells its unit: seconds below 10¹¹, then milliseconds, microseconds and
/// nanoseconds by steps of a thousand. Read as a decimal, never as a double, so that no digit is lost.
package struct UnixTime: Equatable, Sendable {
    /// The units, by size.
    package enum Unit: Int, CaseIterable, Sendable {
        case seconds, milliseconds, microseconds, nanoseconds

        fileprivate static func ofCount(_ count: UInt64) -> Unit {
            if count < 100_000_000_000 { return .seconds }
            if count < 100_000_000_000_000 { return .milliseconds }
            return count < 100_000_000_000_000_000 ? .microseconds : .nanoseconds
        }

        /// One of these, in nanoseconds.
        fileprivate var span: UInt64 {
            switch self {
            case .seconds: 1_000_000_000
            case .milliseconds: 1_000_000
            case .microseconds: 1000
            case .nanoseconds: 1
            }
        }
    }

    package let unit: Unit
    /// The moment; `Timestamp.absent` where the count is a placeholder for no time.
    package let time: Timestamp

    /// Times before 1990 are more likely uptimes, or a clock that was never set.
    package static let plausible = Timestamp(nanoseconds: 631_152_000 * Nanoseconds.second)

    /// A whole count of a plausible time; nil for any other, which `init(_:)` has an answer for.
    @inline(__always)
    package init?(plausible count: Int64) {
        guard count > 0 else { return nil }
        unit = Unit.ofCount(UInt64(count))
        let (nanoseconds, overflow) = count.multipliedReportingOverflow(by: Int64(unit.span))
        time = Timestamp(nanoseconds: nanoseconds)
        guard !overflow, time >= UnixTime.plausible, nanoseconds != .max else { return nil }
    }

    /// Reads a decimal number: a sign, digits, a fraction, an exponent. Nil where the text is not a number, or lies outside the
    /// years 1677 to 2262 and is not the limit of a range of integers, which means no time.
    package init?(_ text: UnsafeRawBufferPointer) {
        guard let number = Decimal(text) else { return nil }
        unit = Unit.ofCount(number.whole)
        if number.whole == .max || number.whole == UInt64(Int64.max) || number.whole == Int64.min.magnitude {
            time = .absent
            return
        }
        let whole = number.whole.multipliedReportingOverflow(by: unit.span)
        let sum = whole.partialValue.addingReportingOverflow(number.billionths * unit.span / 1_000_000_000)
        guard !whole.overflow, !sum.overflow, sum.partialValue < UInt64(Int64.max) else { return nil }
        let moment = Timestamp(nanoseconds: Int64(sum.partialValue) * (number.isNegative ? -1 : 1))
        time = NoTime.isPlaceholder(moment) ? .absent : moment
    }
}

/// A decimal number's whole part and billionths; digits beyond those are cut off.
private struct Decimal {
    private(set) var isNegative = false
    private(set) var whole: UInt64 = 0
    private(set) var billionths: UInt64 = 0

    /// How many characters a number may have: enough for the digits of any time, and no work for a log that has millions.
    private static let longest = 64

    init?(_ text: UnsafeRawBufferPointer) {
        guard text.count <= Decimal.longest else { return nil }
        var rest = text[...]
        isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest.removeFirst() }
        var digits: [UInt8] = []
        var point: Int?
        while let byte = rest.first, (0x30...0x39).contains(byte) || byte == UInt8(ascii: ".") {
            if byte == UInt8(ascii: ".") {
                if point != nil || digits.isEmpty { return nil }
                point = digits.count
            } else {
                digits.append(byte - 0x30)
            }
            rest.removeFirst()
        }
        if digits.isEmpty || point == digits.count { return nil }
        var end = point ?? digits.count
        if let mark = rest.popFirst() {
            guard mark | 0x20 == UInt8(ascii: "e"), rest.count < 8,
                let exponent = Int(String(decoding: rest, as: UTF8.self)), abs(exponent) <= Decimal.longest
            else { return nil }
            end += exponent
        }
        func digit(_ at: Int) -> UInt64 { digits.indices.contains(at) ? UInt64(digits[at]) : 0 }
        for at in 0..<max(0, end) {
            let (tens, overflow) = whole.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(digit(at))
            if overflow || carry { return nil }
            whole = sum
        }
        for at in end..<(end + 9) { billionths = billionths * 10 + digit(at) }
    }
}
