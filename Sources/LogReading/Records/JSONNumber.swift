import EventModel

/// A number by JSON's grammar.
struct JSONNumber {
    /// Whether it has neither fraction nor exponent.
    let isInteger: Bool

    /// Nil where the bytes are no JSON number.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var at = 0
        func digits() -> Int {
            let start = at
            while at < bytes.count, (0x30...0x39).contains(bytes[at]) { at += 1 }
            return at - start
        }
        if at < bytes.count, bytes[at] == UInt8(ascii: "-") { at += 1 }
        let first = at
        let whole = digits()
        if whole == 0 || (whole > 1 && bytes[first] == 0x30) { return nil }
        var integer = true
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            at += 1
            integer = false
            if digits() == 0 { return nil }
        }
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            integer = false
            if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            if digits() == 0 { return nil }
        }
        if at != bytes.count { return nil }
        isInteger = integer
    }
}

/// Puts numbers that simdjson refuses although JSON allows them, beyond 64 bits or beyond a double, between quotes, so that the line can be read:
/// what is too large stands as text in unknown fields, and is out of range in known ones.
enum OversizedNumbers {
    /// The line with such numbers quoted; nil where there is none, so that the line is malformed for another reason.
    static func quoted(_ line: UnsafeRawBufferPointer, padding: Int) -> (bytes: [UInt8], count: Int)? {
        var out: [UInt8] = []
        var changed = false
        var at = 0
        while at < line.count {
            let byte = line[at]
            if byte == UInt8(ascii: "\"") {
                let start = at
                at += 1
                while at < line.count, line[at] != UInt8(ascii: "\"") { at += line[at] == UInt8(ascii: "\\") ? 2 : 1 }
                at = min(at + 1, line.count)
                out.append(contentsOf: line[start..<at])
            } else if byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte) {
                let start = at
                while at < line.count, isNumberByte(line[at]) { at += 1 }
                let token = UnsafeRawBufferPointer(rebasing: line[start..<at])
                if let number = JSONNumber(token), isOversized(token, number) {
                    out.append(UInt8(ascii: "\""))
                    out.append(contentsOf: token)
                    out.append(UInt8(ascii: "\""))
                    changed = true
                } else {
                    out.append(contentsOf: token)
                }
            } else {
                out.append(byte)
                at += 1
            }
        }
        if !changed { return nil }
        let count = out.count
        out.append(contentsOf: repeatElement(0x20, count: padding))
        return (out, count)
    }

    private static func isOversized(_ token: UnsafeRawBufferPointer, _ number: JSONNumber) -> Bool {
        let text = String(decoding: token, as: UTF8.self)
        return number.isInteger ? Int64(text) == nil && UInt64(text) == nil : Double(text).map { !$0.isFinite } ?? true
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
            || byte == UInt8(ascii: ".")
            || byte | 0x20 == UInt8(ascii: "e")
    }
}
