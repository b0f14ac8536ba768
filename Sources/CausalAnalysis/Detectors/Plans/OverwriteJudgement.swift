import EventModel

/// A write and what it displaced: whether its writer knew, how old its check was, how sure the order is.
struct OverwriteJudgement {
    var step: PlanStep
    var displaced: Int64
    /// The write that it displaced, where that stood immediately before it.
    var before: PlanStep?
    /// The displaced write's record, wherever it was found.
    var displacedRef: RecordRef?
    var check: Check?
    /// Whether an attempt in between may have taken effect.
    var isOpen: Bool

    /// The finding of a write over a newer generation.
    func finding(broadcast: PlanBroadcast, clocks: inout EventClocks) -> Finding {
        let basis = basis(clocks: &clocks)
        var finding = Finding(
            kind: step.isDeliberate ? .rollback : .stalePlanOverwrite, severity: step.isDeliberate ? .info : .medium,
            confidence: isOpen ? .possible : basis.confidence, at: step.at, isWindow: !step.isDeliberate)
        finding.basis = basis.words
        finding.plan = step.plan
        finding.displaced = displaced
        finding.evidence = evidence()
        if !step.isDeliberate {
            finding.awareness = awareness(clocks)
            if let check {
                finding.checkAge = max(0, WallClocks.middle(clocks.span(from: check.moment, to: step.shownMoment)))
                finding.newerPlans = broadcast.created(
                    above: step.plan, between: check.moment, and: step.shownMoment, clocks: &clocks)
            }
        }
        return finding
    }

    /// What a write that did no harm only by luck rests on: the active generation had changed since its check.
    func nearMiss(clocks: inout EventClocks) -> (displaced: PlanStep, check: Check, confidence: Finding.Confidence)? {
        guard let before, let check, !step.byOperator, before.writer != step.writer else { return nil }
        if before.happened(before: check.moment, clocks) { return nil }
        if check.endpoint != .none, check.active == before.plan { return nil }
        if before.happened(after: check.moment, clocks) { return (before, check, .proven) }
        let span = clocks.span(from: check.moment, to: before.effect.moment)
        if span.lowerBound > 0 { return (before, check, .likely) }
        return WallClocks.middle(span) > 0 ? (before, check, .possible) : nil
    }

    private func basis(clocks: inout EventClocks) -> OrderBasis {
        if step.replaces > step.plan { return OrderBasis(confidence: .proven, words: "replaces \(step.replaces)") }
        guard let before else { return OrderBasis(confidence: .possible, words: "") }
        return OrderBasis.between(before, step, clocks: &clocks)
    }

    private func awareness(_ clocks: borrowing EventClocks) -> Finding.Awareness {
        guard let check else { return .unknown }
        if check.active > step.plan { return .aware }
        return before?.happened(before: check.moment, clocks) == true ? .aware : .unaware
    }

    private func evidence() -> [Finding.Evidence] {
        var parts: [Finding.Evidence] = []
        // All at once: growing would leave as much again unused, in each of very many findings.
        parts.reserveCapacity(7)
        parts.append(Finding.Evidence(part: Finding.Part.write, record: step.shown))
        if let stored = step.storedBeside { parts.append(Finding.Evidence(part: Finding.Part.stored, record: stored)) }
        if let answer = step.openAnswer { parts.append(Finding.Evidence(part: Finding.Part.answer, record: answer)) }
        if let sending = step.sending {
            parts.append(Finding.Evidence(part: Finding.Part.sending, record: sending.ref))
        }
        if let check {
            let part = check.isRunStart ? Finding.Part.runStart : Finding.Part.check
            parts.append(Finding.Evidence(part: part, record: check.moment.ref))
        }
        if let displacedRef { parts.append(Finding.Evidence(part: Finding.Part.displaced, record: displacedRef)) }
        if let stored = before?.storedBeside {
            parts.append(Finding.Evidence(part: Finding.Part.displacedStored, record: stored))
        }
        return parts
    }
}
