import EventModel

/// The outcome of `analyze` for people, on a terminal: what was read, what was found, most severe first, what is still
/// broken, what is missing, and what to type next.
package struct TerminalSummary: Sendable {
    /// How it is to look.
    package struct Options: Sendable {
        /// Columns; at least 60 are used.
        package var width = 100
        /// Seconds east of UTC in which times are shown.
        package var offset = 0
        package var color = false
        /// Rows of findings shown; the rest is counted. At least 1.
        package var rows = 12
        /// Whether rows for information are shown as the others are; else they are counted.
        package var showsInfo = false
        /// Which rows are shown.
        package var selects: @Sendable (FindingGroup) -> Bool = { _ in true }
        /// Whether `selects` leaves rows out.
        package var isNarrow = false
        /// What has all rows shown, to be named where some are not.
        package var toShowAll = ""
        /// Only findings that touch this span are shown, all are analyzed.
        package var within: ClosedRange<Timestamp>?
        /// The bundle as the user typed it, for the commands to type next.
        package var bundle: [String] = []

        /// A hundred columns, UTC, no colour.
        package init() {}
    }

    private let report: Report
    private let list: FindingList
    private let options: Options
    private let times: TimeStyle
    private let width: Int

    /// Prepares the summary of a report whose findings are numbered by `list`.
    package init(_ report: Report, _ list: FindingList, _ options: Options = Options()) {
        self.report = report
        self.list = list
        self.options = options
        times = TimeStyle(offset: options.offset, span: report.span)
        width = max(60, options.width)
    }

    /// The text, ending in a newline; safe to print whatever the logs hold.
    package func text() -> String {
        let within = list.groups(within: options.within)
        let shown = within.filter(options.selects)
        let rows = shown.filter { $0.severity != .info || options.showsInfo }
        var lines = SummaryHead(report, times, width, color: options.color).lines()
        lines.append("")
        lines += story()
        if rows.isEmpty {
            lines += nothingFound()
        } else {
            let subjectWidth = width - 14 - timeWidth - 24 - 12
            for group in rows.prefix(max(1, options.rows)) { lines += row(group, subjectWidth: max(12, subjectWidth)) }
        }
        lines += rest(rows: rows, shown: shown, within: within)
        lines += stillBroken(rows)
        lines += missingLogs()
        for sentence in Verdict(report).notJudged() { lines += DisplayWidth.wrap(sentence, to: width) }
        if let advice = LoggingAdvice(report).sentence {
            lines += DisplayWidth.wrap(VisibleText.cell(advice), to: width)
        }
        lines += cascade()
        lines.append("")
        lines += next(rows)
        return lines.joined(separator: "\n") + "\n"
    }

    /// What happened, in a few lines ahead of the findings.
    private func story() -> [String] {
        let incident = Incident(report, list, list.groups(within: options.within))
        let story = Story(incident: incident, milestones: [], explanation: nil, omittedActs: 0, actors: [])
        var document = Document()
        document.facts(StoryWords(story, times).short())
        if document.blocks.isEmpty { return [] }
        let text = DocumentText(width: width).render(document)
        return text.split(separator: "\n").map(String.init) + [""]
    }

    private var timeWidth: Int { (times.dated ? 11 : 0) + 12 + times.zone.count + 2 }

    private func row(_ group: FindingGroup, subjectWidth: Int) -> [String] {
        let (name, more) = FindingWords.subject(group, list)
        let severity = DisplayWidth.fit(group.severity.name.uppercased(), to: 8)
        var line = TextStyle.of(group.severity).apply(severity, options.color) + "  "
        line += TextStyle.bold.apply(DisplayWidth.fit(group.label, to: 4), options.color)
        line += times.clock(group.at) + "  " + DisplayWidth.fit(group.kind.rawValue, to: 20) + "  "
        let extra = more > 0 ? " and " + Figures.grouped(more) + " more" : ""
        let subject = DisplayWidth.clip(VisibleText.cell(name), to: subjectWidth - extra.count) + extra
        line += DisplayWidth.fit(subject, to: subjectWidth) + "  " + FindingWords.extent(group)
        var lines = [trimmed(line)]
        let indent = String(repeating: " ", count: 14)
        for text in [FindingWords.sentence(group, list), FindingWords.trust(group, list)] {
            lines += DisplayWidth.wrap(VisibleText.cell(text), to: width - 14).map { indent + $0 }
        }
        return lines
    }

    private func nothingFound() -> [String] {
        var text = Verdict(report).nothingFound()
        if !report.bundle.damage.isEmpty || report.counts.malformed > 0 || !report.quality.missingLogs.isEmpty
            || report.quality.gaps > 0
        {
            text += " That is what could be read: records are missing, and what they would show is not known."
        }
        if options.isNarrow {
            text = "No finding of the kinds and severities asked for (all of the bundle was analyzed)."
        } else if options.within != nil {
            text = "Nothing above info within the span shown (all of the bundle was analyzed)."
        }
        return DisplayWidth.wrap(text, to: width)
    }

    private func rest(rows: [FindingGroup], shown: [FindingGroup], within: [FindingGroup]) -> [String] {
        var lines: [String] = []
        let hidden = rows.dropFirst(max(1, options.rows))
        if !hidden.isEmpty {
            let counts = Finding.Severity.allCases.compactMap { severity in
                let count = hidden.count { $0.severity == severity }
                return count == 0 ? nil : "\(Figures.grouped(count)) \(severity.name)"
            }
            lines.append(
                " …  " + Figures.grouped(hidden.count) + " more: " + counts.joined(separator: ", ")
                    + (options.toShowAll.isEmpty ? "" : " (\(options.toShowAll))"))
        }
        if within.count > shown.count {
            lines.append("not asked for: " + Figures.count(within.count - shown.count, "row"))
        }
        let outside = list.groups.count - within.count
        if outside > 0 { lines.append("outside the span shown: " + Figures.count(outside, "row")) }
        let folded = options.showsInfo ? [] : FindingWords.folded(shown, list)
        if !folded.isEmpty {
            let wrapped = DisplayWidth.wrap(folded.joined(separator: ", "), to: width - 6)
            for (index, line) in wrapped.enumerated() { lines.append((index == 0 ? "info: " : "      ") + line) }
        }
        return lines
    }

    private func stillBroken(_ rows: [FindingGroup]) -> [String] {
        let broken = rows.filter(\.lasts)
        if broken.isEmpty { return rows.isEmpty ? [] : ["Still broken at the end of the logs: nothing found here"] }
        let names = broken.map { GroupNames.short($0, list) }
        return hanging("Still broken at the end of the logs: ", names, limit: 8)
    }

    private func missingLogs() -> [String] {
        if report.quality.missingLogs.isEmpty { return [] }
        let names = report.quality.missingLogs.map {
            VisibleText.cell(report.symbols[$0.actor]) + " (seen in " + Figures.count($0.mentions, "record") + ")"
        }
        return hanging("No logs from: ", names, limit: 6)
    }

    private func cascade() -> [String] {
        guard let cascade = report.cascade else { return [] }
        let words = CascadeWords(cascade, list).lines()
        if words.isEmpty { return [] }
        let indent = String(repeating: " ", count: 10)
        let pieces = words.flatMap { line in
            let text = (line.head == "Cascade" ? "" : line.head) + line.items.joined(separator: line.separator)
            return DisplayWidth.wrap(VisibleText.cell(text), to: width - 10)
        }
        return [""] + pieces.enumerated().map { ($0 == 0 ? "Cascade   " : indent) + $1 }
    }

    private func hanging(_ head: String, _ items: [String], limit: Int) -> [String] {
        var text = items.prefix(limit).joined(separator: ", ")
        if items.count > limit { text += " and " + Figures.grouped(items.count - limit) + " more" }
        let indent = String(repeating: " ", count: min(DisplayWidth.of(head), 14))
        return DisplayWidth.wrap(head + text, to: width - 14).enumerated().map { $0 == 0 ? $1 : indent + $1 }
    }

    private func next(_ rows: [FindingGroup]) -> [String] {
        let bundle = options.bundle.isEmpty ? "BUNDLE" : options.bundle.map(ShellWord.quote).joined(separator: " ")
        var lines: [String] = []
        if let first = rows.first {
            lines.append("Why:      inquest explain \(bundle) \(first.label)")
            lines.append("Evidence: inquest query \(bundle) --finding \(first.label)")
        }
        if let endpoint = rows.lazy.compactMap({ list.representative($0).endpoint }).first {
            lines.append("Look:     inquest query \(bundle) --endpoint " + ShellWord.quote(endpoint))
        }
        lines.append("Paste:    inquest timeline \(bundle) -o timeline.md")
        return lines
    }

    private func trimmed(_ line: String) -> String {
        String(line.reversed().drop { $0 == " " }.reversed())
    }
}
