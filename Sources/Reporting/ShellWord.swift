import EventModel

/// A word as a reader can type it into a POSIX shell, for the commands that reports propose.
enum ShellWord {
    /// The word itself where it is harmless, else in single quotes; what hides, in `$'…'` as its bytes, so that the line does
    /// what it shows.
    static func quote(_ word: String) -> String {
        if !word.isEmpty, word.utf8.allSatisfy(isPlain), !word.hasPrefix("-") { return word }
        if !word.unicodeScalars.contains(where: VisibleText.hides) {
            return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        }
        var result = "$'"
        for scalar in word.unicodeScalars {
            if VisibleText.hides(scalar) {
                for byte in String(scalar).utf8 { result += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16) }
            } else {
                if scalar == "'" || scalar == "\\" { result += "\\" }
                result.unicodeScalars.append(scalar)
            }
        }
        return result + "'"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "_-./:@%+=,".utf8.contains(byte)
        }
    }
}
