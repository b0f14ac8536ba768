import EventModel

/// Tells of an event to which windows it belongs, and whether it may stand on a chain between two.
struct WindowMembership {
    typealias Mask = CascadeWindows.Mask

    /// The windows that a name stands for, in each of the parts that it may play.
    private struct Named {
        var endpoint: Mask = 0
        var queue: Mask = 0
        var service: Mask = 0
        var actor: Mask = 0
    }

    /// What an event is to the windows.
    struct Answer {
        /// The windows that it belongs to.
        var own: Mask = 0
        /// Whether it is abnormal, or names the endpoint, queue or service of a window while that lasts.
        var isEligible = false
        /// Whether it only tells how a queue stands.
        var isQueueSample = false
    }

    private let windows: [CascadeWindows.Window]
    private let name: (Symbol) -> String
    private var byName: [String: Named] = [:]
    private var evidence: [RecordPlace: Mask] = [:]
    /// `byName` by the symbols of this pass, each looked up once.
    private var known: [Named?] = []
    /// The windows that are about automation's writes alone, not about what clients see.
    private var wedges: Mask = 0
    private var backlogs: Mask = 0
    /// The windows whose actor matters and is one only.
    private var ofOneActor: Mask = 0

    init(_ windows: CascadeWindows, _ findings: [Finding], name: @escaping (Symbol) -> String) {
        self.windows = windows.windows
        self.name = name
        for (index, window) in windows.windows.enumerated() {
            let bit: Mask = 1 << Mask(index)
            if window.kind == .automationWedged { wedges |= bit }
            if window.kind == .backlogOnset { backlogs |= bit }
            for at in window.findings {
                let finding = findings[at]
                if let endpoint = finding.endpoint { byName[endpoint, default: Named()].endpoint |= bit }
                if let queue = finding.queue { byName[queue, default: Named()].queue |= bit }
                if let service = finding.service { byName[service, default: Named()].service |= bit }
                if let actor = finding.actor {
                    byName[actor, default: Named()].actor |= bit
                    if finding.queue != nil { ofOneActor |= bit }
                }
                for item in finding.evidence {
                    evidence[RecordPlace(item.record), default: 0] |= bit
                }
            }
        }
    }

    mutating func answer(_ batch: borrowing EventBatch, row: Int, source: SourceID) -> Answer {
        let kind = batch.kind[row]
        let time = Timestamp(nanoseconds: batch.time[row])
        let isAbnormal = WindowMembership.isAbnormal(batch, row: row)
        var answer = Answer(own: evidence[RecordPlace(source: source, line: batch.line(at: row))] ?? 0)
        // What shows how it was before and after is no part of it.
        answer.own = answer.own & ~backlogs | open(answer.own & backlogs, at: time)
        // Looked up first, asked afterwards: a look-up among a question's arguments would have the whole value copied.
        let named = (
            endpoint: names(batch.endpoint[row]).endpoint, queue: names(batch.symbol(.queue, at: row)).queue,
            service: names(batch.symbol(.service, at: row)).service
        )
        let actor = names(batch.actor[row]).actor
        let endpoint = open(named.endpoint, at: time)
        let queue = open(named.queue, at: time)
        let service = open(named.service, at: time)
        if isAbnormal { answer.own |= kind.isOfClients ? endpoint & ~wedges : endpoint }
        if isAbnormal || kind == .queueSampled { answer.own |= queue & (actor | ~ofOneActor) }
        if isAbnormal { answer.own |= service }
        for index in indices(open(actor, at: time)) where accepts(windows[index].kind, kind, isAbnormal) {
            answer.own |= 1 << Mask(index)
        }
        answer.isQueueSample = kind == .queueSampled
        answer.isEligible = isAbnormal || answer.own | endpoint | queue | service != 0
        return answer
    }

    /// The windows whose endpoint, queue, service or actor a record names as what it acts on.
    mutating func target(_ batch: borrowing EventBatch, row: Int) -> Mask {
        let targets = [batch.endpoint[row], batch.symbol(.queue, at: row), batch.symbol(.service, at: row)]
        return targets.reduce(0) { mask, symbol in
            let named = names(symbol)
            return mask | named.endpoint | named.queue | named.service | named.actor
        }
    }

    /// The windows of an actor.
    mutating func windows(of actor: Symbol) -> Mask {
        let named = names(actor)
        return named.actor | named.service
    }

    /// Whether an event of that kind, by the window's actor, belongs to a window of that kind.
    private func accepts(_ window: Finding.Kind, _ kind: EventKind, _ isAbnormal: Bool) -> Bool {
        switch window {
        case .leaseExpiry: kind == .leaseFailed || kind == .leaseExpired
        case .launchFailure: kind == .launchFailed
        case .propagationDelay: isAbnormal && (kind == .stateDelayed || kind == .statePropagated)
        case .healthFlapping: isAbnormal && kind == .targetHealth || kind == .failoverStarted
        case .retryStorm: isAbnormal
        default: false
        }
    }

    /// Failed, late, refused, or gone.
    private static func isAbnormal(_ batch: borrowing EventBatch, row: Int) -> Bool {
        switch batch.outcome[row] {
        case .error, .timeout, .throttled, .refused: return true
        case .ok, .unknown: break
        }
        switch batch.kind[row] {
        case .recordEmptied, .resolveFailed, .workFailed, .leaseExpired, .leaseFailed, .stateDelayed, .launchFailed,
            .failoverStarted:
            return true
        case .targetHealth: return batch.fields[row].contains(.unhealthy)
        case .statePropagated: return batch.number(.latencyMs, at: row) ?? 0 > PropagationDelayDetector.late
        case .serviceSampled:
            let bad = Double(batch.integer(.errors, at: row) ?? 0) + Double(batch.integer(.throttles, at: row) ?? 0)
            return bad > 0 && bad > ServiceImpactDetector.floor * Double(batch.integer(.requests, at: row) ?? 0)
        default: return batch.integer(.attempt, at: row) ?? 1 > 1
        }
    }

    private func open(_ mask: Mask, at time: Timestamp) -> Mask {
        var result = mask
        for index in indices(mask) where !windows[index].contains(time) { result &= ~(1 << Mask(index)) }
        return result
    }

    private mutating func names(_ symbol: Symbol) -> Named {
        if symbol == .none { return Named() }
        let index = Int(symbol.index)
        if index >= known.count {
            // As many again each time: new symbols come one by one.
            known.append(contentsOf: repeatElement(nil, count: max(known.count, index + 1 - known.count)))
        }
        if let answer = known[index] { return answer }
        let answer = byName[name(symbol)] ?? Named()
        known[index] = answer
        return answer
    }
}

extension EventKind {
    /// What clients of an endpoint see of it.
    fileprivate var isOfClients: Bool { self == .resolveFailed || self == .resolveOK }
}

/// The bits of a mask, the lowest first.
func indices(_ mask: CascadeWindows.Mask) -> some Sequence<Int> {
    sequence(state: mask) { (left: inout CascadeWindows.Mask) -> Int? in
        if left == 0 { return nil }
        let bit = left.trailingZeroBitCount
        left &= left - 1
        return bit
    }
}
