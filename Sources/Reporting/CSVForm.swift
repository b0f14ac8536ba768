/// How texts are written to CSV. A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return for a formula,
/// and what a log holds may be an attacker's.
package enum CSVForm: String, CaseIterable, Sendable {
    /// Such a text gets an apostrophe ahead of it, so that it is shown and not computed. Numbers stay numbers.
    case safe
    /// Every value as it is, for programs.
    case exact

    /// A text as a cell.
    func cell(text: String) -> String {
        switch (self, text.utf8.first) {
        case (.safe, UInt8(ascii: "=")?), (.safe, UInt8(ascii: "+")?), (.safe, UInt8(ascii: "-")?),
            (.safe, UInt8(ascii: "@")?), (.safe, 0x09?), (.safe, 0x0D?):
            CSVForm.quoted("'" + text)
        default: CSVForm.quoted(text)
        }
    }

    /// A value, in quotes where RFC 4180 wants them.
    static func quoted(_ value: String) -> String {
        let special = value.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
        if !special { return value }
        return "\"" + value.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
