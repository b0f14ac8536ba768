import CausalAnalysis
import EventModel

/// What an explanation leaves open: what is not known, and which missing records could overturn the finding.
struct ExplanationDoubts {
    private let words: ExplanationWords
    private let plan: PlanExplanationWords

    init(_ words: ExplanationWords) {
        self.words = words
        plan = PlanExplanationWords(words)
    }

    private var explanation: Explanation { words.explanation }
    private var finding: Finding { words.finding }
    private var report: Report { words.report }

    /// A sentence for each thing that is not known.
    func lines() -> [String] {
        var lines = ownLines()
        let missing = report.quality.missingLogs
        if !missing.isEmpty {
            var names = missing.prefix(6).map { report.symbols[$0.actor] }.joined(separator: ", ")
            if missing.count > 6 { names += " and " + Figures.grouped(missing.count - 6) + " more" }
            lines.append("What the logs of \(names) would tell: other records name them, and none of theirs is here.")
        }
        return lines
    }

    /// The same without what is open of all findings alike.
    func ownLines() -> [String] {
        var lines: [String] = []
        if finding.confidence == .possible {
            lines.append("Whether the order holds: it rests on times that lie within what the clocks may be apart.")
        } else if finding.confidence == .likely {
            lines.append("The order is not proven: a log that is not here could still show another one.")
        }
        if finding.kind == .stalePlanOverwrite { lines += open() }
        lines += overturns()
        return lines
    }

    /// What the records that each actor's log lacks could change.
    private func overturns() -> [String] {
        var kinds: [MissingRecords] = []
        for records in finding.missing where !kinds.contains(where: { $0.isLike(records) }) { kinds.append(records) }
        return kinds.compactMap { kind in
            let gaps = finding.missing.filter { $0.isLike(kind) }
            let counters = gaps.compactMap(\.counters).map { counters in
                let (first, last) = (counters.lowerBound, counters.upperBound)
                return first == last ? "#\(first)" : "#\(first) to #\(last)"
            }
            // Of an actor without any log the missing logs tell.
            if counters.isEmpty { return nil }
            let actor = report.symbols[kind.actor]
            let before = kind.before.map { " (before \(words.place($0)))" } ?? ""
            return "\(actor) \(counters.joined(separator: ", "))\(before): in no log. " + overturn(kind.doubt)
        }
    }

    private func overturn(_ doubt: MissingRecords.Doubt) -> String {
        switch doubt {
        case .finding:
            finding.kind == .stalePlanOverwrite
                ? "Another write to this endpoint among them could mean that another plan was displaced."
                : "A write among them could change this finding."
        case .check: "A later check of the plan among them would make the check younger."
        case .newerPlans: "More newer plans could be among them."
        case .extent: "Among them there could be what moves its beginning, its end or its peak."
        }
    }

    private func open() -> [String] {
        var lines: [String] = []
        let writer = finding.actor ?? "the writer"
        if finding.record(Finding.Part.displaced) == nil {
            lines.append("When plan \(finding.displaced ?? 0) was written: no record of that write is in the logs.")
        }
        if !explanation.hasPlanner {
            lines.append("How many plans were created meanwhile: no record of any creation is in the logs.")
        }
        if let delay = explanation.delay {
            var line = "Why \(writer) took so long: "
            if let first = delay.firstTroubled, let last = delay.lastTroubled {
                line +=
                    "\(Figures.grouped(delay.troubled)) of its \(Figures.count(delay.writes, "write")) of the plan failed or "
                    + "were repeated before this one (\(words.place(first)) to :\(last.line)); "
            } else if delay.writes > 0 {
                line += "its \(Figures.count(delay.writes, "write")) of the plan before this one went through at once; "
            }
            if let after = delay.afterPause {
                line += "its longest silence was \(Nanoseconds.words(delay.longestPause)), before \(words.place(after))"
            }
            lines.append(line + ".")
        } else if plan.check == nil {
            lines.append("What \(writer) did before the write: no check of the plan is in its log.")
        }
        return lines
    }
}

extension MissingRecords {
    /// Whether the same sentence tells of both.
    fileprivate func isLike(_ other: MissingRecords) -> Bool { actor == other.actor && doubt == other.doubt }
}
