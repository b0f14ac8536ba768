import EventModel

/// What one event or a run of like events did, in words of a reader. Exact text: the renderer escapes it.
enum EventWords {
    /// What an event's words are made of, beyond its name.
    struct Subject {
        var kind: EventKind
        /// The record's `event`, for kinds without words of their own.
        var name: String
        var outcome: Outcome
        var plan: Generation?
        var active: Generation?
        var replaces: Generation?
        var commit: Generation?
        var records: Int64?
        var attempt: Int64?
        var depth: Double?
        var requests: Int64?
        var errors: Int64?
        var throttles: Int64?
        var by: String?
        var queue: String?
        var state: String?
        /// The record's `reason`, else its `error`.
        var reason: String?
    }

    /// One event: `writes 110 over the newer 145 (commit 20417)`.
    static func single(_ event: Subject) -> String {
        let plan = event.plan.map { " \($0)" } ?? ""
        var text: String
        switch event.kind {
        case .planCreated: text = "creates generation" + plan
        case .runStarted: text = "takes up" + plan
        case .runFinished: text = "has gone through all endpoints with" + plan
        case .planChecked:
            text = "checks" + plan
            if let active = event.active { text += active == 0 ? ": none is active" : ": \(active) is active" }
        case .planApplying: text = "sends its write of" + plan
        case .planApplied:
            text = applied(event.outcome, plan)
            if event.outcome == .ok { text += displacing(event) }
        case .changeCommitted:
            text = "commits" + plan + (event.by.map { " by " + $0 } ?? "")
        case .cleanupStarted: text = "starts a clean-up" + (event.plan == nil ? "" : " behind" + plan)
        case .cleanupFinished: text = "ends the clean-up" + (event.plan == nil ? "" : " behind" + plan)
        case .planDeleted: text = (event.outcome == .ok ? "deletes" : "tries to delete") + plan
        case .recordEmptied: text = "no addresses are left" + (event.plan == nil ? "" : " (of" + plan + ")")
        case .recordRestored: text = "restores the record" + (event.plan == nil ? "" : " as" + plan)
        case .automationDisabled: text = "switches automation off"
        case .automationEnabled: text = "switches automation on"
        case .throttleSet: text = "throttles"
        case .throttleCleared: text = "lifts the throttle"
        case .hostRestarted: text = "restarts a host"
        case .failoverStarted: text = "starts a failover"
        case .failoverFinished: text = "ends the failover"
        case .queueSampled:
            text = "queue" + (event.queue.map { " " + $0 } ?? "")
            if let depth = event.depth { text += ": depth " + Figures.exact(depth) }
        case .serviceSampled: text = "sample" + sampled(event)
        default: text = event.name + (event.queue.map { " " + $0 } ?? "") + (event.state.map { " " + $0 } ?? "")
        }
        var notes: [String] = []
        if let commit = event.commit { notes.append("commit \(commit)") }
        if let records = event.records, event.kind != .recordEmptied {
            notes.append(records == 0 ? "no addresses" : Figures.count(records, "address", plural: "addresses"))
        }
        if let attempt = event.attempt, attempt > 1 { notes.append("attempt \(attempt)") }
        if event.outcome != .ok, event.kind != .planApplied { notes.append(event.outcome.name) }
        if !notes.isEmpty { text += " (" + notes.joined(separator: ", ") + ")" }
        if let reason = event.reason, !reason.isEmpty { text += ": " + reason }
        return text
    }

    /// A run of like events: `318 writes`.
    static func run(_ event: Subject, count: UInt64) -> String {
        let noun: (one: String, many: String) =
            switch event.kind {
            case .planCreated: ("generation created", "generations created")
            case .runStarted: ("run begun", "runs begun")
            case .runFinished: ("run finished", "runs finished")
            case .planChecked: ("check", "checks")
            case .planApplying: ("write sent", "writes sent")
            case .planApplied: written(event.outcome)
            case .changeCommitted: ("commit", "commits")
            case .cleanupStarted: ("clean-up begun", "clean-ups begun")
            case .cleanupFinished: ("clean-up ended", "clean-ups ended")
            case .planDeleted: ("generation deleted", "generations deleted")
            case .recordEmptied: ("sight of no addresses", "sights of no addresses")
            case .recordRestored: ("record restored", "records restored")
            case .queueSampled: ("sample of a queue", "samples of queues")
            case .serviceSampled: ("sample of a service", "samples of services")
            case .hostRestarted: ("host restarted", "hosts restarted")
            default: (event.name, "times " + event.name)
            }
        return Figures.grouped(count) + " " + (count == 1 ? noun.one : noun.many)
            + (event.by.map { " by " + $0 } ?? "")
    }

    /// `: 755 of 812 requests failed, 3 throttled`.
    private static func sampled(_ event: Subject) -> String {
        guard let requests = event.requests else { return "" }
        var text = ": " + Figures.grouped(event.errors ?? 0) + " of " + Figures.count(requests, "request") + " failed"
        if let throttles = event.throttles, throttles > 0 { text += ", " + Figures.grouped(throttles) + " throttled" }
        return text
    }

    private static func displacing(_ event: Subject) -> String {
        guard let replaces = event.replaces else { return "" }
        if replaces == 0 { return " where none was active" }
        if let plan = event.plan, plan < replaces { return " over the newer \(replaces)" }
        return ", displacing \(replaces)"
    }

    private static func applied(_ outcome: Outcome, _ plan: String) -> String {
        switch outcome {
        case .ok: "writes" + plan
        case .refused: "is refused its write of" + plan
        case .throttled: "is throttled at its write of" + plan
        case .timeout: "gets no answer to its write of" + plan + ", which may have taken effect"
        case .error, .unknown: "fails at its write of" + plan + ", which may have taken effect"
        }
    }

    private static func written(_ outcome: Outcome) -> (String, String) {
        switch outcome {
        case .ok: ("write", "writes")
        case .refused: ("write refused", "writes refused")
        case .throttled: ("write throttled", "writes throttled")
        case .timeout: ("write without an answer", "writes without an answer")
        case .error, .unknown: ("failed write", "failed writes")
        }
    }
}
