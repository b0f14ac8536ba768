/// Ordinary numbers. What follows the last digit must be looked at by the caller: a comma or the end of an object.
enum FastNumber {
    /// A count of up to 18 digits, or 19 that fit 64 bits, without a sign and without needless zeros, and where it ends. Reads 8 bytes at
    /// least.
    @inline(__always)
    static func integer(_ bytes: UnsafePointer<UInt8>, _ start: Int) -> (value: Int64, end: Int)? {
        let (digits, count) = eight(bytes + start)
        if count == 8 { return long(bytes, start) }
        if count == 0 || (count > 1 && digits & 0xFF == 0) { return nil }
        return (Int64(truncatingIfNeeded: value(digits, count)), start &+ count)
    }

    /// The values of the digits that stand in the next eight bytes, first in the lowest byte, and how many there are before anything else.
    @inline(__always)
    static func eight(_ bytes: UnsafePointer<UInt8>) -> (digits: UInt64, count: Int) {
        let digits =
            UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self)) ^ 0x3030_3030_3030_3030
        // Of a byte above 9 the high bit is set, or gets set by the sum; no sum reaches into the next byte.
        let others = ((digits & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676) | digits
        return (digits, (others & 0x8080_8080_8080_8080).trailingZeroBitCount &>> 3)
    }

    /// The number that the first one to eight digits make: neighbours are joined to pairs, pairs to fours, those to one (Lemire 2018).
    @inline(__always)
    static func value(_ digits: UInt64, _ count: Int) -> UInt64 {
        var value = digits &<< UInt64(64 &- 8 &* count)
        value = value &* 10 &+ value &>> 8
        let low = (value & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        let high = (value &>> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
        return (low &+ high) &>> 32
    }

    /// The same of any length.
    @inline(never)
    private static func long(_ bytes: UnsafePointer<UInt8>, _ start: Int) -> (value: Int64, end: Int)? {
        var at = start
        var value: UInt64 = 0
        while true {
            let digit = bytes[at] &- 48
            if digit > 9 { break }
            value = value &* 10 &+ UInt64(digit)
            at &+= 1
            // Twenty digits may wrap round.
            if at &- start > 19 { return nil }
        }
        if value > UInt64(Int64.max) || bytes[start] == 48 { return nil }
        return (Int64(value), at)
    }

    /// A number of at most 15 digits with or without a fraction, rounded correctly, and where it ends: both the digits and the power of ten
    /// are exact in a double, so their quotient is the nearest to the true value (Clinger 1990). An integer may have more digits.
    @inline(__always)
    static func decimal(_ bytes: UnsafePointer<UInt8>, _ start: Int) -> (value: Double, end: Int)? {
        guard let (whole, end) = integer(bytes, start) else { return nil }
        if bytes[end] != UInt8(ascii: ".") { return (Double(whole), end) }
        let point = end &+ 1
        var at = point
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
        return (Double(value) / powers[places], at)
    }

    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    ]
}
