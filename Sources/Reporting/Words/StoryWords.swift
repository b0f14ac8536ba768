import CausalAnalysis
import EventModel

/// The story of an incident in sentences: each term of the first page with what is said under it.
struct StoryWords {
    private let story: Story
    private let times: TimeStyle
    /// So many lines stand under one term; the rest is counted.
    private let named: Int

    private var incident: Incident { story.incident }
    private var list: FindingList { incident.list }
    private var report: Report { incident.report }

    init(_ story: Story, _ times: TimeStyle, named: Int = 16) {
        self.story = story
        self.times = times
        self.named = named
    }

    /// A term and what is said of it, a line each.
    typealias Fact = (term: String, lines: [Phrase])

    /// The first page, in the order of reading.
    func facts() -> [Fact] {
        guard let trigger = incident.trigger else { return nothing() }
        return [
            ("Impact", impact()), ("Not affected", notAffected()), ("Trigger", triggered(trigger)),
            ("Then", consequences()), ("Chain", chain(trigger)), ("Why it was possible", possible(trigger)),
            ("Detected", [detected(trigger)]), ("Repaired", [repaired()]), ("Mitigations", mitigations()),
            ("Outlived the repair", outlived()), ("Would have prevented it", prevented(trigger)),
            ("Point of no return", lastChances()), ("Not known", unknown(trigger)), ("How sure", sure()),
        ]
    }

    /// The same for the head of a terminal's summary: what, since when, why, repaired, still open.
    func short() -> [Fact] {
        guard let trigger = incident.trigger else { return [] }
        return [
            ("Impact", [extent()] + services()), ("Trigger", triggered(trigger).prefix(1).map { $0 }),
            ("Detected", [detected(trigger)]), ("Repaired", [repaired()]),
        ]
    }

    /// The services that failed, by name.
    private func services() -> [Phrase] {
        let harmed = incident.told(.serviceImpact)
        return harmed.isEmpty ? [] : ["\(Figures.count(harmed.count, "service")): \(harmed.map(link).listed(8))"]
    }

    private func link(_ group: Int) -> Phrase { GroupNames.link(incident.group(group), list) }

    private func limited(_ lines: [Phrase], _ noun: String, roomy: Bool = false) -> [Phrase] {
        let most = roomy ? named * 3 / 2 : named
        return lines.count <= most
            ? lines : lines.prefix(most) + ["\(Figures.count(lines.count - most, "further \(noun)"))"]
    }

    private func nothing() -> [Fact] {
        let elsewhere = list.groups.count { $0.severity != .info }
        let found =
            elsewhere == 0
            ? Verdict(report).nothingFound()
            : "Nothing within what is shown; \(Figures.count(elsewhere, "finding")) outside it, or hidden by annotations."
        var facts: [Fact] = [("Found", [Phrase(stringLiteral: found)])]
        if let span = report.span {
            facts.append(
                (
                    "Looked at",
                    ["\(times.full(span.lowerBound, digits: 0)) to \(times.full(span.upperBound, digits: 0))"]
                ))
        }
        facts.append(("Acts", limited(incident.acts.map(act), "act")))
        let open = Verdict(report).notJudged() + doubtsOfLogs()
        facts.append(("Not known", open.map { Phrase(stringLiteral: $0) }))
        return facts
    }

    // MARK: Impact

    private func extent() -> Phrase {
        guard let span = incident.span else { return "" }
        let lasting = incident.lasting
        let length = span.upperBound.since(span.lowerBound)
        let from = times.minute(span.lowerBound)
        if lasting.isEmpty { return "\(from) to \(times.minute(span.upperBound)) (\(Nanoseconds.words(length)))" }
        let soFar = length > 0 ? " (\(Nanoseconds.words(length)) so far)" : ""
        return "\(from) to the end of the logs\(soFar): \(lasting.map(link).listed(6)) not over by then"
    }

    private func impact() -> [Phrase] {
        var harmed = incident.told(.serviceImpact, .launchFailure)
        if harmed.isEmpty {
            harmed = incident.byBeginning(incident.told.filter { incident.finding($0).isWindow })
        }
        var together: [[Int]] = []
        for group in harmed.prefix(Self.compared) {
            if let like = together.firstIndex(where: { isSameSpan($0[0], group) }) {
                together[like].append(group)
            } else {
                together.append([group])
            }
        }
        let left = harmed.count - min(harmed.count, Self.compared)
        return [extent()] + limited(together.map { "\(span(of: $0)): \($0.map(harm).listed(named))" }, "span")
            + (left > 0 ? ["\(Figures.count(left, "further finding"))"] : [])
    }

    /// So many findings are looked through for those that began and ended together.
    private static let compared = 200

    /// Whether two began together and ended together.
    private func isSameSpan(_ a: Int, _ b: Int) -> Bool {
        let isNear = { (x: Timestamp, y: Timestamp) in abs(x.since(y)) <= Incident.slack }
        return isNear(incident.group(a).at, incident.group(b).at) && isNear(incident.end(a), incident.end(b))
    }

    /// `F12 dynamodb (91.1 % of 15 M requests failed)`.
    private func harm(_ group: Int) -> Phrase {
        let finding = incident.finding(group)
        if case .window(let window) = finding.detail, window.measure == .shares, window.tried > 0 {
            let words = finding.kind.traits.shares ?? KindTraits.Shares(tried: "records", became: "failed")
            let share = Figures.exact((window.bad / window.tried * 1_000).rounded() / 10)
            return "\(link(group)) (\(share) % of \(Figures.short(window.tried)) \(words.tried) \(words.became))"
        }
        return finding.endpoint.map { "\(link(group)) (\($0))" } ?? link(group)
    }

    private func span(of groups: [Int]) -> String {
        let from = groups.map { incident.group($0).at }.min() ?? .absent
        if groups.contains(where: { incident.group($0).lasts }) {
            return "\(times.minute(from)) to the end of the logs"
        }
        let to = groups.map(incident.end).max() ?? from
        return "\(times.minute(from)) to \(times.minute(to)) (\(Nanoseconds.words(to.since(from))))"
    }

    private func notAffected() -> [Phrase] {
        let names = incident.graph.unaffected.map { Phrase(stringLiteral: $0) }
        return names.isEmpty ? [] : ["\(names.listed(named)): requests stayed in their usual range"]
    }

    // MARK: Cause

    private func triggered(_ trigger: Int) -> [Phrase] {
        let group = incident.group(trigger)
        var line: Phrase = "\(when(trigger)) \(sentence(trigger)) (\(link(trigger)), \(group.confidence.name))"
        let (_, more) = FindingWords.subject(group, list)
        if let endpoint = incident.finding(trigger).endpoint {
            line += " on \(endpoint)\(more > 0 ? " and \(Figures.grouped(more)) more" : "")"
        }
        var lines = [line]
        let alike = incident.byBeginning(
            incident.told.filter { $0 != trigger && incident.group($0).kind == group.kind }
        )
        .filter { incident.graph.causes(of: $0).isEmpty && !incident.graph.effects(of: trigger).contains($0) }
        if !alike.isEmpty, !group.kind.traits.isMeasured {
            lines.append("the same again: \(alike.map(link).listed(6))")
        }
        return lines
    }

    /// A moment, or the span in which it must have begun.
    private func when(_ group: Int) -> String {
        let from = incident.group(group).at
        let to = incident.surelyBegun(group)
        return to > from ? "between \(times.second(from)) and \(times.second(to))" : times.second(from)
    }

    private func sentence(_ group: Int) -> String {
        let text = FindingWords.sentence(incident.group(group), list)
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    private func consequences() -> [Phrase] {
        limited(
            incident.consequences.map { "\(times.second(incident.group($0).at)) \(sentence($0)) (\(link($0)))" },
            "finding")
    }

    private func chain(_ trigger: Int) -> [Phrase] {
        let way = incident.graph.way(from: trigger)
        if way.count < 2 { return [] }
        var lines = [way.map(link).joined(separator: " → ")]
        let followers = incident.graph.followers(of: trigger)
        var branches: [(cause: Int, led: [Int])] = []
        for group in incident.byBeginning(followers.subtracting(way).sorted()) {
            let causes = incident.graph.causes(of: group).filter { $0 == trigger || followers.contains($0) }
            guard let cause = incident.byBeginning(causes).last else { continue }
            if let known = branches.firstIndex(where: { $0.cause == cause }) {
                branches[known].led.append(group)
            } else {
                branches.append((cause, [group]))
            }
        }
        lines += branches.map { "\(link($0.cause)) → \($0.led.map(link).listed(named))" }
        return limited(lines, "line")
    }

    private func possible(_ trigger: Int) -> [Phrase] {
        let finding = incident.finding(trigger)
        guard finding.kind == .stalePlanOverwrite else {
            let basis = finding.basisWords
            return incident.graph.causes(of: trigger).isEmpty && !finding.kind.traits.isMeasured && !basis.isEmpty
                ? ["\(basis)"] : ["no record leads to \(link(trigger)): what made it possible is not in the logs"]
        }
        var lines: [Phrase] = []
        if let age = finding.checkAge {
            let newer =
                finding.newerPlans.map { ", and \(Figures.count($0, "newer plan")) had been created since" } ?? ""
            let check = finding.record(Finding.Part.runStart) == nil ? "its check" : "the start of its run"
            lines.append("\(check) was \(Nanoseconds.words(age)) old at the write\(newer)")
        } else {
            lines.append("no check ahead of the write is in the logs")
        }
        switch finding.awareness {
        case .unaware:
            lines.append("its check had not seen the newer write (unaware: a race, or a store that answered stale)")
        case .aware:
            lines.append(
                "its check had seen a newer plan active, and it wrote all the same (aware: a bug or a decision)")
        case .unknown, nil: lines.append("whether the writer knew of the newer plan is not recorded")
        }
        lines.append("the write took effect although a newer plan was active: nothing compared the two at the write")
        return lines
    }

    // MARK: Detection and repair

    private func detected(_ trigger: Int) -> Phrase {
        guard let act = incident.noticed else {
            return "no record by a person follows: when it was noticed is not in the logs"
        }
        let after = Nanoseconds.words(act.first.time.since(incident.group(trigger).at))
        return
            "\(times.minute(act.first.time)), \(after) after the trigger, by the first record that a person wrote: \(self.act(act, timed: false))"
    }

    private func act(_ act: Act) -> Phrase { self.act(act, timed: true) }

    private func act(_ act: Act, timed: Bool) -> Phrase {
        let time = timed ? times.second(act.first.time) + " " : ""
        return "\(time)\(ActWords.who(act)): \(ActWords.what(act))\(place(act.first))"
    }

    private func place(_ record: RecordRef) -> Phrase {
        let file = report.path(of: record.source)
        return " (\(Phrase([.link("\(file):\(record.line)", .record(file: file, line: record.line))])))"
    }

    private func repaired() -> Phrase {
        switch incident.repair {
        case .none: return "nothing to repair shows in the logs"
        case .open(let groups): return "not by the end of the logs: \(groups.map(link).listed(6)) still open"
        case .written(let at, let by, let record):
            let plan = by.plan.map { " plan \($0)" } ?? ""
            let hand = record.flatMap(incident.act).map { $0.isByOperator ? " by hand" : "" } ?? ""
            return "\(times.second(at)) \(by.actor) wrote\(plan)\(hand)\(record.map(place) ?? "")"
        case .over(let at, let group, let after):
            let cause: Phrase =
                after.map { ", after \(act($0))" }
                ?? ", with no act before it in the logs: it ended by itself, as far as they tell"
            return "\(times.second(at)) \(link(group)) ended\(cause)"
        }
    }

    private func mitigations() -> [Phrase] {
        let found = incident.noticed
        let acts = incident.acts.filter { act in
            !incident.isRepair(act) && !(act.ordinal == found?.ordinal && act.kind == .other && act.target == nil)
        }
        var lines = acts.map { act -> Phrase in
            let told: Phrase = "\(times.second(act.first.time)) \(ActWords.who(act)): \(ActWords.what(act))"
            if act.kind == .other, act.target == nil { return told }
            return "\(told): \(ActWords.effect(ActEffect(act, incident), act, incident, times))"
        }
        lines = limited(lines, "act", roomy: true)
        if story.omittedActs > 0 {
            lines.append("\(Figures.count(story.omittedActs, "further record")) of acts, not listed")
        }
        return lines.isEmpty ? ["none beside the repair is in the logs"] : lines
    }

    private func outlived() -> [Phrase] {
        if incident.repairedAt == nil { return [] }
        let entries = Aftermath(incident).entries
        if entries.isEmpty { return ["nothing: all else had ended within \(Nanoseconds.words(Incident.slack))"] }
        return limited(entries.map(outlived), "finding", roomy: true)
    }

    private func outlived(_ entry: Aftermath.Entry) -> Phrase {
        let names = entry.groups.map(link).listed(named)
        let repaired = incident.repairedAt ?? .absent
        let last = entry.ends.map { ends in
            let (first, last) = (times.minute(ends.lowerBound), times.minute(ends.upperBound))
            return (first == last ? " until " + last : " until " + first + " to " + last)
                + " (\(Nanoseconds.words(ends.upperBound.since(repaired))) after the repair)"
        }
        var text: Phrase = "\(names)\(last ?? " to the end of the logs")"
        if entry.isLater {
            let begin = entry.groups.map(incident.surelyBegun).min().map(times.minute) ?? ""
            text = "\(names), from \(begin)\(last ?? " to the end of the logs")"
        }
        switch entry.reason {
        case .collapse(let groups):
            text +=
                ": \(groups.map(link).joined(separator: ", ")) kept it going with work that was given up and retried"
        case .prolonged(let groups): text += ": prolonged by \(groups.map(link).listed(4))"
        case .causes(let groups): text += ": because of \(groups.map(link).listed(4)), which went on"
        case .unknown: text += ": no record tells why"
        }
        if let after = entry.after {
            text +=
                "; the last act before it ended: \(times.second(after.first.time)) \(ActWords.who(after)): \(ActWords.what(after))"
        }
        return text
    }

    // MARK: Prevention

    private func prevented(_ trigger: Int) -> [Phrase] {
        let judged = incident.told.filter { !incident.finding($0).safeguards.isEmpty }
        if judged.isEmpty {
            return ["not judged: safeguards are judged of writes of plans, and none is among these findings"]
        }
        var lines: [(key: [Int], names: [String], line: Phrase)] = []
        for safeguard in Finding.Safeguard.allCases {
            let verdicts = judged.map { group in
                (group, Verdicts(incident.group(group), list, safeguard))
            }
            let (all, no) = (verdicts.filter { $0.1 == .all }.map(\.0), verdicts.filter { $0.1 == .none }.map(\.0))
            let some = verdicts.filter { $0.1 == .some }.map(\.0)
            let key = all + [-1] + no + [-1] + some
            if let same = lines.firstIndex(where: { $0.key == key }) {
                lines[same].names.append(safeguard.words)
                continue
            }
            var parts: [Phrase] = []
            if !all.isEmpty { parts.append("prevents \(all.map(link).listed(6))") }
            if !some.isEmpty {
                parts.append("prevents \(some.map(link).listed(6)) in part, or if the check comes in time")
            }
            if !no.isEmpty { parts.append("does not prevent \(no.map(link).listed(6))") }
            if parts.isEmpty { parts.append("cannot be judged from these records") }
            lines.append((key, [safeguard.words], parts.joined(separator: ", but ")))
        }
        return lines.map { "\($0.names.joined(separator: "; ")): \($0.line)" }
    }

    /// Until when each of the worst could still have been prevented; none where no record dates it.
    private func lastChances() -> [Phrase] {
        var lines: [(groups: [Int], line: String)] = []
        for group in incident.told {
            guard let line = LastChanceWords(incident.finding(group), incident.report, times).line else { continue }
            if let same = lines.firstIndex(where: { $0.line == line }) {
                lines[same].groups.append(group)
            } else {
                lines.append(([group], line))
            }
        }
        return lines.prefix(3).map { "\($0.groups.map(link).listed(6)): \($0.line)" }
    }

    /// What a safeguard would have done to the findings of a group.
    private enum Verdicts {
        case all, none, some, unknown

        init(_ group: FindingGroup, _ list: FindingList, _ safeguard: Finding.Safeguard) {
            let verdicts = group.members.compactMap { member in
                list.findings[member].safeguards.first { $0.safeguard == safeguard }?.verdict
            }
            if verdicts.isEmpty || verdicts.allSatisfy({ $0 == .unknown }) {
                self = .unknown
            } else if verdicts.allSatisfy({ $0 == .yes }) {
                self = .all
            } else if verdicts.allSatisfy({ $0 == .no }) {
                self = .none
            } else {
                self = .some
            }
        }
    }

    // MARK: Doubts

    private func unknown(_ trigger: Int) -> [Phrase] {
        var lines: [Phrase] = []
        if incident.finding(trigger).kind.traits.isMeasured {
            lines.append("what began \(link(trigger)): no record leads to it")
        }
        if let explanation = story.explanation {
            let words = ExplanationWords(explanation: explanation, report: report, times: times)
            lines += ExplanationDoubts(words).ownLines().map { Phrase(stringLiteral: lowered($0)) }
        }
        let orphans = incident.told.filter {
            $0 != trigger && incident.graph.members.contains($0) && incident.graph.causes(of: $0).isEmpty
                && incident.group($0).kind.traits.isMeasured
        }
        if !orphans.isEmpty { lines.append("what led to \(orphans.map(link).listed(8)): no chain of records") }
        if !incident.lasting.isEmpty {
            lines.append("when \(incident.lasting.map(link).listed(6)) ended: not by the end of the logs")
        }
        let undecided = report.quality.undecided
        if let first = undecided.first {
            let more = undecided.reduce(0) { $0 + $1.count } - 1
            lines.append(
                "\(first.words) (\(first.endpoint))\(more > 0 ? ", and \(Figures.count(more, "more open question"))" : "")"
            )
        }
        lines += (Verdict(report).notJudged() + doubtsOfLogs()).map { Phrase(stringLiteral: lowered($0)) }
        return limited(lines, "open question")
    }

    private func lowered(_ sentence: String) -> String {
        let text = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    /// What missing and damaged logs leave open.
    private func doubtsOfLogs() -> [String] {
        var lines: [String] = []
        let missing = report.quality.missingLogs
        if !missing.isEmpty {
            let names = missing.prefix(6).map { report.symbols[$0.actor] }.joined(separator: ", ")
            lines.append(
                "what the missing logs of \(names)\(missing.count > 6 ? " and \(Figures.grouped(missing.count - 6)) more" : "") would tell"
            )
        }
        if report.quality.gaps > 0 {
            lines.append("what stood in \(Figures.count(report.quality.gaps, "gap")) of the logs")
        }
        if !report.bundle.damage.isEmpty {
            lines.append("what the damaged part of \(Figures.count(report.bundle.damage.count, "container")) held")
        }
        if report.counts.malformed > 0 {
            lines.append("what \(Figures.count(report.counts.malformed, "malformed line")) said")
        }
        return lines
    }

    private func sure() -> [Phrase] {
        var lines: [Phrase] = []
        for confidence in Finding.Confidence.allCases.reversed() {
            let groups = incident.told.filter { incident.group($0).confidence == confidence }
            if groups.isEmpty { continue }
            let what =
                switch confidence {
                case .proven: "proven by the records' order"
                case .measured: "measured against a usual range, whose limit is Inquest's"
                case .likely: "likely: a log that is not here could show another order"
                case .possible: "possible only: it rests on clocks that may be apart"
                }
            lines.append("\(what): \(groups.map(link).listed(confidence == .measured ? 3 : 8))")
        }
        lines.append("\(SummaryHead.trust(report).joined(separator: ", "))")
        return lines
    }
}
