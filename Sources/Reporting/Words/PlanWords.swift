import EventModel

/// The sentences of plan findings.
struct PlanWords {
    let finding: Finding

    init(_ finding: Finding) {
        self.finding = finding
    }

    private var who: String { finding.actor ?? "somebody" }
    private var plan: String { finding.plan.map { "plan \($0)" } ?? "a plan" }

    var sentence: String {
        switch finding.kind {
        case .stalePlanOverwrite: "\(who) wrote \(plan) over plan \(finding.displaced ?? 0); \(check)"
        case .rollback: "\(who) put \(plan) back in place of plan \(finding.displaced ?? 0), on purpose"
        case .activePlanDeleted: "\(who) deleted \(plan) while it was active"
        case .endpointEmptied:
            "no addresses\(finding.plan == nil ? "" : " after \(plan) was deleted"), \(ending)"
        case .automationWedged: failures
        default:
            "\(who) wrote \(plan) to \(Self.count(finding.count, "endpoint")) that had changed since its check; "
                + "it was newer there, by luck"
        }
    }

    private var check: String {
        guard let age = finding.checkAge else { return "no check of it is in the logs" }
        let isRunStart = finding.record(Finding.Part.runStart) != nil
        let what =
            isRunStart
            ? "its run had begun \(Nanoseconds.words(age)) before" : "its check was \(Nanoseconds.words(age)) old"
        guard let newer = finding.newerPlans else { return what }
        return "\(what), \(Self.count(newer, "plan")) newer since"
    }

    private var failures: String {
        var by = who
        if case .failures(let actors, _) = finding.detail, actors != 1 { by = "\(actors) actors" }
        return
            "\(Self.count(finding.count, "write")) by \(by) failed or \(finding.count == 1 ? "was" : "were") refused, \(ending)"
    }

    private var ending: String {
        let ended: Finding.Ending? =
            switch finding.detail {
            case .outage(let ended), .failures(_, let ended): ended
            default: nil
            }
        return ended.map { "until \($0.actor) wrote \($0.plan.map { "plan \($0)" } ?? "it")" } ?? "to the logs' end"
    }

    private static func count(_ count: Int64?, _ noun: String) -> String {
        "\(count ?? 0) \(noun)\(count == 1 ? "" : "s")"
    }
}

extension Quality.Undecided {
    /// The open questions in words: `whether plan 4 was active when it was deleted`.
    public var words: String { sentence + (count > 1 ? "; " + Figures.count(count - 1, "more such question") : "") }

    private var sentence: String {
        switch question {
        case .effect(let plan, let active):
            "whether the write of plan \(plan), which was not answered, took effect over plan \(active)"
        case .order(let plan, let newer): "whether plan \(plan) was written after plan \(newer)"
        case .missingWrites(let earlier, let later):
            "what was written between plan \(earlier) and plan \(later), of which records are missing"
        case .deletionsEffect(let plan): "whether the deletion of plan \(plan) took effect"
        case .deletedWhileActive(let plan): "whether plan \(plan) was active when it was deleted"
        }
    }
}
