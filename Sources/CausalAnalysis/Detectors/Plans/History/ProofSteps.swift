import EventModel

/// The steps of proofs about an endpoint's writes: each cites the records that bear what it rests on.
extension EndpointRecords {
    /// That one write took effect before another by the rule that decided.
    func order(_ x: PlanStep, _ y: PlanStep, by reason: Finding.Basis?) -> [Finding.ProofStep] {
        switch reason {
        case .commits:
            let (earlier, later) = (committed(x), committed(y))
            return [.commit(earlier: earlier, later: later)]
        case .storeLog, .storeClock: return [.store(earlier: ref(x.effect), later: ref(y.effect))]
        case .happenedBefore: return happenedBefore(x, y)
        case .replaces: return [.replaces(replacing(y))]
        default: return []
        }
    }

    /// That the writes are neighbours: the order of the two, and that nothing came between them.
    func neighbours(
        _ x: PlanStep, _ y: PlanStep, _ between: WriteNeighbours.Between, by reason: Finding.Basis?
    ) -> [Finding.ProofStep] {
        guard case .nothing(let silence) = between else {
            return order(x, y, by: reason) + [.nothingBetween(.allWrites, earlier: ref(x.effect), later: ref(y.effect))]
        }
        let isCounted = x.commit >= 0 && y.commit > x.commit
        let steps: [Finding.ProofStep] =
            isCounted
            ? [.commit(earlier: committed(x), later: committed(y))]
            : [.store(earlier: ref(x.effect), later: ref(y.effect))]
        if case .storeLog = silence, let from = x.storeTime, let to = y.storeTime {
            let log = Finding.Silence.storeLog(
                store: from.store, incarnation: from.incarnation, counters: from.counter...to.counter)
            return steps + [.nothingBetween(log, earlier: ref(x.stored), later: ref(y.stored))]
        }
        return steps + [.nothingBetween(.commits, earlier: committed(x), later: committed(y))]
    }

    /// That an event happened before a write took effect: before its sending, or the store's record of it.
    func happenedBefore(_ event: Moment, _ y: PlanStep) -> [Finding.ProofStep] {
        let begins = [y.logged, y.sending].filter { $0 >= 0 }
        let known = begins.first { clocks.precedes(event, moment($0)) && moment($0).cap == .proven } ?? begins.first
        return known.map { [.happenedBefore([event.ref, ref($0)])] } ?? []
    }

    private func happenedBefore(_ x: PlanStep, _ y: PlanStep) -> [Finding.ProofStep] {
        for end in [x.logged, x.answer] where end >= 0 {
            for begin in [y.logged, y.sending] where begin >= 0 && clocks.precedes(moment(end), moment(begin)) {
                return [.happenedBefore([ref(end), ref(begin)])]
            }
        }
        return []
    }

    /// The record of a write that bears its commit.
    private func committed(_ step: PlanStep) -> RecordRef {
        ref(step.stored >= 0 && facts[Int(step.stored)].commit >= 0 ? step.stored : step.main)
    }

    /// The record of a write that says what it replaced.
    func replacing(_ step: PlanStep) -> RecordRef {
        ref(step.stored >= 0 && facts[Int(step.stored)].seen >= 0 ? step.stored : step.main)
    }

    /// The record of a write that says how many addresses it left.
    func leaving(_ step: PlanStep) -> RecordRef {
        ref(step.stored >= 0 && facts[Int(step.stored)].addresses >= 0 ? step.stored : step.main)
    }
}
