/// The members of a record's object, cut out of its line: each key with its value's own bytes.
///
/// For lines that have been read as JSON before; of anything else it gives what can be cut without harm. Linear, no recursion.
package struct RecordMembers: Sendable {
    /// Keys decoded, values as they stand in the line, in the line's order; of equal keys the last value counts.
    package private(set) var members: [(key: String, value: ArraySlice<UInt8>)] = []

    /// Cuts a line.
    package init(_ line: [UInt8]) {
        // A byte-order mark is skipped here as it is where records are read.
        var at = line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.startIndex + 3 : line.startIndex
        var indices: [String: Int] = [:]
        Self.skipBlanks(line, &at)
        guard at < line.count, line[at] == UInt8(ascii: "{") else { return }
        at += 1
        while at < line.count {
            Self.skipBlanks(line, &at)
            guard at < line.count, line[at] == UInt8(ascii: "\"") else { return }
            let key = Self.string(line, &at)
            Self.skipBlanks(line, &at)
            guard at < line.count, line[at] == UInt8(ascii: ":") else { return }
            at += 1
            Self.skipBlanks(line, &at)
            let value = Self.value(line, &at)
            let text = Self.text(of: key)
            if let index = indices[text] {
                members[index].value = value
            } else {
                indices[text] = members.count
                members.append((text, value))
            }
            Self.skipBlanks(line, &at)
            guard at < line.count, line[at] == UInt8(ascii: ",") else { return }
            at += 1
        }
    }

    /// A member's value as text, if it is a string.
    package func string(_ key: String) -> String? {
        guard let value = members.last(where: { $0.key == key })?.value, value.first == UInt8(ascii: "\"") else {
            return nil
        }
        return Self.text(of: value)
    }

    /// A member's value as it stands in the line.
    package func text(_ key: String) -> String? {
        members.last { $0.key == key }.map { String(decoding: $0.value, as: UTF8.self) }
    }

    private static func skipBlanks(_ line: [UInt8], _ at: inout Int) {
        while at < line.count, line[at] == 0x20 || (line[at] >= 0x09 && line[at] <= 0x0D) { at += 1 }
    }

    /// The bytes of the string that begins at `at`, quotes included.
    private static func string(_ line: [UInt8], _ at: inout Int) -> ArraySlice<UInt8> {
        let start = at
        at += 1
        while at < line.count, line[at] != UInt8(ascii: "\"") { at += line[at] == UInt8(ascii: "\\") ? 2 : 1 }
        at = min(at + 1, line.count)
        return line[start..<at]
    }

    /// The bytes of the value that begins at `at`, up to the comma or brace behind it.
    private static func value(_ line: [UInt8], _ at: inout Int) -> ArraySlice<UInt8> {
        let start = at
        var depth = 0
        scan: while at < line.count {
            switch line[at] {
            case UInt8(ascii: "\""):
                _ = string(line, &at)
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { break scan }
                depth -= 1
            case UInt8(ascii: ","):
                if depth == 0 { break scan }
            default: break
            }
            at += 1
        }
        var end = at
        while end > start, line[end - 1] == 0x20 || (line[end - 1] >= 0x09 && line[end - 1] <= 0x0D) { end -= 1 }
        return line[start..<end]
    }

    /// The text of a JSON string with its quotes.
    package static func text(of quoted: ArraySlice<UInt8>) -> String {
        var units: [UInt8] = []
        var at = quoted.startIndex + 1
        let end = max(at, quoted.endIndex - 1)
        while at < end {
            guard quoted[at] == UInt8(ascii: "\\"), at + 1 < end else {
                units.append(quoted[at])
                at += 1
                continue
            }
            at += 2
            switch quoted[at - 1] {
            case UInt8(ascii: "n"): units.append(0x0A)
            case UInt8(ascii: "t"): units.append(0x09)
            case UInt8(ascii: "r"): units.append(0x0D)
            case UInt8(ascii: "b"): units.append(0x08)
            case UInt8(ascii: "f"): units.append(0x0C)
            case UInt8(ascii: "u"): units.append(contentsOf: String(unicode(quoted, &at, end)).utf8)
            default: units.append(quoted[at - 1])
            }
        }
        return String(decoding: units, as: UTF8.self)
    }

    /// The scalar of `\uXXXX`, or of two that are a pair; a lone surrogate is U+FFFD.
    private static func unicode(_ bytes: ArraySlice<UInt8>, _ at: inout Int, _ end: Int) -> Unicode.Scalar {
        guard let high = hex(bytes, at, end) else { return "\u{FFFD}" }
        at += 4
        if (0xD800..<0xDC00).contains(high), at + 1 < end, bytes[at] == UInt8(ascii: "\\"),
            bytes[at + 1] == UInt8(ascii: "u"), let low = hex(bytes, at + 2, end), (0xDC00..<0xE000).contains(low)
        {
            at += 6
            return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
        }
        return Unicode.Scalar(high) ?? "\u{FFFD}"
    }

    private static func hex(_ bytes: ArraySlice<UInt8>, _ at: Int, _ end: Int) -> UInt32? {
        guard at + 4 <= end else { return nil }
        var value: UInt32 = 0
        for byte in bytes[at..<at + 4] {
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
            case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
            default: return nil
            }
        }
        return value
    }
}
