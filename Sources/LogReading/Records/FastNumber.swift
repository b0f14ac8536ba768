/// Ordinary numbers. What follows the last digit must be looked at by the caller: a comma or the end of an object.
enum FastNumber {
    /// A count of up to 18 digits, or 19 that fit 64 bits, without a sign and without needless zeros.
    @inline(__always)
    static func integer(_ bytes: UnsafePointer<UInt8>, _ at: inout Int) -> Int64? {
        let start = at
        var value: UInt64 = 0
        while true {
            let digit = bytes[at] &- 48
            if digit > 9 { break }
            value = value &* 10 &+ UInt64(digit)
            at &+= 1
            // Twenty digits may wrap round.
            if at &- start > 19 { return nil }
        }
        let count = at &- start
        if count == 0 || value > UInt64(Int64.max) || (count > 1 && bytes[start] == 48) { return nil }
        return Int64(value)
    }

    /// A number of at most 15 digits with or without a fraction, rounded correctly: both the digits and the power of ten are
    /// exact in a double, so their quotient is the nearest to the true value (Clinger 1990). An integer may have more digits.
    @inline(__always)
    static func decimal(_ bytes: UnsafePointer<UInt8>, _ at: inout Int) -> Double? {
        let start = at
        guard let whole = integer(bytes, &at) else { return nil }
        if bytes[at] != UInt8(ascii: ".") { return Double(whole) }
        at &+= 1
        let point = at
        var value = whole
        while true {
            let digit = bytes[at] &- 48
            if digit > 9 { break }
            value = value &* 10 &+ Int64(digit)
            at &+= 1
            if at &- start > 16 { return nil }
        }
        let places = at &- point
        if places == 0 { return nil }
        return Double(value) / powers[places]
    }

    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    ]
}
