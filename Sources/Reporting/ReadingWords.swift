import EventModel

/// What profiles made of the logs, in words: which one read each log, how many records it took, and what it left and why.
enum ReadingWords {
    /// Logs and reasons that are named; the rest is counted.
    private static let named = 6
    private static let reasons = 3

    /// One sentence a log that a profile read: `orders.log: OTLP logs (profile otlp-logs: 4,210 of 4,212 records; 2 malformed)`.
    static func lines(_ report: Report) -> [String] {
        let sources = report.bundle.sources.filter { $0.reading != nil }
        var lines = sources.prefix(named).map(words)
        if sources.count > named {
            let rest = sources.dropFirst(named)
            let missed = rest.reduce(UInt64(0)) { $0 + ($1.reading.map { $0.missed + $0.malformed } ?? 0) }
            lines.append(
                Figures.count(rest.count, "more log") + " read by profiles"
                    + (missed > 0 ? ", \(Figures.grouped(missed)) records of them left" : ""))
        }
        return lines
    }

    private static func words(_ source: BundleSummary.Source) -> String {
        guard let reading = source.reading else { return source.path }
        let all = source.events + reading.left.reduce(0) { $0 + $1.count } + reading.malformed
        var parts = reading.left.prefix(reasons).map { "\(Figures.grouped($0.count)) left: \($0.reason.words)" }
        if reading.left.count > reasons { parts.append(Figures.count(reading.left.count - reasons, "more reason")) }
        if reading.malformed > 0 { parts.append("\(Figures.grouped(reading.malformed)) malformed") }
        let rest = parts.isEmpty ? "" : "; " + parts.joined(separator: "; ")
        return VisibleText.cell(
            "\(source.path): \(reading.title) (profile \(reading.profile): \(Figures.count(source.events, "event")) of "
                + "\(Figures.count(all, "record"))\(rest))")
    }

    /// What the verdict must say of what was not read; nil where that is little.
    static func notRead(_ report: Report) -> String? {
        let unread = report.bundle.passedOver.filter(\.isUnknownLog)
        if unread.count >= report.bundle.sources.count, let first = unread.first {
            return
                "Not read: \(Figures.count(unread.count, "log")) of \(unread.count + report.bundle.sources.count), since no profile "
                + "knows their form. Try: inquest profile draft \(ShellWord.quote(first.path))."
        }
        for source in report.bundle.sources {
            guard let reading = source.reading, reading.missed + reading.malformed >= max(1, source.events) else {
                continue
            }
            return VisibleText.cell(
                "Half of \(source.path) or more was not read: \(Figures.grouped(reading.missed + reading.malformed)) records, "
                    + "beside \(Figures.count(source.events, "event")). See: inquest profile show \(reading.profile).")
        }
        return nil
    }
}
