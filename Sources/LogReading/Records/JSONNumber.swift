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

/// Writes numbers that simdjson refuses although JSON allows them, beyond 64 bits or beyond a double, so that the line can be read.
///
/// An integer beyond 64 bits is written as a double, and what is beyond a double as the lowest one: no field's range holds that. Both
/// stay numbers, so that none passes for a text. Unknown fields are shown from the line itself and keep theirs as it stands.
enum OversizedNumbers {
    /// The line with such numbers rewritten; nil where there is none, so that the line is malformed for another reason.
    static func readable(_ line: UnsafeRawBufferPointer, padding: Int) -> (bytes: [UInt8], count: Int)? {
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
                if let number = JSONNumber(token), let replacement = replacement(of: token, number) {
                    out.append(contentsOf: replacement)
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

    private static func replacement(of token: UnsafeRawBufferPointer, _ number: JSONNumber) -> [UInt8]? {
        let text = String(decoding: token, as: UTF8.self)
        if number.isInteger, Int64(text) != nil || UInt64(text) != nil { return nil }
        guard let value = Double(text), value.isFinite else { return Array("-1.7976931348623157e308".utf8) }
        return number.isInteger ? Array(text.utf8) + Array("e0".utf8) : nil
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
            || byte == UInt8(ascii: ".")
            || byte | 0x20 == UInt8(ascii: "e")
    }
}
