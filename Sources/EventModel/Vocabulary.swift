/// What an event says, as far as the analysis gives it a meaning; every other name is `other`.
public enum EventKind: UInt8, CaseIterable, BitwiseCopyable, Sendable {
    case other
    case planCreated
    case runStarted, runFinished
    case planChecked, planApplying, planApplied
    case changeCommitted
    case cleanupStarted, cleanupFinished
    case planDeleted
    case recordEmptied, recordRestored
    case resolveFailed, resolveOK
    case automationDisabled, automationEnabled
    case queueSampled
    case workEnqueued, workCompleted, workFailed
    case leaseRenewed, leaseExpired, leaseFailed
    case statePropagated, stateDelayed
    case launchOK, launchFailed
    case targetHealth
    case failoverStarted, failoverFinished
    case serviceSampled
    case throttleSet, throttleCleared, hostRestarted

    /// The name in a record's `event`; empty for `other`.
    public var name: String {
        switch self {
        case .other: ""
        case .planCreated: "plan.created"
        case .runStarted: "run.started"
        case .runFinished: "run.finished"
        case .planChecked: "plan.checked"
        case .planApplying: "plan.applying"
        case .planApplied: "plan.applied"
        case .changeCommitted: "change.committed"
        case .cleanupStarted: "cleanup.started"
        case .cleanupFinished: "cleanup.finished"
        case .planDeleted: "plan.deleted"
        case .recordEmptied: "record.emptied"
        case .recordRestored: "record.restored"
        case .resolveFailed: "resolve.failed"
        case .resolveOK: "resolve.ok"
        case .automationDisabled: "automation.disabled"
        case .automationEnabled: "automation.enabled"
        case .queueSampled: "queue.sampled"
        case .workEnqueued: "work.enqueued"
        case .workCompleted: "work.completed"
        case .workFailed: "work.failed"
        case .leaseRenewed: "lease.renewed"
        case .leaseExpired: "lease.expired"
        case .leaseFailed: "lease.failed"
        case .statePropagated: "state.propagated"
        case .stateDelayed: "state.delayed"
        case .launchOK: "launch.ok"
        case .launchFailed: "launch.failed"
        case .targetHealth: "target.health"
        case .failoverStarted: "failover.started"
        case .failoverFinished: "failover.finished"
        case .serviceSampled: "service.sampled"
        case .throttleSet: "throttle.set"
        case .throttleCleared: "throttle.cleared"
        case .hostRestarted: "host.restarted"
        }
    }

    /// The kind of an event by its name.
    public init(name: String) {
        self = EventKind.byName[name] ?? .other
    }

    private static let byName: [String: EventKind] = Dictionary(
        uniqueKeysWithValues: allCases.filter { $0 != .other }.map { ($0.name, $0) })
}

/// How a write, a request or a piece of work ended. `unknown` is a word outside the vocabulary: it may have had an effect.
public enum Outcome: UInt8, CaseIterable, BitwiseCopyable, Sendable {
    case ok, error, timeout, throttled, refused, unknown

    /// The word in a record.
    public var name: String {
        switch self {
        case .ok: "ok"
        case .error: "error"
        case .timeout: "timeout"
        case .throttled: "throttled"
        case .refused: "refused"
        case .unknown: "unknown"
        }
    }

    /// The outcome by its word, or by one of the usual words for it, compared without case, blanks, `-` and `_`.
    public init(name: String) {
        self = Outcome.byWord[String(name.lowercased().filter { $0 != " " && $0 != "-" && $0 != "_" })] ?? .unknown
    }

    private static let byWord: [String: Outcome] = [
        "ok": .ok, "success": .ok, "succeeded": .ok, "applied": .ok, "true": .ok,
        "error": .error, "failed": .error, "failure": .error, "false": .error,
        "timeout": .timeout, "deadlineexceeded": .timeout,
        "throttled": .throttled, "ratelimited": .throttled,
        "refused": .refused, "conflict": .refused, "rejected": .refused, "denied": .refused,
    ]
}
