import EventModel

/// What became of the findings after an act, as far as the records tell.
enum ActEffect {
    /// These ended with the act in the past of their recovery.
    case ended([Int])
    /// What it was done to had been over already.
    case late(Int)
    /// What it was done to went on: these.
    case wentOn([Int])
    /// No finding's end has it in its past.
    case none

    init(_ act: Act, _ incident: Incident) {
        let ended = incident.told.filter { incident.graph.endedBy($0).map(act.covers) ?? false }
        if !ended.isEmpty {
            self = .ended(ended)
            return
        }
        guard let target = act.target else {
            self = .none
            return
        }
        let concerned = incident.told.filter { index in
            let finding = incident.finding(index)
            return [finding.service, finding.endpoint, finding.queue, finding.actor].contains(target)
        }
        let begun = incident.byBeginning(concerned.filter { incident.group($0).at <= act.first.time })
        let open = begun.filter { incident.end($0) > act.first.time }
        if !open.isEmpty {
            self = .wentOn(open)
        } else if let last = begun.max(by: { incident.end($0) < incident.end($1) }) {
            self = .late(last)
        } else {
            self = .none
        }
    }
}
