import EventModel

/// Events in columns, one line each. Columns have fixed widths, so that a line needs no other line: an answer of millions of events streams.
/// On a terminal cells are cut to their columns and lines to its width; elsewhere nothing is cut, and a wider cell moves the rest of its line.
struct EventTableLayout: Sendable {
    private let width: Int?
    private let columns: [(name: String, width: Int)]
    private let showsEndpoint: Bool

    /// - Parameter width: the terminal's; nil elsewhere.
    init(width: Int?, showsEndpoint: Bool) {
        self.width = width
        self.showsEndpoint = showsEndpoint
        let spare = max(0, (width ?? 100) - 100)
        var columns = [("", 24), ("actor", 12 + min(12, spare / 4)), ("event", 16)]
        if showsEndpoint { columns.append(("endpoint", 24 + min(24, spare / 2))) }
        self.columns = columns + [("plan", 10), ("outcome", 9), ("finds", 3)]
    }

    /// The columns' names.
    func head(_ times: TimeStyle) -> String {
        let names = [times.zoneName] + columns.dropFirst().map(\.name)
        return line(zip(names, columns).map { DisplayWidth.pad($0, to: $1.width) } + ["record and fields"])
    }

    /// The event's line, safe to print, with its end.
    func line(_ event: EventRow, _ times: TimeStyle) -> String {
        var cells = [
            event.time.isAbsent ? TimeStyle.absent : event.time.rfc3339(offset: times.offset, digits: 3), event.actor,
            event.event,
        ]
        if showsEndpoint { cells.append(event.endpoint ?? "") }
        cells.append(event.plan.map { "plan \($0)" } ?? "")
        cells.append(event.outcome ?? (event.event == EventKind.planApplied.name ? "ok" : ""))
        cells.append(event.findings.joined(separator: " "))
        let fitted = zip(cells, columns).map { cell, column in
            let text = VisibleText.cell(cell)
            return width == nil
                ? DisplayWidth.pad(text, to: column.width) : DisplayWidth.fit(text, to: column.width)
        }
        return line(fitted + (["\(event.file):\(event.line)"] + Self.notes(event)).map { VisibleText.cell($0) })
    }

    private func line(_ cells: [String]) -> String {
        let text = cells.joined(separator: "  ")
        return (width.map { DisplayWidth.head(text, to: $0) } ?? text) + "\n"
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
