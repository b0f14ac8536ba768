import EventModel

/// Completes findings: names instead of symbols, and a sentence for a tired reader.
struct PlanSentences {
    let symbols: SymbolTable

    func complete(_ finding: inout Finding, _ facts: PlanFacts) {
        if facts.endpoint != .none { finding.endpoint = symbols[facts.endpoint] }
        if facts.actor != .none { finding.actor = symbols[facts.actor] }
        finding.summary = sentence(finding, facts)
    }

    func undecided(_ question: OpenQuestion) -> Quality.Undecided {
        Quality.Undecided(
            endpoint: symbols[question.endpoint], plan: question.plan >= 0 ? question.plan : nil,
            question: question.question, evidence: question.evidence)
    }

    private func sentence(_ finding: Finding, _ facts: PlanFacts) -> String {
        let who = facts.actor == .none ? "somebody" : symbols[facts.actor]
        let plan = finding.plan.map { "plan \($0)" } ?? "a plan"
        switch finding.kind {
        case .stalePlanOverwrite:
            return "\(who) wrote \(plan) over plan \(finding.displaced ?? 0); \(check(finding, facts))"
        case .rollback:
            return "\(who) put \(plan) back in place of plan \(finding.displaced ?? 0), on purpose"
        case .activePlanDeleted:
            return "\(who) deleted \(plan) while it was active"
        case .endpointEmptied:
            let cause = facts.deleted >= 0 ? " after \(plan) was deleted" : ""
            return "no addresses\(cause), \(end(facts))"
        case .automationWedged:
            let count = finding.count ?? 0
            let by = facts.actors == 1 ? who : "\(facts.actors) actors"
            return
                "\(count) \(count == 1 ? "write" : "writes") by \(by) failed or \(count == 1 ? "was" : "were") refused, \(end(facts))"
        default:
            let count = finding.count ?? 0
            return
                "\(who) wrote \(plan) to \(count) \(count == 1 ? "endpoint" : "endpoints") that had changed since its check; "
                + "it was newer there, by luck"
        }
    }

    private func check(_ finding: Finding, _ facts: PlanFacts) -> String {
        guard let age = finding.checkAge else { return "no check of it is in the logs" }
        let what =
            facts.checkIsRunStart
            ? "its run had begun \(Nanoseconds.words(age)) before" : "its check was \(Nanoseconds.words(age)) old"
        guard let newer = finding.newerPlans else { return what }
        return "\(what), \(newer) \(newer == 1 ? "plan" : "plans") newer since"
    }

    private func end(_ facts: PlanFacts) -> String {
        facts.endedBy == .none
            ? "to the logs' end" : "until \(symbols[facts.endedBy]) wrote plan \(facts.endedPlan)"
    }
}
