import EventModel

/// Goes through an endpoint's steps in their effective order and says what each did.
struct EndpointJudge: ~Copyable, Sendable {
    var broadcast = PlanBroadcast()
    var verdicts = PlanVerdicts()
    var memory: PlanMemory
    var past = PastWrites()
    /// What the logs lack, once that is known.
    var continuity: PlanContinuity?
    /// Whose history it is.
    var endpoint = Symbol.none

    init(skew: any SkewBounds) {
        memory = PlanMemory(skew: skew)
    }

    /// Takes the next step.
    mutating func take(_ step: PlanStep, state: inout EndpointState) {
        switch step.kind {
        case .failure: state.open.failures.add(step)
        case .emptied: state.open.add(emptied: step.main)
        case .uncertain: state.open.add(uncertain: step)
        case .write: takeWrite(step, state: &state)
        }
    }

    /// Ends the endpoint's history with the log.
    mutating func finish(state: inout EndpointState) {
        askUncertain(state: state)
        closeInterval(before: nil, state: &state)
        for record in state.open.sightings { addSighting(record, until: nil, state: &state) }
        for at in state.open.unmended { verdicts.findings[at].severity = .critical }
    }

    private mutating func takeWrite(_ step: PlanStep, state: inout EndpointState) {
        let isOpen = resolveUncertain(by: step, state: &state)
        closeInterval(before: step, state: &state)
        judgeOverwrite(by: step, isOpen: isOpen, state: &state)
        mend(by: step, state: &state)
        state.activate(step, past: &past)
        if step.leavesAddresses {
            fill(by: step, state: &state)
        } else if state.open.unfilled == nil {
            addEmptied(
                at: step.at, basis: OrderBasis(confidence: .proven, words: "records is 0"),
                evidence: [Finding.Evidence(part: Finding.Part.write, record: step.shown)], actor: step.writer,
                state: &state)
        }
    }

    // MARK: Attempts that may have taken effect

    /// A write that says what it displaced tells whether the attempt ahead of it took effect: then that is judged too.
    /// Returns whether the active generation stays open.
    private mutating func resolveUncertain(by step: PlanStep, state: inout EndpointState) -> Bool {
        guard !state.open.uncertain.isEmpty else { return false }
        guard step.replaces >= 0 else {
            askUncertain(state: state)
            return true
        }
        let attempts = state.open.takeUncertain()
        if step.replaces != state.active?.plan, var effect = attempts.last(where: { $0.plan == step.replaces }) {
            effect.kind = .write
            takeWrite(effect, state: &state)
        }
        return false
    }

    private mutating func askUncertain(state: EndpointState) {
        guard let active = state.active, !state.isVoid else { return }
        for step in state.open.uncertain where step.plan < active.plan {
            verdicts.questions.append(
                OpenQuestion(
                    endpoint: endpoint, plan: step.plan,
                    question:
                        "whether the write of plan \(step.plan), which was not answered, took effect over plan \(active.plan)",
                    evidence: [
                        Finding.Evidence(part: Finding.Part.write, record: step.shown),
                        Finding.Evidence(part: "the active write", record: active.shown),
                    ]))
        }
    }

    // MARK: What lost records could change

    private mutating func span(_ x: PlanStep, _ y: PlanStep) -> PlanSpan {
        span(x.known, y.effect.moment, x.storeTime, y.storeTime)
    }

    private func mayLackWrites(between write: PlanStep, and deletion: PlanBroadcast.Deletion) -> Bool {
        let span = PlanSpan(
            from: write.known, to: deletion.moment, fromStore: write.storeTime, toStore: deletion.storeTime)
        return continuity?.writes(missingIn: span, broadcast, memory.clocks).isEmpty == false
    }

    /// Keeps the two events, of which the first one's clock tells at the log's end what was lost between them.
    private mutating func span(
        _ x: Moment, _ y: Moment, _ from: StoreTime? = nil, _ to: StoreTime? = nil
    ) -> PlanSpan {
        memory.clocks.rows.hold(x.row)
        return PlanSpan(from: x, to: y, fromStore: from, toStore: to)
    }

    // MARK: Overwrites

    private mutating func judgeOverwrite(by step: PlanStep, isOpen: Bool, state: inout EndpointState) {
        let before = state.isVoid ? nil : state.active
        let displaced: Int64
        if step.replaces >= 0, !state.isVoid || step.replaces > step.plan {
            displaced = step.replaces
        } else if let before {
            displaced = before.plan
        } else {
            return
        }
        let judgement = OverwriteJudgement(
            step: step, displaced: displaced, before: before?.plan == displaced ? before : nil,
            displacedRef: state.write(of: displaced, past: past), check: check(of: step), isOpen: isOpen)
        if displaced > step.plan {
            var facts = PlanFacts(
                endpoint: endpoint, actor: step.writer, checkIsRunStart: judgement.check?.isRunStart ?? false)
            if step.replaces < 0, let before { facts.span = span(before, step) }
            if let check = judgement.check { facts.checkSpan = span(check.moment, step.shownMoment) }
            let overwrite = verdicts.add(judgement.finding(broadcast: broadcast, clocks: &memory.clocks), facts)
            if !step.isDeliberate { state.open.unmended.append(overwrite) }
        } else if displaced < step.plan, let near = judgement.nearMiss(clocks: &memory.clocks) {
            verdicts.addNearMiss(
                step, over: near.displaced, check: near.check, endpoint: endpoint, confidence: near.confidence,
                span: step.replaces >= 0 ? nil : span(near.displaced, step))
        }
    }

    private func check(of step: PlanStep) -> Check? {
        if step.main.check >= 0 { return memory[check: step.main.check] }
        let id = broadcast.check(of: step.writer, plan: step.plan)
        if id < 0 { return nil }
        let check = memory[check: id]
        // Delivered after the write: it counts only where nothing says that it came later.
        return step.happened(before: check.moment, memory.clocks) ? nil : check
    }

    /// Ends the overwrites that this write mends: by a generation as new as the one lost, or on purpose.
    private mutating func mend(by step: PlanStep, state: inout EndpointState) {
        state.open.unmended.removeAll { at in
            let finding = verdicts.findings[at]
            guard step.plan >= finding.displaced ?? .max || step.isDeliberate else { return false }
            verdicts.findings[at].until = max(step.at, finding.at)
            verdicts.facts[at].endedBy = step.writer
            verdicts.facts[at].endedPlan = step.plan
            if finding.severity != .critical {
                verdicts.findings[at].severity =
                    step.at.since(finding.at) > Nanoseconds.minute ? .high : .medium
            }
            return true
        }
    }

    // MARK: The time between two writes

    /// Judges what happened while the active write was active: deletions, emptied records, failures.
    private mutating func closeInterval(before next: PlanStep?, state: inout EndpointState) {
        let emptying = placeDeletions(before: next, state: &state)
        var since = emptying
        if since == nil, let record = state.open.emptied.first {
            addEmptied(
                at: record.moment.ref.time, basis: OrderBasis(confidence: .proven, words: ""),
                evidence: [Finding.Evidence(part: Finding.Part.emptied, record: record.moment.ref)], actor: .none,
                state: &state)
            since = record.moment
            state.isVoid = true
        }
        if let next { releaseSightings(before: next, state: &state) }
        addWedge(since: since, until: next, state: state)
    }

    /// The deletion of the active generation, where there was one.
    private mutating func placeDeletions(before next: PlanStep?, state: inout EndpointState) -> Moment? {
        guard let active = state.active, !state.isVoid else { return nil }
        let deletions = broadcast.deletions(of: active.plan)
        if deletions.isEmpty { return nil }
        var placement = DeletionPlacement(
            write: active, next: next, failures: state.open.failures.first, emptied: state.open.emptied,
            sightings: state.open.sightings, uncertain: state.open.uncertain.filter { $0.plan != active.plan },
            storeIsComplete: broadcast.storeIsComplete)
        var open: PlanBroadcast.Deletion?
        for deletion in deletions {
            placement.mayLackWrites = mayLackWrites(between: active, and: deletion)
            switch placement.place(deletion, clocks: &memory.clocks) {
            case .elsewhere: continue
            case .undecided: open = open ?? deletion
            case .whileActive(let basis, let witness):
                addDeletion(deletion, of: active, basis: basis, witness: witness, state: &state)
                return deletion.moment
            }
        }
        if let open {
            verdicts.questions.append(
                OpenQuestion(
                    endpoint: endpoint, plan: active.plan,
                    question: "whether plan \(active.plan) was active when it was deleted",
                    evidence: [
                        Finding.Evidence(part: Finding.Part.deletion, record: open.moment.ref),
                        Finding.Evidence(part: Finding.Part.write, record: active.shown),
                    ] + (next.map { [Finding.Evidence(part: "the next write", record: $0.shown)] } ?? [])))
        }
        return nil
    }

    private mutating func addDeletion(
        _ deletion: PlanBroadcast.Deletion, of active: PlanStep, basis: OrderBasis, witness: Finding.Evidence?,
        state: inout EndpointState
    ) {
        var evidence = [
            Finding.Evidence(part: Finding.Part.deletion, record: deletion.moment.ref),
            Finding.Evidence(part: Finding.Part.write, record: active.shown),
        ]
        if let stored = active.storedBeside {
            evidence.append(Finding.Evidence(part: Finding.Part.stored, record: stored))
        }
        if let witness { evidence.append(witness) }
        var basis = basis
        var isSeen = basis.confidence == .proven && witness != nil
        if let record = state.open.emptied.first(where: { $0.plan == active.plan }) {
            isSeen = true
            if !record.moment.restarted { basis.confidence = .proven }
            if witness?.record != record.moment.ref {
                evidence.append(Finding.Evidence(part: Finding.Part.emptied, record: record.moment.ref))
            }
        }
        let at = deletion.moment.ref.time
        var finding = Finding(kind: .activePlanDeleted, severity: .critical, confidence: basis.confidence, at: at)
        finding.basis = basis.words
        finding.plan = active.plan
        finding.evidence = evidence
        let span = isSeen ? nil : span(active.known, deletion.moment, active.storeTime, deletion.storeTime)
        _ = verdicts.add(
            finding, PlanFacts(endpoint: endpoint, actor: deletion.moment.ref.actor, span: span))
        state.open.sightings.removeAll { record in
            if witness?.record == record.moment.ref { return true }
            guard record.plan < 0 || record.plan == active.plan else { return false }
            return !memory.clocks.tell(record.moment, before: deletion.moment)
        }
        addEmptied(
            at: at, basis: basis, evidence: evidence, actor: deletion.moment.ref.actor, deleted: active.plan,
            span: span, state: &state)
        state.isVoid = true
    }

    // MARK: Empty endpoints

    private mutating func addEmptied(
        at: Timestamp, basis: OrderBasis, evidence: [Finding.Evidence], actor: Symbol, deleted: Int64 = -1,
        span: PlanSpan? = nil, state: inout EndpointState
    ) {
        for at in state.open.unmended { verdicts.findings[at].severity = .critical }
        guard state.open.unfilled == nil else { return }
        var finding = Finding(
            kind: .endpointEmptied, severity: .critical, confidence: basis.confidence, at: at, isWindow: true)
        finding.basis = basis.words
        finding.evidence = evidence
        finding.plan = deleted >= 0 ? deleted : nil
        state.open.unfilled = verdicts.add(
            finding, PlanFacts(endpoint: endpoint, actor: actor, deleted: deleted, span: span))
    }

    private mutating func fill(by step: PlanStep, state: inout EndpointState) {
        guard let at = state.open.unfilled else { return }
        verdicts.findings[at].until = max(step.at, verdicts.findings[at].at)
        verdicts.findings[at].evidence.append(
            Finding.Evidence(part: Finding.Part.ending, record: step.shown))
        verdicts.facts[at].endedBy = step.writer
        verdicts.facts[at].endedPlan = step.plan
        state.open.unfilled = nil
    }

    /// Sightings that must have come before the write and that no deletion explains stand for themselves.
    private mutating func releaseSightings(before next: PlanStep, state: inout EndpointState) {
        guard let active = state.active else { return }
        let ripe = state.open.sightings.filter {
            memory.clocks.precedes($0.moment, next.start) || memory.clocks.tell($0.moment, before: active.known)
        }
        for record in ripe {
            state.open.sightings.removeAll { $0.id == record.id }
            addSighting(record, until: next, state: &state)
        }
    }

    private mutating func addSighting(_ record: PlanRecord, until: PlanStep?, state: inout EndpointState) {
        addEmptied(
            at: record.moment.ref.time, basis: OrderBasis(confidence: .likely, words: "the endpoint was seen empty"),
            evidence: [Finding.Evidence(part: Finding.Part.emptied, record: record.moment.ref)], actor: .none,
            state: &state)
        if let until { fill(by: until, state: &state) }
    }

    // MARK: Wedged automation

    /// Failures one after another: after an emptied record one is enough, without ten.
    private mutating func addWedge(since emptied: Moment?, until next: PlanStep?, state: EndpointState) {
        var run = state.open.failures
        if let emptied {
            run = run.since(emptied, clocks: &memory.clocks)
            if run.count < 1 { return }
        } else if run.unexplained < 10 {
            return
        }
        guard let first = run.first.first ?? run.last, let last = run.last else { return }
        var finding = Finding(
            kind: .automationWedged, severity: emptied == nil ? .high : .critical, confidence: .likely,
            at: first.at, until: next.map { max($0.at, first.at) }, isWindow: true)
        let isSure = emptied.map { first.happened(after: $0, memory.clocks) } ?? true
        finding.confidence = isSure ? .proven : .likely
        finding.count = run.count
        finding.evidence = [Finding.Evidence(part: Finding.Part.firstFailure, record: first.shown)]
        if last.main.id != first.main.id {
            finding.evidence.append(Finding.Evidence(part: "the last failure", record: last.shown))
        }
        if let next {
            finding.evidence.append(Finding.Evidence(part: Finding.Part.ending, record: next.shown))
        }
        var facts = PlanFacts(endpoint: endpoint)
        facts.span = span(first, last)
        facts.emptied = state.open.unfilled
        facts.actor = run.writers.count == 1 ? first.writer : .none
        facts.actors = run.writers.count
        facts.endedBy = next?.writer ?? .none
        facts.endedPlan = next?.plan ?? -1
        _ = verdicts.add(finding, facts)
    }
}
