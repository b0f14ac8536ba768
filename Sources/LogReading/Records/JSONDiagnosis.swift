/// Why a line is no JSON, in words with a column: simdjson only says that it is none.
///
/// A strict scanner of RFC 8259 that stops at the first fault. It runs on malformed lines alone, so clarity counts, not speed.
struct JSONDiagnosis {
    /// The fault's byte in the line, from 0, and what it is: `unclosed string at column 212`.
    struct Fault: Error, Equatable {
        var byte: Int
        var reason: String
    }

    private let bytes: UnsafeRawBufferPointer
    private var at = 0
    private let maxDepth: Int

    /// The first fault of the line; nil where this scanner finds none.
    static func of(_ line: UnsafeRawBufferPointer, maxDepth: Int) -> Fault? {
        var scanner = JSONDiagnosis(bytes: line, maxDepth: maxDepth)
        do {
            try scanner.document()
            return nil
        } catch {
            return error
        }
    }

    private init(bytes: UnsafeRawBufferPointer, maxDepth: Int) {
        self.bytes = bytes
        self.maxDepth = maxDepth
    }

    private func fault(_ what: String, at byte: Int) -> Fault {
        Fault(byte: byte, reason: "\(what) at column \(byte + 1)")
    }

    private mutating func document() throws(Fault) {
        try value()
        blanks()
        if at < bytes.count { throw fault("something follows the object", at: at) }
    }

    /// One value, nesting kept on a list instead of the stack: a hostile line cannot exhaust it.
    private mutating func value() throws(Fault) {
        var open: [(isObject: Bool, start: Int)] = []
        while true {
            blanks()
            guard at < bytes.count else {
                throw open.last.map { fault($0.isObject ? "unclosed object" : "unclosed array", at: $0.start) }
                    ?? fault("the line ends where a value should stand", at: at)
            }
            switch bytes[at] {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let isObject = bytes[at] == UInt8(ascii: "{")
                open.append((isObject, at))
                if open.count > maxDepth { throw fault("nested deeper than \(maxDepth)", at: at) }
                at += 1
                blanks()
                if at < bytes.count, bytes[at] == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    at += 1
                    open.removeLast()
                } else {
                    if isObject { try key() }
                    continue
                }
            case UInt8(ascii: "\""): try string()
            default: try scalar()
            }
            // A value has ended: go on with what encloses it.
            closing: while let inner = open.last {
                blanks()
                guard at < bytes.count else {
                    throw fault(inner.isObject ? "unclosed object" : "unclosed array", at: inner.start)
                }
                switch bytes[at] {
                case UInt8(ascii: ","):
                    at += 1
                    if inner.isObject {
                        blanks()
                        try key()
                    }
                    break closing
                case inner.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"):
                    at += 1
                    open.removeLast()
                default:
                    throw fault(inner.isObject ? "no comma or closing brace" : "no comma or closing bracket", at: at)
                }
            }
            if open.isEmpty { return }
        }
    }

    private mutating func key() throws(Fault) {
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw fault("no key in quotes", at: at) }
        try string()
        blanks()
        guard at < bytes.count, bytes[at] == UInt8(ascii: ":") else { throw fault("no colon after a key", at: at) }
        at += 1
    }

    private mutating func string() throws(Fault) {
        let start = at
        at += 1
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at += 1
                return
            case UInt8(ascii: "\\"):
                guard at + 1 < bytes.count else { throw fault("unclosed string", at: start) }
                switch bytes[at + 1] {
                case UInt8(ascii: "u"):
                    guard at + 5 < bytes.count, bytes[(at + 2)...(at + 5)].allSatisfy(isHexDigit) else {
                        throw fault("a \\u escape without four hexadecimal digits", at: at)
                    }
                    at += try surrogates() ? 12 : 6
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
                    UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
                    at += 2
                default: throw fault("an unknown escape", at: at)
                }
            case 0..<0x20: throw fault("a control character in a string", at: at)
            default: at += 1
            }
        }
        throw fault("unclosed string", at: start)
    }

    /// Whether the escape at hand and the next one are a surrogate pair; half of one stands for no character.
    private func surrogates() throws(Fault) -> Bool {
        let unit = hexadecimal(at + 2)
        guard (0xD800..<0xE000).contains(unit) else { return false }
        guard unit < 0xDC00, at + 11 < bytes.count, bytes[at + 6] == UInt8(ascii: "\\"),
            bytes[at + 7] == UInt8(ascii: "u"), bytes[(at + 8)...(at + 11)].allSatisfy(isHexDigit),
            (0xDC00..<0xE000).contains(hexadecimal(at + 8))
        else { throw fault("half of a surrogate pair", at: at) }
        return true
    }

    /// The value of the four hexadecimal digits at `start`.
    private func hexadecimal(_ start: Int) -> Int {
        bytes[start..<start + 4].reduce(0) { $0 << 4 | Int($1 <= 0x39 ? $1 - 0x30 : ($1 | 0x20) - 0x57) }
    }

    private mutating func scalar() throws(Fault) {
        let start = at
        while at < bytes.count, !isDelimiter(bytes[at]) { at += 1 }
        let word = UnsafeRawBufferPointer(rebasing: bytes[start..<at])
        if word.elementsEqual("true".utf8) || word.elementsEqual("false".utf8) || word.elementsEqual("null".utf8) {
            return
        }
        if JSONNumber(word) != nil { return }
        throw fault(word.isEmpty ? "no value" : "neither a number nor true, false or null", at: start)
    }

    private mutating func blanks() {
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x09 || bytes[at] == 0x0A || bytes[at] == 0x0D {
            at += 1
        }
    }

    private func isDelimiter(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
            || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "[")
            || byte == UInt8(ascii: "{")
    }

    private func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
