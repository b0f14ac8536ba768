import EventModel

/// A finding's place in the cascade: what led to it, by which records, what it led to, and how it ended.
struct ExplanationCascade {
    private let report: Report
    private let words: CascadeWords
    private let cascade: Cascade
    private let times: TimeStyle
    private let at: Int
    /// The other rows of findings that are of the same window: a queue's samples and its single items tell of one backlog.
    private let others: [String]

    /// So many chains are written out.
    private static let named = 8

    /// Nil where the finding is in no cascade.
    init?(_ id: String, _ list: FindingList, _ report: Report, _ times: TimeStyle) {
        guard let cascade = report.cascade else { return nil }
        words = CascadeWords(cascade, list)
        guard let at = words.window(of: id) else { return nil }
        self.at = at
        let rows = cascade.windows[at].findings.compactMap { id in list.ids.firstIndex(of: id).map(list.label) }
        let own = list.ids.firstIndex(of: id).map(list.label)
        others = rows.indices.filter { rows[$0] != own && rows.firstIndex(of: rows[$0]) == $0 }.map { rows[$0] }
        self.cascade = cascade
        self.report = report
        self.times = times
    }

    /// The way to it from the first cause known, and the chains of records from what was next to it.
    func causes() -> [String] {
        let way = words.longestWay(to: at)
        var lines: [String] = []
        if !others.isEmpty {
            let window = cascade.windows[at]
            let end = window.until.map { "to " + times.clock($0) } ?? "to the end of the logs"
            lines.append(
                "In the cascade it is one window with \(others.joined(separator: ", ")), from \(times.clock(window.at)) \(end)."
            )
        }
        if !way.isEmpty { lines.append(way.map(words.label).joined(separator: " → ") + ".") }
        let edges = cascade.edges.filter { $0.to == at }
        if words.isUnexplained(at) {
            lines.append(
                "No chain of records leads from another finding to its beginning: in these logs its cause is unknown.")
        }
        for edge in edges.sorted(by: { $0.role == .began && $1.role != .began }).prefix(Self.named) {
            let does = edge.role == .began ? " led to it: " : " prolonged it: "
            lines.append(words.label(edge.from) + does + CascadeWords.chain(edge, report, times) + ".")
        }
        if edges.count > Self.named {
            lines.append("And \(edges.count - Self.named) more, in findings.json.")
        }
        return lines
    }

    /// What it led to.
    func effects() -> [String] {
        [(Cascade.Edge.Role.began, ""), (.prolonged, "It prolonged ")].compactMap { role, head in
            let led = cascade.edges.filter { $0.from == at && $0.role == role }.map(\.to)
            return led.isEmpty ? nil : head + words.counted(led).joined(separator: ", ") + "."
        }
    }

    /// Whether it ended with what triggered it, and what was done before.
    func ending() -> [String] {
        let window = cascade.windows[at]
        var lines: [String] = []
        switch window.ending {
        case .unknownTrigger: break
        case .withTrigger(let trigger):
            if let trigger { lines.append("It ended with its trigger, \(words.label(trigger)).") }
        case .beforeTrigger(let trigger, let span):
            if let trigger {
                lines.append("It ended \(Nanoseconds.words(span)) before its trigger, \(words.label(trigger)).")
            }
        case .outlived(let trigger, let span):
            let name = trigger.map { ", " + words.label($0) } ?? ""
            lines.append(
                window.until == nil
                    ? "It outlives its trigger\(name), so far by \(Nanoseconds.words(span))."
                    : "It outlived its trigger\(name), by \(Nanoseconds.words(span)).")
        }
        if let record = window.endedBy {
            lines.append(
                "Before the window ended\(window.until.map { " at " + times.clock($0) } ?? "") came \(record.kind == .other ? "an act" : record.kind.name) by \(report.symbols[record.actor]) at "
                    + "\(times.clock(record.time)) (\(report.path(of: record.source)):\(record.line)): the last intervention there "
                    + "that happened before the recovery.")
        }
        return lines
    }
}
