import EventModel

/// One row of the table `events`: a record of the log with its place in the causal order.
///
/// Every property but the first ones is what the record says, nil where it says nothing; see EVENTS.md for their meaning.
package struct EventRecord: Sendable {
    /// The place in the causal order, from 1; different for every event.
    package var seq: Int64
    /// The wall clock, in nanoseconds since 1970-01-01T00:00:00Z. The column `time` is made from it.
    package var ts: Int64
    package var actor: String
    package var event: String
    package var role: String?
    package var endpoint: String?
    package var plan: Generation?
    package var active: Generation?
    package var replaces: Generation?
    /// `commit`, which is a word of SQL's own.
    package var commitNo: Generation?
    package var store: String?
    package var records: Int64?
    package var outcome: String?
    package var error: String?
    package var attempt: Int64?
    package var queue: String?
    package var item: String?
    package var depth: Double?
    package var oldestMs: Double?
    package var latencyMs: Double?
    package var arrived: Int64?
    package var completed: Int64?
    package var failed: Int64?
    package var service: String?
    package var requests: Int64?
    package var errors: Int64?
    package var throttles: Int64?
    package var state: String?
    package var by: String?
    package var reason: String?
    /// The actor's own entry in its clock.
    package var counter: Int64?
    /// The whole clock, as a JSON object.
    package var clock: String?
    /// Whether the clock was inferred.
    package var inferred: Bool
    /// The log's path below the bundle, and the line in it, from 1.
    package var file: String
    package var line: Int64
    /// The line itself.
    package var raw: String

    /// Makes a row of what every event has; the rest is set afterwards.
    package init(
        seq: Int64, ts: Int64, actor: String, event: String, inferred: Bool = false, file: String, line: Int64,
        raw: String
    ) {
        self.seq = seq
        self.ts = ts
        self.actor = actor
        self.event = event
        self.inferred = inferred
        self.file = file
        self.line = line
        self.raw = raw
    }
}
