/// `key=value key="quoted \" value"`, as Go programs write it. A word without `=` is passed over.
enum Logfmt {
    static func decode(
        _ text: UnsafeRawBufferPointer, into fields: inout RecordFields, _ scratch: inout ScratchText
    ) -> Decoding {
        let start = fields.pairs.count
        var at = 0
        while at < text.count {
            while at < text.count, text[at].isBlankByte { at += 1 }
            let key = at
            while at < text.count, text[at] != UInt8(ascii: "="), !text[at].isBlankByte, text[at] != UInt8(ascii: "\"")
            { at += 1 }
            guard at < text.count, text[at] == UInt8(ascii: "="), at > key else {
                at = skipWord(text, from: max(at, key))
                continue
            }
            let name = text.part(key..<at)
            at += 1
            fields.add(name, .text(value(text, &at, &scratch)))
        }
        if fields.pairs.count == start { return .unreadable(.noPairs) }
        fields.endLayer(from: start)
        return .fields
    }

    /// Whether a text begins with a pair.
    static func begins(_ text: UnsafeRawBufferPointer) -> Bool {
        var at = 0
        while at < text.count, text[at].isKeyByte { at += 1 }
        return at > 0 && at < text.count && text[at] == UInt8(ascii: "=")
    }

    private static func skipWord(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
        var at = start
        if at < text.count, text[at] == UInt8(ascii: "\"") {
            at += 1
            while at < text.count, text[at] != UInt8(ascii: "\"") { at += text[at] == UInt8(ascii: "\\") ? 2 : 1 }
            return min(at + 1, text.count)
        }
        while at < text.count, !text[at].isBlankByte { at += 1 }
        return at
    }

    /// The value that begins at `at`.
    private static func value(
        _ text: UnsafeRawBufferPointer, _ at: inout Int, _ scratch: inout ScratchText
    ) -> UnsafeRawBufferPointer {
        guard at < text.count, text[at] == UInt8(ascii: "\"") else {
            let start = at
            while at < text.count, !text[at].isBlankByte { at += 1 }
            return text.part(start..<at)
        }
        at += 1
        let start = at
        var hasEscapes = false
        while at < text.count, text[at] != UInt8(ascii: "\"") {
            if text[at] == UInt8(ascii: "\\") {
                hasEscapes = true
                at += 1
            }
            at += 1
        }
        let raw = text.part(start..<min(at, text.count))
        at = min(at + 1, text.count)
        return hasEscapes ? Escapes.removed(from: raw, &scratch) : raw
    }
}

extension UInt8 {
    /// A byte of a key that nobody has to quote.
    fileprivate var isKeyByte: Bool {
        isDigitByte || (self | 0x20) &- 0x61 < 26 || self == UInt8(ascii: "_") || self == UInt8(ascii: ".")
            || self == UInt8(ascii: "-") || self == UInt8(ascii: "/") || self == UInt8(ascii: "@")
    }
}

/// Backslash escapes as Go, C and JSON share them.
enum Escapes {
    static func removed(
        from text: UnsafeRawBufferPointer, _ scratch: inout ScratchText
    ) -> UnsafeRawBufferPointer {
        scratch.begin()
        var at = 0
        while at < text.count {
            let byte = text[at]
            at += 1
            guard byte == UInt8(ascii: "\\"), at < text.count else {
                scratch.append(byte)
                continue
            }
            let escape = text[at]
            at += 1
            switch escape {
            case UInt8(ascii: "n"): scratch.append(0x0A)
            case UInt8(ascii: "t"): scratch.append(0x09)
            case UInt8(ascii: "r"): scratch.append(0x0D)
            case UInt8(ascii: "u"), UInt8(ascii: "U"), UInt8(ascii: "x"):
                let digits = escape == UInt8(ascii: "x") ? 2 : escape == UInt8(ascii: "u") ? 4 : 8
                if let value = hexadecimal(text, at, digits) {
                    at += digits
                    scratch.append(String(Unicode.Scalar(value).map(Character.init) ?? "\u{FFFD}"))
                } else {
                    scratch.append(escape)
                }
            default: scratch.append(escape)
            }
        }
        return scratch.end()
    }

    private static func hexadecimal(_ text: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> UInt32? {
        guard start + count <= text.count else { return nil }
        return UInt32(String(decoding: text.part(start..<start + count), as: UTF8.self), radix: 16)
    }
}
