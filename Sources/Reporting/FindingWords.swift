import EventModel

/// Findings in words that the terminal's summary and the timeline share. Exact text: whoever shows it escapes it.
enum FindingWords {
    /// `2 h 37 min`; `to the end`; empty for what has no extent.
    static func extent(_ group: FindingGroup) -> String {
        if group.lasts { return "to the end" }
        guard let until = group.until, until > group.at else { return "" }
        return Nanoseconds.words(until.since(group.at))
    }

    /// What the group is about: `dynamodb.us-east-1`, and how many more.
    static func subject(_ group: FindingGroup, _ list: FindingList) -> (name: String, more: Int) {
        (list.representative(group).subject, max(0, group.endpoints - 1))
    }

    /// Why to believe it: `proven (commit 20417 after 20416) · unaware: its check did not know of the newer write`.
    static func trust(_ group: FindingGroup, _ list: FindingList) -> String {
        let finding = list.representative(group)
        var text = finding.confidence.name
        let basis = finding.basisWords
        if !basis.isEmpty { text += " (\(basis))" }
        if group.confidence < finding.confidence {
            text += "; on some \(noun(group, list))s only \(group.confidence.name)"
        }
        let check = finding.record(Finding.Part.runStart) == nil ? "its check" : "the start of its run"
        switch finding.awareness {
        case .aware: text += " · aware: \(check) knew of a newer plan"
        case .unaware: text += " · unaware: \(check) did not know of the newer write"
        case .unknown: text += " · whether the writer knew is not recorded"
        case nil: break
        }
        return text
    }

    /// What the members of a group are told apart by, in one word.
    static func noun(_ group: FindingGroup, _ list: FindingList) -> String {
        let finding = list.representative(group)
        if finding.endpoint != nil { return "endpoint" }
        if group.kind.traits.isOfAFleet { return "actor" }
        if finding.queue != nil { return "queue" }
        return finding.service != nil ? "service" : "actor"
    }

    /// A figure's value with its unit.
    static func value(_ figure: Finding.Figure) -> String {
        switch figure.unit {
        case .count: Figures.exact(figure.value)
        case .share: Figures.exact(figure.value * 100) + " %"
        case .seconds: figure.value == 0 ? "0 s" : Nanoseconds.words(Int64(min(figure.value * 1e9, 9.2e18)))
        case .perSecond: Figures.exact(figure.value) + "/s"
        case .perMinute: Figures.exact(figure.value) + " a minute"
        }
    }

    /// What happened, of a fleet told by one of its actors.
    static func sentence(_ group: FindingGroup, _ list: FindingList) -> String {
        let finding = list.representative(group)
        guard group.kind.traits.isOfAFleet, group.members.count > 1, let actor = finding.actor else {
            return sentence(finding)
        }
        return "of \(actor) alone: " + sentence(finding)
    }

    /// What happened.
    static func sentence(_ finding: Finding) -> String {
        let summary = finding.summary
        return summary.isEmpty ? "no more is known" : summary
    }

    /// Counts of info findings in words: `14 stale checks that did no harm`.
    static func folded(_ group: FindingGroup, _ list: FindingList) -> String {
        let words = group.kind.traits.group
        var count = Int64(group.members.count)
        if words.countsEach {
            count = group.members.reduce(0) { sum, member in
                sum.addingReportingOverflow(max(1, list.findings[member].count ?? 1)).partialValue
            }
        }
        return Figures.count(count, words.one, plural: words.many) + words.rest
    }

    /// The info groups of `groups`, counted by kind, in the order of the kinds.
    static func folded(_ groups: [FindingGroup], _ list: FindingList) -> [String] {
        KindTraits.all.map(\.kind).compactMap { kind in
            let same = groups.filter { $0.severity == .info && $0.kind == kind }
            guard var sum = same.first else { return nil }
            sum.members = same.flatMap(\.members)
            return folded(sum, list)
        }
    }
}
