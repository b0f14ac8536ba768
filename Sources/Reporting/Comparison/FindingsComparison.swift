import EventModel

/// Which findings of one bundle another has too, and what of them differs.
package struct FindingsComparison: Sendable {
    /// A finding that both have.
    package struct Pair: Sendable {
        /// Their indices in the lists.
        package var a: Int
        package var b: Int
        /// What differs, in words; empty where nothing does.
        package var changes: [String]
    }

    /// Only in the first, and only in the second; both as indices.
    package private(set) var gone: [Int] = []
    package private(set) var new: [Int] = []
    package private(set) var both: [Pair] = []

    package var changed: [Pair] { both.filter { !$0.changes.isEmpty } }

    /// Pairs findings by their lasting ids; what is left, since the first record of a finding has another counter in the other bundle, by kind,
    /// subject, actor and plans, the first with the first.
    package init(_ a: FindingList, _ b: FindingList) {
        var left = Set(b.findings.indices)
        var partner = [Int?](repeating: nil, count: a.findings.count)
        let byID = Dictionary(zip(b.ids, b.findings.indices), uniquingKeysWith: { first, _ in first })
        for index in a.findings.indices {
            guard let other = byID[a.ids[index]], left.remove(other) != nil else { continue }
            partner[index] = other
        }
        var alike = Dictionary(grouping: left.sorted { Self.isBefore($0, $1, b) }) { Subject(b.findings[$0]) }
        let unpaired = a.findings.indices.filter { partner[$0] == nil }.sorted { Self.isBefore($0, $1, a) }
        for index in unpaired {
            let subject = Subject(a.findings[index])
            guard let other = alike[subject]?.first else { continue }
            alike[subject]?.removeFirst()
            left.remove(other)
            partner[index] = other
        }
        for (index, other) in partner.enumerated() {
            if let other {
                both.append(
                    Pair(a: index, b: other, changes: Self.changes(a.findings[index], b.findings[other])))
            } else {
                gone.append(index)
            }
        }
        new = left.sorted()
    }

    private struct Subject: Hashable {
        var kind: Finding.Kind
        var subject: String
        var actor: String?
        var plan: Generation?
        var displaced: Generation?

        init(_ finding: Finding) {
            (kind, subject, actor) = (finding.kind, finding.subject, finding.actor)
            (plan, displaced) = (finding.plan, finding.displaced)
        }
    }

    private static func isBefore(_ a: Int, _ b: Int, _ list: FindingList) -> Bool {
        (list.findings[a].at, a) < (list.findings[b].at, b)
    }

    private static func changes(_ a: Finding, _ b: Finding) -> [String] {
        var changes: [String] = []
        func note(_ name: String, _ before: String?, _ after: String?) {
            if before != after { changes.append("\(name) \(after ?? "none"), was \(before ?? "none")") }
        }
        note("severity", a.severity.name, b.severity.name)
        note("confidence", a.confidence.name, b.confidence.name)
        note("awareness", a.awareness?.rawValue, b.awareness?.rawValue)
        if a.at != b.at {
            let (shift, later) = b.at > a.at ? (b.at.since(a.at), "later") : (a.at.since(b.at), "earlier")
            changes.append("begins \(Nanoseconds.words(shift)) \(later)")
        }
        note("lasts", Self.length(a), Self.length(b))
        note("count", a.count.map(Figures.grouped), b.count.map(Figures.grouped))
        note("peak", a.peak.map(Figures.exact), b.peak.map(Figures.exact))
        return changes
    }

    private static func length(_ finding: Finding) -> String? {
        if finding.lasts { return "to the end of the logs" }
        return finding.until.map { Nanoseconds.words($0.since(finding.at)) }
    }
}
