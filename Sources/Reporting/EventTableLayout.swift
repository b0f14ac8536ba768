import EventModel

/// Events in aligned columns for a terminal, one line each. Columns have fixed widths, so that a line needs no other line:
/// an answer of millions of events streams.
struct EventTableLayout: Sendable {
    private let actorWidth: Int
    private let endpointWidth: Int

    private let showsEndpoint: Bool

    init(width: Int, showsEndpoint: Bool) {
        self.showsEndpoint = showsEndpoint
        let spare = max(0, width - 100)
        actorWidth = 12 + min(12, spare / 4)
        endpointWidth = 24 + min(24, spare / 2)
    }

    /// The event's line, safe to print, with its end.
    func line(_ event: EventRow, _ times: TimeStyle) -> String {
        let cell = { (text: String, width: Int) in DisplayWidth.fit(VisibleText.cell(text), to: width) }
        let time = event.time.isAbsent ? TimeStyle.absent : event.time.rfc3339(offset: times.offset, digits: 3)
        var columns = [time, cell(event.actor, actorWidth)]
        columns.append(cell(event.event, 15))
        if showsEndpoint { columns.append(cell(event.endpoint ?? "", endpointWidth)) }
        columns.append(cell(event.plan.map { "plan \($0)" } ?? "", 9))
        columns.append(cell(event.outcome ?? (event.event == EventKind.planApplied.name ? "ok" : ""), 9))
        columns.append(cell(event.findings.joined(separator: " "), 3))
        columns.append(DisplayWidth.clip(VisibleText.cell("\(event.file):\(event.line)"), to: 40))
        columns += Self.notes(event).map { DisplayWidth.clip(VisibleText.cell($0), to: 120) }
        return columns.joined(separator: "  ") + "\n"
    }

    /// The fields that have no column: `commit 20416`, `replaces 144`, `3.1 ms`, the clock's place, what else there is.
    static func notes(_ event: EventRow) -> [String] {
        var notes = event.fields.compactMap { field -> String? in
            switch field.key {
            case "latency_ms": field.value + " ms"
            case "oldest_ms": "oldest " + field.value + " ms"
            case "role", "id", "causes", "item": nil
            default: field.key + " " + field.value
            }
        }
        notes.append(
            event.hasClock ? "#\(event.stamp.counter)" : "#\(event.stamp.counter)+\(event.stamp.position) inferred")
        if !event.rest.isEmpty { notes.append(event.rest) }
        return notes
    }
}
