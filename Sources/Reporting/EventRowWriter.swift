import EventModel

/// The forms in which `query` gives out events.
package enum EventTableFormat: String, CaseIterable, Sendable {
    /// Aligned columns for a terminal.
    case table
    /// The records' own bytes, one a line.
    case jsonl
    /// The same as one array.
    case json
    /// RFC 4180 with a head; see `CSVForm`.
    case csv
    /// A table of GitHub Markdown.
    case markdown
}

/// Writes events one after the other in one of the forms; holds none of them.
package struct EventRowWriter: Sendable {
    private let format: EventTableFormat
    private let layout: EventTableLayout
    private let times: TimeStyle
    private let csv: CSVForm
    private let showsHead: Bool

    /// Prepares a writer.
    ///
    /// - Parameters:
    ///   - offset: seconds east of UTC for the times in `table` and `markdown`; the other forms are in UTC.
    ///   - width: columns of a terminal, for `table`; nil where it goes elsewhere, and nothing is cut.
    ///   - showsHead: whether `table` begins with the columns' names.
    ///   - showsEndpoint: whether `table` has a column for the endpoint; an answer about one endpoint needs none.
    ///   - csv: how `csv` writes texts.
    package init(
        _ format: EventTableFormat, offset: Int = 0, width: Int? = nil, showsHead: Bool = false,
        showsEndpoint: Bool = true,
        csv: CSVForm = .safe
    ) {
        self.csv = csv
        self.format = format
        self.showsHead = showsHead
        layout = EventTableLayout(width: width, showsEndpoint: showsEndpoint)
        times = TimeStyle(offset: offset, span: nil)
    }

    /// What stands before the first event.
    package func begin(_ output: inout [UInt8]) {
        switch format {
        case .table: if showsHead { output.append(contentsOf: layout.head(times).utf8) }
        case .jsonl: break
        case .json: output.append(UInt8(ascii: "["))
        case .csv: output.append(contentsOf: EventCSV.head.utf8)
        case .markdown: output.append(contentsOf: EventMarkdown.head(times).utf8)
        }
    }

    /// One event. The bytes are appended.
    /// - Parameter isFirst: whether none was written before it.
    package func row(_ event: EventRow, isFirst: Bool = false, _ output: inout [UInt8]) {
        switch format {
        case .table: output.append(contentsOf: layout.line(event, times).utf8)
        case .jsonl:
            output.append(contentsOf: event.raw)
            output.append(UInt8(ascii: "\n"))
        case .json:
            output.append(contentsOf: (isFirst ? "\n" : ",\n").utf8)
            output.append(contentsOf: event.raw)
        case .csv: output.append(contentsOf: EventCSV.line(event, csv).utf8)
        case .markdown: output.append(contentsOf: EventMarkdown.line(event, times).utf8)
        }
    }

    /// What stands behind the last event; `note` says for people what was left out (`3 of 812 events (--limit)`).
    package func end(note: String? = nil, _ output: inout [UInt8]) {
        if format == .json { output.append(contentsOf: "\n]\n".utf8) }
        guard let note else { return }
        switch format {
        case .table: output.append(contentsOf: (VisibleText.cell(note) + "\n").utf8)
        case .markdown: output.append(contentsOf: ("\n" + MarkdownText.inline(note) + "\n").utf8)
        case .jsonl, .json, .csv: break
        }
    }
}

/// Events in CSV.
enum EventCSV {
    private static let columns =
        ["ts", "actor", "event", "endpoint", "plan", "outcome"] + EventRow.knownKeys
        + ["counter", "inferred", "file", "line", "findings", "rest"]

    static let head = columns.joined(separator: ",") + "\r\n"

    static func line(_ event: EventRow, _ form: CSVForm) -> String {
        var values = [event.time.isAbsent ? "" : event.time.rfc3339(digits: 9)]
        values += [event.actor, event.event, event.endpoint ?? ""].map(form.cell)
        values += [event.plan?.description ?? "", form.cell(text: event.outcome ?? "")]
        var next = event.fields.makeIterator()
        var field = next.next()
        for key in EventRow.knownKeys {
            if let known = field, known.key == key {
                values.append(known.isText ? form.cell(text: known.value) : CSVForm.quoted(known.value))
                field = next.next()
            } else {
                values.append("")
            }
        }
        values.append(event.hasClock ? String(event.stamp.counter) : "")
        values.append(event.hasClock ? "" : form.cell(text: "\(event.stamp.counter)+\(event.stamp.position)"))
        values += [form.cell(text: event.file), String(event.line)]
        values += [event.findings.joined(separator: " "), event.rest].map(form.cell)
        return values.joined(separator: ",") + "\r\n"
    }
}

/// Events as a table of Markdown.
enum EventMarkdown {
    static func head(_ times: TimeStyle) -> String {
        """
        | \(times.zoneName) | actor | event | endpoint | plan | outcome | fields | findings | evidence |
        | --- | --- | --- | --- | ---: | --- | --- | --- | --- |

        """
    }

    static func line(_ event: EventRow, _ times: TimeStyle) -> String {
        let fields = EventTableLayout.notes(event).joined(separator: ", ")
        let cells = [
            times.bare(event.time), event.actor, event.event, event.endpoint ?? "",
            event.plan?.description ?? "", event.outcome ?? "", fields, event.findings.joined(separator: " "),
            "\(event.file):\(event.line)",
        ]
        return "| " + cells.map { MarkdownText.inline($0) }.joined(separator: " | ") + " |\n"
    }
}
