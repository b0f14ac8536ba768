/// A field that only some events have. An event's values stand packed, in the order of these cases.
package enum Field: UInt8, CaseIterable, Sendable {
    // Integers.
    case plan, active, replaces, commit, records, attempt
    case depth, arrived, completed, failed, arrivedTotal, completedTotal, failedTotal
    case requests, errors, throttles
    // Numbers: the bits of a double.
    case oldestMs, latencyMs
    // Symbols.
    case role, queue, service, store, by, state
    // Names of single things, as stable 64-bit digests of their text: they do not recur, and so are never interned.
    case id, item

    /// The key in a record.
    package var key: String {
        switch self {
        case .plan: "plan"
        case .active: "active"
        case .replaces: "replaces"
        case .commit: "commit"
        case .records: "records"
        case .attempt: "attempt"
        case .depth: "depth"
        case .arrived: "arrived"
        case .completed: "completed"
        case .failed: "failed"
        case .arrivedTotal: "arrived_total"
        case .completedTotal: "completed_total"
        case .failedTotal: "failed_total"
        case .requests: "requests"
        case .errors: "errors"
        case .throttles: "throttles"
        case .oldestMs: "oldest_ms"
        case .latencyMs: "latency_ms"
        case .role: "role"
        case .queue: "queue"
        case .service: "service"
        case .store: "store"
        case .by: "by"
        case .state: "state"
        case .id: "id"
        case .item: "item"
        }
    }

    /// Whether the value is a symbol of the batch's table.
    package var isSymbol: Bool { (Field.role.rawValue...Field.state.rawValue).contains(rawValue) }
}

/// Which fields an event has, and a few facts about it that are a bit each.
package struct FieldSet: OptionSet, Hashable, Sendable {
    /// One bit a field, then the flags.
    package var rawValue: UInt64

    /// Makes a set from its bits.
    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The set of one field.
    package init(_ field: Field) {
        rawValue = 1 << UInt64(field.rawValue)
    }

    /// `reason` is `rollback`.
    package static let rollback = FieldSet(rawValue: 1 << 40)
    /// The record has a `vc`, well-formed or not.
    package static let clock = FieldSet(rawValue: 1 << 41)
    /// The record's `vc` cannot be used: no own entry, or an entry that is no count.
    package static let faultyClock = FieldSet(rawValue: 1 << 42)
    /// `role` is `operator`.
    package static let byOperator = FieldSet(rawValue: 1 << 43)
    /// `state` is `unhealthy`.
    package static let unhealthy = FieldSet(rawValue: 1 << 44)

    /// The number of packed values that stand before `field`'s.
    package func rank(_ field: Field) -> Int {
        (rawValue & ((1 << UInt64(field.rawValue)) - 1)).nonzeroBitCount
    }
}
