/// Text of a log made safe to show to people: what would move the cursor, turn the reading direction or not be seen at
/// all is spelled out (`\u{1b}`), never refused. Machine formats do not use this; they stay exact.
public enum VisibleText {
    /// For one cell or one line: newlines and tabs are spelled out too (`\n`, `\t`).
    public static func cell(_ text: String) -> String {
        if isPlain(text, keepsLines: false) { return text }
        return spelled(text, keepsLines: false)
    }

    /// For text of several lines: newlines and tabs stay.
    public static func lines(_ text: String) -> String {
        if isPlain(text, keepsLines: true) { return text }
        return spelled(text, keepsLines: true)
    }

    /// For a machine's format that is shown to people: as `lines`, and without the carriage returns that RFC 4180 wants before newlines.
    public static func lines(ofRecords bytes: [UInt8]) -> String {
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            if byte == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A { continue }
            kept.append(byte)
        }
        return lines(String(decoding: kept, as: UTF8.self))
    }

    /// For one line from bytes that may not be UTF-8: each byte of an invalid sequence becomes `\xff`.
    public static func cell(bytes: [UInt8]) -> String { cell(decoded(bytes)) }

    /// The text of bytes that may not be UTF-8, such as a file's name: each byte of an invalid sequence becomes `\xff`, so that no two
    /// such texts look alike. All else stays as it is.
    public static func decoded(_ bytes: [UInt8]) -> String {
        var result = ""
        var parser = Unicode.UTF8.ForwardParser()
        var input = bytes.makeIterator()
        // The parser says how long a sequence is, not which bytes it held.
        var at = 0
        while true {
            switch parser.parseScalar(from: &input) {
            case .valid(let encoded):
                result.unicodeScalars.append(Unicode.UTF8.decode(encoded))
                at += encoded.count
            case .error(let length):
                for byte in bytes[at..<min(at + length, bytes.count)] { result += "\\x" + hex(UInt32(byte), width: 2) }
                at += length
            case .emptyInput:
                return result
            }
        }
    }

    /// Whether a scalar shows nothing of itself, or does something instead of being shown.
    public static func hides(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x7F { return scalar.value < 0x20 }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    private static func isPlain(_ text: String, keepsLines: Bool) -> Bool {
        text.utf8.allSatisfy { ($0 >= 0x20 && $0 < 0x7F) || (keepsLines && ($0 == 0x0A || $0 == 0x09)) }
    }

    private static func spelled(_ text: String, keepsLines: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars { append(scalar, to: &result, keepsLines: keepsLines) }
        return result
    }

    private static func append(_ scalar: Unicode.Scalar, to result: inout String, keepsLines: Bool) {
        guard hides(scalar) else {
            result.unicodeScalars.append(scalar)
            return
        }
        switch scalar {
        case "\n", "\t":
            if keepsLines { result.unicodeScalars.append(scalar) } else { result += scalar == "\n" ? "\\n" : "\\t" }
        case "\r": result += "\\r"
        default: result += "\\u{" + hex(scalar.value, width: 2) + "}"
        }
    }

    private static func hex(_ value: UInt32, width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
