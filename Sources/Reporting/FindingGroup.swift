import EventModel

/// Findings that people see as one row: of one kind, by one writer and of one plan, on any number of endpoints.
package struct FindingGroup: Sendable {
    /// The number behind the F, from 1: most severe first, then by time.
    package var number: Int
    /// The findings, as indices into the report's, by time.
    package var members: [Int]
    /// The member that stands for all: the most severe, then the earliest.
    package var representative: Int
    package var kind: Finding.Kind
    /// The worst of the members'.
    package var severity: Finding.Severity
    /// The weakest of the members'.
    package var confidence: Finding.Confidence
    package var at: Timestamp
    /// The last end of the members that have one; nil while one of them lasts, or for what has no extent.
    package var until: Timestamp?
    /// Whether one of the members still lasts at the logs' end.
    package var lasts: Bool
    /// The different endpoints of the members; of a fleet the different actors.
    package var endpoints: Int

    /// `F3`.
    package var label: String { "F\(number)" }
}

/// A report's findings as people see them, numbered; the numbers do not depend on what of them is shown.
package struct FindingList: Sendable {
    package let findings: [Finding]
    /// The stable ids, one for each finding; see `FindingID`.
    package let ids: [String]
    package let groups: [FindingGroup]
    /// The index of each finding's group.
    package let groupOf: [Int]
    /// What people wrote about them.
    package private(set) var annotations = GroupAnnotations()

    /// Groups findings. O(n log n).
    ///
    /// - Parameter annotations: what people wrote about them, by lasting id.
    package init(_ findings: [Finding], _ annotations: Annotations? = nil) {
        self.findings = findings
        ids = FindingID.all(findings)
        groups = Self.grouped(findings)
        var groupOf = [Int](repeating: 0, count: findings.count)
        for (index, group) in groups.enumerated() {
            for member in group.members { groupOf[member] = index }
        }
        self.groupOf = groupOf
        if let annotations { self.annotations = GroupAnnotations(annotations, ids, groupOf, groups) }
    }

    /// What people call a group; nil where nobody named it.
    package func name(of group: FindingGroup) -> String? { annotations.names[group.number - 1] }

    /// The label of the row that a finding stands in: `F3`.
    package func label(_ finding: Int) -> String { groups[groupOf[finding]].label }

    /// The finding that stands for a group.
    package func representative(_ group: FindingGroup) -> Finding { findings[group.representative] }

    /// The groups that touch a span of time, and an endpoint of those named; those that people hid are left out.
    package func groups(within span: ClosedRange<Timestamp>?, endpoints: [Glob] = []) -> [FindingGroup] {
        groups.filter { group in
            if annotations.hidden.contains(group.number - 1) { return false }
            return group.members.contains { member in
                let finding = findings[member]
                if !endpoints.isEmpty,
                    !(finding.endpoint.map { name in endpoints.contains { $0.matches(name) } } ?? false)
                {
                    return false
                }
                guard let span else { return true }
                let end = finding.lasts ? span.upperBound : finding.until ?? finding.at
                return finding.at <= span.upperBound && max(end, finding.at) >= span.lowerBound
            }
        }
    }

    /// What findings share that stand in one row.
    private struct Key: Hashable {
        var kind: Finding.Kind
        var actor: String?
        var plan: Generation?
        /// Tells apart what no plan joins.
        var subject: Subject

        enum Subject: Hashable {
            case anyEndpoint
            /// Endpoints hit without a plan's name, one after the other within minutes; actors of a fleet at the same time.
            case wave(Int)
            /// A queue's or a service's own.
            case single(Int)
        }
    }

    /// What hits endpoint after endpoint without naming a plan is one row while no pause between onsets is longer than this.
    private static let pause = 5 * Nanoseconds.minute

    private static func grouped(_ findings: [Finding]) -> [FindingGroup] {
        let byTime = findings.indices.sorted { a, b in
            findings[a].at != findings[b].at ? findings[a].at < findings[b].at : a < b
        }
        var indexOf: [Key: Int] = [:]
        var wave: [Key: (number: Int, last: Timestamp)] = [:]
        var groups: [[Int]] = []
        for member in byTime {
            let finding = findings[member]
            var key = Key(kind: finding.kind, actor: finding.actor, plan: finding.plan, subject: .anyEndpoint)
            if finding.plan == nil, finding.severity != .info {
                if finding.kind.traits.isOfAFleet {
                    key.actor = nil
                    let end = finding.lasts ? Timestamp(nanoseconds: .max) : finding.until ?? finding.at
                    var number = member
                    var last = end
                    if let before = wave[key], finding.at <= before.last {
                        number = before.number
                        last = max(end, before.last)
                    }
                    wave[key] = (number, last)
                    key.subject = .wave(number)
                } else if finding.endpoint == nil {
                    key.subject = .single(member)
                } else {
                    var number = member
                    if let before = wave[key], finding.at.since(before.last) <= pause { number = before.number }
                    wave[key] = (number, finding.at)
                    key.subject = .wave(number)
                }
            }
            if let index = indexOf[key] {
                groups[index].append(member)
            } else {
                indexOf[key] = groups.count
                groups.append([member])
            }
        }
        var result = groups.map { summed($0, findings) }
        result.sort { a, b in
            a.severity != b.severity
                ? a.severity < b.severity
                : a.at != b.at ? a.at < b.at : a.representative < b.representative
        }
        for index in result.indices { result[index].number = index + 1 }
        return result
    }

    private static func summed(_ members: [Int], _ findings: [Finding]) -> FindingGroup {
        var representative = members[0]
        var confidence = Finding.Confidence.proven
        var until: Timestamp?
        var lasts = false
        var endpoints: Set<String> = []
        for member in members {
            let finding = findings[member]
            if finding.severity < findings[representative].severity { representative = member }
            confidence = min(confidence, finding.confidence)
            lasts = lasts || finding.lasts
            if let end = finding.until { until = max(until ?? end, end) }
            let name = finding.endpoint ?? (finding.kind.traits.isOfAFleet ? finding.actor : nil)
            if let name { endpoints.insert(name) }
        }
        let first = findings[representative]
        return FindingGroup(
            number: 0, members: members, representative: representative, kind: first.kind, severity: first.severity,
            confidence: confidence, at: findings[members[0]].at, until: lasts ? nil : until, lasts: lasts,
            endpoints: endpoints.count)
    }
}
