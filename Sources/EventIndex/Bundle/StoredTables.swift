import EventModel
import LogReading

/// The rows of the tables `findings` and `evidence`, as an index keeps them for SQL.
package struct StoredTables: Sendable {
    let findings: [[SQLValue]]
    let evidence: [[SQLValue]]

    /// Makes the rows.
    /// - Parameters:
    ///   - symbols: the names behind the evidence's actors.
    ///   - files: the path of each source, by `SourceID`.
    package init(_ records: [FindingRecord], symbols: SymbolTable, files: [String]) {
        findings = records.map { record in
            var row = ColumnValues()
            EventTables.bind(record, to: &row)
            return row.values
        }
        evidence = records.flatMap { record in
            record.finding.evidence.map { evidence in
                var row = ColumnValues()
                EventTables.bind(evidence, of: record.id, symbols: symbols, files: files, to: &row)
                return row.values
            }
        }
    }

    func encoded() -> [UInt8] {
        var out = ByteWriter()
        for table in [findings, evidence] {
            out.put(table.count)
            for row in table {
                out.put(row.count)
                for value in row { out.put(value) }
            }
        }
        return out.bytes
    }

    init(_ bytes: [UInt8]) throws(IndexFault) {
        var input = ByteScanner(bytes)
        findings = try StoredTables.table(&input, columns: EventTables.findingColumns)
        evidence = try StoredTables.table(&input, columns: EventTables.evidenceColumns)
        guard input.isAtEnd else { throw .damaged("tables with more behind them") }
    }

    private static func table(_ input: inout ByteScanner, columns: Int) throws(IndexFault) -> [[SQLValue]] {
        var rows: [[SQLValue]] = []
        for _ in 0..<(try input.count()) {
            guard try input.count() == columns else { throw .damaged("a row of other columns") }
            var row: [SQLValue] = []
            for _ in 0..<columns { row.append(try input.value()) }
            rows.append(row)
        }
        return rows
    }
}

extension ByteWriter {
    mutating func put(_ value: SQLValue) {
        switch value {
        case .null: put(0)
        case .integer(let integer):
            put(1)
            putSigned(integer)
        case .number(let number):
            put(2)
            put(number.bitPattern)
        case .text(let text):
            put(3)
            put(text)
        case .bytes(let bytes):
            put(4)
            put(bytes)
        }
    }
}

extension ByteScanner {
    mutating func value() throws(IndexFault) -> SQLValue {
        switch try integer(upTo: 4) {
        case 0: .null
        case 1: .integer(try signed())
        case 2: .number(Double(bitPattern: try number()))
        case 3: .text(try text())
        default: .bytes(try data())
        }
    }
}
