import EventModel

/// Attempts that failed one after another, since the last write that took effect.
struct FailureRun: Sendable {
    private(set) var steps: [PlanStep] = []
    /// Those that no safeguard explains: see `PlanStep.isSafeguard`.
    private(set) var unexplained = 0

    mutating func add(_ step: PlanStep) {
        if !step.isSafeguard { unexplained += 1 }
        steps.append(step)
    }

    /// How many different actors tried.
    var writers: Int { Set(steps.map(\.writer)).count }

    /// The attempts that may have come after the event.
    func since(_ event: Moment, _ records: inout EndpointRecords) -> FailureRun {
        var later = FailureRun()
        for step in steps where records.happened(step, before: event) == nil {
            if !records.clocks.tell(records.moment(step.main), before: event) { later.add(step) }
        }
        return later
    }

    /// Failures one after another: after an emptied record one is enough, without ten.
    func judge(
        since emptied: Moment?, until next: PlanStep?, within outage: Int?, _ records: inout EndpointRecords,
        _ verdicts: inout PlanVerdicts
    ) {
        var run = self
        if let emptied {
            run = run.since(emptied, &records)
        } else if run.unexplained < 10 {
            return
        }
        guard let first = run.steps.first, let last = run.steps.last else { return }
        let at = records.at(first)
        var finding = Finding(
            kind: .automationWedged, severity: emptied == nil ? .high : .critical, confidence: .proven, at: at,
            until: next.map { max(records.at($0), at) }, isWindow: true)
        if let emptied, !records.isRefused(first, after: emptied) { finding.confidence = .likely }
        finding.missing = records.clocks.settled.continuity.writes(
            missingFrom: records.moment(first.known), to: records.moment(last.effect), records.clocks)
        if !finding.missing.isEmpty { finding.confidence = min(finding.confidence, .likely) }
        // No surer than that there were no addresses.
        if let outage { finding.confidence = min(finding.confidence, verdicts.findings[outage].confidence) }
        finding.count = Int64(run.steps.count)
        finding.evidence = [records.evidence(Finding.Part.firstFailure, first.shown)]
        if last.main != first.main {
            finding.evidence.append(records.evidence(Finding.Part.lastFailure, last.shown))
        }
        if let next { finding.evidence.append(records.evidence(Finding.Part.ending, next.shown)) }
        let actors = run.writers
        if finding.confidence == .proven {
            finding.proof = [.counts(run.steps.map { RecordPlace(records.ref($0.shown)) })]
            let begin = records.moment(first.sending >= 0 ? first.sending : first.main)
            if let emptied { finding.proof.append(.happenedBefore([emptied.ref, begin.ref])) }
        }
        finding.detail = .failures(actors: actors, ended: next.flatMap(records.ending))
        _ = verdicts.add(finding, by: actors == 1 ? first.writer : .none, records)
    }
}

extension EndpointRecords {
    /// Whether a newer generation may have been active as an attempt was refused: that of the write ahead of it, or one whose place is open.
    mutating func isSafeguard(_ at: Int, of steps: [PlanStep]) -> Bool {
        let refusal = steps[at]
        guard refusal.outcome == .refused, refusal.plan >= 0 else { return false }
        for other in steps.indices[..<at].reversed() where steps[other].kind == .write {
            let isKnown = isFailed(refusal, after: steps[other])
            if steps[other].plan > refusal.plan { return true }
            if isKnown { break }
        }
        for other in steps.indices[(at + 1)...] where steps[other].kind == .write {
            if isFailed(refusal, before: steps[other]) { break }
            if steps[other].plan > refusal.plan { return true }
        }
        return false
    }

    /// Whether an attempt that failed was sent after an event; where its sending is not there, whether it was answered after it.
    fileprivate func isRefused(_ failure: PlanStep, after event: Moment) -> Bool {
        clocks.precedes(event, moment(failure.sending >= 0 ? failure.sending : failure.main))
    }

    private mutating func isFailed(_ failure: PlanStep, before write: PlanStep) -> Bool {
        if let a = failure.storeTime, let b = write.storeTime, a.sharesCount(with: b) { return a.stamp < b.stamp }
        if happened(write, after: moment(failure.main)) != nil { return true }
        return clocks.tell(moment(failure.main), before: moment(write.known))
    }

    private mutating func isFailed(_ failure: PlanStep, after write: PlanStep) -> Bool {
        if let a = failure.storeTime, let b = write.storeTime, a.sharesCount(with: b) { return b.stamp <= a.stamp }
        if happened(write, before: moment(failure.main)) != nil { return true }
        return clocks.tell(moment(write.effect), before: moment(failure.start))
    }
}
