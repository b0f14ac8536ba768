import EventModel

/// Writes a table of any columns, as a saved query answers: aligned for a terminal, JSON lines, CSV or Markdown.
package struct ResultTable: Sendable {
    /// One cell.
    package enum Value: Hashable, Sendable {
        case null
        case integer(Int64)
        case number(Double)
        case text(String)

        var text: String {
            switch self {
            case .null: ""
            case .integer(let value): String(value)
            case .number(let value): String(value)
            case .text(let value): value
            }
        }
    }

    private let format: EventTableFormat
    private let limit: Int
    private let csv: CSVForm
    private var columns: [String] = []
    /// Rows of a table are held so far that its columns can be aligned.
    private var held: [[String]] = []
    private var heldBytes = 0
    /// How many rows there were.
    package private(set) var count = 0

    /// The most rows, and bytes of them, that decide how wide the columns are.
    private static let aligned = 1000
    private static let alignedBytes = 4 << 20
    /// Columns of a terminal are cut to this; nowhere else is anything cut.
    private static let widest = 60
    private let cuts: Bool

    /// - Parameters:
    ///   - cuts: whether `table` goes to a terminal, where wide columns are cut.
    ///   - limit: how many rows are written at most.
    ///   - csv: how `csv` writes texts.
    package init(_ format: EventTableFormat, limit: Int = .max, csv: CSVForm = .safe, cuts: Bool = false) {
        self.cuts = cuts
        self.csv = csv
        self.format = format
        self.limit = limit
    }

    /// The columns' names, before the first row. The bytes are appended, here and below.
    package mutating func begin(_ columns: [String], _ output: inout [UInt8]) {
        self.columns = columns
        switch format {
        case .table: held.append(columns.map(VisibleText.cell))
        case .jsonl: break
        case .json: output.append(UInt8(ascii: "["))
        case .csv: line(columns.map(csv.cell).joined(separator: ",") + "\r", &output)
        case .markdown:
            line("| " + columns.map { MarkdownText.inline($0) }.joined(separator: " | ") + " |", &output)
            line("|" + columns.map { _ in " --- |" }.joined(), &output)
        }
    }

    /// One row; false when no more are wanted.
    package mutating func row(_ values: [Value], _ output: inout [UInt8]) -> Bool {
        if count >= limit { return false }
        count += 1
        switch format {
        case .table:
            let cells = values.map { VisibleText.cell($0.text) }
            heldBytes += cells.reduce(0) { $0 + $1.utf8.count }
            held.append(cells)
            if held.count > ResultTable.aligned || heldBytes > ResultTable.alignedBytes { flushTable(&output) }
        case .jsonl: line(object(values), &output)
        case .json: output.append(contentsOf: ((count == 1 ? "\n" : ",\n") + object(values)).utf8)
        case .csv: line(values.map(cell).joined(separator: ",") + "\r", &output)
        case .markdown:
            line("| " + values.map { MarkdownText.inline($0.text) }.joined(separator: " | ") + " |", &output)
        }
        return true
    }

    /// What stands behind the last row.
    package mutating func end(_ output: inout [UInt8]) {
        flushTable(&output)
        if format == .json { output.append(contentsOf: "\n]\n".utf8) }
        if format == .table { line(Figures.count(count, "row"), &output) }
    }

    private func object(_ values: [Value]) -> String {
        let members = zip(columns, values).map { JSONWriter.text($0) + ":" + ResultTable.json($1) }
        return "{" + members.joined(separator: ",") + "}"
    }

    private func line(_ text: String, _ output: inout [UInt8]) { output.append(contentsOf: (text + "\n").utf8) }

    /// A cell of CSV.
    private func cell(_ value: Value) -> String {
        if case .text(let text) = value { csv.cell(text: text) } else { CSVForm.quoted(value.text) }
    }

    private static func json(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .integer(let integer): String(integer)
        case .number(let number): number.isFinite ? String(number) : "null"
        case .text(let text): JSONWriter.text(text)
        }
    }

    private mutating func flushTable(_ output: inout [UInt8]) {
        guard format == .table, let first = held.first else { return }
        let widths = first.indices.map { column in
            min(cuts ? ResultTable.widest : .max, held.map { DisplayWidth.of($0[column]) }.max() ?? 0)
        }
        for row in held {
            var text = ""
            for (column, cell) in row.enumerated() {
                let isLast = column == row.count - 1
                text += isLast ? cell : DisplayWidth.fit(cell, to: widths[column]) + "  "
            }
            line(text, &output)
        }
        held.removeAll()
        heldBytes = 0
    }
}
