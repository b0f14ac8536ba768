import EventModel

/// A cascade in words that the terminal's summary and the timeline share. Exact text: whoever shows it escapes it.
struct CascadeWords {
    /// A line's head and what it lists; the separator that joins the list.
    struct Line {
        var head: String
        var items: [String]
        var separator = ", "
    }

    private let cascade: Cascade
    private let list: FindingList
    /// The index of each id's finding.
    private let indexOf: [String: Int]

    init(_ cascade: Cascade, _ list: FindingList) {
        self.cascade = cascade
        self.list = list
        indexOf = Dictionary(zip(list.ids, list.ids.indices)) { first, _ in first }
    }

    /// The longest way through the cascade, what else each window led to, how windows ended, what is not explained.
    func lines() -> [Line] {
        let main = longestWay(to: nil)
        var lines: [Line] = []
        if !main.isEmpty { lines.append(Line(head: "Cascade", items: main.map(label), separator: " → ")) }
        for (cause, led) in branches(beside: main) {
            lines.append(Line(head: label(cause) + " → ", items: counted(led)))
        }
        let outlived = cascade.windows.indices.compactMap { index -> String? in
            guard case .outlived(_, let span) = cascade.windows[index].ending else { return nil }
            var text = label(index) + (cascade.windows[index].until == nil ? " (still, for " : " (by ")
            text += Nanoseconds.words(span)
            if let end = cascade.windows[index].endedBy { text += ", after " + Self.act(end) }
            return text + ")"
        }
        if !outlived.isEmpty { lines.append(Line(head: "outlived their trigger: ", items: outlived)) }
        let unknown = cascade.windows.indices.filter { isUnexplained($0) && $0 != main.first }
        if !unknown.isEmpty { lines.append(Line(head: "cause unknown: ", items: counted(unknown))) }
        if !cascade.unaffected.isEmpty { lines.append(Line(head: "unaffected: ", items: cascade.unaffected)) }
        return lines
    }

    /// What somebody did, and when: `throttle.set at 11:14:00Z`.
    static func act(_ record: RecordRef) -> String {
        (record.kind == .other ? "an operator's act" : record.kind.name) + " at " + record.time.clock
    }

    /// `F16 redshift`.
    func label(_ window: Int) -> String {
        group(window).map { GroupNames.short(list.groups[$0], list) } ?? cascade.windows[window].kind.rawValue
    }

    /// The group that a window's first finding stands in.
    func group(_ window: Int) -> Int? {
        cascade.windows[window].findings.first.flatMap { indexOf[$0] }.map { list.groupOf[$0] }
    }

    /// Whether nothing tells what led to a window. What led to an overwrite stands in its check and its clocks, not in another finding.
    func isUnexplained(_ window: Int) -> Bool {
        cascade.windows[window].ending == .unknownTrigger && cascade.windows[window].kind != .stalePlanOverwrite
    }

    /// The window that a finding belongs to; nil for one that is in none.
    func window(of id: String) -> Int? { cascade.windows.firstIndex { $0.findings.contains(id) } }

    /// The records that join two windows: `resolver 06:49:57.982Z resolve.failed (resolver.log:97) → …`.
    static func chain(_ edge: Cascade.Edge, _ report: Report, _ times: TimeStyle) -> String {
        edge.chain.map { record in
            report.symbols[record.actor] + " " + times.clock(record.time) + " "
                + (record.kind == .other ? "" : record.kind.name + " ")
                + "(\(report.path(of: record.source)):\(record.line))"
        }.joined(separator: " → ")
    }

    /// Windows by name; beyond eight they are counted.
    func counted(_ windows: [Int]) -> [String] {
        let names = windows.prefix(8).map(label)
        return windows.count > 8 ? names + ["\(windows.count - 8) more"] : names
    }

    /// The longest chain of windows that began each other, the earliest of equals, or the longest of those that end at `goal`; empty
    /// where nothing began anything there. Causes stand ahead of effects, so one sweep does.
    func longestWay(to goal: Int?) -> [Int] {
        var length = cascade.windows.map { _ in 1 }
        var cause = [Int?](repeating: nil, count: cascade.windows.count)
        for edge in cascade.edges.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) where edge.role == .began {
            if length[edge.from] + 1 > length[edge.to] {
                length[edge.to] = length[edge.from] + 1
                cause[edge.to] = edge.from
            }
        }
        guard let longest = length.max(), var at = goal ?? length.firstIndex(of: longest), length[at] > 1 else {
            return []
        }
        var way = [at]
        while let before = cause[at] {
            way.insert(before, at: 0)
            at = before
        }
        return way
    }

    /// Windows that are not on the way, by the latest of the causes that began them.
    private func branches(beside way: [Int]) -> [(cause: Int, led: [Int])] {
        var result: [(cause: Int, led: [Int])] = []
        for window in cascade.windows.indices where !way.contains(window) {
            let causes = cascade.edges.filter { $0.to == window && $0.role == .began }.map(\.from)
            guard let cause = causes.max() else { continue }
            if let known = result.firstIndex(where: { $0.cause == cause }) {
                result[known].led.append(window)
            } else {
                result.append((cause, [window]))
            }
        }
        return result.sorted { $0.cause < $1.cause }
    }
}
