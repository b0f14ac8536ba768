/// Something that was done to a system in trouble, or that a person noted about it: one record, or a run of like ones.
public struct Act: Sendable {
    /// What the event means to the analysis; `other` where only its name tells.
    public var kind: EventKind
    /// The record's `event`.
    public var event: String
    /// Who did it, in the order of their records; at most `Act.actorLimit` are kept.
    public var actors: [String]
    /// How many records it stands for.
    public var count: UInt64 = 1
    /// The first of them. Its `actor` is a number of the pass that collected it.
    public var first: RecordRef
    /// The last of them.
    public var last: RecordRef
    /// The first record's place in the causal order.
    public var ordinal: UInt64
    /// What it was done to: an endpoint, a service or a queue.
    public var target: String?
    /// The generation that it names.
    public var plan: Generation?
    /// The record's `reason`, else its `error`; nil where the pass had no text.
    public var reason: String?
    /// How it ended.
    public var outcome: Outcome
    /// Whether a person did it, as far as the records tell.
    public var isByOperator: Bool

    /// So many actors are named.
    public static let actorLimit = 32

    /// Makes an act of one record.
    public init(
        kind: EventKind, event: String, actor: String, record: RecordRef, ordinal: UInt64, target: String?,
        plan: Generation?, reason: String?, outcome: Outcome, isByOperator: Bool
    ) {
        self.kind = kind
        self.event = event
        actors = [actor]
        first = record
        last = record
        self.ordinal = ordinal
        self.target = target
        self.plan = plan
        self.reason = reason
        self.outcome = outcome
        self.isByOperator = isByOperator
    }

    /// Whether one of its records may be this one.
    public func covers(_ record: RecordRef) -> Bool {
        if RecordPlace(first) == RecordPlace(record) { return true }
        return count > 1 && record.kind == kind && record.time >= first.time && record.time <= last.time
    }
}

extension EventKind {
    /// What is done to a system in trouble, by people or for them. A failover is no such act: checkers begin and end it by themselves.
    public var isIntervention: Bool {
        switch self {
        case .throttleSet, .throttleCleared, .hostRestarted, .automationDisabled, .automationEnabled, .recordRestored:
            true
        default: false
        }
    }

    /// What changes nothing, whoever wrote it: samples, look-ups, checks, and what was only sent.
    public var isObservation: Bool {
        switch self {
        case .queueSampled, .serviceSampled, .resolveOK, .resolveFailed, .targetHealth, .planChecked, .planApplying,
            .leaseRenewed, .leaseFailed, .leaseExpired, .statePropagated, .stateDelayed, .launchOK, .launchFailed,
            .workEnqueued, .workCompleted, .workFailed:
            true
        default: false
        }
    }
}
