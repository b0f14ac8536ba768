import EventModel

/// The fields of an event that people may ask for by name.
package enum EventFields {
    /// The names that every event, or the vocabulary, has; a record's other members go by their own.
    package static let names =
        ["ts", "actor", "event", "endpoint", "plan", "outcome"] + EventRow.knownKeys
        + ["counter", "file", "line", "record", "findings"]

    /// The value of a field; nil where the event has none.
    package static func value(_ name: String, of event: EventRow) -> ResultTable.Value? {
        switch name {
        case "ts": event.time.isAbsent ? nil : .text(event.time.rfc3339())
        case "actor": .text(event.actor)
        case "event": .text(event.event)
        case "endpoint": event.endpoint.map { .text($0) }
        case "plan": event.plan.map { plan in plan.int64.map { .integer($0) } ?? .text(plan.description) }
        case "outcome": event.outcome.map { .text($0) }
        case "counter": event.hasClock ? .integer(event.stamp.counter) : nil
        case "file": .text(event.file)
        case "line": .integer(Int64(clamping: event.line))
        case "record": .text("\(event.file):\(event.line)")
        case "findings": event.findings.isEmpty ? nil : .text(event.findings.joined(separator: " "))
        default: member(name, of: event)
        }
    }

    private static func member(_ name: String, of event: EventRow) -> ResultTable.Value? {
        guard let value = RecordMembers(event.raw).members.last(where: { $0.key == name })?.value else { return nil }
        if value.first == UInt8(ascii: "\"") { return .text(RecordMembers.text(of: value)) }
        let text = String(decoding: value, as: UTF8.self)
        if text == "null" { return nil }
        if let integer = Int64(text) { return .integer(integer) }
        // Whole numbers beyond 64 bits keep their digits.
        guard text.contains("."), let number = Double(text), number.isFinite else { return .text(text) }
        return .number(number)
    }
}
