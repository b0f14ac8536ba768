import EventModel

/// Goes through the steps of one endpoint in their effective order and says what each did.
struct EndpointHistory: ~Copyable {
    private let steps: [PlanStep]
    private let neighbours: WriteNeighbours

    /// The place of the write whose generation is active; nil before the first.
    private var active: Int?
    /// Whether the active generation has been removed: nothing is active.
    private var isVoid = false
    private var written = WrittenGenerations()
    /// Attempts that may have taken effect, since what was active was last proven.
    private var uncertain: [Int] = []
    /// Since the active write: the store's emptied records, and the attempts that failed.
    private var emptied: [PlanStep] = []
    private var failures = FailureRun()
    private var outage = EmptyEndpoint()
    private var overwrites = OpenOverwrites()

    private init(_ order: consuming EffectiveOrder, _ steps: [PlanStep]) {
        self.steps = steps
        neighbours = WriteNeighbours(order: order, steps: steps)
    }

    /// Judges an endpoint's whole history.
    static func judge(_ records: inout EndpointRecords, _ pairing: inout WritePairing, _ verdicts: inout PlanVerdicts) {
        var steps: [PlanStep] = []
        pairing.make(&steps, of: &records)
        let order = EffectiveOrder(&steps, &records)
        verdicts.droppedConstraints &+= order.droppedConstraints
        var history = EndpointHistory(order, steps)
        for at in steps.indices { history.take(at, &records, &verdicts) }
        history.finish(&records, &verdicts)
    }

    private mutating func take(_ at: Int, _ records: inout EndpointRecords, _ verdicts: inout PlanVerdicts) {
        switch steps[at].kind {
        case .failure:
            var step = steps[at]
            step.isSafeguard = records.isSafeguard(at, of: steps)
            failures.add(step)
        case .emptied:
            // The store's record is placed by the store's log; another's floats.
            if steps[at].storeTime != nil { takeEmptied(at, &records, &verdicts) } else { outage.see(steps[at]) }
        case .uncertain: uncertain.append(at)
        case .write: takeWrite(at, &records, &verdicts)
        }
    }

    /// Ends the endpoint's history with the log.
    private mutating func finish(_ records: inout EndpointRecords, _ verdicts: inout PlanVerdicts) {
        askUncertain(records, &verdicts)
        closeInterval(
            before: nil, between: .unknown, neighbours: neighbours.sure(active, nil, &records), &records, &verdicts)
        for step in outage.sightings { addSighting(step, until: nil, records, &verdicts) }
        overwrites.becomeCritical(&verdicts)
    }

    private mutating func takeWrite(_ at: Int, _ records: inout EndpointRecords, _ verdicts: inout PlanVerdicts) {
        let step = steps[at]
        if !uncertain.isEmpty {
            resolveUncertain(by: at, neighbours.between(active, at, records), &records, &verdicts)
        }
        let between = neighbours.between(active, at, records)
        let sure = neighbours.sure(active, at, &records)
        closeInterval(before: at, between: between, neighbours: sure, &records, &verdicts)
        judgeOverwrite(by: at, between, &records, &verdicts)
        overwrites.mend(by: step, &records, &verdicts)
        activate(at)
        if step.leavesAddresses {
            outage.end(by: step, records, &verdicts)
        } else if outage.finding == nil {
            empty(
                at: records.at(step), basis: OrderBasis(confidence: .proven, reason: .noAddressesLeft),
                evidence: [records.evidence(Finding.Part.write, step.shown)], by: step.writer,
                proof: [.empties(records.leaving(step))], records, &verdicts)
        }
    }

    /// The store says which generation's deletion emptied the endpoint: an attempt on it that nobody saw take effect did, late perhaps.
    private mutating func takeEmptied(_ at: Int, _ records: inout EndpointRecords, _ verdicts: inout PlanVerdicts) {
        let plan = steps[at].plan
        if plan >= 0, let active, !isVoid, steps[active].plan != plan,
            let effect = uncertain.last(where: { steps[$0].plan == plan })
        {
            uncertain = []
            takeWrite(effect, &records, &verdicts)
        }
        emptied.append(steps[at])
    }

    private mutating func activate(_ at: Int) {
        active = at
        isVoid = false
        if steps[at].plan >= 0 { written.append(at) }
        if !emptied.isEmpty { emptied = [] }
        if !failures.steps.isEmpty { failures = FailureRun() }
    }

    // MARK: Attempts that may have taken effect

    /// What a write displaced, and commits and logs without a gap, tell whether attempts ahead of it took effect. Then what took effect is
    /// judged too.
    private mutating func resolveUncertain(
        by at: Int, _ between: WriteNeighbours.Between, _ records: inout EndpointRecords, _ verdicts: inout PlanVerdicts
    ) {
        if case .nothing = between {
            uncertain = []
        } else if steps[at].replaces >= 0 {
            let attempts = uncertain
            uncertain = []
            if let active, steps[at].replaces == steps[active].plan { return }
            if let effect = attempts.last(where: { steps[$0].plan == steps[at].replaces }) {
                takeWrite(effect, &records, &verdicts)
            }
        } else {
            askUncertain(records, &verdicts)
        }
    }

    /// Lists what the attempts that are still in doubt leave open.
    private mutating func askUncertain(_ records: EndpointRecords, _ verdicts: inout PlanVerdicts) {
        if uncertain.isEmpty { return }
        let open = uncertain.filter { $0 > active ?? -1 && steps[$0].plan >= 0 }.map { steps[$0] }
        if open.isEmpty { return }
        records.askDeletions(of: open.filter { written.last(of: $0.plan, steps) == nil }, &verdicts)
        if let active, !isVoid { records.askEffects(of: open, over: steps[active], &verdicts) }
    }

    /// How sure the generation is that was active ahead of a write, for attempts that may have taken effect unseen: those since the active
    /// write leave it open; older ones may yet come late.
    private func doubt(ahead at: Int, _ records: inout EndpointRecords) -> Finding.Confidence {
        guard let active else { return .proven }
        var confidence = Finding.Confidence.proven
        for attempt in uncertain where steps[attempt].plan != steps[active].plan {
            if records.happened(steps[at], before: records.moment(steps[attempt].start)) != nil { continue }
            confidence = min(confidence, attempt > active ? .possible : .likely)
        }
        return confidence
    }

    // MARK: Overwrites

    private mutating func judgeOverwrite(
        by at: Int, _ between: WriteNeighbours.Between, _ records: inout EndpointRecords, _ verdicts: inout PlanVerdicts
    ) {
        let step = steps[at]
        var before = isVoid ? nil : active
        let displaced: Int64
        var basis: OrderBasis
        var missing: [MissingRecords] = []
        var proof: [Finding.ProofStep] = []
        if case .nothing(let reason) = between, let before {
            displaced = steps[before].plan
            basis = OrderBasis(confidence: orderCap(steps[before], step, records), reason: reason)
            if step.replaces >= 0, step.replaces != displaced { verdicts.droppedConstraints += 1 }
            if basis.confidence == .proven { proof = records.neighbours(steps[before], step, between, by: reason) }
        } else if step.replaces >= 0, !isVoid || step.replaces > step.plan {
            displaced = step.replaces
            basis = OrderBasis(confidence: .proven, reason: .replaces(records.generation(displaced)))
            if displaced <= step.plan, let before { basis = neighbours.basis(before, at, &records) }
            proof = [.replaces(records.replacing(step))]
        } else if let active = before {
            let sure: Finding.Confidence
            let write: Int
            (write, basis, sure) = neighbours.displaced(active, by: at, &records)
            before = write
            displaced = steps[write].plan
            records.askOrder(of: step, behind: steps[write], between, basis, &verdicts)
            basis.confidence = min(basis.confidence, sure, doubt(ahead: at, &records))
            if case .missing = between {
                basis.confidence = .possible
                basis.reason = .writesMissing(basis.reason)
            }
            missing = records.clocks.settled.continuity.writes(
                missingFrom: records.moment(steps[write].known), to: records.moment(step.effect), records.clocks)
            if !missing.isEmpty { basis.confidence = min(basis.confidence, .likely) }
            if basis.confidence == .proven {
                proof = records.neighbours(steps[write], step, between, by: basis.reason)
            }
        } else {
            return
        }
        guard displaced >= 0, step.plan >= 0, displaced != step.plan else { return }
        let isOverwrite = displaced > step.plan
        if !isOverwrite, !mayBeNearMiss(before, step) { return }
        // Who names no other record of a writer does not say its role.
        if step.form == .stored, !records.clocks.settled.logs.hasLog(step.writer) {
            basis.confidence = min(basis.confidence, .likely)
        }
        let check = records.check(of: step)
        let judgement = OverwriteJudgement(
            step: step, displaced: displaced,
            before: before.map { steps[$0] }.flatMap { $0.plan == displaced ? $0 : nil },
            displacedWrite: isOverwrite ? written.last(of: displaced, steps).map { steps[$0] } : nil, check: check,
            basis: basis)
        if isOverwrite {
            var finding = judgement.finding(&records)
            finding.missing = missing
            if finding.confidence == .proven { finding.proof = proof }
            if let check {
                finding.missing += records.clocks.settled.continuity.checks(
                    missingFrom: check.moment, to: records.moment(step.shown), records.clocks)
            }
            let overwrite = verdicts.add(finding, by: step.writer, records)
            if !step.isDeliberate { overwrites.add(overwrite, step, over: displaced) }
        } else if var miss = judgement.nearMiss(&records) {
            miss.missing = missing
            miss.actor = records.name(step.writer)
            if miss.confidence == .proven { miss.proof += proof }
            verdicts.add(
                PlanVerdicts.NearMiss(miss, at: records.endpoint),
                of: PlanRun(writer: step.writer, plan: step.plan), records.clocks.settled.symbols)
        }
    }

    private func mayBeNearMiss(_ before: Int?, _ step: PlanStep) -> Bool {
        guard let before else { return false }
        return steps[before].writer != step.writer && !step.byOperator
    }

    /// How sure the order of two writes is between which the records leave no other.
    private func orderCap(_ x: PlanStep, _ y: PlanStep, _ records: EndpointRecords) -> Finding.Confidence {
        x.commit >= 0 && y.commit > x.commit ? .proven : records.storeOrder(x, before: y) ?? .likely
    }

    // MARK: The time between two writes

    /// Judges what happened while the active write was active: deletions, emptied records, failures.
    private mutating func closeInterval(
        before next: Int?, between: WriteNeighbours.Between, neighbours: Finding.Confidence,
        _ records: inout EndpointRecords,
        _ verdicts: inout PlanVerdicts
    ) {
        var since = placeDeletions(before: next, between, neighbours, &records, &verdicts)
        if since == nil, let record = emptied.first {
            empty(
                at: records.at(record), basis: OrderBasis(confidence: .proven),
                evidence: [records.evidence(Finding.Part.emptied, record.main)],
                proof: [.empties(records.ref(record.main))], records, &verdicts)
            since = records.moment(record.main)
            isVoid = true
        }
        if let next, let active {
            for step in outage.takeSightings(after: steps[active], before: steps[next], &records) {
                addSighting(step, until: steps[next], records, &verdicts)
            }
        }
        failures.judge(since: since, until: next.map { steps[$0] }, within: outage.finding, &records, &verdicts)
    }

    /// Notes that the endpoint has no addresses.
    private mutating func empty(
        at: Timestamp, basis: OrderBasis, evidence: [Finding.Evidence], by actor: Symbol = .none,
        deleted plan: Int64? = nil, missing: [MissingRecords] = [], proof: [Finding.ProofStep] = [],
        _ records: EndpointRecords, _ verdicts: inout PlanVerdicts
    ) {
        overwrites.becomeCritical(&verdicts)
        outage.begin(
            at: at, basis: basis, evidence: evidence, by: actor, deleted: plan, missing: missing, proof: proof, records,
            &verdicts)
    }

    private mutating func addSighting(
        _ step: PlanStep, until: PlanStep?, _ records: EndpointRecords, _ verdicts: inout PlanVerdicts
    ) {
        empty(
            at: records.at(step), basis: OrderBasis(confidence: .likely, reason: .seenEmpty),
            evidence: [records.evidence(Finding.Part.emptied, step.main)], records, &verdicts)
        if let until { outage.end(by: until, records, &verdicts) }
    }

    /// The deletion of the active generation, where there was one.
    private mutating func placeDeletions(
        before next: Int?, _ between: WriteNeighbours.Between, _ neighbours: Finding.Confidence,
        _ records: inout EndpointRecords, _ verdicts: inout PlanVerdicts
    ) -> Moment? {
        guard let active, !isVoid, steps[active].plan >= 0 else { return nil }
        // What emptied the endpoint was the deletion of another.
        if let record = emptied.first, record.plan >= 0, record.plan != steps[active].plan { return nil }
        if records.clocks.settled.broadcast.deletions(of: steps[active].plan).isEmpty { return nil }
        var attempts = uncertain.map { steps[$0] }.filter { $0.plan != steps[active].plan }
        if case .nothing = between { attempts = [] }
        let placement = DeletionPlacement(
            write: steps[active], next: next.map { steps[$0] }, failures: failures.steps, emptied: emptied,
            sightings: outage.sightings, uncertain: attempts, mayLackWrites: false, neighbours: neighbours)
        switch ActiveDeletion.find(placement, between, &records) {
        case .none: return nil
        case .open(let deletion, let question):
            verdicts.ask(
                question, of: steps[active].plan,
                [
                    Finding.Evidence(part: Finding.Part.deletion, record: deletion.moment.ref),
                    records.evidence(Finding.Part.write, steps[active].shown),
                ] + (next.map { [records.evidence(Finding.Part.next, steps[$0].shown)] } ?? []), records)
            return nil
        case .placed(let placed):
            let (actor, at) = (placed.deletion.moment.actor, placed.deletion.moment.ref.time)
            let proof = placed.proof(before: next.map { steps[$0] }, between, records)
            var finding = placed.finding(records)
            finding.proof = proof
            _ = verdicts.add(finding, by: actor, records)
            outage.explain(by: placed.deletion, placed.witness, &records)
            empty(
                at: at, basis: placed.basis, evidence: placed.evidence(records), by: actor,
                deleted: steps[active].plan, missing: placed.missing, proof: proof, records, &verdicts)
            isVoid = true
            return placed.deletion.moment
        }
    }
}
