import EventModel

/// Safeguards against findings, in words that the timeline and the explanation share.
enum SafeguardWords {
    /// What everybody must know who reads a verdict.
    static let caveat =
        "Each safeguard is judged alone, on the writes as they were recorded; had it held, later events would have differed."

    /// `yes`, `yes, if within 1.9 s`.
    static func verdict(_ verdict: Finding.Safeguard.Verdict) -> String {
        switch verdict {
        case .yes: "yes"
        case .no: "no"
        case .ifWithin(let span): "yes, if within " + Nanoseconds.words(span)
        case .unknown: "unknown"
        }
    }

    /// The verdicts on all of a group's findings: one word where they agree, else `yes 30, no 4`.
    static func verdicts(_ safeguard: Finding.Safeguard, _ group: FindingGroup, _ list: FindingList) -> String {
        let all = group.members.compactMap { member in
            list.findings[member].safeguards.first { $0.safeguard == safeguard }?.verdict
        }
        guard let first = all.first else { return "–" }
        if all.allSatisfy({ $0 == first }) { return verdict(first) }
        let shortest = all.compactMap(\.margin).min() ?? 0
        let counts = [
            ("yes", all.count { $0 == .yes }),
            ("if within " + Nanoseconds.words(shortest), all.count(where: \.isConditional)),
            ("no", all.count { $0 == .no }), ("unknown", all.count { $0 == .unknown }),
        ]
        return counts.filter { $0.1 > 0 }.map { word, count in
            count == all.count ? word : word + " " + Figures.grouped(count)
        }.joined(separator: ", ")
    }

    /// How often a finding's race was open before it hit, as far as near misses tell: `3 writes of … before`; nil where never.
    static func nearMisses(of finding: Finding, _ findings: [Finding]) -> String? {
        guard finding.kind == .stalePlanOverwrite else { return nil }
        var own: Int64 = 0
        var all: Int64 = 0
        for miss in findings where miss.kind == .staleCheck && miss.at < finding.at {
            let count = max(1, miss.count ?? 1)
            all = all.addingReportingOverflow(count).partialValue
            if miss.actor == finding.actor { own = own.addingReportingOverflow(count).partialValue }
        }
        if all == 0 { return nil }
        return "The race was open \(Figures.count(all, "time")) before and did no harm, by luck"
            + (own > 0 && own < all ? ", \(Figures.count(own, "time")) by the same writer" : "") + "."
    }
}

extension Finding.Safeguard.Verdict {
    /// How long before the write's effect the check may come, where that decides.
    var margin: Int64? {
        if case .ifWithin(let span) = self { return span }
        return nil
    }

    /// Whether it is a yes with a condition.
    var isConditional: Bool { margin != nil }
}
