import EventModel

/// The time in which an endpoint has no addresses, and what was seen of it.
struct EmptyEndpoint: Sendable {
    /// The finding that it has none, by number.
    private(set) var finding: Int?
    /// Emptied records of others than the store, whose place is open.
    private(set) var sightings: [PlanStep] = []

    mutating func see(_ step: PlanStep) { sightings.append(step) }

    /// Begins the time without addresses, unless it lasts already.
    mutating func begin(
        at: Timestamp, basis: OrderBasis, evidence: [Finding.Evidence], by actor: Symbol, deleted plan: Int64?,
        missing: [MissingRecords], proof: [Finding.ProofStep], _ records: EndpointRecords,
        _ verdicts: inout PlanVerdicts
    ) {
        if finding != nil { return }
        var emptied = Finding(
            kind: .endpointEmptied, severity: .critical, confidence: basis.confidence, at: at, isWindow: true)
        emptied.basis = basis.reason
        emptied.detail = .outage(ended: nil)
        emptied.evidence = evidence
        emptied.plan = plan.map(records.generation)
        emptied.missing = missing
        if basis.confidence == .proven { emptied.proof = proof }
        finding = verdicts.add(emptied, by: actor, records)
    }

    /// Ends it by a write with addresses.
    mutating func end(by step: PlanStep, _ records: EndpointRecords, _ verdicts: inout PlanVerdicts) {
        guard let at = finding else { return }
        verdicts.findings[at].until = max(records.at(step), verdicts.findings[at].at)
        verdicts.findings[at].evidence.append(records.evidence(Finding.Part.ending, step.shown))
        verdicts.findings[at].detail = .outage(ended: records.ending(step))
        finding = nil
    }

    /// Forgets the sightings that a deletion explains: all that may have come after it.
    mutating func explain(by deletion: PlanDeletion, _ witness: Finding.Evidence?, _ records: inout EndpointRecords) {
        sightings.removeAll { step in
            if witness?.record == records.ref(step.main) { return true }
            guard step.plan < 0 || step.plan == deletion.plan else { return false }
            return !records.clocks.tell(records.moment(step.main), before: deletion.moment)
        }
    }

    /// Takes the sightings that must have come before the next write and that no deletion explains: they stand for themselves.
    mutating func takeSightings(
        after active: PlanStep, before next: PlanStep, _ records: inout EndpointRecords
    ) -> [PlanStep] {
        if sightings.isEmpty { return [] }
        let (start, known) = (records.moment(next.start), records.moment(active.known))
        func isRipe(_ step: PlanStep, _ records: inout EndpointRecords) -> Bool {
            let record = records.moment(step.main)
            return records.clocks.precedes(record, start) || records.clocks.tell(record, before: known)
        }
        let ripe = sightings.filter { isRipe($0, &records) }
        sightings.removeAll { step in ripe.contains { $0.main == step.main } }
        return ripe
    }
}
