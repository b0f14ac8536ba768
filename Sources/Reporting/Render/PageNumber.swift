import EventModel

/// Numbers as the page's script reads them.
enum PageNumber {
    /// To six digits that count: what is drawn needs no more, and the last bits of a quotient differ between machines.
    static func rounded(_ value: Double) -> Double {
        guard value > 0, value < 1e12 else { return value }
        var scale = 1.0
        while value * scale < 100_000, scale < 1e9 { scale *= 10 }
        return (value * scale).rounded() / scale
    }
}

extension CompactJSON {
    /// The buckets of a curve: where the first begins, and how wide each is, in milliseconds.
    mutating func bucketing(from: Timestamp, width: Int64) {
        key("from")
        value(from.milliseconds)
        key("width")
        value(Double(width) / Double(Nanoseconds.millisecond))
    }

    /// Writes `[from, to]`.
    mutating func span(_ span: ClosedRange<Timestamp>) {
        array { json in
            json.value(span.lowerBound.milliseconds)
            json.value(span.upperBound.milliseconds)
        }
    }

    /// Beyond 2⁵³ a script's numbers are not exact.
    mutating func plan(_ number: Int64?) {
        if let number, number.magnitude >= 1 << 53 { value(String(number)) } else { value(number) }
    }

    mutating func plan(_ number: Generation?) {
        if let number, number.int64 == nil { value(number.description) } else { plan(number?.int64) }
    }
}

extension Timestamp {
    /// Whole milliseconds since 1970, rounded down.
    var milliseconds: Int {
        let (quotient, rest) = nanoseconds.quotientAndRemainder(dividingBy: Nanoseconds.millisecond)
        return Int(rest < 0 ? quotient - 1 : quotient)
    }
}
