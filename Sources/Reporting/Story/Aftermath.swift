import EventModel

/// What outlived the repair or began only after it, and why as far as records tell; groups that share kind and reason are one.
struct Aftermath {
    /// Why something went on.
    enum Reason: Hashable {
        /// A queue's retries kept it busy with work that was given up: these groups.
        case collapse([Int])
        /// These prolonged it.
        case prolonged([Int])
        /// What had led to it went on itself: these.
        case causes([Int])
        /// No record tells.
        case unknown

        /// Whether both are of one sort.
        func isLike(_ other: Reason) -> Bool {
            switch (self, other) {
            case (.collapse, .collapse), (.prolonged, .prolonged), (.causes, .causes), (.unknown, .unknown): true
            default: false
            }
        }

        /// A reason that names the groups of both.
        func joined(with other: Reason) -> Reason {
            switch (self, other) {
            case (.collapse(let a), .collapse(let b)): .collapse(Set(a + b).sorted())
            case (.prolonged(let a), .prolonged(let b)): .prolonged(Set(a + b).sorted())
            case (.causes(let a), .causes(let b)): .causes(Set(a + b).sorted())
            default: self
            }
        }
    }

    /// Groups of one kind and with one reason.
    struct Entry {
        var groups: [Int]
        /// The first and the last end; nil where one lasts.
        var ends: ClosedRange<Timestamp>?
        var reason: Reason
        /// Whether they began only after the repair.
        var isLater: Bool
        /// The act in the past of the last of these recoveries.
        var after: Act?
    }

    /// In the order of their beginnings.
    let entries: [Entry]

    init(_ incident: Incident) {
        guard let repaired = incident.repairedAt, let trigger = incident.trigger else {
            entries = []
            return
        }
        let limit = repaired.advanced(by: Incident.slack)
        let left = incident.byBeginning(incident.told.filter { $0 != trigger && incident.end($0) > limit })
        let outlived = Set(left)
        var entries: [Entry] = []
        for group in left {
            let isLater = incident.surelyBegun(group) > limit
            let reason = Self.reason(group, incident, outlived)
            let after = incident.graph.endedBy(group).flatMap(incident.act)
            let end = incident.group(group).lasts ? nil : incident.end(group)
            let kind = incident.group(group).kind
            let like = entries.firstIndex { entry in
                incident.group(entry.groups[0]).kind == kind && entry.isLater == isLater
                    && (entry.ends == nil) == (end == nil)
                    && (entry.reason == reason
                        ? reason != .unknown || Self.isNear(entry.ends, end)
                        : entry.reason.isLike(reason) && Self.isNear(entry.ends, end))
            }
            if let like {
                entries[like].groups.append(group)
                entries[like].reason = entries[like].reason.joined(with: reason)
                if let end, let ends = entries[like].ends {
                    if end >= ends.upperBound { entries[like].after = after }
                    entries[like].ends = min(ends.lowerBound, end)...max(ends.upperBound, end)
                }
            } else {
                entries.append(
                    Entry(groups: [group], ends: end.map { $0...$0 }, reason: reason, isLater: isLater, after: after))
            }
        }
        self.entries = entries
    }

    private static func isNear(_ ends: ClosedRange<Timestamp>?, _ end: Timestamp?) -> Bool {
        guard let ends, let end else { return ends == nil && end == nil }
        return abs(end.since(ends.lowerBound)) <= Incident.slack
    }

    private static func reason(_ group: Int, _ incident: Incident, _ outlived: Set<Int>) -> Reason {
        let graph = incident.graph
        let kind = incident.group(group).kind
        let collapses = graph.followers(of: group).union(graph.prolongers(of: group)).filter { other in
            incident.group(other).kind == .congestiveCollapse && incident.group(other).at <= incident.end(group)
        }
        if kind != .congestiveCollapse, !collapses.isEmpty { return .collapse(collapses.sorted()) }
        let prolongers = graph.prolongers(of: group).filter(outlived.contains)
        if !prolongers.isEmpty { return .prolonged(prolongers.sorted()) }
        let causes = graph.causes(of: group).filter(outlived.contains)
        return causes.isEmpty ? .unknown : .causes(causes.sorted())
    }
}
