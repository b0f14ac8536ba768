import EventModel

/// The rows of the short table in words.
struct MilestoneWords {
    private let story: Story
    private let times: TimeStyle
    private var incident: Incident { story.incident }
    private var list: FindingList { incident.list }

    init(_ story: Story, _ times: TimeStyle) {
        self.story = story
        self.times = times
    }

    /// The head of the table.
    var head: [String] { [times.zoneName, "Δ", "what happened", "who", "because of", "record"] }

    /// A row's cells.
    func cells(_ row: Milestone) -> [Phrase] {
        let strong = { (phrase: Phrase) in row.isPivot ? phrase.strong : phrase }
        return [
            strong("\(time(row))"), "\(delta(row))", strong(what(row)) + marks(row), strong("\(who(row))"),
            because(row),
            record(row),
        ]
    }

    /// Where rows could not all stand: what was left out, by name.
    func cut(_ rows: [Milestone]) -> Phrase {
        let named = rows.map { row in Phrase(stringLiteral: "\(times.bareSecond(row.time)) \(what(row).text)") }
        return "\(Figures.count(rows.count, "row")) of less weight cut: \(named.listed(12, separator: "; "))."
    }

    private func time(_ row: Milestone) -> String {
        let from = times.bareSecond(row.time)
        guard let until = row.until else { return from }
        let to = times.bareSecond(until)
        return from == to ? from : from + " to " + to
    }

    private func delta(_ row: Milestone) -> String {
        guard let trigger = incident.trigger, row.until == nil else { return "" }
        let span = row.time.since(incident.group(trigger).at)
        if span == 0 { return "0" }
        return (span > 0 ? "+" : "") + Nanoseconds.words(span)
    }

    private func who(_ row: Milestone) -> String {
        if case .act(let act) = row.what { return ActWords.who(act) }
        return row.who.joined(separator: ", ")
    }

    private func what(_ row: Milestone) -> Phrase {
        switch row.what {
        case .evidence(let part, let active): "\(evidence(part, active, incident.finding(row.groups[0])))"
        case .act(let act): "\(ActWords.what(act))"
        case .begins(let groups): TurnWords.begins(groups, list)
        case .peaks(let group): TurnWords.peaks(group, list)
        case .ends(let groups): TurnWords.ends(groups, list)
        case .entry(let text): "\(text)"
        }
    }

    private func evidence(_ part: String, _ active: Generation?, _ finding: Finding) -> String {
        let plan = finding.plan.map { "plan \($0)" } ?? "a plan"
        switch part {
        case Finding.Part.check:
            return "checks \(plan)" + (active.map { $0 == 0 ? ": none is active" : ": plan \($0) is active" } ?? "")
        case Finding.Part.runStart: return "begins its run of \(plan)"
        case Finding.Part.displaced: return "writes " + (finding.displaced.map { "plan \($0)" } ?? "a newer plan")
        case Finding.Part.write:
            return "writes \(plan) over " + (finding.displaced.map { "the newer \($0)" } ?? "a newer one")
        case Finding.Part.deletion: return "deletes \(plan), which is active"
        case Finding.Part.emptied: return "no addresses are left"
        case Finding.Part.firstFailure, Finding.Part.refusal:
            return "is refused its write"
                + (finding.count.map { $0 > 1 ? ", the first of \(Figures.grouped($0))" : "" } ?? "")
        default:
            if case .outage(let ended?) = finding.detail {
                return "writes" + (ended.plan.map { " plan \($0)" } ?? "") + ", which ends it"
            }
            if case .failures(_, let ended?) = finding.detail {
                return "writes" + (ended.plan.map { " plan \($0)" } ?? "") + ", which ends it"
            }
            return "writes, which ends it"
        }
    }

    /// The findings behind it; turning points name theirs themselves.
    private func marks(_ row: Milestone) -> Phrase {
        switch row.what {
        case .begins, .peaks, .ends: ""
        case .evidence, .act, .entry:
            row.groups.isEmpty
                ? "" : " \(row.groups.map { GroupNames.link(incident.group($0), list) }.joined(separator: ", "))"
        }
    }

    private func because(_ row: Milestone) -> Phrase {
        var parts: [Phrase] = []
        switch row.what {
        case .evidence(let part, _):
            let finding = incident.finding(row.groups[0])
            if part == Finding.Part.write,
                let check = finding.record(Finding.Part.check) ?? finding.record(Finding.Part.runStart)
            {
                parts.append("its check of \(times.bareSecond(check.time))")
            } else if part != Finding.Part.check, part != Finding.Part.displaced, part != Finding.Part.runStart {
                let causes = row.groups.flatMap(incident.graph.causes).filter { !row.groups.contains($0) }
                if !causes.isEmpty { parts.append(GroupNames.links(unique(causes), list, limit: 3)) }
            }
        case .begins(let groups):
            let causes = unique(groups.flatMap(incident.graph.causes)).filter { !groups.contains($0) }
            if !causes.isEmpty { parts.append(causes.map { GroupNames.link(incident.group($0), list) }.listed(3)) }
        case .ends(let groups):
            var acts: [Act] = []
            for record in groups.compactMap(incident.graph.endedBy) {
                if let act = incident.act(of: record), !acts.contains(where: { $0.ordinal == act.ordinal }) {
                    acts.append(act)
                }
            }
            if !acts.isEmpty {
                parts.append(
                    "after " + acts.map { "\(ActWords.who($0)), \(times.bareSecond($0.first.time))" }.listed(3))
            }
        case .act, .peaks, .entry: break
        }
        if !row.concurrent.isEmpty {
            parts.append(
                "∥ " + row.concurrent.sorted().prefix(3).map { "\(times.bareSecond($0))" }.joined(separator: ", "))
        }
        return parts.joined(separator: "; ")
    }

    private func unique(_ values: [Int]) -> [Int] {
        values.reduce(into: []) { result, value in if !result.contains(value) { result.append(value) } }
    }

    private func record(_ row: Milestone) -> Phrase {
        guard let record = row.record else { return "" }
        let file = incident.report.path(of: record.source)
        return Phrase([.link("\(file):\(record.line)", .record(file: file, line: record.line))])
    }
}
