/// A JSON value; numbers keep their digits, and of equal keys the last one counts.
enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(String)
    case text(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// A member of an object; nil where it is not there or null.
    subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self, let value = members[key] else { return nil }
        if case .null = value { return nil }
        return value
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
    var object: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }
    /// The digits of a number.
    var digits: String? { if case .number(let digits) = self { digits } else { nil } }

    /// A whole number, however it is written.
    var integer: Int64? {
        guard let digits else { return nil }
        return Int64(digits) ?? Double(digits).flatMap { Int64(exactly: $0) }
    }

    var number: Double? { digits.flatMap { Double($0) } }
}

/// Reads one JSON text (RFC 8259). Independent of the reader that the analysis uses.
struct JSONReader {
    /// Why a text is not JSON.
    struct Fault: Error {
        /// The byte at which it ceases to be.
        var byte: Int
    }

    private static let deepest = 128

    private let bytes: [UInt8]
    private var at = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The value that a text stands for.
    static func value(of bytes: [UInt8]) throws(Fault) -> JSONValue {
        var reader = JSONReader(bytes)
        let value = try reader.value(depth: 0)
        reader.skipBlanks()
        if reader.at < bytes.count { throw Fault(byte: reader.at) }
        return value
    }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipBlanks() {
        while at < bytes.count, bytes[at] == 0x20 || (bytes[at] >= 0x09 && bytes[at] <= 0x0D) { at += 1 }
    }

    private mutating func take(_ byte: UInt8) throws(Fault) {
        skipBlanks()
        if next != byte { throw Fault(byte: at) }
        at += 1
    }

    private mutating func isTaken(_ byte: UInt8) -> Bool {
        skipBlanks()
        if next != byte { return false }
        at += 1
        return true
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Fault) -> JSONValue {
        let letters = Array(String(describing: word).utf8)
        guard bytes[at...].starts(with: letters) else { throw Fault(byte: at) }
        at += letters.count
        return value
    }

    private mutating func value(depth: Int) throws(Fault) -> JSONValue {
        if depth > Self.deepest { throw Fault(byte: at) }
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func object(depth: Int) throws(Fault) -> JSONValue {
        var members: [String: JSONValue] = [:]
        at += 1
        if isTaken(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipBlanks()
            let key = try string()
            try take(UInt8(ascii: ":"))
            members[key] = try value(depth: depth + 1)
        } while isTaken(UInt8(ascii: ","))
        try take(UInt8(ascii: "}"))
        return .object(members)
    }

    private mutating func array(depth: Int) throws(Fault) -> JSONValue {
        var values: [JSONValue] = []
        at += 1
        if isTaken(UInt8(ascii: "]")) { return .array(values) }
        repeat { values.append(try value(depth: depth + 1)) } while isTaken(UInt8(ascii: ","))
        try take(UInt8(ascii: "]"))
        return .array(values)
    }

    private mutating func number() throws(Fault) -> String {
        let start = at
        while let byte = next, (0x30...0x39).contains(byte) || "+-.eE".utf8.contains(byte) { at += 1 }
        let digits = String(decoding: bytes[start..<at], as: UTF8.self)
        if Double(digits) == nil { throw Fault(byte: start) }
        return digits
    }

    private mutating func string() throws(Fault) -> String {
        if next != UInt8(ascii: "\"") { throw Fault(byte: at) }
        at += 1
        let start = at
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { at += 1 }
        var text = Array(bytes[start..<at])
        while next == UInt8(ascii: "\\") {
            at += 1
            try escape(into: &text)
            let start = at
            while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { at += 1 }
            text += bytes[start..<at]
        }
        if next != UInt8(ascii: "\"") { throw Fault(byte: at) }
        at += 1
        guard let string = String(validating: text, as: UTF8.self) else { throw Fault(byte: start) }
        return string
    }

    private mutating func escape(into text: inout [UInt8]) throws(Fault) {
        guard let letter = next else { throw Fault(byte: at) }
        at += 1
        switch letter {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "u"):
            var units = [try unit()]
            if UTF16.isLeadSurrogate(units[0]), bytes[at...].starts(with: [0x5C, 0x75]) {
                at += 2
                units.append(try unit())
            }
            text += Array(String(decoding: units, as: UTF16.self).utf8)
        default: throw Fault(byte: at - 1)
        }
    }

    private mutating func unit() throws(Fault) -> UInt16 {
        guard at + 4 <= bytes.count,
            let unit = UInt16(String(decoding: bytes[at..<(at + 4)], as: UTF8.self), radix: 16)
        else { throw Fault(byte: at) }
        at += 4
        return unit
    }
}
