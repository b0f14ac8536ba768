import EventModel

/// Events for ShiViz: two lines each, the host with its clock and what happened, behind the expression that reads them.
///
/// ShiViz splits a line at blanks, so those within a name are written as `_`.
package struct ShiVizExport: EventExport {
    package init() {}

    /// The expression, in the form that both JavaScript and PCRE2 read, and the empty line where one that separates executions would stand.
    static let head = #"(?<host>\S+) (?<clock>\{.*\})\n(?<time>\S+) (?<record>\S+) (?<event>.*)"# + "\n\n"

    package mutating func begin(_ output: inout [UInt8]) { output.append(contentsOf: Self.head.utf8) }

    package mutating func add(_ event: ExportEvent, in order: ExportOrder, _ output: inout [UInt8]) {
        let clock = event.place.clock.map {
            JSONWriter.text(Self.word(order.hostNames[$0.host])) + ":" + String($0.position)
        }
        let row = event.row
        let time = row.time.isAbsent ? "-" : row.time.rfc3339()
        output.append(
            contentsOf: "\(Self.word(order.hostNames[event.place.event.host])) {\(clock.joined(separator: ","))}\n".utf8
        )
        output.append(contentsOf: "\(time) \(Self.word("\(row.file):\(row.line)")) \(Self.words(row))\n".utf8)
    }

    package mutating func end(_ output: inout [UInt8]) {}

    private static func word(_ text: String) -> String {
        let shown = VisibleText.cell(text)
        return shown.isEmpty ? "_" : String(shown.map { $0.isWhitespace ? "_" : $0 })
    }

    /// `plan.applied db.example plan 21641 refused [F1]`.
    private static func words(_ row: EventRow) -> String {
        var words = [row.event, row.endpoint, row.plan.map { "plan \($0)" }, row.outcome].compactMap { $0 }
        if !row.findings.isEmpty { words.append("[\(row.findings.joined(separator: " "))]") }
        return VisibleText.cell(words.joined(separator: " "))
    }
}
