import EventModel

/// The incident at a glance: each finding as a bar on one axis of time, and acts as lines across.
struct OverviewFigure {
    private let incident: Incident
    private let times: TimeStyle
    private let span: ClosedRange<Timestamp>

    /// So many findings have a bar.
    private static let bars = 40
    private static let width = 1_000.0
    private static let left = 250.0
    private static let rowHeight = 20.0
    private static let top = 46.0
    /// A label longer than this is cut.
    private static let label = 38

    /// Nil where there is nothing to draw.
    init?(_ story: Story, _ times: TimeStyle) {
        incident = story.incident
        self.times = times
        guard let span = incident.span else { return nil }
        let margin = max(Nanoseconds.second, span.upperBound.since(span.lowerBound) / 40)
        self.span = span.lowerBound.advanced(by: -margin)...span.upperBound.advanced(by: margin)
    }

    /// What it shows, for readers who do not see it.
    static let shows = "Each finding as a bar on one axis of time, with what was done as lines across"

    func svg(_ theme: FigureTheme) -> String {
        var drawing = SVGText(theme)
        let groups = Array(incident.byBeginning(incident.told).prefix(Self.bars))
        let bottom = Self.top + Double(groups.count) * Self.rowHeight
        for tick in ticks() {
            drawing.line(x1: x(tick), y1: Self.top - 8, x2: x(tick), y2: bottom, stroke: theme.rule)
            drawing.text(
                times.minute(tick), x: x(tick), y: Self.top - 14, fill: theme.quiet, size: 11, anchor: "middle")
        }
        for act in incident.acts where span.contains(act.first.time) && act.kind != .other {
            drawing.line(
                x1: x(act.first.time), y1: Self.top - 4, x2: x(act.first.time), y2: bottom, stroke: theme.quiet,
                isDashed: true)
        }
        for (row, group) in groups.enumerated() {
            let y = Self.top + Double(row) * Self.rowHeight
            let name = GroupNames.short(incident.group(group), incident.list)
            let shown = name.count > Self.label ? String(name.prefix(Self.label - 1)) + "…" : name
            drawing.text(shown, x: Self.left - 8, y: y + 14, fill: theme.ink, anchor: "end")
            let from = x(incident.group(group).at)
            let to = x(min(incident.end(group), span.upperBound))
            drawing.bar(
                x: from, y: y + 4, width: to - from, height: Self.rowHeight - 8, fill: colour(group, theme),
                title: name + ": " + FindingWords.sentence(incident.group(group), incident.list))
        }
        let left = incident.told.count - groups.count
        if left > 0 {
            drawing.text("and \(Figures.count(left, "more finding"))", x: 8, y: bottom + 16, fill: theme.quiet)
        }
        return drawing.file(width: Self.width, height: bottom + 26, title: Self.shows)
    }

    private func x(_ time: Timestamp) -> Double {
        let whole = Double(span.upperBound.since(span.lowerBound))
        let share = Double(time.since(span.lowerBound)) / max(whole, 1)
        return Self.left + min(max(share, 0), 1) * (Self.width - Self.left - 20)
    }

    private func colour(_ group: Int, _ theme: FigureTheme) -> String {
        switch incident.group(group).severity {
        case .critical: theme.critical
        case .high: theme.high
        default: theme.medium
        }
    }

    /// Between four and nine round moments.
    private func ticks() -> [Timestamp] {
        let length = span.upperBound.since(span.lowerBound)
        let steps =
            [1, 2, 5, 10, 15, 30].map { $0 * Nanoseconds.second }
            + [1, 2, 5, 10, 15, 30].map { $0 * Nanoseconds.minute }
            + [1, 2, 3, 6, 12, 24, 48, 168, 720, 2_160, 8_760, 87_600].map { $0 * Nanoseconds.hour }
        guard let step = steps.first(where: { length / $0 <= 8 }) else { return [] }
        let shift = Int64(times.offset) * Nanoseconds.second
        let first = (span.lowerBound.nanoseconds + shift) / step * step - shift
        return (0...9).map { Timestamp(nanoseconds: first + Int64($0) * step) }.filter(span.contains)
    }
}

/// The figures that lie beside a report.
package enum ReportFigures {
    /// A figure in its themes.
    package struct File: Sendable {
        package var name: String
        package var text: String
    }

    /// The files, by their names in the folder of figures; and what a timeline beside it shows of them.
    package static func all(_ story: Story, offset: Int) -> (files: [File], shown: [(name: String, shows: String)]) {
        let times = TimeStyle(offset: offset, span: story.incident.report.span)
        guard let overview = OverviewFigure(story, times) else { return ([], []) }
        let files = FigureTheme.allCases.map { File(name: "overview" + $0.ending, text: overview.svg($0)) }
        return (files, [("overview", OverviewFigure.shows)])
    }
}
