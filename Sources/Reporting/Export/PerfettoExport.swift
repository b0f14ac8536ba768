import EventModel

/// Events as a trace in Chrome's format, which Perfetto opens: a thread for each actor, a flow for each message between two, a track for
/// each finding that is a span of time, and a counter for each queue's depth.
///
/// An event is a slice of a microsecond, since flows join slices; where two slices of a thread would overlap in part, the format has no
/// meaning for them, so times are cut to microseconds. The exact time stands among the arguments.
package struct PerfettoExport: EventExport {
    private let findings: FindingList
    private let end: Timestamp
    private var hosts = 0
    private var flows = 0
    private var isFirst = true

    private enum Group: Int, CaseIterable {
        case actors = 1
        case findings, queues
    }

    /// - Parameter end: the logs' end, up to which a finding is drawn that lasts.
    package init(_ findings: FindingList, end: Timestamp) {
        self.findings = findings
        self.end = end
    }

    package mutating func begin(_ output: inout [UInt8]) {
        output.append(contentsOf: "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[".utf8)
        for group in Group.allCases {
            write(&output, "M", group, 0, "process_name") { json in
                json.key("args")
                json.object {
                    $0.key("name")
                    $0.value("\(group)")
                }
            }
        }
        for group in findings.groups { write(group, &output) }
    }

    package mutating func add(_ event: ExportEvent, in order: ExportOrder, _ output: inout [UInt8]) {
        let row = event.row
        let host = event.place.event.host
        // A record without a time has no place on an axis of time.
        if row.time.isAbsent { return }
        while hosts <= host {
            let name = order.hostNames[hosts]
            hosts += 1
            write(&output, "M", .actors, hosts, "thread_name") { json in
                json.key("args")
                json.object {
                    $0.key("name")
                    $0.value(name)
                }
            }
        }
        write(&output, "X", .actors, host + 1, row.event, at: row.time) { json in
            json.key("dur")
            json.value(1)
            json.key("args")
            json.object { Self.arguments(row, &$0) }
        }
        for cause in event.place.causes {
            let from = order.time(of: cause)
            if from.isAbsent { continue }
            flows += 1
            let flow = flows
            for (phase, thread, at) in [("s", cause.host, from), ("f", host, row.time)] {
                write(&output, phase, .actors, thread + 1, "happened before", at: at) { json in
                    json.key("cat")
                    json.value("order")
                    json.key("id")
                    json.value(flow)
                    if phase == "f" {
                        json.key("bp")
                        json.value("e")
                    }
                }
            }
        }
        if event.kind == .queueSampled, let queue = row.fields.first(where: { $0.key == "queue" }),
            let depth = row.fields.first(where: { $0.key == "depth" }).flatMap({ Double($0.value) })
        {
            write(&output, "C", .queues, 0, "\(row.actor)/\(queue.value)", at: row.time) { json in
                json.key("args")
                json.object {
                    $0.key("depth")
                    $0.value(depth)
                }
            }
        }
    }

    package mutating func end(_ output: inout [UInt8]) { output.append(contentsOf: "\n]}\n".utf8) }

    /// A finding that is a span: begun and ended as of a track of its own; one that is a moment, as a mark.
    private mutating func write(_ group: FindingGroup, _ output: inout [UInt8]) {
        let title = "\(group.label) \(group.kind.rawValue)"
        let finding = findings.representative(group)
        let arguments: (inout CompactJSON) -> Void = { json in
            json.key("args")
            json.object {
                $0.key("severity")
                $0.value(group.severity.name)
                $0.key("confidence")
                $0.value(group.confidence.name)
                $0.key("subject")
                $0.value(finding.subject)
                $0.key("summary")
                $0.value(finding.summary)
            }
        }
        guard let until = group.until ?? (group.lasts ? end : nil), until > group.at else {
            write(&output, "i", .findings, 0, title, at: group.at) { json in
                json.key("s")
                json.value("p")
                arguments(&json)
            }
            return
        }
        for (phase, at) in [("b", group.at), ("e", until)] {
            write(&output, phase, .findings, 0, title, at: at) { json in
                json.key("cat")
                json.value("finding")
                json.key("id")
                json.value(group.label)
                if phase == "b" { arguments(&json) }
            }
        }
    }

    private static func arguments(_ row: EventRow, _ json: inout CompactJSON) {
        var pairs = [("ts", row.time.rfc3339()), ("record", "\(row.file):\(row.line)")]
        if let endpoint = row.endpoint { pairs.append(("endpoint", endpoint)) }
        if let plan = row.plan { pairs.append(("plan", plan.description)) }
        if let outcome = row.outcome { pairs.append(("outcome", outcome)) }
        if !row.findings.isEmpty { pairs.append(("findings", row.findings.joined(separator: " "))) }
        pairs += row.fields.map { ($0.key, $0.value) }
        for (key, value) in pairs {
            json.key(key)
            json.value(value)
        }
    }

    private mutating func write(
        _ output: inout [UInt8], _ phase: String, _ group: Group, _ thread: Int, _ name: String,
        at time: Timestamp? = nil, _ rest: (inout CompactJSON) -> Void
    ) {
        var json = CompactJSON()
        json.object { json in
            json.key("ph")
            json.value(phase)
            json.key("pid")
            json.value(group.rawValue)
            json.key("tid")
            json.value(thread)
            json.key("name")
            json.value(name)
            if let time {
                json.key("ts")
                json.value(time.nanoseconds / 1000)
            }
            rest(&json)
        }
        output.append(contentsOf: (isFirst ? "\n" : ",\n").utf8)
        isFirst = false
        output.append(contentsOf: json.bytes)
    }
}
