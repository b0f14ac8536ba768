import EventModel

/// One endpoint's records that are not judged yet, and what is known of it as of the last that was.
struct EndpointLedger: Sendable {
    /// Writes judged with only one record of two that are remembered for the other's sake.
    private static let halvesKept = 16

    let endpoint: Symbol
    private(set) var pending: [PlanRecord] = []
    private var checks: [Check] = []
    private var halves: [PlanRecord] = []
    private var state = EndpointState()

    init(endpoint: Symbol) {
        self.endpoint = endpoint
    }

    /// How much memory waits here; see `PlanRecord.weight`.
    private(set) var weight = 0

    // MARK: Taking records in

    /// Notes a check of this endpoint; an actor's newest replaces the one before.
    mutating func add(_ check: Check) {
        if let at = checks.firstIndex(where: { $0.moment.ref.actor == check.moment.ref.actor }) {
            checks[at] = check
        } else {
            checks.append(check)
        }
    }

    /// The later of the writer's check of this endpoint and of the whole run.
    func check(of writer: Symbol, plan: Int64, wholeRun: Check?) -> Check? {
        guard let own = checks.first(where: { $0.moment.ref.actor == writer && $0.plan == plan }) else {
            return wholeRun
        }
        guard let wholeRun, !wholeRun.isRunStart, own.moment.precedes(wholeRun.moment) else { return own }
        return wholeRun
    }

    mutating func add(_ record: PlanRecord) {
        pending.append(record)
        weight += record.weight
    }

    // MARK: Judging

    /// Judges the first half of what waits, in the effective order of all that waits.
    mutating func settleHalf(_ judge: inout EndpointJudge) {
        let steps = arrange(&judge)
        let settled = steps.prefix((steps.count + 1) / 2)
        for step in settled {
            judge.take(step, state: &state)
            let isHalf = step.stored == nil || step.answer == nil
            if step.kind == .write, isHalf, judge.broadcast.hasStore, step.main.form != .restored {
                if halves.count == Self.halvesKept { halves.removeFirst() }
                halves.append(step.main)
            }
        }
        pending.removeAll(keepingCapacity: true)
        for step in steps.dropFirst(settled.count) {
            pending.append(step.main)
            if let stored = step.stored, stored !== step.main { pending.append(stored) }
        }
        pending.sort { $0.ordinal < $1.ordinal }
        weight = pending.reduce(0) { $0 + $1.weight }
    }

    /// Judges all that is left, as the log ends.
    mutating func finish(_ judge: inout EndpointJudge) {
        for step in arrange(&judge) { judge.take(step, state: &state) }
        pending = []
        weight = 0
        judge.finish(state: &state)
    }

    private mutating func arrange(_ judge: inout EndpointJudge) -> [PlanStep] {
        judge.endpoint = endpoint
        let pairing = WritePairing(
            pending, halves: &halves, storeIsComplete: judge.broadcast.storeIsComplete, clocks: &judge.clocks)
        let order = EffectiveOrder(pairing.steps, active: state.active?.plan, clocks: &judge.clocks)
        judge.verdicts.droppedConstraints &+= order.dropped
        var steps = order.sequence.map { pairing.steps[$0] }
        markSafeguards(&steps, clocks: &judge.clocks)
        return steps
    }

    /// Marks the refusals of a generation when one at least as new may have been active: the last write known to have come
    /// before the refusal, or one whose place is open.
    private func markSafeguards(_ steps: inout [PlanStep], clocks: inout WallClocks) {
        for at in steps.indices where steps[at].kind == .failure && steps[at].main.outcome == .refused {
            let refusal = steps[at]
            var first = 0
            var isActive = (state.active.map { $0.plan >= refusal.plan } ?? false) && !state.isVoid
            for other in steps.indices.reversed() where steps[other].kind == .write {
                if !refusal.failed(after: steps[other], clocks: &clocks) { continue }
                first = other
                isActive = steps[other].plan >= refusal.plan
                break
            }
            steps[at].isSafeguard =
                isActive
                || steps[first...].contains { write in
                    write.kind == .write && write.plan >= refusal.plan
                        && !refusal.failed(before: write, clocks: &clocks)
                }
        }
    }
}
