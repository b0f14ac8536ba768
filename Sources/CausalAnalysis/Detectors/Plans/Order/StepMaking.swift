import EventModel

extension EndpointRecords {
    /// The step that some records make.
    func step(_ main: Int32, sending: Int32, stored: Int32) -> PlanStep {
        let told = facts[Int(main)]
        let seen = stored >= 0 ? facts[Int(stored)] : nil
        func given(_ ofStore: Int64?, _ ofWriter: Int64) -> Int64 { ofStore.flatMap { $0 >= 0 ? $0 : nil } ?? ofWriter }
        let sent = sending >= 0 ? facts[Int(sending)] : told
        let writer = told.writer == .none ? told.moment.actor : told.writer
        let byOperator =
            told.byOperator || sent.byOperator || seen?.byOperator == true
            || (told.form == .stored && clocks.settled.operators.contains(writer))
        let rules = clocks.settled.rules
        let time = rules.contains(.storeTimes) ? clocks.settled.logs.ownTime(of: seen ?? told) : nil
        return PlanStep(
            kind: kind(told, isStored: stored >= 0), main: main, stored: stored, sending: sending, form: told.form,
            outcome: told.outcome, writer: writer, plan: told.plan,
            commit: rules.contains(.commits) ? given(seen?.commit, told.commit) : -1,
            replaces: rules.contains(.replaces) ? given(seen?.seen, told.seen) : -1,
            leavesAddresses: given(seen.map { Int64($0.addresses) }, Int64(told.addresses)) != 0,
            isDeliberate: byOperator || told.isDeliberate || sent.isDeliberate || seen?.isDeliberate == true,
            byOperator: byOperator, store: seen?.moment.actor ?? told.store,
            storeTime: time)
    }

    private func kind(_ fact: Fact, isStored: Bool) -> PlanStep.Kind {
        if isStored { return .write }
        switch fact.form {
        case .stored, .restored, .check: return .write
        case .emptied: return .emptied
        case .sending: return .uncertain
        case .answer:
            return switch fact.outcome {
            case .ok: .write
            case .refused, .throttled: .failure
            case .timeout, .error, .unknown: .uncertain
            }
        }
    }
}
