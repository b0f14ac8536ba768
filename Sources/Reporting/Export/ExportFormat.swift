import CausalAnalysis
import EventModel

/// The tools for which `export` writes events.
package enum ExportFormat: String, CaseIterable, Sendable {
    /// Text with vector clocks, which ShiViz draws as a space-time diagram.
    case shiviz
    /// Chrome's trace events as JSON, which Perfetto and chrome://tracing open.
    case perfetto
    /// RFC 4180, safe for spreadsheets.
    case csv
    /// OpenTelemetry's logs in JSON, a line for the records of one actor that follow each other.
    case otlp
    /// A database of SQLite.
    case sqlite
    /// Lines of JSON for a TLA+ specification that checks them.
    case tla

    /// Whether it is a file of bytes that no terminal can show.
    package var isBinary: Bool { self == .sqlite }
}

/// Writes events in the form of one tool, one after the other in causal order; holds of them what the form needs.
package protocol EventExport {
    /// Appends what stands before the first event.
    mutating func begin(_ output: inout [UInt8])
    /// Appends an event that `order` has just taken.
    mutating func add(_ event: ExportEvent, in order: ExportOrder, _ output: inout [UInt8])
    /// Appends what stands behind the last event.
    mutating func end(_ output: inout [UInt8])
}

/// An event to be exported, with its place among those that are.
package struct ExportEvent {
    /// What the record says.
    package var row: EventRow
    /// What it means to the analysis.
    package var kind: EventKind
    /// Whether it took effect, as far as its record says.
    package var isOK: Bool
    /// Whether its reason is a rollback.
    package var isRollback: Bool
    /// Where it stands, and what happened before it.
    package var place: ExportOrder.Place

    /// Gathers what formats need of an event.
    package init(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, name: (Symbol) -> String, file: String,
        findings: [String], place: ExportOrder.Place
    ) {
        self.row = EventRow(batch, row: row, delivery: delivery, name: name, file: file, findings: findings)
        kind = batch.kind[row]
        isOK = batch.outcome[row] == .ok
        isRollback = batch.fields[row].contains(.rollback)
        self.place = place
    }
}
