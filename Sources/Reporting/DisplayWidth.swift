import EventModel

/// Columns that text takes on a terminal, and cutting and padding by them. For text that `VisibleText` has been through.
enum DisplayWidth {
    /// The columns of a text: none for marks that combine, two for wide East Asian characters and emoji.
    static func of(_ text: some StringProtocol) -> Int {
        text.unicodeScalars.reduce(0) { $0 + columns($1) }
    }

    /// The text padded with blanks to `width` columns; longer text is cut in its middle, with `…` for what is gone.
    static func fit(_ text: String, to width: Int, right: Bool = false) -> String {
        let cut = clip(text, to: width)
        let blanks = String(repeating: " ", count: max(0, width - of(cut)))
        return right ? blanks + cut : cut + blanks
    }

    /// The text, or its beginning and its end with `…` between where it is wider than `width`.
    static func clip(_ text: String, to width: Int) -> String {
        if of(text) <= width { return text }
        if width < 2 { return width < 1 ? "" : "…" }
        let head = (width - 1 + 1) / 2
        return String(taking(text, head)) + "…" + String(taking(String(text.reversed()), width - 1 - head).reversed())
    }

    /// The text, or its beginning with `…` behind it where it is wider than `width`.
    static func head(_ text: String, to width: Int) -> String {
        of(text) <= width ? text : String(taking(text, max(0, width - 1))) + "…"
    }

    /// The text padded with blanks to `width` columns, never cut.
    static func pad(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - of(text)))
    }

    /// Words in lines of at most `width` columns; a longer word is broken. A percent sign stays with its number.
    static func wrap(_ text: String, to width: Int) -> [String] {
        let width = max(width, 8)
        var lines: [String] = []
        var line = ""
        for word in joined(text.split(separator: " ")) {
            var word = word
            if !line.isEmpty, of(line) + 1 + of(word) > width {
                lines.append(line)
                line = ""
            }
            while line.isEmpty, of(word) > width {
                let part = taking(word, width)
                if part.isEmpty { break }
                lines.append(String(part))
                word = String(word.dropFirst(part.count))
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    /// The words of a line, each with the percent sign behind it.
    private static func joined(_ words: [Substring]) -> [String] {
        var result: [String] = []
        for word in words {
            if word.first == "%", let number = result.last, let digit = number.last, digit.isASCII, digit.isNumber {
                result[result.count - 1] = number + " " + word
            } else {
                result.append(String(word))
            }
        }
        return result
    }

    private static func taking(_ text: String, _ width: Int) -> Substring {
        var taken = 0
        var end = text.startIndex
        while end < text.endIndex {
            let next = taken + of(String(text[end]))
            if next > width { break }
            taken = next
            end = text.index(after: end)
        }
        return text[..<end]
    }

    private static func columns(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
