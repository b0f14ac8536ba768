import EventModel

/// The deletion of a generation while it was active.
struct ActiveDeletion {
    enum Found {
        case none
        /// The records leave open whether the deletion met the active generation.
        case open(PlanDeletion, Quality.Undecided.Question)
        case placed(ActiveDeletion)
    }

    let deletion: PlanDeletion
    /// The write that had made the generation active.
    let write: PlanStep
    private(set) var basis: OrderBasis
    /// The record that tells, where one does.
    let witness: Finding.Evidence?
    /// Where a write may be missing between the two.
    private(set) var missing: [MissingRecords] = []

    /// The surest of the deletions of the active generation, else the first that may be one.
    static func find(
        _ placement: DeletionPlacement, _ between: WriteNeighbours.Between, _ records: inout EndpointRecords
    ) -> Found {
        var placement = placement
        let write = placement.write
        var placed: ActiveDeletion?
        var open = Found.none
        for deletion in records.clocks.settled.broadcast.deletions(of: write.plan) {
            let missing = missingWrites(from: write, to: deletion, between, records)
            placement.mayLackWrites = !missing.isEmpty
            switch placement.place(deletion, &records) {
            case .elsewhere: continue
            case .undecided(let question):
                if case .none = open { open = .open(deletion, question) }
            case .whileActive(let basis, let witness):
                if let placed, placed.basis.confidence >= basis.confidence { continue }
                placed = ActiveDeletion(deletion: deletion, write: write, basis: basis, witness: witness)
                // What was seen needs no log that is whole.
                let isSeen = witness?.part == Finding.Part.emptied && basis.confidence > .likely
                if !isSeen { placed?.doubt(missing) }
            }
        }
        return placed.map { .placed($0) } ?? open
    }

    private init(deletion: PlanDeletion, write: PlanStep, basis: OrderBasis, witness: Finding.Evidence?) {
        self.deletion = deletion
        self.write = write
        self.basis = basis
        self.witness = witness
    }

    private mutating func doubt(_ missing: [MissingRecords]) {
        self.missing = missing
        if !missing.isEmpty { basis.confidence = min(basis.confidence, .likely) }
    }

    /// Where a write may be missing between the active one and the deletion.
    private static func missingWrites(
        from write: PlanStep, to deletion: PlanDeletion, _ between: WriteNeighbours.Between, _ records: EndpointRecords
    ) -> [MissingRecords] {
        if case .nothing = between { return [] }
        if let from = write.storeTime, let to = deletion.storeTime, write.stored >= 0,
            records.clocks.settled.logs.silence(from: from, to: to) == .whole
        {
            return []
        }
        return records.clocks.settled.continuity.writes(
            missingFrom: records.moment(write.known), to: deletion.moment, records.clocks)
    }

    func evidence(_ records: EndpointRecords) -> [Finding.Evidence] {
        var evidence = [
            Finding.Evidence(part: Finding.Part.deletion, record: deletion.moment.ref),
            records.evidence(Finding.Part.write, write.shown),
        ]
        if write.storedBeside >= 0 { evidence.append(records.evidence(Finding.Part.stored, write.storedBeside)) }
        if let witness { evidence.append(witness) }
        return evidence
    }

    func finding(_ records: EndpointRecords) -> Finding {
        var finding = Finding(
            kind: .activePlanDeleted, severity: .critical, confidence: basis.confidence, at: deletion.moment.ref.time,
            basis: basis.reason, evidence: evidence(records))
        finding.plan = records.generation(write.plan)
        finding.missing = missing
        return finding
    }

    /// The steps by which somebody else can check that the deletion met the active generation; none where that is not proven.
    func proof(
        before next: PlanStep?, _ between: WriteNeighbours.Between, _ records: EndpointRecords
    ) -> [Finding.ProofStep] {
        guard basis.confidence == .proven else { return [] }
        var steps: [Finding.ProofStep] = []
        if let witness { steps.append(.empties(witness.record)) }
        switch basis.reason {
        case .deletedAfter: steps.append(.store(earlier: records.ref(write.effect), later: deletion.moment.ref))
        case .writtenBefore:
            for end in [write.logged, write.answer] where end >= 0 {
                guard records.clocks.precedesStart(of: deletion.moment, records.moment(end)) else { continue }
                steps.append(.happenedBefore([records.ref(end), deletion.moment.ref]))
                break
            }
        default: break
        }
        if witness != nil { return steps }
        guard case .nothing = between, let next else {
            return steps
                + [.nothingBetween(.allWrites, earlier: records.ref(write.effect), later: deletion.moment.ref)]
        }
        steps += records.neighbours(write, next, between, by: nil)
        if let a = deletion.storeTime, let b = next.storeTime, a.sharesCount(with: b) {
            return steps + [.store(earlier: deletion.moment.ref, later: records.ref(next.effect))]
        }
        return steps + records.happenedBefore(deletion.moment, next)
    }
}
