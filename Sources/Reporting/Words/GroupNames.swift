import EventModel

/// What people call a finding beside its number: `F16 redshift`, `F2 deletion`.
enum GroupNames {
    /// A name longer than this is cut.
    private static let longest = 48

    /// `F16 redshift`; what a reader of the report named it otherwise.
    static func short(_ group: FindingGroup, _ list: FindingList) -> String { group.label + " " + name(group, list) }

    /// `F2 deletion on db.example`: for where several of one name stand beside each other.
    static func full(_ group: FindingGroup, _ list: FindingList) -> String {
        let finding = list.representative(group)
        guard list.name(of: group) == nil, let endpoint = finding.endpoint else { return short(group, list) }
        return short(group, list) + " on " + cut(endpoint)
    }

    /// The same as a link.
    static func link(_ group: FindingGroup, _ list: FindingList) -> Phrase {
        Phrase([.link(short(group, list), .finding(group.number - 1))])
    }

    /// Links to several, one after the other.
    static func links(_ groups: [Int], _ list: FindingList, limit: Int = 6) -> Phrase {
        groups.map { link(list.groups[$0], list) }.listed(limit)
    }

    /// What it is, in a word or two.
    static func name(_ group: FindingGroup, _ list: FindingList) -> String {
        if let name = list.name(of: group) { return name }
        let finding = list.representative(group)
        switch group.kind {
        case .stalePlanOverwrite: return "overwrite"
        case .activePlanDeleted: return "deletion"
        case .endpointEmptied: return "empty endpoint"
        case .automationWedged: return "wedged automation"
        case .contendedEndpoint: return "contention on " + cut(finding.subject)
        case .serviceImpact: return cut(finding.service ?? finding.subject)
        case .backlogOnset: return "queue " + cut(queue(finding))
        case .congestiveCollapse: return "collapse of " + cut(queue(finding))
        case .retryStorm: return "retries at " + cut(finding.queue ?? finding.subject)
        case .leaseExpiry: return "leases" + fleet(group, finding)
        case .launchFailure: return "launches" + fleet(group, finding)
        case .propagationDelay: return "propagation" + fleet(group, finding)
        case .staleRead: return "stale reads" + fleet(group, finding)
        case .replicaLag: return "lag of " + cut(finding.actor ?? finding.subject)
        case .eventRateChange: return (finding.event.map(cut) ?? "events") + fleet(group, finding)
        case .healthFlapping: return "health checks" + fleet(group, finding)
        default: return group.kind.rawValue + (finding.subject.isEmpty ? "" : " " + cut(finding.subject))
        }
    }

    /// Of several actors their number tells more than one of their names.
    private static func fleet(_ group: FindingGroup, _ finding: Finding) -> String {
        if group.endpoints > 1 { return " of \(Figures.count(group.endpoints, "actor"))" }
        return finding.actor.map { " at " + cut($0) } ?? ""
    }

    /// A queue with whose it is, where its name alone is a common word.
    private static func queue(_ finding: Finding) -> String { finding.subject }

    private static func cut(_ text: String) -> String {
        text.unicodeScalars.count <= longest
            ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(longest - 1))) + "…"
    }
}
