import EventModel

/// The summary's first lines: what was read, over which span, and how far it can be trusted.
struct SummaryHead {
    private let report: Report
    private let times: TimeStyle
    private let width: Int
    private let color: Bool

    init(_ report: Report, _ times: TimeStyle, _ width: Int, color: Bool) {
        self.report = report
        self.times = times
        self.width = width
        self.color = color
    }

    func lines() -> [String] {
        let name = VisibleText.cell(report.bundle.name)
        var lines = DisplayWidth.wrap(name + " · " + Self.volume(report), to: width)
        if let first = lines.first, first.hasPrefix(name) {
            lines[0] = TextStyle.bold.apply(name, color) + first.dropFirst(name.count)
        }
        lines += DisplayWidth.wrap(
            Self.span(report, times) + " · " + Self.trust(report).joined(separator: " · "), to: width)
        for line in ReadingWords.lines(report) { lines += DisplayWidth.wrap(line, to: width) }
        for damage in report.bundle.damage.prefix(Self.named) {
            var text = damage.path
            if let byte = damage.byte { text += ":\(byte)" }
            let message = VisibleText.cell(text + ": " + damage.message)
            lines += DisplayWidth.wrap("damaged: " + message, to: width).map { TextStyle.yellow.apply($0, color) }
        }
        if report.bundle.damage.count > Self.named {
            lines.append("damaged: " + Figures.count(report.bundle.damage.count - Self.named, "more container"))
        }
        let passedOver = report.bundle.passedOver
        if !passedOver.isEmpty {
            let names = passedOver.prefix(Self.named).map { VisibleText.cell($0.path + " (" + $0.reason + ")") }
            let more = passedOver.count - names.count
            let text = "passed over: " + names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
            lines += DisplayWidth.wrap(text, to: width)
        }
        return lines
    }

    /// So many damaged containers and files passed over are named.
    private static let named = 4

    /// `63 logs, 5.2 MB (91 MB inflated) · 287,412 events from 61 actors`.
    static func volume(_ report: Report) -> String {
        let sources = report.bundle.sources
        let stored = sources.reduce(UInt64(0)) { $0.addingReportingOverflow($1.storedBytes).partialValue }
        let inflated = sources.reduce(UInt64(0)) { $0.addingReportingOverflow($1.inflatedBytes).partialValue }
        var text = Figures.count(sources.count, "log")
        if stored > 0 {
            text += ", " + Figures.bytes(stored)
            if inflated != stored { text += " (" + Figures.bytes(inflated) + " inflated)" }
        } else if inflated > 0 {
            text += ", " + Figures.bytes(inflated) + " inflated"
        }
        text += " · " + Figures.count(report.counts.events, "event")
        return text + " from " + Figures.count(report.counts.actors, "actor")
    }

    /// `2025-10-20 05:48:00Z to 21:35:00Z`.
    static func span(_ report: Report, _ times: TimeStyle) -> String {
        guard let span = report.span else { return report.counts.events > 0 ? "no times" : "no events" }
        let end =
            times.dated
            ? times.full(span.upperBound, digits: 0)
            : span.upperBound.parts(offset: times.offset, digits: 0).time + times.zone
        return times.full(span.lowerBound, digits: 0) + " to " + end
    }

    /// `clocks: 94 % given, 6 % inferred`, `0 malformed`, `2 gaps`, and what else is not nothing.
    static func trust(_ report: Report) -> [String] {
        let counts = report.counts
        let quality = report.quality
        var parts: [String] = []
        if counts.events > 0 {
            let given = min(counts.withClock, counts.events)
            parts.append(
                given == counts.events
                    ? "clocks: all given"
                    : given == 0
                        ? "clocks: all inferred"
                        : "clocks: \(Figures.percent(given, of: counts.events)) given, "
                            + "\(Figures.percent(counts.events - given, of: counts.events)) inferred")
        }
        parts.append(Figures.grouped(counts.malformed) + " malformed")
        parts.append(Figures.count(quality.gaps, "gap"))
        if counts.droppedFields > 0 { parts.append(Figures.count(counts.droppedFields, "field") + " dropped") }
        if counts.duplicates > 0 { parts.append(Figures.count(counts.duplicates, "duplicate")) }
        if quality.restarts > 0 { parts.append(Figures.count(quality.restarts, "restart")) }
        if quality.conflicts > 0 { parts.append(Figures.count(quality.conflicts, "conflict")) }
        if quality.disorders > 0 { parts.append(Figures.grouped(quality.disorders) + " out of order") }
        if quality.clockFaults > 0 { parts.append(Figures.count(quality.clockFaults, "faulty clock")) }
        if quality.missingCauses > 0 { parts.append(Figures.count(quality.missingCauses, "missing cause")) }
        if quality.cycles > 0 { parts.append(Figures.grouped(quality.cycles) + " in cycles of clocks") }
        if !quality.undecided.isEmpty { parts.append(Figures.grouped(quality.undecided.count) + " undecided") }
        return parts
    }
}
