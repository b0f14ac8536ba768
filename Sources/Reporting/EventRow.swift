import CausalAnalysis
import EventModel

/// One event as `query` shows it: plain values, exact; writers make them safe where people read.
package struct EventRow: Sendable {
    package var time: Timestamp
    package var actor: String
    package var event: String
    package var endpoint: String?
    package var plan: Generation?
    /// As the record says it; nil where it says nothing.
    package var outcome: String?
    /// The other fields that the vocabulary knows, in the order of `knownKeys`.
    package var fields: [Known]
    /// What the record has besides, as one compact JSON object; empty without any.
    package var rest: String
    /// The event's place in its process.
    package var stamp: Stamp
    /// Whether the record carried its clock; otherwise the stamp was inferred.
    package var hasClock: Bool
    package var file: String
    package var line: UInt64
    /// The rows of findings that it is evidence for: `F1`.
    package var findings: [String]
    /// The record's bytes as they stand in the log, without the line's end.
    package var raw: [UInt8]

    /// A field that the vocabulary knows.
    package struct Known: Sendable {
        package var key: String
        package var value: String
        /// Whether the record has a string; otherwise the value is the text of a number, a list and so on.
        package var isText: Bool
    }

    /// The known fields in the order in which they are shown, those of a column of their own left out.
    package static let knownKeys = [
        "role", "active", "replaces", "commit", "store", "by", "records", "attempt", "queue", "depth", "oldest_ms",
        "item",
        "arrived", "completed", "failed", "arrived_total", "completed_total", "failed_total", "service", "requests",
        "errors", "throttles", "state", "latency_ms", "reason", "error", "id", "causes",
    ]

    /// The row of an event as the causal order, or a query, gives it.
    ///
    /// - Parameters:
    ///   - findings: labels of the findings that the record is evidence for.
    ///   - file: the source's path in the bundle.
    package init(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, name: (Symbol) -> String, file: String,
        findings: [String] = []
    ) {
        let range = batch.textRange(at: row)
        let line = range.upperBound <= batch.text.count ? Array(batch.text[range]) : []
        self.init(
            line, time: Timestamp(nanoseconds: batch.time[row]), actor: name(batch.actor[row]),
            event: name(batch.event[row]), stamp: delivery.stamp, hasClock: delivery.hasClock, file: file,
            number: batch.line(at: row), findings: findings)
        endpoint = batch.endpoint[row] == .none ? nil : name(batch.endpoint[row])
        plan = batch.generation(.plan, at: row, name: name)
    }

    /// The row of a record from its bytes and what the analysis knows of it.
    package init(
        _ line: [UInt8], time: Timestamp, actor: String, event: String, stamp: Stamp, hasClock: Bool, file: String,
        number: UInt64, findings: [String] = []
    ) {
        self.time = time
        self.actor = actor
        self.event = event
        self.stamp = stamp
        self.hasClock = hasClock
        self.file = file
        self.line = number
        self.findings = findings
        raw = line
        var known: [String: Known] = [:]
        rest = ""
        for (key, value) in RecordMembers(line).members {
            switch key {
            case "ts", "actor", "event", "vc": break
            case _ where Self.isKnown(key) && value.elementsEqual("null".utf8): break
            case "endpoint": endpoint = Self.text(value)
            case "plan": plan = Generation(decimal: Self.text(value))
            case "outcome": outcome = Self.text(value)
            case _ where Self.known.contains(key):
                known[key] = Known(key: key, value: Self.text(value), isText: value.first == UInt8(ascii: "\""))
            default:
                rest += (rest.isEmpty ? "{" : ",") + JSONWriter.text(key) + ":" + String(decoding: value, as: UTF8.self)
            }
        }
        if !rest.isEmpty { rest += "}" }
        fields = Self.knownKeys.compactMap { known[$0] }
    }

    private static let known = Set(knownKeys)

    /// Whether null in the key's place is absence.
    private static func isKnown(_ key: String) -> Bool {
        known.contains(key) || key == "endpoint" || key == "plan" || key == "outcome"
    }

    /// A string's text, or another value's bytes.
    private static func text(_ value: ArraySlice<UInt8>) -> String {
        value.first == UInt8(ascii: "\"") ? RecordMembers.text(of: value) : String(decoding: value, as: UTF8.self)
    }
}
