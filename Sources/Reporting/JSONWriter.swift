import EventModel

/// Writes JSON piece by piece, keys in the order in which they are written, two blanks for each level.
///
/// Strings are exact. Besides what JSON demands, everything that hides (`VisibleText.hides`) is written as `\u` escapes: the
/// value is the same, and a terminal that shows the file obeys none of it.
struct JSONWriter {
    private var bytes: [UInt8] = []
    private var isFirst = true
    private var depth = 0
    private var afterKey = false

    /// Writes `{ … }`.
    mutating func object(_ content: (inout JSONWriter) throws -> Void) rethrows { try container("{", "}", content) }

    /// Writes `[ … ]`.
    mutating func array(_ content: (inout JSONWriter) throws -> Void) rethrows { try container("[", "]", content) }

    /// Writes a key; its value comes next.
    mutating func key(_ name: String) {
        separate()
        quote(name)
        bytes.append(contentsOf: ": ".utf8)
        afterKey = true
    }

    /// Writes a string.
    mutating func value(_ text: String) {
        separate()
        quote(text)
    }

    /// Writes an integer, with all its digits.
    mutating func value(_ integer: some BinaryInteger) {
        separate()
        bytes.append(contentsOf: String(integer).utf8)
    }

    /// Writes a number in as few digits as keep its value; null for what JSON cannot say.
    mutating func value(_ number: Double) {
        separate()
        if !number.isFinite {
            bytes.append(contentsOf: "null".utf8)
        } else if let whole = Int64(exactly: number), whole.magnitude < 1 << 53 {
            bytes.append(contentsOf: String(whole).utf8)
        } else {
            bytes.append(contentsOf: number.description.utf8)
        }
    }

    /// Writes `true` or `false`.
    mutating func value(_ flag: Bool) {
        separate()
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    /// Writes `null`.
    mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    /// Writes a key and its string.
    mutating func field(_ name: String, _ text: String) {
        key(name)
        value(text)
    }

    /// Writes a key and its integer.
    mutating func field(_ name: String, _ integer: some BinaryInteger) {
        key(name)
        value(integer)
    }

    /// Writes a key and its generation, with all its digits.
    mutating func field(_ name: String, _ generation: Generation) {
        key(name)
        separate()
        bytes.append(contentsOf: generation.description.utf8)
    }

    /// Writes a key and its time, null where it is absent.
    mutating func field(_ name: String, time: Timestamp) {
        key(name)
        if time.isAbsent { null() } else { value(time.rfc3339(digits: 9)) }
    }

    /// Writes a key and its flag.
    mutating func field(_ name: String, _ flag: Bool) {
        key(name)
        value(flag)
    }

    /// Ends the text with a newline.
    mutating func finish() { bytes.append(UInt8(ascii: "\n")) }

    /// Gives out what was written since the last time and forgets it, if that is at least `least` bytes.
    mutating func drain(least: Int = 0, to emit: ([UInt8]) throws -> Void) rethrows {
        if bytes.count < least || bytes.isEmpty { return }
        try emit(bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    /// A string by itself, in quotes, as it stands in JSON.
    static func text(_ text: String) -> String {
        var json = JSONWriter()
        json.value(text)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private mutating func container(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ content: (inout JSONWriter) throws -> Void
    ) rethrows {
        separate()
        bytes.append(UInt8(ascii: open))
        isFirst = true
        depth += 1
        try content(&self)
        depth -= 1
        if !isFirst { newline() }
        bytes.append(UInt8(ascii: close))
        isFirst = false
    }

    private mutating func separate() {
        if afterKey {
            afterKey = false
            return
        }
        if depth > 0 {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            newline()
        }
        isFirst = false
    }

    private mutating func newline() {
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<depth { bytes.append(contentsOf: "  ".utf8) }
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        defer { bytes.append(UInt8(ascii: "\"")) }
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }) {
            return bytes.append(contentsOf: text.utf8)
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": bytes.append(contentsOf: "\\\"".utf8)
            case "\\": bytes.append(contentsOf: "\\\\".utf8)
            case "\n": bytes.append(contentsOf: "\\n".utf8)
            case "\t": bytes.append(contentsOf: "\\t".utf8)
            case "\r": bytes.append(contentsOf: "\\r".utf8)
            default:
                if VisibleText.hides(scalar) {
                    for unit in UTF16.encode(scalar) ?? .init() { escape(unit) }
                } else {
                    bytes.append(contentsOf: String(scalar).utf8)
                }
            }
        }
    }

    private mutating func escape(_ unit: UInt16) {
        let digits = String(unit, radix: 16)
        bytes.append(contentsOf: "\\u".utf8)
        bytes.append(contentsOf: String(repeating: "0", count: 4 - digits.count).utf8)
        bytes.append(contentsOf: digits.utf8)
    }
}
