/// The values that programs write where they have no time: zero values of their languages, and the ends of their ranges.
///
/// A record with one of these keeps its place in its actor's order; no span and no window counts it.
package enum NoTime {
    /// 0 and −1 s since 1970, the lowest and highest counts of nanoseconds, 1900-01-01T00:00:00Z, and Go's zero time as a count that
    /// has wrapped around (1754-08-30T22:43:41.128654848Z).
    private static let moments: [Int64] = [
        0, -Nanoseconds.second, .min, .min + 1, .max, -2_208_988_800 * Nanoseconds.second, -6_795_364_578_871_345_152,
    ]

    /// Whether a moment is such a value.
    package static func isPlaceholder(_ time: Timestamp) -> Bool { moments.contains(time.nanoseconds) }

    /// Whether a text is such a value that lies outside of `Timestamp`'s range: any time on 9999-12-31, and the first moment of the
    /// years 1 and 1601 in UTC.
    package static func isPlaceholder(_ text: UnsafeRawBufferPointer) -> Bool {
        let text = String(decoding: text.prefix(40), as: UTF8.self)
        if text.hasPrefix("9999-12-31") { return text.count > 10 }
        guard text.hasPrefix("0001-01-01") || text.hasPrefix("1601-01-01") else { return false }
        var rest = text.dropFirst(10)
        guard let separator = rest.popFirst(), "Tt ".contains(separator), rest.hasPrefix("00:00:00") else {
            return false
        }
        rest = rest.dropFirst(8)
        if let point = rest.first, ".,".contains(point) { rest = rest.dropFirst().drop { $0 == "0" } }
        return ["", "Z", "z", "+00:00", "-00:00", "+0000", "+00"].contains(rest)
    }
}
