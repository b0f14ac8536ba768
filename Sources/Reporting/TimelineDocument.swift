import EventModel

/// A timeline as a document: the story first, then the milestones, the findings, and what more is wanted of detail.
struct TimelineDocument {
    private let story: Story
    /// The detailed table; nil where it is not wanted.
    private let timeline: Timeline?
    private let times: TimeStyle
    /// So many lines stand under a term of the first page.
    private let lines: Int
    private var incident: Incident { story.incident }
    private var report: Report { incident.report }
    private var list: FindingList { incident.list }

    /// So many arrows a drawing of the cascade has at most.
    private static let drawnEdges = 50
    /// So many joins of the cascade are written out.
    private static let namedJoins = 40
    /// So many endpoints of a finding are named.
    private static let namedEndpoints = 10
    /// So many pieces of evidence of a finding are named.
    private static let namedEvidence = 20
    /// So many findings get a column in the table of safeguards.
    private static let safeguardColumns = 8

    init(_ story: Story, _ timeline: Timeline?, _ times: TimeStyle, lines: Int = 16) {
        self.story = story
        self.timeline = timeline
        self.times = times
        self.lines = lines
    }

    /// What every timeline begins with, ahead of the bundle's name.
    static let title = "What happened: "

    /// The whole document. Figures are named where their files lie beside it.
    func document(figures: [(name: String, shows: String)] = []) -> Document {
        var document = Document()
        document.heading(Self.title + report.bundle.name, level: 1)
        document.paragraph(.text(SummaryHead.volume(report)))
        document.paragraph(
            .text(
                ([SummaryHead.span(report, times)] + SummaryHead.trust(report)).joined(separator: " · ")))
        document.facts(StoryWords(story, times, named: lines).facts())
        for figure in figures { document.blocks.append(.figure(figure.name, shows: figure.shows)) }
        addGraph(to: &document)
        addMilestones(to: &document)
        addFindings(to: &document)
        addSafeguards(to: &document)
        if let timeline {
            addTable(timeline, to: &document)
            addJoins(to: &document)
            addEvidence(to: &document)
            addOmissions(timeline, to: &document)
        }
        document.heading("How good the logs are")
        document.list(QualityWords(report).lines() + list.annotations.remarks)
        return document
    }

    // MARK: First page

    /// The way to the most is drawn first, then what else there is room for.
    private func addGraph(to document: inout Document) {
        guard let trigger = incident.trigger, !incident.graph.edges.isEmpty else { return }
        let way = incident.graph.way(from: trigger)
        let isOnWay = { (edge: (from: Int, to: Int, isWeak: Bool)) in
            way.firstIndex(of: edge.from).map { $0 + 1 < way.count && way[$0 + 1] == edge.to } ?? false
        }
        let edges = incident.graph.edges.filter(isOnWay) + incident.graph.edges.filter { !isOnWay($0) }
        var nodes: [Int] = []
        func number(_ group: Int) -> Int {
            if let known = nodes.firstIndex(of: group) { return known }
            nodes.append(group)
            return nodes.count - 1
        }
        let drawn = edges.prefix(Self.drawnEdges).map { edge in
            Document.Graph.Edge(from: number(edge.from), to: number(edge.to), isWeak: edge.isWeak)
        }
        document.blocks.append(
            .graph(Document.Graph(nodes: nodes.map { GroupNames.short(incident.group($0), list) }, edges: drawn)))
    }

    private func addMilestones(to document: inout Document) {
        let chosen = Milestones(story.milestones)
        if chosen.rows.isEmpty { return }
        document.heading("Milestones")
        let words = MilestoneWords(story, times)
        document.paragraph(
            .text(
                "\(Figures.count(chosen.rows.count, "row")) for \(Figures.count(report.counts.events, "event")), in causal order, not in "
                    + "that of the clocks. ∥ names the times of rows that no message connects with this one."))
        document.table(head: words.head, chosen.rows.map(words.cells))
        if !chosen.cut.isEmpty { document.blocks.append(.paragraph(words.cut(chosen.cut).runs)) }
    }

    // MARK: Findings

    private func addFindings(to document: inout Document) {
        let folded = FindingWords.folded(list.groups, list)
        if incident.told.isEmpty, folded.isEmpty { return }
        document.heading("Findings")
        for group in incident.told { add(group, to: &document) }
        if !folded.isEmpty {
            document.paragraph(.text("For information: " + folded.joined(separator: ", ") + "."))
        }
    }

    private func add(_ index: Int, to document: inout Document) {
        let group = incident.group(index)
        let (subject, more) = FindingWords.subject(group, list)
        let rest = more > 0 ? " and " + Figures.count(more, "more " + FindingWords.noun(group, list)) : ""
        let named = list.name(of: group).map { " (\($0))" } ?? ""
        document.heading(
            "\(group.label) \(group.kind.rawValue): \(subject)\(rest)\(named)", level: 3, finding: index)
        let extent = FindingWords.extent(group)
        let lasted =
            extent.isEmpty ? "" : group.lasts ? " · ongoing at the end of the logs" : " · for \(extent)"
        document.paragraph(
            .strong(group.severity.name), .text(" · \(times.full(group.at, digits: 3))\(lasted) · id "),
            .code(list.ids[group.representative]))
        document.paragraph(.text(FindingWords.sentence(group, list)))
        document.paragraph(.text(FindingWords.trust(group, list)))
        if let note = list.annotations.note(of: index) { document.paragraph(.strong("Note"), .text(": " + note)) }
        if more > 0 { document.paragraph(.text(members(of: group))) }
    }

    private func members(of group: FindingGroup) -> String {
        var names: [String] = []
        for member in group.members where names.count < Self.namedEndpoints {
            if let name = list.findings[member].endpoint ?? list.findings[member].actor, !names.contains(name) {
                names.append(name)
            }
        }
        let more = group.endpoints - names.count
        return "The " + FindingWords.noun(group, list) + "s: " + names.joined(separator: ", ")
            + (more > 0 ? " and " + Figures.grouped(more) + " more (findings.json names all)" : "")
    }

    private func addSafeguards(to document: inout Document) {
        let judged = incident.told.filter { !incident.finding($0).safeguards.isEmpty }
        if judged.isEmpty { return }
        let shown = judged.prefix(Self.safeguardColumns)
        document.heading("What would have prevented it")
        let head: [[Document.Run]] =
            [[.text("safeguard")]] + shown.map { GroupNames.link(incident.group($0), list).runs }
        let rows = Finding.Safeguard.allCases.map { safeguard -> [[Document.Run]] in
            [[.text(safeguard.words)]]
                + shown.map { [.text(SafeguardWords.verdicts(safeguard, incident.group($0), list))] }
        }
        document.blocks.append(.table(head: head, rows: rows))
        let more = judged.count - shown.count
        document.paragraph(
            .text(
                SafeguardWords.caveat
                    + (more > 0 ? " " + Figures.count(more, "more finding") + ": see findings.json." : "")))
    }

    // MARK: Detail

    private func addTable(_ timeline: Timeline, to document: inout Document) {
        document.heading("All that matters for the findings")
        let table = TimelineTable(timeline, report, list, times)
        if timeline.rows.isEmpty { document.paragraph(.text("No event belongs here.")) }
        document.table(head: table.head, timeline.rows.indices.map(table.cells))
        document.paragraph(.text(TimelineTable.legend))
    }

    private func addJoins(to document: inout Document) {
        guard let cascade = report.cascade, !cascade.edges.isEmpty else { return }
        document.heading("What joins cause and effect, each record directly before the next")
        let words = CascadeWords(cascade, list)
        let hidden = list.annotations.hidden
        let edges = cascade.edges.filter { edge in
            ![edge.from, edge.to].contains { words.group($0).map(hidden.contains) ?? false }
        }
        document.list(
            edges.prefix(Self.namedJoins).map { edge in
                words.label(edge.from) + (edge.role == .began ? " led to " : " prolonged ") + words.label(edge.to)
                    + ": " + CascadeWords.chain(edge, report, times)
            })
        if edges.count > Self.namedJoins {
            document.paragraph(
                .text("And " + Figures.count(edges.count - Self.namedJoins, "more join") + ": see findings.json."))
        }
    }

    private func addEvidence(to document: inout Document) {
        if incident.told.isEmpty { return }
        document.heading("Evidence")
        let rows = incident.told.flatMap { index -> [[Phrase]] in
            let finding = incident.finding(index)
            var rows = finding.evidence.prefix(Self.namedEvidence).map { evidence($0, of: index) }
            if finding.evidence.count > Self.namedEvidence {
                let left = Figures.count(finding.evidence.count - Self.namedEvidence, "more record")
                rows.append([
                    GroupNames.link(incident.group(index), list), "\(left): see findings.json", "", "", "", "",
                ])
            }
            return rows
        }
        document.table(head: ["finding", "part", "who", times.zoneName, "record", "counter"], rows)
    }

    private func evidence(_ item: Finding.Evidence, of index: Int) -> [Phrase] {
        let record = item.record
        let file = report.path(of: record.source)
        return [
            GroupNames.link(incident.group(index), list), "\(item.part.isEmpty ? "record" : item.part)",
            "\(report.symbols[record.actor])", "\(times.bare(record.time))",
            Phrase([.link("\(file):\(record.line)", .record(file: file, line: record.line))]),
            record.hasClock ? "\(String(record.stamp.counter))" : "inferred",
        ]
    }

    private func addOmissions(_ timeline: Timeline, to document: inout Document) {
        document.heading("Left out of the table")
        document.list(
            timeline.omissions.map { omission in
                let events = omission.events.map { $0.name + " " + Figures.grouped($0.count) }.joined(separator: ", ")
                return Figures.count(omission.count, "event") + ": " + omission.reason + " (" + events + ")"
            })
        if timeline.omissions.isEmpty { document.paragraph(.text("Nothing: every event is here.")) }
    }
}
