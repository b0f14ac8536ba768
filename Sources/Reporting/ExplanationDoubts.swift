import CausalAnalysis
import EventModel

/// What an explanation leaves open: what is not known, and which missing records could overturn the finding.
struct ExplanationDoubts {
    private let words: ExplanationWords
    private let plan: PlanExplanationWords

    /// So many gaps of an actor are named.
    private static let namedGaps = 6

    init(_ words: ExplanationWords) {
        self.words = words
        plan = PlanExplanationWords(words)
    }

    private var explanation: Explanation { words.explanation }
    private var finding: Finding { words.finding }
    private var report: Report { words.report }

    /// A sentence for each thing that is not known.
    func lines() -> [String] {
        var lines: [String] = []
        if finding.confidence == .possible {
            lines.append("Whether the order holds: it rests on times that lie within what the clocks may be apart.")
        } else if finding.confidence == .likely {
            lines.append("The order is not proven: a log that is not here could still show another one.")
        }
        if finding.kind == .stalePlanOverwrite { lines += open() }
        lines += overturns()
        let missing = report.quality.missingLogs
        if !missing.isEmpty {
            var names = missing.prefix(6).map { report.symbols[$0.actor] }.joined(separator: ", ")
            if missing.count > 6 { names += " and " + Figures.grouped(missing.count - 6) + " more" }
            lines.append("What the logs of \(names) would tell: other records name them, and none of theirs is here.")
        }
        return lines
    }

    /// What the records that the gaps of each actor lack could change.
    private func overturns() -> [String] {
        var actors: [String] = []
        for gap in explanation.gaps where !actors.contains(gap.actor) { actors.append(gap.actor) }
        return actors.map { actor in
            let gaps = explanation.gaps.filter { $0.actor == actor }
            let counters = gaps.prefix(Self.namedGaps).map { gap in
                let (first, last) = (gap.counters.lowerBound, gap.counters.upperBound)
                return first == last ? "#\(first)" : "#\(first) to #\(last)"
            }
            var names = actor + " " + counters.joined(separator: ", ")
            if gaps.count > counters.count { names += " and \(Figures.count(gaps.count - counters.count, "more gap"))" }
            return names + " (before \(words.place(gaps[0].after))): in no log. " + overturn(actor)
        }
    }

    private func overturn(_ actor: String) -> String {
        guard finding.kind == .stalePlanOverwrite, let pair = explanation.pair else {
            return "A write or a deletion among them could change this finding."
        }
        if actor == pair.later.actor { return "A later check of the plan among them would make the check younger." }
        if explanation.creations.contains(where: { $0.actor == actor }) {
            return "More newer plans could be among them."
        }
        if plan.isDecided {
            return "Whatever they were, plan \(finding.displaced ?? 0) was what this write displaced."
        }
        return "Another write to this endpoint among them could mean that another plan was displaced."
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
