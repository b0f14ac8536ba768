/// How a line of a log becomes an address: `https://logs.example/{file}#L{line}`.
package struct LinkTemplate: Sendable {
    /// Why a template cannot be used.
    package enum Failure: Error {
        /// It does not begin with http:// or https:// and a host.
        case scheme
        /// It holds what could end a link in some form of text.
        case character(Character)
        /// It lacks {file}, {line}, or both.
        case placeholders
    }

    private let template: String

    /// Reads a template.
    package init(_ text: String) throws(Failure) {
        let lower = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: { lower.hasPrefix($0) }),
            let first = text.dropFirst(scheme.count).utf8.first, Self.isHost(first)
        else { throw .scheme }
        for character in text {
            guard let byte = character.asciiValue, byte > 0x20, byte < 0x7F, !"<>()[]\"'`|\\*".utf8.contains(byte)
            else {
                throw .character(character)
            }
        }
        guard text.contains("{file}") || text.contains("{line}") else { throw .placeholders }
        template = text
    }

    /// The address of a line. Whatever the file is called, nothing but its own path becomes of it.
    package func address(file: String, line: UInt64) -> String {
        template.replacing("{line}", with: String(line)).replacing("{file}", with: Self.encoded(file))
            .replacing("{", with: "%7B").replacing("}", with: "%7D")
    }

    private static func isHost(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// A path in percents, but for what is plain.
    static func encoded(_ path: String) -> String {
        var result = ""
        for byte in path.utf8 {
            if isHost(byte) || "-._/".utf8.contains(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
