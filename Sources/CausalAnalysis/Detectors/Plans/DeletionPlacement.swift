import EventModel

/// Places a generation's deletion against the time in which the generation was active on an endpoint.
///
/// The rules of EVENTS.md section 5 in turn: an emptied record; the store's clock and happened-before; what follows; the
/// silence of a whole store's log; times beyond the skew's bound.
struct DeletionPlacement {
    enum Verdict {
        /// The generation was active: how sure, why, and the record that tells, if it is one.
        case whileActive(OrderBasis, witness: Finding.Evidence?)
        case elsewhere
        case undecided
    }

    /// The write that made the generation active, and the next that took effect.
    var write: PlanStep
    var next: PlanStep?
    /// Failed attempts in between, in order.
    var failures: [PlanStep]
    /// The store's emptied records in between.
    var emptied: [PlanRecord]
    /// Others' emptied records of the endpoint whose place is open.
    var sightings: [PlanRecord]
    /// Attempts in between on other generations that may have taken effect.
    var uncertain: [PlanStep]
    var storeIsComplete: Bool
    /// Whether the logs lack records among which there may be a write between the two.
    var mayLackWrites = false

    func place(_ deletion: PlanBroadcast.Deletion, clocks: inout EventClocks) -> Verdict {
        let isAfterWrite = afterWrite(deletion, clocks)
        let isBeforeNext = next.map { before($0, deletion, clocks) } ?? nil
        if isAfterWrite == false || isBeforeNext == false { return .elsewhere }
        if let record = emptied.first(where: {
            ($0.plan < 0 || $0.plan == write.plan) && !clocks.precedes($0.moment, deletion.moment)
        }) {
            let basis = OrderBasis(confidence: .proven, words: "the endpoint was emptied while the plan was active")
            return .whileActive(basis, witness: Finding.Evidence(part: Finding.Part.emptied, record: record.moment.ref))
        }
        if isAfterWrite == true, next == nil || isBeforeNext == true, deletion.isCertain, !isSuperseded {
            let basis = certain(deletion, &clocks)
            if basis.confidence > .possible { return .whileActive(basis, witness: nil) }
        }
        if let record = sighting(of: deletion, clocks: &clocks) {
            let basis = OrderBasis(confidence: .likely, words: "the endpoint was seen empty")
            return .whileActive(basis, witness: Finding.Evidence(part: Finding.Part.emptied, record: record.moment.ref))
        }
        if let verdict = byWhatFollows(deletion, clocks: &clocks) { return verdict }
        if storeIsComplete || !deletion.isCertain { return .elsewhere }
        if isAfterWrite == true, next == nil || isBeforeNext == true { return .undecided }
        return byTime(deletion, clocks: &clocks)
    }

    /// Whether the next write speaks for one between the two that is in no log, so that it is open which generation the deletion
    /// met: it displaced another, or automation made it, though an empty endpoint would have refused it, and logs are not whole.
    private var isSuperseded: Bool {
        guard let next else { return false }
        if next.replaces > 0 { return next.replaces != write.plan }
        return mayLackWrites && next.main.form != .restored && !next.byOperator
    }

    /// By the store's clock, else happened-before; nil where neither tells.
    private func afterWrite(_ deletion: PlanBroadcast.Deletion, _ clocks: borrowing EventClocks) -> Bool? {
        if let a = write.storeTime, let d = deletion.storeTime, a.sharesCount(with: d) { return a.stamp <= d.stamp }
        if write.happened(before: deletion.moment, clocks) { return true }
        return write.happened(after: deletion.moment, clocks) ? false : nil
    }

    private func before(_ next: PlanStep, _ deletion: PlanBroadcast.Deletion, _ clocks: borrowing EventClocks) -> Bool?
    {
        if let n = next.storeTime, let d = deletion.storeTime, n.sharesCount(with: d) { return d.stamp < n.stamp }
        if next.happened(after: deletion.moment, clocks) { return true }
        return next.happened(before: deletion.moment, clocks) ? false : nil
    }

    private func certain(_ deletion: PlanBroadcast.Deletion, _ clocks: inout EventClocks) -> OrderBasis {
        let isShaky = write.restarted || deletion.moment.restarted
        var confidence: Finding.Confidence = isShaky ? .likely : .proven
        for attempt in uncertain where !attempt.happened(after: deletion.moment, clocks) {
            let isLater = clocks.tell(deletion.moment, before: attempt.start)
            confidence = min(confidence, isLater ? .likely : .possible)
        }
        if let a = write.storeTime, let d = deletion.storeTime, a.sharesCount(with: d) {
            return OrderBasis(
                confidence: confidence,
                words: "the store's clock: deleted at \(d.stamp.counter), written at \(a.stamp.counter)")
        }
        // Without own counters nobody knows what the logs lack.
        if !write.main.moment.hasClock || !deletion.moment.hasClock { confidence = min(confidence, .likely) }
        return OrderBasis(confidence: confidence, words: "the write happened before the deletion")
    }

    /// An emptied record whose time may be after the deletion and before the next write.
    private func sighting(of deletion: PlanBroadcast.Deletion, clocks: inout EventClocks) -> PlanRecord? {
        sightings.first { record in
            if record.plan >= 0, record.plan != write.plan { return false }
            if clocks.precedes(record.moment, deletion.moment) { return false }
            if clocks.tell(record.moment, before: deletion.moment) { return false }
            return next.map { !clocks.tell($0.effect.moment, before: record.moment) } ?? true
        }
    }

    /// A refusal of a newer generation or a restoration next: it was emptied. Automation's write that takes effect next: it
    /// was not. A refusal that a newer generation explains says nothing.
    private func byWhatFollows(_ deletion: PlanBroadcast.Deletion, clocks: inout EventClocks) -> Verdict? {
        let refusal = failures.first {
            $0.main.outcome == .refused && !$0.isSafeguard && !$0.happened(before: deletion.moment, clocks)
                && !clocks.tell($0.main.moment, before: deletion.moment)
        }
        if let refusal {
            return .whileActive(
                OrderBasis(confidence: .likely, words: "a refusal follows"),
                witness: Finding.Evidence(part: "the refusal", record: refusal.main.moment.ref))
        }
        guard let next else { return nil }
        if next.main.form == .restored {
            return .whileActive(
                OrderBasis(confidence: .likely, words: "a restoration follows"),
                witness: Finding.Evidence(part: "the restoration", record: next.main.moment.ref))
        }
        return next.byOperator ? nil : .elsewhere
    }

    private func byTime(_ deletion: PlanBroadcast.Deletion, clocks: inout EventClocks) -> Verdict {
        let d = deletion.moment
        if clocks.tell(d, before: write.stored?.moment ?? write.start) { return .elsewhere }
        if let next, clocks.tell(next.effect.moment, before: d) { return .elsewhere }
        let isAfter = clocks.tell(write.effect.moment, before: d)
        let isBefore = next.map { clocks.tell(d, before: $0.stored?.moment ?? $0.start) } ?? true
        guard isAfter, isBefore else { return .undecided }
        let basis = OrderBasis.byTime(write.effect.moment, d, clocks: &clocks)
        return .whileActive(basis, witness: nil)
    }
}
