import EventModel

/// Turning points of findings in words: what begins, what is at its worst, what ends.
enum TurnWords {
    /// So many names stand in one sentence.
    private static let named = 16

    /// What begins with groups of one kind.
    static func begins(_ groups: [Int], _ list: FindingList) -> Phrase {
        let names = names(groups, list)
        switch list.groups[groups[0]].kind {
        case .serviceImpact: return "requests begin to fail: \(names)"
        case .launchFailure: return "launches begin to fail: \(names)"
        case .leaseExpiry: return "leases begin to fail: \(names)"
        case .healthFlapping: return "targets begin to change their health back and forth: \(names)"
        case .propagationDelay: return "new state begins to arrive late: \(names)"
        case .backlogOnset: return "\(groups.count == 1 ? "a queue begins" : "queues begin") to fall behind: \(names)"
        case .congestiveCollapse:
            return "work is retried faster than it completes, and next to none completes: \(names)"
        case .retryStorm: return "attempts multiply: \(names)"
        case .staleRead: return "reads begin to give what had been replaced: \(names)"
        case .replicaLag: return "a replica falls behind the others: \(names)"
        case .eventRateChange: return "events come far more, or far less, often than usual: \(names)"
        case .automationWedged: return "automation's writes begin to be refused: \(names)"
        case .contendedEndpoint: return "writers begin to undo one another: \(names)"
        default: return "begins: \(names)"
        }
    }

    /// What ends with groups.
    static func ends(_ groups: [Int], _ list: FindingList) -> Phrase {
        let names = names(groups, list)
        if Set(groups.map { list.groups[$0].kind }).count > 1 { return "back to normal: \(names)" }
        switch list.groups[groups[0]].kind {
        case .serviceImpact: return "requests succeed again: \(names)"
        case .launchFailure: return "launches succeed again: \(names)"
        case .leaseExpiry: return "leases hold again: \(names)"
        case .healthFlapping: return "targets' health is steady again: \(names)"
        case .propagationDelay: return "state arrives in its usual time again: \(names)"
        case .backlogOnset:
            return "\(groups.count == 1 ? "the queue is" : "queues are") back to the usual wait: \(names)"
        case .congestiveCollapse: return "work completes again: \(names)"
        case .replicaLag: return "the replica has caught up: \(names)"
        case .eventRateChange: return "events come as often as usual again: \(names)"
        case .retryStorm: return "attempts are back to their usual number: \(names)"
        default: return "ends: \(names)"
        }
    }

    /// A backlog at its deepest.
    static func peaks(_ group: Int, _ list: FindingList) -> Phrase {
        let depth = list.representative(list.groups[group]).peak ?? 0
        return "\(GroupNames.link(list.groups[group], list)) is deepest: \(Figures.exact(depth)) waiting"
    }

    private static func names(_ groups: [Int], _ list: FindingList) -> Phrase {
        GroupNames.links(groups, list, limit: named)
    }
}
