import EventModel

/// A table in columns two blanks apart, as wide as there is room: cells are wrapped at their blanks.
///
/// The last column holds what is copied, such as a place in a log. It is never broken within a word that fits on a line: the other
/// columns make room for it, and where they cannot, it stands on a line of its own.
enum TextColumns {
    /// The lines of rows of as many cells each.
    static func lines(_ table: [[String]], width: Int) -> [String] {
        let table = table.map { $0.map { VisibleText.cell($0) } }
        guard let count = table.first?.count, count > 0 else { return [] }
        let last = min(table.map { longestWord($0[count - 1]) }.max() ?? 0, width)
        let widths = widths(table, beside: last, width: width)
        let before = widths.reduce(0) { $0 + $1 + 2 }
        let isBelow = before + last > width
        return table.flatMap { row in
            var cells = zip(row, widths).map { cell, width in wrap(cell, width) }
            let final = DisplayWidth.wrap(row[count - 1], to: isBelow ? width - indent.count : width - before)
            if !isBelow { cells.append(final) }
            let lines = (0..<(cells.map(\.count).max() ?? 0)).map { line in
                cells.enumerated().map { column, parts in
                    let part = line < parts.count ? parts[line] : ""
                    return column < widths.count ? DisplayWidth.fit(part, to: widths[column]) + "  " : part
                }.joined()
            }
            return isBelow ? lines + final.map { indent + $0 } : lines
        }
    }

    private static let indent = "    "

    /// How wide the columns but the last are, so that it has room: first by wrapping them, then by cutting their words.
    private static func widths(_ table: [[String]], beside last: Int, width: Int) -> [Int] {
        let columns = (table.first?.count ?? 1) - 1
        let wanted = (0..<columns).map { column in table.map { DisplayWidth.of($0[column]) }.max() ?? 0 }
        let words = (0..<columns).map { column in table.map { longestWord($0[column]) }.max() ?? 0 }
        func taken(_ widths: [Int]) -> Int { widths.reduce(0) { $0 + $1 + 2 } }
        for widest in stride(from: 40, through: 8, by: -2) {
            let widths = (0..<columns).map { min(wanted[$0], max(widest, min(words[$0], 24))) }
            if taken(widths) + max(16, last) <= width { return widths }
        }
        for widest in stride(from: 24, to: 6, by: -2) {
            let widths = wanted.map { min($0, widest) }
            if taken(widths) + 16 <= width { return widths }
        }
        return wanted.map { min($0, 6) }
    }

    /// A cell's lines; what is too long a word is cut in its middle.
    private static func wrap(_ cell: String, _ width: Int) -> [String] {
        let words = cell.split(separator: " ").map { DisplayWidth.clip(String($0), to: width) }
        var lines: [String] = []
        for word in words {
            if let line = lines.last, DisplayWidth.of(line) + 1 + DisplayWidth.of(word) <= width {
                lines[lines.count - 1] = line + " " + word
            } else {
                lines.append(word)
            }
        }
        return lines
    }

    private static func longestWord(_ text: String) -> Int {
        text.split(separator: " ").map { DisplayWidth.of($0) }.max() ?? 0
    }
}
