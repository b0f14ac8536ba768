import EventModel

/// A write and what it displaced: whether its writer knew, how old its check was, how sure the order is.
struct OverwriteJudgement {
    var step: PlanStep
    var displaced: Int64
    /// The write that it displaced, where that stood immediately before it.
    var before: PlanStep?
    /// The displaced write, wherever it was found; the last of its generation.
    var displacedWrite: PlanStep?
    var check: PlanCheck?
    /// How sure it is, and why.
    var basis: OrderBasis

    /// The finding of a write over a newer generation.
    func finding(_ records: inout EndpointRecords) -> Finding {
        var finding = Finding(
            kind: step.isDeliberate ? .rollback : .stalePlanOverwrite, severity: step.isDeliberate ? .info : .medium,
            confidence: basis.confidence, at: records.at(step), isWindow: !step.isDeliberate)
        finding.basis = basis.reason
        finding.plan = records.generation(step.plan)
        finding.displaced = records.generation(displaced)
        finding.evidence = evidence(records)
        if !step.isDeliberate {
            finding.awareness = awareness(records)
            if let check {
                let write = records.moment(step.shown)
                finding.checkAge = max(0, WallClocks.middle(records.clocks.span(from: check.moment, to: write)))
                finding.newerPlans = records.clocks.settled.broadcast.created(
                    above: step.plan, upTo: displaced, after: check.moment, &records.clocks)
            }
        }
        return finding
    }

    /// How sure it is that a write did no harm only by luck: what it displaced had not been there at its check.
    func nearMiss(_ records: inout EndpointRecords) -> Finding? {
        guard let before, let check, !step.byOperator, before.writer != step.writer else { return nil }
        if !check.isWholeRun, check.active == before.plan { return nil }
        if records.happened(before, before: check.moment) != nil { return nil }
        var confidence: Finding.Confidence
        if let sure = records.happened(before, after: check.moment) {
            confidence = sure
        } else {
            let span = records.clocks.span(from: check.moment, to: records.moment(before.effect))
            if WallClocks.middle(span) <= 0 { return nil }
            confidence = span.lowerBound > 0 ? .likely : .possible
        }
        confidence = min(confidence, basis.confidence)
        var finding = Finding(kind: .staleCheck, severity: .info, confidence: confidence, at: records.at(step))
        finding.plan = records.generation(step.plan)
        finding.count = 1
        finding.evidence = [
            records.evidence(Finding.Part.nearMiss, step.shown),
            Finding.Evidence(part: Finding.Part.check, record: check.moment.ref),
            records.evidence(Finding.Part.displaced, before.shown),
        ]
        if confidence == .proven { finding.proof = records.happenedBefore(check.moment, before) }
        return finding
    }

    /// What the check saw decides; where it does not say, whether the displaced write happened before it, if both carry clocks.
    private func awareness(_ records: EndpointRecords) -> Finding.Awareness {
        guard let check else { return .unknown }
        if check.active >= 0 { return check.active > step.plan ? .aware : .unaware }
        guard check.moment.hasClock, let displacedWrite, records.moment(displacedWrite.effect).hasClock else {
            return .unknown
        }
        return records.happened(displacedWrite, before: check.moment) != nil ? .aware : .unaware
    }

    private func evidence(_ records: EndpointRecords) -> [Finding.Evidence] {
        var parts: [Finding.Evidence] = []
        // All at once: growing would leave as much again unused, in each of very many findings.
        parts.reserveCapacity(7)
        func add(_ part: String, _ number: Int32) {
            if number >= 0 { parts.append(records.evidence(part, number)) }
        }
        add(Finding.Part.write, step.shown)
        add(Finding.Part.stored, step.storedBeside)
        add(Finding.Part.answer, step.openAnswer)
        if step.sending != step.shown { add(Finding.Part.sending, step.sending) }
        if let check {
            let part = check.isRunStart ? Finding.Part.runStart : Finding.Part.check
            parts.append(Finding.Evidence(part: part, record: check.moment.ref))
        }
        add(Finding.Part.displaced, displacedWrite?.shown ?? -1)
        add(Finding.Part.displacedStored, displacedWrite?.storedBeside ?? -1)
        return parts
    }
}

extension EndpointRecords {
    /// The check that a write rests on: the writer's last one of the generation ahead of the sending, for this endpoint or for the whole run,
    /// else the run's start.
    func check(of step: PlanStep) -> PlanCheck? {
        if step.plan < 0 { return nil }
        guard step.form != .stored else { return checkAheadOfRecord(of: step) }
        let sent = moment(step.sending >= 0 ? step.sending : step.main)
        let wholeRun = clocks.settled.broadcast.check(of: step.writer, plan: step.plan, ahead: sent)
        let checks = ownChecks(of: step.writer, plan: step.plan)
        let behind = checks.partition { !$0.moment.isAhead(of: sent) }
        guard behind > 0 else { return wholeRun }
        let own = checks[behind - 1]
        guard let wholeRun, !wholeRun.isRunStart else { return own }
        return own.moment.isAhead(of: wholeRun.moment) ? wholeRun : own
    }

    /// Of a write of which only the store tells: the last check that is not known to be later.
    private func checkAheadOfRecord(of step: PlanStep) -> PlanCheck? {
        let record = moment(step.effect)
        let checks =
            clocks.settled.broadcast.checks(of: step.writer, plan: step.plan)
            + ownChecks(of: step.writer, plan: step.plan)
        return checks.filter { !clocks.precedes(record, $0.moment) }.max { $0.moment.isAhead(of: $1.moment) }
    }
}
