/// A field that only some events have. An event's values stand packed, in the order of these cases.
public enum Field: UInt8, CaseIterable, Sendable {
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
    public var key: String {
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

    /// Its bit in a `FieldSet`. Written out, so that a field named in the source is a constant in other modules too.
    @inlinable public var bit: UInt64 {
        switch self {
        case .plan: 1 << 0
        case .active: 1 << 1
        case .replaces: 1 << 2
        case .commit: 1 << 3
        case .records: 1 << 4
        case .attempt: 1 << 5
        case .depth: 1 << 6
        case .arrived: 1 << 7
        case .completed: 1 << 8
        case .failed: 1 << 9
        case .arrivedTotal: 1 << 10
        case .completedTotal: 1 << 11
        case .failedTotal: 1 << 12
        case .requests: 1 << 13
        case .errors: 1 << 14
        case .throttles: 1 << 15
        case .oldestMs: 1 << 16
        case .latencyMs: 1 << 17
        case .role: 1 << 18
        case .queue: 1 << 19
        case .service: 1 << 20
        case .store: 1 << 21
        case .by: 1 << 22
        case .state: 1 << 23
        case .id: 1 << 24
        case .item: 1 << 25
        }
    }

    /// Whether the value is the bits of a double.
    package var isNumber: Bool { self == .depth || self == .oldestMs || self == .latencyMs }

    /// Whether the value is the code of a `Generation`.
    public var isGeneration: Bool { rawValue <= Field.commit.rawValue }

    /// Whether the value is a symbol of the batch's table.
    public var isSymbol: Bool { (Field.role.rawValue...Field.state.rawValue).contains(rawValue) }
}

/// Which fields an event has, and a few facts about it that are a bit each.
public struct FieldSet: OptionSet, Hashable, BitwiseCopyable, Sendable {
    /// One bit a field, then the flags.
    public var rawValue: UInt64

    /// Makes a set from its bits.
    @inlinable public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The set of one field.
    @inlinable public init(_ field: Field) {
        rawValue = field.bit
    }

    /// `reason` is `rollback`.
    @inlinable public static var rollback: FieldSet { FieldSet(rawValue: 1 << 40) }
    /// The record has a `vc`, well-formed or not.
    @inlinable public static var clock: FieldSet { FieldSet(rawValue: 1 << 41) }
    /// The record's `vc` cannot be used: no own entry, or an entry that is no count.
    @inlinable public static var faultyClock: FieldSet { FieldSet(rawValue: 1 << 42) }
    /// `role` is `operator`.
    @inlinable public static var byOperator: FieldSet { FieldSet(rawValue: 1 << 43) }
    /// `state` is `unhealthy`.
    @inlinable public static var unhealthy: FieldSet { FieldSet(rawValue: 1 << 44) }
    /// The record gives its `outcome`: without it, `ok` is only taken for granted.
    @inlinable public static var outcome: FieldSet { FieldSet(rawValue: 1 << 45) }

    /// Whether all bits of another set are here. Said outright: through the protocol it would be a call for each event.
    @inlinable public func contains(_ other: FieldSet) -> Bool { rawValue & other.rawValue == other.rawValue }

    /// The number of packed values.
    @inlinable public var valueCount: Int { (rawValue & (Field.item.bit << 1 - 1)).nonzeroBitCount }

    /// The number of packed values that stand before `field`'s.
    @inlinable public func rank(_ field: Field) -> Int { (rawValue & (field.bit - 1)).nonzeroBitCount }
}
