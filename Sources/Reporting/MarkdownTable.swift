import EventModel

/// The table of a timeline: one line of Markdown for each row, with nine cells.
struct MarkdownTable {
    private let timeline: Timeline
    private let report: Report
    private let list: FindingList
    private let times: TimeStyle
    private let head: String

    /// So many direct causes are named, the nearest.
    private static let namedCauses = 6

    init(_ timeline: Timeline, _ report: Report, _ list: FindingList, _ times: TimeStyle) {
        self.timeline = timeline
        self.report = report
        self.list = list
        self.times = times
        let zone = times.offset == 0 ? "UTC" : "time (\(times.zone))"
        head = """
            | # | \(zone) | Δ | who | what | endpoint | plan | because of | evidence |
            | ---: | --- | ---: | --- | --- | --- | ---: | --- | --- |

            """
    }

    func row(_ index: Int) -> MarkdownPages.Block {
        let row = timeline.rows[index]
        let strong = { (text: String) in row.isPivot && !text.isEmpty ? "**" + text + "**" : text }
        var pieces: [MarkdownPages.Piece] = [.text("| \(index + 1) | \(strong(time(row))) | \(delta(row)) | ")]
        pieces.append(.text(strong(MarkdownText.inline(row.actor, limit: 120)) + " | "))
        pieces.append(.text(strong(MarkdownText.inline(row.what))))
        for mark in row.marks where list.groups.indices.contains(mark.group) {
            let group = list.groups[mark.group]
            pieces += [.text(" "), .link(label: group.label, anchor: group.anchor)]
            if !mark.part.isEmpty { pieces.append(.text(" " + MarkdownText.inline("(\(mark.part))", limit: 80))) }
        }
        pieces.append(.text(" | " + endpoint(row) + " | " + plans(row) + " | " + because(row) + " | "))
        pieces.append(.text(MarkdownText.inline(evidence(row)) + " |\n"))
        return .init(pieces: pieces, tableHead: head)
    }

    private func time(_ row: Timeline.Row) -> String {
        let first = times.bare(row.first.time)
        if row.count == 1 || row.last.time == row.first.time { return first }
        return first + " to " + times.bare(row.last.time)
    }

    private func delta(_ row: Timeline.Row) -> String {
        guard let origin = timeline.origin, row.count == 1 else { return "" }
        let span = row.first.time.since(origin)
        if span == 0 { return "0" }
        return (span > 0 ? "+" : "") + Nanoseconds.words(span)
    }

    private func endpoint(_ row: Timeline.Row) -> String {
        if let endpoint = row.endpoint { return MarkdownText.inline(endpoint, limit: 200) }
        if row.endpointCount == 0 { return "" }
        let least = row.endpointCount == Timeline.endpointLimit ? "at least " : ""
        return least + Figures.count(row.endpointCount, "endpoint")
    }

    private func plans(_ row: Timeline.Row) -> String {
        guard let plans = row.plans else { return "" }
        let text = { (plan: Generation) in MarkdownText.inline(plan.description) }
        if plans.lowerBound == plans.upperBound { return text(plans.lowerBound) }
        return text(plans.lowerBound) + " to " + text(plans.upperBound)
    }

    private func because(_ row: Timeline.Row) -> String {
        var parts = row.causes.suffix(Self.namedCauses).map { String($0 + 1) }
        if row.causes.count > Self.namedCauses { parts.append("\(row.causes.count - Self.namedCauses) more") }
        var text = parts.joined(separator: ", ")
        if !row.concurrent.isEmpty {
            let names = row.concurrent.sorted().map { String($0 + 1) }.joined(separator: ", ")
            text += (text.isEmpty ? "" : " ") + "∥ " + names
        }
        return text
    }

    private func evidence(_ row: Timeline.Row) -> String {
        let first = "\(report.path(of: row.first.source)):\(row.first.line)"
        if row.count == 1 { return first }
        if row.first.source == row.last.source { return first + " to :\(row.last.line)" }
        return first + " to " + "\(report.path(of: row.last.source)):\(row.last.line)"
    }
}
