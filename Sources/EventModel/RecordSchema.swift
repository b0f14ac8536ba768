/// The keys of a record, in one table: what each is called, what it holds, and in which order it is shown.
package enum RecordSchema {
    /// What a field's value is.
    package enum FieldType: Sendable {
        case integer, number
        /// A name that recurs.
        case symbol
        /// A name of a single thing, kept as a digest.
        case digest
    }

    /// What a field's value is.
    @inline(__always)
    package static func type(of field: Field) -> FieldType {
        switch field {
        case .plan, .active, .replaces, .commit, .records, .attempt, .arrived, .completed, .failed,
            .arrivedTotal, .completedTotal, .failedTotal, .requests, .errors, .throttles:
            .integer
        case .depth, .oldestMs, .latencyMs: .number
        case .role, .queue, .service, .store, .by, .state: .symbol
        case .id, .item: .digest
        }
    }

    /// Fields of a type, in their order.
    package static func fields(_ type: FieldType) -> [Field] { Field.allCases.filter { self.type(of: $0) == type } }

    /// The keys that no `Field` stands for.
    package static let others = ["ts", "actor", "event", "vc", "endpoint", "outcome", "error", "reason", "causes"]

    /// All keys that have a meaning.
    package static let keys = others + Field.allCases.map(\.key)

    /// The field of a key.
    package static func field(_ key: String) -> Field? { Field.allCases.first { $0.key == key } }

    /// The keys in the order in which an event's fields are shown, those left out that have a column of their own.
    package static let shown = [
        "role", "active", "replaces", "commit", "store", "by", "records", "attempt", "queue", "depth", "oldest_ms",
        "item", "arrived", "completed", "failed", "arrived_total", "completed_total", "failed_total", "service",
        "requests", "errors", "throttles", "state", "latency_ms", "reason", "error", "id", "causes",
    ]

    private static let known = Set(keys.map { Array($0.utf8) })

    /// Whether a key has a meaning.
    package static func isKnown(_ key: UnsafeRawBufferPointer) -> Bool {
        key.count <= 15 && known.contains(Array(key))
    }
}
