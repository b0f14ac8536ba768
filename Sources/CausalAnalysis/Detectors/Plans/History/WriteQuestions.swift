import EventModel

/// What is listed as undecided about an endpoint's writes.
extension EndpointRecords {
    /// Attempts whose effect would have been an overwrite of the active write.
    func askEffects(of attempts: [PlanStep], over active: PlanStep, _ verdicts: inout PlanVerdicts) {
        for attempt in attempts where attempt.plan < active.plan {
            verdicts.ask(
                .effect(plan: generation(attempt.plan), over: generation(active.plan)), of: attempt.plan,
                [evidence(Finding.Part.write, attempt.shown), evidence(Finding.Part.active, active.shown)], self)
        }
    }

    /// Deletions of generations of which only attempts are known.
    func askDeletions(of attempts: [PlanStep], _ verdicts: inout PlanVerdicts) {
        for attempt in attempts {
            let start = moment(attempt.start)
            let deletions = clocks.settled.broadcast.deletions(of: attempt.plan)
            guard let later = deletions.first(where: { !clocks.precedes($0.moment, start) }) else { continue }
            verdicts.ask(
                .deletedWhileActive(generation(attempt.plan)), of: attempt.plan,
                [
                    Finding.Evidence(part: Finding.Part.deletion, record: later.moment.ref),
                    evidence(Finding.Part.write, attempt.shown),
                ], self)
        }
    }

    /// A newer write behind an older one, where the order of the two is open or writes in between are missing.
    func askOrder(
        of newer: PlanStep, behind older: PlanStep, _ between: WriteNeighbours.Between, _ order: OrderBasis,
        _ verdicts: inout PlanVerdicts
    ) {
        guard older.plan >= 0, older.plan < newer.plan else { return }
        let question: Quality.Undecided.Question
        if case .missing = between {
            question = .missingWrites(after: generation(older.plan), before: generation(newer.plan))
        } else if order.confidence == .possible {
            question = .order(plan: generation(older.plan), after: generation(newer.plan))
        } else {
            return
        }
        verdicts.ask(
            question, of: newer.plan,
            [evidence(Finding.Part.active, older.shown), evidence(Finding.Part.next, newer.shown)], self)
    }
}
