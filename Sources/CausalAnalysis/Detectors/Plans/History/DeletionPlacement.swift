import EventModel

/// Places a generation's deletion against the time in which the generation was active on an endpoint.
///
/// The rules of EVENTS.md section 5 in turn: an emptied record; the store's clock and happened-before; what follows; the
/// silence of a store's log; times beyond the skew's bound.
struct DeletionPlacement {
    enum Verdict {
        /// The generation was active: how sure, why, and the record that tells, if it is one.
        case whileActive(OrderBasis, witness: Finding.Evidence?)
        case elsewhere
        /// The records leave it open, and why.
        case undecided(Quality.Undecided.Question)
    }

    /// The write that made the generation active, and the next that took effect.
    var write: PlanStep
    var next: PlanStep?
    /// Failed attempts in between, in order.
    var failures: [PlanStep]
    /// The store's emptied records in between.
    var emptied: [PlanStep]
    /// Others' emptied records of the endpoint whose place is open.
    var sightings: [PlanStep]
    /// Attempts on other generations that may have taken effect in between, and how sure the active one is because of them.
    var uncertain: [PlanStep]
    /// Whether a write in between may be missing from the logs.
    var mayLackWrites: Bool
    /// How sure it is that no other write came between the two.
    var neighbours: Finding.Confidence

    func place(_ deletion: PlanDeletion, _ records: inout EndpointRecords) -> Verdict {
        let isAfterWrite = afterWrite(deletion, records)
        let isBeforeNext = next.map { before($0, deletion, records) } ?? .proven(.proven)
        if isAfterWrite.isRefuted || isBeforeNext.isRefuted { return .elsewhere }
        if let record = emptied.first(where: { isWitness($0, of: deletion, records) }) {
            // A record that names the generation needs no word of the deletion's own.
            let cap = records.moment(record.main).cap
            let confidence = record.plan == write.plan ? cap : min(deletion.moment.cap, cap)
            let basis = OrderBasis(
                confidence: confidence, reason: storeClock(deletion) ?? .emptiedWhileActive)
            return .whileActive(basis, witness: records.evidence(Finding.Part.emptied, record.main))
        }
        if let after = isAfterWrite.sure, let before = isBeforeNext.sure, deletion.isCertain, !isSuperseded {
            let basis = certain(deletion, min(after, before), &records)
            if basis.confidence > .possible { return .whileActive(basis, witness: nil) }
        }
        if let record = sighting(of: deletion, &records) {
            let basis = OrderBasis(confidence: .likely, reason: .seenEmpty)
            return .whileActive(basis, witness: records.evidence(Finding.Part.emptied, record.main))
        }
        if let verdict = byWhatFollows(deletion, &records) { return verdict }
        if !deletion.isCertain { return .undecided(.deletionsEffect(records.generation(write.plan))) }
        switch silence(deletion, &records) {
        case .whole: return .elsewhere
        case .broken, .unknown: break
        }
        return byTime(deletion, isAfterWrite, isBeforeNext, &records)
    }

    /// What rules 2, 3 and 5 tell about one event and another.
    private enum Order {
        case proven(Finding.Confidence)
        case refuted
        case open

        var isRefuted: Bool { if case .refuted = self { true } else { false } }
        var sure: Finding.Confidence? { if case .proven(let sure) = self { sure } else { nil } }
    }

    /// Whether the next write speaks for one between the two that is in no log, so that it is open which generation the deletion
    /// met: it displaced another, or automation made it, though an empty endpoint would have refused it, and logs are not whole.
    private var isSuperseded: Bool {
        guard let next else { return false }
        if next.replaces > 0 { return next.replaces != write.plan }
        return mayLackWrites && next.form != .restored && !next.byOperator
    }

    private func afterWrite(_ deletion: PlanDeletion, _ records: EndpointRecords) -> Order {
        if let a = write.storeTime, let d = deletion.storeTime, a.sharesCount(with: d) {
            return a.stamp <= d.stamp ? .proven(records.storeCap(write)) : .refuted
        }
        if let sure = records.happened(write, after: deletion.moment), sure > .possible { return .refuted }
        for end in [write.logged, write.answer] where end >= 0 {
            let moment = records.moment(end)
            if records.clocks.precedesStart(of: deletion.moment, moment) {
                return .proven(min(moment.cap, deletion.moment.cap))
            }
            // From answer to answer: the deletion may have been on its way.
            if records.clocks.precedes(moment, deletion.moment) { return .proven(.likely) }
        }
        return .open
    }

    private func before(_ next: PlanStep, _ deletion: PlanDeletion, _ records: EndpointRecords) -> Order {
        if let n = next.storeTime, let d = deletion.storeTime, n.sharesCount(with: d) {
            return d.stamp < n.stamp ? .proven(records.storeCap(next)) : .refuted
        }
        if let sure = records.happened(next, after: deletion.moment) { return .proven(sure) }
        for end in [next.logged, next.answer] where end >= 0 {
            if records.clocks.precedesStart(of: deletion.moment, records.moment(end)) { return .refuted }
        }
        if next.answer >= 0, records.clocks.precedes(deletion.moment, records.moment(next.answer)) {
            return .proven(.likely)
        }
        return .open
    }

    private func certain(
        _ deletion: PlanDeletion, _ sure: Finding.Confidence, _ records: inout EndpointRecords
    ) -> OrderBasis {
        var confidence = min(sure, neighbours)
        for attempt in uncertain where records.happened(attempt, after: deletion.moment) == nil {
            let isLater = records.clocks.tell(deletion.moment, before: records.moment(attempt.start))
            confidence = min(confidence, isLater ? .likely : .possible)
        }
        if let reason = storeClock(deletion) { return OrderBasis(confidence: confidence, reason: reason) }
        // Without own counters nobody knows what the logs lack.
        if !records.moment(write.main).hasClock || !deletion.moment.hasClock { confidence = min(confidence, .likely) }
        return OrderBasis(confidence: confidence, reason: .writtenBefore)
    }

    private func storeClock(_ deletion: PlanDeletion) -> Finding.Basis? {
        guard let a = write.storeTime, let d = deletion.storeTime, a.sharesCount(with: d) else { return nil }
        return .deletedAfter(deleted: d.counter, written: a.counter)
    }

    /// Whether the deletion may be what emptied the endpoint: the record is of the generation, and not from before it began nor after its end.
    private func isWitness(_ record: PlanStep, of deletion: PlanDeletion, _ records: EndpointRecords) -> Bool {
        if record.plan >= 0, record.plan != write.plan { return false }
        if let r = record.storeTime, let d = deletion.storeTime, r.sharesCount(with: d) { return r.stamp <= d.stamp }
        let moment = records.moment(record.main)
        return !records.clocks.precedesStart(of: deletion.moment, moment)
            && !records.clocks.precedes(deletion.moment, moment)
    }

    /// An emptied record whose time may be after the deletion and before the next write.
    private func sighting(of deletion: PlanDeletion, _ records: inout EndpointRecords) -> PlanStep? {
        for step in sightings where step.plan < 0 || step.plan == write.plan {
            let record = records.moment(step.main)
            if records.clocks.precedes(record, deletion.moment) { continue }
            if records.clocks.tell(record, before: deletion.moment) { continue }
            if let next, records.clocks.tell(records.moment(next.effect), before: record) { continue }
            return step
        }
        return nil
    }

    /// A refusal of a newer generation or a restoration next: it was emptied. Automation's write that takes effect next: it
    /// was not, where emptied endpoints refuse. A refusal that a newer generation explains says nothing.
    private func byWhatFollows(_ deletion: PlanDeletion, _ records: inout EndpointRecords) -> Verdict? {
        for step in failures where step.outcome == .refused && !step.isSafeguard {
            if records.happened(step, before: deletion.moment) != nil { continue }
            if records.clocks.tell(records.moment(step.main), before: deletion.moment) { continue }
            return .whileActive(
                OrderBasis(confidence: min(.likely, neighbours, doubt(deletion, &records)), reason: .refusalFollows),
                witness: records.evidence(Finding.Part.refusal, step.main))
        }
        guard let next else { return nil }
        if next.form == .restored {
            return .whileActive(
                OrderBasis(
                    confidence: min(.likely, neighbours, doubt(deletion, &records)), reason: .restorationFollows),
                witness: records.evidence(Finding.Part.restoration, next.main))
        }
        return next.byOperator || !records.clocks.settled.emptyRefuses ? nil : .elsewhere
    }

    /// How sure the active generation is, for the attempts that may have taken effect.
    private func doubt(_ deletion: PlanDeletion, _ records: inout EndpointRecords) -> Finding.Confidence {
        uncertain.contains { records.happened($0, after: deletion.moment) == nil } ? .possible : .proven
    }

    /// Whether the log of the store that took the write would hold that the endpoint was emptied.
    private func silence(_ deletion: PlanDeletion, _ records: inout EndpointRecords) -> StoreLogs.Silence {
        let settled = records.clocks.settled
        guard let from = write.storeTime, settled.logs.writesEmptied(from.store) else { return .unknown }
        if let to = next?.storeTime { return settled.logs.silence(from: from, to: to) }
        return next == nil ? settled.logs.silence(from: from, until: deletion.moment, &records.clocks) : .unknown
    }

    private func byTime(
        _ deletion: PlanDeletion, _ isAfterWrite: Order, _ isBeforeNext: Order, _ records: inout EndpointRecords
    ) -> Verdict {
        let question = Quality.Undecided.Question.deletedWhileActive(records.generation(write.plan))
        let d = deletion.moment
        var confidence = min(neighbours, doubt(deletion, &records))
        var basis = OrderBasis(confidence: .proven)
        if let sure = isAfterWrite.sure {
            confidence = min(confidence, sure)
        } else {
            if records.clocks.tell(d, before: records.moment(write.known)) { return .elsewhere }
            guard records.clocks.tell(records.moment(write.effect), before: d) else { return .undecided(question) }
            basis = records.byTime(records.moment(write.effect), d)
        }
        if let next, isBeforeNext.sure == nil {
            if records.clocks.tell(records.moment(next.effect), before: d) { return .elsewhere }
            guard records.clocks.tell(d, before: records.moment(next.known)) else { return .undecided(question) }
            let other = records.byTime(d, records.moment(next.known))
            if basis.reason == nil { basis = other }
        } else if let sure = isBeforeNext.sure {
            confidence = min(confidence, sure)
        }
        // Rules place it, and what may have come in between leaves it open.
        if basis.reason == nil { return .undecided(question) }
        if isSuperseded { confidence = min(confidence, .possible) }
        basis.confidence = min(confidence, .likely)
        return .whileActive(basis, witness: nil)
    }
}

extension EndpointRecords {
    /// A record as a piece of evidence.
    func evidence(_ part: String, _ number: Int32) -> Finding.Evidence {
        Finding.Evidence(part: part, record: ref(number))
    }
}
