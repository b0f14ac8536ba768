import EventModel

/// Two numbers compared in turn, as one integer.
enum Composite {
    static func value(_ first: Int64, _ second: Int64, width: Int) -> Int64? {
        var factor: Int64 = 1
        for _ in 0..<width {
            let (next, overflow) = factor.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            factor = next
        }
        // A second number that does not fit would be taken for a larger first one.
        if second >= factor { return nil }
        let (product, overflow) = first.multipliedReportingOverflow(by: factor)
        let (sum, carry) = product.addingReportingOverflow(second)
        return overflow || carry ? nil : sum
    }

    /// The same as decimal digits, of any size; nil where the second number has more than `width` of them, or is negative.
    static func digits(_ first: Generation, _ second: Int64, width: Int) -> String? {
        let behind = String(second)
        if second < 0 || behind.utf8.count > width { return nil }
        return first.description + String(repeating: "0", count: width - behind.utf8.count) + behind
    }
}

/// Numbers written as text.
enum Numbers {
    /// A whole number; zeros ahead of it and commas between its digits do no harm.
    static func integer(_ text: UnsafeRawBufferPointer) -> Int64? {
        var value: Int64 = 0
        var isNegative = false
        var digits = 0
        for (index, byte) in text.enumerated() {
            if index == 0, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
                isNegative = byte == UInt8(ascii: "-")
                continue
            }
            if byte == UInt8(ascii: ","), digits > 0 { continue }
            guard byte.isDigitByte else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int64(byte - 0x30))
            if overflow || carry { return nil }
            value = sum
            digits += 1
        }
        return digits == 0 ? nil : isNegative ? -value : value
    }

    /// A decimal number times a unit, without a double in between.
    static func scaled(_ text: UnsafeRawBufferPointer, by unit: Int64) -> Int64? {
        var whole = text
        var fraction: Int64 = 0
        if let point = text.firstIndex(of: UInt8(ascii: ".")) {
            whole = text.part(0..<point)
            var scale = unit
            for byte in text[(point + 1)...] {
                guard byte.isDigitByte else { return nil }
                scale /= 10
                fraction += Int64(byte - 0x30) * scale
            }
        }
        guard let value = integer(whole) else { return nil }
        let (product, overflow) = value.multipliedReportingOverflow(by: unit)
        let (sum, carry) = product.addingReportingOverflow(value < 0 ? -fraction : fraction)
        return overflow || carry ? nil : sum
    }
}

enum DurationText {
    /// Milliseconds of a duration as Go, and others, write them: `175.6ms`, `1m3s`, `2h45m`, `15µs`, `1.5 s`; a bare number is in seconds.
    static func milliseconds(_ text: UnsafeRawBufferPointer) -> Double? {
        let text = text.trimmed
        if text.isEmpty || text.count > 64 { return nil }
        var at = 0
        var sum = 0.0
        let isNegative = text[0] == UInt8(ascii: "-")
        if isNegative || text[0] == UInt8(ascii: "+") { at += 1 }
        var parts = 0
        while at < text.count {
            let start = at
            while at < text.count, text[at].isDigitByte || text[at] == UInt8(ascii: ".") { at += 1 }
            guard at > start, let value = Double(String(decoding: text[start..<at], as: UTF8.self)) else { return nil }
            while at < text.count, text[at].isBlankByte { at += 1 }
            let name = at
            while at < text.count, !text[at].isDigitByte, text[at] != UInt8(ascii: "."), !text[at].isBlankByte {
                at += 1
            }
            guard
                let unit = unit(
                    String(decoding: text[name..<at], as: UTF8.self), isAlone: parts == 0 && at == text.count)
            else { return nil }
            while at < text.count, text[at].isBlankByte { at += 1 }
            sum += value * unit
            parts += 1
        }
        if parts == 0 { return nil }
        return isNegative ? -sum : sum
    }

    private static func unit(_ name: String, isAlone: Bool) -> Double? {
        switch name {
        case "": isAlone ? 1000 : nil
        case "ns": 1e-6
        case "us", "µs", "μs": 1e-3
        case "ms", "msec", "millis", "milliseconds": 1
        case "s", "sec", "secs", "second", "seconds": 1000
        case "m", "min", "mins", "minute", "minutes": 60_000
        case "h", "hr", "hour", "hours": 3_600_000
        case "d", "day", "days": 86_400_000
        default: nil
        }
    }
}

/// The parts between separators.
enum Parts {
    /// 0 is the first one, −1 the last.
    static func part(_ index: Int, of text: UnsafeRawBufferPointer, _ separator: [UInt8]) -> UnsafeRawBufferPointer? {
        var ranges: [Range<Int>] = []
        var at = 0
        while let found = separator.first(in: text, from: at) {
            ranges.append(at..<found)
            at = found + separator.count
        }
        ranges.append(at..<text.count)
        let place = index < 0 ? ranges.count + index : index
        return ranges.indices.contains(place) ? text.part(ranges[place]) : nil
    }
}

/// Names of the domain name system.
enum DNSName {
    /// In lower case, without the dot at the end, escapes such as `\052` (`*`) resolved.
    static func normalised(_ text: UnsafeRawBufferPointer, _ scratch: inout ScratchText) -> UnsafeRawBufferPointer {
        scratch.begin()
        var at = 0
        let end = text.last == UInt8(ascii: ".") ? text.count - 1 : text.count
        while at < end {
            if text[at] == UInt8(ascii: "\\"), at + 3 < end, let value = octal(text, at + 1) {
                scratch.append(value)
                at += 4
                continue
            }
            scratch.append(text[at] &- 0x41 < 26 ? text[at] | 0x20 : text[at])
            at += 1
        }
        return scratch.end()
    }

    private static func octal(_ text: UnsafeRawBufferPointer, _ start: Int) -> UInt8? {
        var value = 0
        for byte in text[start..<start + 3] {
            guard byte >= 0x30, byte < 0x38 else { return nil }
            value = value * 8 + Int(byte - 0x30)
        }
        return UInt8(exactly: value)
    }
}

/// What messages of one kind have in common.
enum MessageTemplate {
    /// How long a template may be.
    private static let longest = 120

    /// The message with numbers, quoted texts, addresses and identifiers replaced by `…`, so that messages of one kind are alike; of
    /// several lines the first.
    static func of(_ text: UnsafeRawBufferPointer, _ scratch: inout ScratchText) -> UnsafeRawBufferPointer {
        scratch.begin()
        var at = 0
        var written = 0
        while at < text.count, written < longest {
            let byte = text[at]
            // What a stack trace adds differs from one to the next.
            if byte == 0x0A { break }
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`"),
                let end = text[(at + 1)...].firstIndex(of: byte), byte != UInt8(ascii: "'") || end - at > 2
            {
                scratch.append("…")
                at = end + 1
                written += 1
                continue
            }
            if byte.isBlankByte {
                scratch.append(0x20)
                at += 1
                written += 1
                continue
            }
            // A quote that nothing closes begins a word like any other byte.
            let start = at
            at += 1
            while at < text.count, !text[at].isBlankByte, text[at] != UInt8(ascii: "\"") { at += 1 }
            // A word with a digit is a number, an address or an identifier: only what stands around it stays.
            let word = text.part(start..<at)
            if word.contains(where: \.isDigitByte) {
                scratch.append("…")
                if let last = word.last, last == UInt8(ascii: ":") || last == UInt8(ascii: ",") { scratch.append(last) }
                written += 1
            } else {
                scratch.append(word)
                written += word.count
            }
        }
        return scratch.end()
    }
}
