import CausalAnalysis
import EventModel

/// What an explanation says of overwrites and deletions: the order, the check, who knew what, and the chain of records.
struct PlanExplanationWords {
    private let words: ExplanationWords

    /// So many actors of those that knew of plans are named.
    private static let namedActors = 12

    init(_ words: ExplanationWords) {
        self.words = words
    }

    private var explanation: Explanation { words.explanation }
    private var finding: Finding { words.finding }
    /// Whether it is about a write over another, be it of a newer plan or, by luck, of an older one.
    private var isOverwrite: Bool { [.stalePlanOverwrite, .rollback, .staleCheck].contains(finding.kind) }
    private var displaced: Generation { finding.displaced ?? explanation.witness(Finding.Part.displaced)?.plan ?? 0 }
    /// The check that the write rests on, or the start of its run.
    var check: Witness? {
        explanation.witness(Finding.Part.check) ?? explanation.witness(Finding.Part.runStart)
    }

    private func commit(_ parts: String...) -> Generation? {
        parts.lazy.compactMap { explanation.witness($0)?.commit }.first
    }

    /// Whether no missing record can come between the two writes: the store's answer or two commits in a row say so.
    var isDecided: Bool {
        if let replaces = explanation.witness(Finding.Part.write)?.replaces, replaces == finding.displaced {
            return true
        }
        guard let later = commit(Finding.Part.write, Finding.Part.stored),
            let earlier = commit(Finding.Part.displaced, Finding.Part.displacedStored)
        else { return false }
        return later.int64.flatMap { later in earlier.int64.map { later &- $0 == 1 } } ?? false
    }

    // MARK: Order and check

    func order() -> [String] {
        var lines: [String] = []
        if let later = commit(Finding.Part.write, Finding.Part.stored),
            let earlier = commit(Finding.Part.displaced, Finding.Part.displacedStored), isOverwrite
        {
            lines.append(
                "Commit \(earlier) (plan \(displaced)) is before commit \(later) (plan \(finding.plan ?? 0)): the "
                    + "store's own order of writes to this endpoint.")
        } else if !finding.basisWords.isEmpty {
            lines.append("Decided by: " + finding.basisWords + ".")
        }
        if isOverwrite, let replaces = explanation.witness(Finding.Part.write)?.replaces {
            lines.append("The write's answer says that it displaced plan \(replaces).")
        }
        if let pair = explanation.pair {
            let apart = pair.later.record.time.since(pair.earlier.record.time)
            lines.append(
                "By their clocks \(name(pair.earlier)) came \(Nanoseconds.words(apart)) "
                    + "before \(name(pair.later)).")
        }
        return lines
    }

    func why() -> [String] {
        guard isOverwrite else { return [] }
        let writer = finding.actor ?? "the writer"
        guard let check, let write = explanation.pair?.later ?? explanation.witness(Finding.Part.write) else {
            return ["No check of plan \(finding.plan ?? 0) by \(writer) is in the logs."]
        }
        let age = finding.checkAge ?? write.record.time.since(check.record.time)
        let isStart = check.part == Finding.Part.runStart
        var lines = [
            "\(writer)'s \(isStart ? "run" : "last check") of plan \(finding.plan ?? 0) "
                + "\(isStart ? "began" : "was") at \(words.times.clock(check.record.time)), \(Nanoseconds.words(age)) "
                + "before the write."
        ]
        if let active = check.active {
            lines.append(active == 0 ? "It saw no plan active." : "It saw plan \(active) active.")
        }
        if let newer = finding.newerPlans {
            let plans = newer == 0 ? "No newer plan" : Figures.count(newer, "newer plan")
            lines.append("\(plans) \(newer <= 1 ? "was" : "were") created after it.")
        }
        if let newer = explanation.witness(Finding.Part.displaced), newer.relation(to: check) != .before {
            let later = newer.record.time.since(check.record.time)
            if later >= 0 {
                lines.append("Plan \(displaced) was applied here \(Nanoseconds.words(later)) after it.")
            }
        }
        return lines
    }

    // MARK: Knowledge

    func knew() -> [String] {
        guard let pair = explanation.pair else { return [] }
        let who = finding.actor ?? pair.later.actor
        let basis = isOverwrite ? check : pair.later
        guard let basis else { return ["Whether \(who) knew is not recorded: there is no check."] }
        let at = isOverwrite ? "at its check" : "then"
        if let active = basis.active, Generation.precedes(finding.plan ?? active, active), isOverwrite {
            return ["Yes: its check saw plan \(active) active, and it wrote plan \(finding.plan ?? 0) all the same."]
        }
        let known = basis.clock[pair.earlier.process]
        let write = "\(name(pair.earlier)) is \(pair.earlier.actor) \(ExplanationWords.count(pair.earlier.stamp))"
        let entry =
            known == .zero
            ? "\(at) \(who) knew of nothing by \(pair.earlier.actor)"
            : "\(at) \(who) knew \(pair.earlier.actor) up to \(ExplanationWords.count(known))"
        let answer = basis.clock.covers(pair.earlier.process, pair.earlier.stamp) ? "Yes" : "No"
        return ["\(answer): \(write); \(entry)."]
    }

    func knowledge() -> [[String]] {
        guard !explanation.knowledge.isEmpty else { return [] }
        var rows = [["actor", "newest plan known just before", "from"]]
        let marked = [finding.actor, explanation.pair?.earlier.actor].compactMap { $0 }
        let all = explanation.knowledge
        let named = all.enumerated().filter { marked.contains($1.actor) || $0 < Self.namedActors }.map(\.element)
        for row in named {
            let part =
                row.actor == finding.actor
                ? (isOverwrite ? " (wrote)" : " (deleted)") : row.actor == marked.last ? " (had written)" : ""
            rows.append([
                row.actor + part, "\(row.plan)", row.isByClock ? "its clock covers the creation" : "its own records",
            ])
        }
        if named.count < all.count { rows.append(["\(all.count - named.count) more", "", ""]) }
        return rows
    }

    // MARK: Clocks and chain

    func clocks() -> [String] {
        guard let pair = explanation.pair else { return [] }
        let (later, earlier) = (pair.later, pair.earlier)
        if later.process == earlier.process { return ["Both are of one actor: its own order decides."] }
        let forth = entry(of: later, for: earlier)
        let back = entry(of: earlier, for: later)
        return switch later.relation(to: earlier) {
        case .after: ["Ordered: \(forth)."] + onTheWay(to: earlier)
        case .before: ["By the clocks the other way round: \(back)."]
        case .concurrent: ["Concurrent: \(forth); \(back). No message connects them."]
        }
    }

    /// Where the answer was the first to bring the news: what the writer knew as it sent.
    private func onTheWay(to earlier: Witness) -> [String] {
        guard let sending = explanation.witness(Finding.Part.sending), sending.relation(to: earlier) != .after else {
            return []
        }
        let known = sending.clock[earlier.process]
        let what =
            known == .zero ? "nothing of \(earlier.actor)" : "\(earlier.actor) up to \(ExplanationWords.count(known))"
        return [
            "When it was sent (\(words.place(sending.record))) \(sending.actor) knew \(what): only as it was applied did its "
                + "clock cover the newer write."
        ]
    }

    private func entry(of a: Witness, for b: Witness) -> String {
        let known = a.clock[b.process]
        let what = known == .zero ? "nothing" : ExplanationWords.count(known)
        return
            "the clock of \(name(a)) has \(what) of \(b.actor), whose \(short(b)) is \(ExplanationWords.count(b.stamp))"
    }

    func chain() -> [String] {
        var lines: [String] = []
        let first: [String] = [
            Finding.Part.check, Finding.Part.runStart, Finding.Part.sending, Finding.Part.nearMiss, Finding.Part.write,
            Finding.Part.stored,
        ]
        lines.append(links(of: finding.plan, parts: first))
        lines.append(
            isOverwrite
                ? links(of: displaced, parts: [Finding.Part.displaced, Finding.Part.displacedStored])
                : links(of: nil, parts: [Finding.Part.deletion]))
        return lines.filter { !$0.isEmpty }
    }

    private func links(of plan: Generation?, parts: [String]) -> String {
        var links: [String] = []
        if let creation = explanation.creations.first(where: { $0.plan == plan }) {
            links.append(link(creation.actor, creation.record, "creates \(creation.plan)"))
        }
        for part in parts {
            guard let witness = explanation.witness(part) else { continue }
            let does =
                switch part {
                case Finding.Part.check: "checks"
                case Finding.Part.runStart: "begins its run"
                case Finding.Part.sending: "sends"
                case Finding.Part.deletion: "deletes \(finding.plan ?? 0)"
                case Finding.Part.stored, Finding.Part.displacedStored:
                    witness.commit.map { "commit \($0)" } ?? "commits"
                default: "writes " + (witness.plan?.description ?? "")
                }
            links.append(link(witness.actor, witness.record, does))
        }
        return links.joined(separator: " → ")
    }

    private func link(_ actor: String, _ record: RecordRef, _ does: String) -> String {
        let count = record.hasClock ? " " + ExplanationWords.count(record.stamp) : ""
        return "\(actor)\(count) \(does) (\(words.place(record)))"
    }

    private func name(_ witness: Witness) -> String {
        short(witness) == "deletion" ? "the deletion" : "the write of plan \(witness.plan ?? 0)"
    }

    private func short(_ witness: Witness) -> String { witness.part == Finding.Part.deletion ? "deletion" : "write" }
}
