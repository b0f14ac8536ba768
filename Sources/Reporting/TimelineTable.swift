import EventModel

/// The detailed table of a timeline: nine cells a row.
struct TimelineTable {
    private let timeline: Timeline
    private let report: Report
    private let list: FindingList
    private let times: TimeStyle

    /// So many direct causes are named, the nearest.
    private static let namedCauses = 6

    /// What stands under it.
    static let legend =
        "Because of names the rows that happened directly before; ∥ marks rows near by that no message connects with this one, "
        + "so that their times may stand in either order. Several like events stand in one row, at the place of the first."

    init(_ timeline: Timeline, _ report: Report, _ list: FindingList, _ times: TimeStyle) {
        self.timeline = timeline
        self.report = report
        self.list = list
        self.times = times
    }

    var head: [String] {
        ["row", times.zoneName, "Δ", "who", "what", "endpoint", "plan", "because of", "evidence"]
    }

    func cells(_ index: Int) -> [Phrase] {
        let row = timeline.rows[index]
        let strong = { (text: String) -> Phrase in row.isPivot && !text.isEmpty ? "\(strong: text)" : "\(text)" }
        var what = strong(row.what)
        for mark in row.marks where list.groups.indices.contains(mark.group) {
            let part = mark.part.isEmpty ? "" : " (\(mark.part))"
            what += " \(GroupNames.link(list.groups[mark.group], list))\(part)"
        }
        return [
            "\(String(index + 1))", strong(time(row)), "\(delta(row))", strong(row.actor), what, "\(endpoint(row))",
            "\(plans(row))", "\(because(row))", evidence(row),
        ]
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
        if let endpoint = row.endpoint { return endpoint }
        if row.endpointCount == 0 { return "" }
        let least = row.endpointCount == Timeline.endpointLimit ? "at least " : ""
        return least + Figures.count(row.endpointCount, "endpoint")
    }

    private func plans(_ row: Timeline.Row) -> String {
        guard let plans = row.plans else { return "" }
        if plans.lowerBound == plans.upperBound { return plans.lowerBound.description }
        return plans.lowerBound.description + " to " + plans.upperBound.description
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

    private func evidence(_ row: Timeline.Row) -> Phrase {
        let file = report.path(of: row.first.source)
        var text = "\(file):\(row.first.line)"
        if row.count > 1, row.first.source == row.last.source { text += " to :\(row.last.line)" }
        if row.first.source != row.last.source { text += " to \(report.path(of: row.last.source)):\(row.last.line)" }
        return Phrase([.link(text, .record(file: file, line: row.first.line))])
    }
}
