import EventModel

/// What people and machines did to a system in trouble, in words.
enum ActWords {
    /// `throttles droplet-manager (incoming lease work)`, without who.
    static func what(_ act: Act) -> String {
        let on = act.target.map { " " + $0 } ?? ""
        let plan = act.plan.map { " plan \($0)" } ?? ""
        var text: String
        switch act.kind {
        case .recordRestored: text = "restores" + on + (act.plan == nil ? "" : " as" + plan)
        case .automationDisabled: text = "switches automation off" + at(act)
        case .automationEnabled: text = "switches automation on again" + at(act)
        case .throttleSet: text = "throttles" + (on.isEmpty ? " work" : on)
        case .throttleCleared: text = "lifts the throttle" + at(act, "on")
        case .hostRestarted: text = act.count == 1 ? "restarts" + on : "restart"
        case .planApplied, .changeCommitted: text = "writes" + (plan.isEmpty ? "" : plan) + at(act, "to")
        case .planDeleted: text = "deletes" + plan
        case .other: text = act.event + at(act, "on")
        default: text = act.event + on + plan
        }
        if act.outcome != .ok { text += ", " + act.outcome.name }
        if let reason = act.reason, !reason.isEmpty { text += " (" + reason + ")" }
        if act.count > 1, act.isByOperator { text += ", \(Figures.grouped(act.count)) times" }
        return text
    }

    /// Who did it: a name, or how many.
    static func who(_ act: Act) -> String {
        if act.actors.count <= 2 { return act.actors.joined(separator: " and ") }
        let least = act.actors.count >= Act.actorLimit && act.count > UInt64(Act.actorLimit) ? "at least " : ""
        return least + Figures.count(act.actors.count, "actor") + " (\(act.actors[0]) and others)"
    }

    private static func at(_ act: Act, _ word: String = "at") -> String { act.target.map { " \(word) \($0)" } ?? "" }

    /// What became of the findings after it.
    static func effect(_ effect: ActEffect, _ act: Act, _ incident: Incident, _ times: TimeStyle) -> Phrase {
        let name = { (group: Int) in GroupNames.link(incident.group(group), incident.list) }
        switch effect {
        case .ended(let groups):
            let last = groups.map(incident.end).max() ?? act.last.time
            let took = Nanoseconds.words(max(0, last.since(act.first.time)))
            return "\(GroupNames.links(groups, incident.list)) ended after it, within \(took)"
        case .late(let group):
            return "\(name(group)) had ended before, at \(times.minute(incident.end(group)))"
        case .wentOn(let groups):
            let lines = groups.map { group -> Phrase in
                if incident.group(group).lasts { return "\(name(group)) goes on to the end of the logs" }
                let rest = Nanoseconds.words(incident.end(group).since(act.first.time))
                return "\(name(group)) went on until \(times.minute(incident.end(group))), for \(rest)"
            }
            return lines.listed(4, separator: "; ")
        case .none: return "no effect shows in the findings"
        }
    }
}
