import EventModel

/// Turns drafts into findings: names instead of symbols, and a sentence for a tired reader.
struct PlanSentences {
    let symbols: SymbolTable

    func finding(_ draft: PlanDraft) -> Finding {
        var finding = draft.finding
        if draft.endpoint != .none { finding.endpoint = symbols[draft.endpoint] }
        if draft.actor != .none { finding.actor = symbols[draft.actor] }
        finding.summary = sentence(draft)
        return finding
    }

    func undecided(_ question: OpenQuestion) -> Quality.Undecided {
        Quality.Undecided(
            endpoint: symbols[question.endpoint], plan: question.plan >= 0 ? question.plan : nil,
            question: question.question, evidence: question.evidence)
    }

    private func sentence(_ draft: PlanDraft) -> String {
        let who = draft.actor == .none ? "somebody" : symbols[draft.actor]
        let plan = draft.finding.plan.map { "plan \($0)" } ?? "a plan"
        switch draft.finding.kind {
        case .stalePlanOverwrite:
            return "\(who) wrote \(plan) over plan \(draft.finding.displaced ?? 0); \(check(draft))"
        case .rollback:
            return "\(who) put \(plan) back in place of plan \(draft.finding.displaced ?? 0), on purpose"
        case .activePlanDeleted:
            return "\(who) deleted \(plan) while it was active"
        case .endpointEmptied:
            let cause = draft.deleted >= 0 ? " after \(plan) was deleted" : ""
            return "no addresses\(cause), \(end(draft))"
        case .automationWedged:
            let count = draft.finding.count ?? 0
            let by = draft.actors == 1 ? who : "\(draft.actors) actors"
            return
                "\(count) \(count == 1 ? "write" : "writes") by \(by) failed or \(count == 1 ? "was" : "were") refused, \(end(draft))"
        default:
            let count = draft.finding.count ?? 0
            return
                "\(who) wrote \(plan) to \(count) \(count == 1 ? "endpoint" : "endpoints") that had changed since its check; "
                + "it was newer there, by luck"
        }
    }

    private func check(_ draft: PlanDraft) -> String {
        guard let age = draft.finding.checkAge else { return "no check of it is in the logs" }
        let what =
            draft.checkIsRunStart
            ? "its run had begun \(Nanoseconds.words(age)) before" : "its check was \(Nanoseconds.words(age)) old"
        guard let newer = draft.finding.newerPlans else { return what }
        return "\(what), \(newer) \(newer == 1 ? "plan" : "plans") newer since"
    }

    private func end(_ draft: PlanDraft) -> String {
        draft.endedBy == .none
            ? "to the logs' end" : "until \(symbols[draft.endedBy]) wrote plan \(draft.endedPlan)"
    }
}
