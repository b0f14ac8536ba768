/// Events as `query --format csv` writes them, safe for spreadsheets.
package struct CSVExport: EventExport {
    private let writer = EventRowWriter(.csv, csv: .safe)

    package init() {}

    package mutating func begin(_ output: inout [UInt8]) { writer.begin(&output) }
    package mutating func end(_ output: inout [UInt8]) { writer.end(&output) }

    package mutating func add(_ event: ExportEvent, in order: ExportOrder, _ output: inout [UInt8]) {
        writer.row(event.row, &output)
    }
}
