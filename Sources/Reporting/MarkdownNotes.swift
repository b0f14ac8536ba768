import EventModel

/// The end of a timeline: what was left out and why, and what the logs lack.
struct MarkdownNotes {
    private let timeline: Timeline
    private let report: Report
    private let times: TimeStyle

    /// So many of each kind of remark are written out.
    private static let named = 10

    init(_ timeline: Timeline, _ report: Report, _ times: TimeStyle) {
        self.timeline = timeline
        self.report = report
        self.times = times
    }

    func blocks() -> [MarkdownPages.Block] {
        var blocks = [MarkdownPages.Block("\n## Left out\n\n")]
        for omission in timeline.omissions {
            let events = omission.events.map { $0.name + " " + Figures.grouped($0.count) }.joined(separator: ", ")
            let text = Figures.count(omission.count, "event") + ": " + omission.reason + " (" + events + ")"
            blocks.append(.init("- " + MarkdownText.inline(text, limit: 600) + "\n"))
        }
        if timeline.omissions.isEmpty { blocks.append(.init("Nothing: every event is here.\n")) }
        let remarks = quality()
        blocks.append(.init("\n## How good the logs are\n\n"))
        blocks += remarks.map { .init("- " + MarkdownText.inline($0, limit: 600) + "\n") }
        return blocks
    }

    func quality() -> [String] {
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
