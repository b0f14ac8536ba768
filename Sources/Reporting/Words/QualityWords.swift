import EventModel

/// What the logs lack, in sentences.
struct QualityWords {
    private let report: Report

    /// So many of each kind of remark are written out.
    private static let named = 10

    init(_ report: Report) {
        self.report = report
    }

    func lines() -> [String] {
        let quality = report.quality
        var remarks = [SummaryHead.trust(report).joined(separator: ", ")]
        remarks += ReadingWords.lines(report)
        remarks += capped(report.bundle.damage, "damaged container") { damage in
            "damaged: " + damage.path + (damage.byte.map { ":\($0)" } ?? "") + ": " + damage.message
        }
        remarks += capped(quality.missingLogs, "missing log") { log in
            "no log from " + report.symbols[log.actor] + ", seen in " + Figures.count(log.mentions, "record")
        }
        remarks += capped(quality.faults, "group of faults", plural: "groups of faults") { group in
            let place = "\(report.path(of: group.source)):\(group.first.line):\(group.first.byte)"
            return place + ": " + group.first.detail
                + (group.count > 1 ? " (" + Figures.grouped(group.count) + " of this kind)" : "")
        }
        remarks += capped(quality.undecided, "open question") { question in
            "not decided, and so no finding: " + question.words + " (" + question.endpoint + ")"
        }
        if let advice = LoggingAdvice(report).sentence { remarks.append(advice) }
        let skewed = quality.skews.filter { !$0.bounds.contains(0) }
        remarks += capped(skewed, "pair of actors", plural: "pairs of actors") { skew in
            "the clock of " + report.symbols[skew.a] + " less that of " + report.symbols[skew.b] + " is between "
                + Nanoseconds.words(skew.bounds.lowerBound) + " and " + Nanoseconds.words(skew.bounds.upperBound)
        }
        remarks += capped(report.bundle.passedOver, "file") { "passed over: " + $0.path + " (" + $0.reason + ")" }
        return remarks
    }

    private func capped<Item>(
        _ items: [Item], _ noun: String, plural: String? = nil, _ words: (Item) -> String
    ) -> [String] {
        var lines = items.prefix(Self.named).map(words)
        if items.count > Self.named {
            lines.append(
                "and " + Figures.count(items.count - Self.named, "more " + noun, plural: plural.map { "more " + $0 }))
        }
        return lines
    }
}
