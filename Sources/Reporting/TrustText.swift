import CausalAnalysis
import EventModel

/// `inquest check` for people: whether the logs can be trusted, everything that is wrong with what it puts in doubt, and tables of the
/// logs, the actors and their wall clocks.
package struct TrustText: Sendable {
    private let report: Report
    private let trust: TrustReport
    private let times: TimeStyle
    private let width: Int
    private let color: Bool
    private let maxSkew: Int64

    /// So many rows of each table are shown, and so many records of a circle.
    private static let rows = 40

    /// - Parameters:
    ///   - offset: seconds east of UTC in which times are shown.
    ///   - width: columns; at least 60 are used.
    ///   - maxSkew: how far clocks are assumed to stand apart where the records do not tell, in nanoseconds.
    package init(
        _ report: Report, _ trust: TrustReport, offset: Int = 0, width: Int = 100, color: Bool = false,
        maxSkew: Int64 = Nanoseconds.minute
    ) {
        self.report = report
        self.trust = trust
        times = TimeStyle(offset: offset, span: report.span)
        self.width = max(60, width)
        self.color = color
        self.maxSkew = maxSkew
    }

    /// The text, ending in a newline; safe to print whatever the logs hold.
    package func text() -> String {
        let all = TrustFaults(report, trust, times: times).faults
        let faults = all.filter { !$0.isRemark }
        let remarks = all.filter(\.isRemark)
        var lines = SummaryHead(report, times, width, color: color).lines()
        lines.append("")
        lines += DisplayWidth.wrap(verdict(faults, remarks), to: width)
        lines += section("Wrong", faults, .yellow)
        lines += section("To know", remarks, .dim)
        lines += sources()
        lines += actors()
        lines += skews()
        return lines.joined(separator: "\n") + "\n"
    }

    private func verdict(_ faults: [TrustFaults.Fault], _ remarks: [TrustFaults.Fault]) -> String {
        if faults.isEmpty {
            return "Nothing is wrong with these logs."
                + (remarks.isEmpty ? "" : " " + Figures.count(remarks.count, "thing") + " to know.")
        }
        return Figures.count(faults.count, "thing") + " wrong with these logs; what each puts in doubt stands with it."
    }

    private func section(_ title: String, _ faults: [TrustFaults.Fault], _ style: TextStyle) -> [String] {
        if faults.isEmpty { return [] }
        var lines = ["", TextStyle.bold.apply(title, color)]
        for fault in faults {
            let subject = fault.subject.isEmpty ? "" : VisibleText.cell(fault.subject) + ": "
            let kind = DisplayWidth.fit(fault.kind, to: Self.kindWidth)
            for (at, line) in wrap(subject + VisibleText.cell(fault.what)).enumerated() {
                lines.append((at == 0 ? style.apply(kind, color) : Self.indent) + "  " + line)
            }
            for record in fault.records {
                lines += wrap("at " + VisibleText.cell(words(record))).map { Self.indent + "  " + $0 }
            }
            if fault.records.isEmpty, let place = fault.place, place != fault.subject {
                lines += wrap("at " + VisibleText.cell(place)).map { Self.indent + "  " + $0 }
            }
            lines += wrap("in doubt: " + VisibleText.cell(fault.doubt)).map { Self.indent + "  " + $0 }
        }
        return lines
    }

    private static let kindWidth = 16
    private static let indent = String(repeating: " ", count: kindWidth)

    private func wrap(_ text: String) -> [String] { DisplayWidth.wrap(text, to: width - Self.kindWidth - 2) }

    private func words(_ record: RecordRef) -> String {
        let own = record.hasClock ? ", count \(record.stamp.counter)" : ""
        return "\(report.path(of: record.source)):\(record.line) \(times.clock(record.time)) "
            + report.symbols[record.actor] + (record.kind == .other ? "" : " " + record.kind.name) + own
    }

    // MARK: Tables

    private func sources() -> [String] {
        let rows = report.bundle.sources.map { source in
            [
                source.path, source.reading.map { source.encoding + ", " + $0.profile } ?? source.encoding,
                Figures.bytes(source.storedBytes), Figures.bytes(source.inflatedBytes),
                Figures.grouped(source.events),
            ]
        }
        return table(["Log", "as", "stored", "inflated", "events"], rows, noun: "log", numbers: 2...4)
    }

    private func actors() -> [String] {
        let rows = trust.actors.map { actor in
            [
                report.symbols[actor.actor], Figures.grouped(actor.lives), Figures.grouped(actor.span.events),
                Figures.percent(actor.notes.withClock, of: actor.span.events), times.bare(actor.span.first),
                times.bare(actor.span.last), Nanoseconds.words(actor.span.longestPause),
                Figures.grouped(actor.notes.gaps.count),
            ]
        }
        return table(
            ["Actor", "lives", "events", "clocks", "first \(times.zoneName)", "last", "longest pause", "gaps"], rows,
            noun: "actor", numbers: 1...3)
    }

    private func skews() -> [String] {
        // What bounds no side by less than is assumed of any two clocks tells nothing of these.
        let telling = report.quality.skews.filter {
            !$0.bounds.contains(0) || $0.bounds.lowerBound > -maxSkew || $0.bounds.upperBound < maxSkew
        }
        let sorted = telling.sorted {
            // What contradicts happened-before first, then the least certain; equals stay by name.
            ($0.bounds.contains(0) ? 1 : 0, $1.bounds.length) < ($1.bounds.contains(0) ? 1 : 0, $0.bounds.length)
        }
        let rows = sorted.map { skew in
            [
                report.symbols[skew.a], report.symbols[skew.b], Nanoseconds.words(skew.bounds.lowerBound),
                Nanoseconds.words(skew.bounds.upperBound),
            ]
        }
        var lines = table(["Clock of", "less that of", "at least", "at most"], rows, noun: "pair", numbers: 2...3)
        let silent = report.quality.skews.count - telling.count
        if silent > 0 {
            if lines.isEmpty { lines.append("") }
            lines += DisplayWidth.wrap(
                "of " + Figures.count(silent, "pair") + " of clocks the records tell no more than is assumed of any: "
                    + "\(Nanoseconds.words(maxSkew)) either way (--max-skew)", to: width)
        }
        return lines
    }

    private func table(_ head: [String], _ rows: [[String]], noun: String, numbers: ClosedRange<Int>) -> [String] {
        if rows.isEmpty { return [] }
        let shown = [head] + rows.prefix(Self.rows).map { $0.map(VisibleText.cell) }
        let widths = head.indices.map { column in
            min(column == 0 ? max(20, width / 3) : 30, shown.map { DisplayWidth.of($0[column]) }.max() ?? 0)
        }
        var lines = [""]
        for (at, row) in shown.enumerated() {
            let line = row.indices.map { DisplayWidth.fit(row[$0], to: widths[$0], right: numbers.contains($0)) }
                .joined(separator: "  ")
            let trimmed = String(line.reversed().drop { $0 == " " }.reversed())
            lines.append(at == 0 ? TextStyle.bold.apply(trimmed, color) : trimmed)
        }
        let more = rows.count - Self.rows
        if more > 0 { lines.append("and " + Figures.count(more, "more " + noun) + "; --format json has all") }
        return lines
    }
}

extension ClosedRange<Int64> {
    fileprivate var length: Int64 {
        let (length, overflow) = upperBound.subtractingReportingOverflow(lowerBound)
        return overflow ? .max : length
    }
}
