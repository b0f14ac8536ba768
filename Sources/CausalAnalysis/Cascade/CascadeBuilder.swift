import EventModel

/// Finds what led to what among a report's findings, in a second pass over the bundle.
///
/// Two windows are joined where a chain of at most four steps leads from an event of the one to an event of the other,
/// every event on it abnormal or naming the endpoint, queue or service of a window (EVENTS.md, section 5); see
/// `ChainSearch`. Time alone joins nothing: with no chain, the cause is unknown. Of all chains between two windows the
/// first is kept. What it cannot see: what passed through logs that are missing, or through more than four steps.
package struct CascadeBuilder: EventConsumer {
    /// What became of a window after its last event.
    private struct End {
        var process: ProcessID?
        /// What was done inside the window and happened before its recovery, by time: indices into the interventions.
        var interventions: [Int] = []
        var isDecided = false
    }

    private let report: Report
    private let name: (Symbol) -> String
    private let windows: CascadeWindows
    private var membership: WindowMembership
    private var search = ChainSearch()
    private var chains: [CascadeGraph.Pair: [RecordRef]] = [:]
    private var ends: [End]
    /// When each window's first event came.
    private var onsets: [Timestamp?]
    private var interventions: Interventions

    /// What was done so long before a recovery may have ended it.
    private static let reach = 30 * Nanoseconds.minute

    /// Whether a report holds findings that such a pass could join.
    package static func isNeeded(for report: Report) -> Bool { CascadeWindows(report.findings).isWorthAPass }

    /// Prepares the pass for a report of the first one.
    ///
    /// - Parameter name: the text of a symbol of the second pass, asked only for symbols that were met.
    package init(_ report: Report, name: @escaping (Symbol) -> String) {
        self.report = report
        self.name = name
        windows = CascadeWindows(report.findings)
        membership = WindowMembership(windows, report.findings, name: name)
        ends = windows.windows.map { _ in End() }
        onsets = windows.windows.map { _ in nil }
        interventions = Interventions(name: name)
    }

    /// Takes one event in causal order.
    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let answer = membership.answer(batch, row: row, source: delivery.source)
        let record = delivery.reference(batch, row: row)
        let arriving = search.follow(answer, record, clocks)
        for to in indices(answer.own) {
            ends[to].process = delivery.process
            if onsets[to] == nil { onsets[to] = record.time }
            for chain in arriving where answer.own & (1 << CascadeWindows.Mask(chain.window)) == 0 {
                keep(chain.records + [record], from: chain.window, to: to)
            }
            // A record of both, such as a deletion that empties an endpoint, joins the earlier with the later.
            for from in indices(answer.own) where from < to { keep([record], from: from, to: to) }
        }
        interventions.observe(batch, row: row, record, clocks, search, &membership)
        decideEnds(delivery, at: record.time, clocks)
    }

    private mutating func keep(_ records: [RecordRef], from: Int, to: Int) {
        let pair = CascadeGraph.Pair(from: from, to: to)
        if chains[pair] == nil { chains[pair] = records }
    }

    /// As the process that wrote a window's last event goes on behind the window's end, what it knows of may have ended
    /// it.
    private mutating func decideEnds(_ delivery: Delivery, at time: Timestamp, _ clocks: borrowing ProcessClocks) {
        for index in ends.indices where ends[index].process == delivery.process && !ends[index].isDecided {
            let window = windows.windows[index]
            // Shares of single records end within a span; a sample tells of all since the one before.
            guard let until = window.until?.advanced(by: window.resolution), time > until else { continue }
            ends[index].isDecided = true
            let earliest = max(window.at, until.advanced(by: -CascadeBuilder.reach))
            ends[index].interventions = interventions.known(
                to: delivery.process, clocks, within: earliest...max(earliest, until))
        }
    }

    /// The cascade, once all events have been taken.
    package consuming func finish(unaffected: [String]) -> Cascade {
        let ids = FindingID.all(report.findings)
        let omitted = windows.omitted
        let windows = zip(windows.windows, onsets).map { window, first in
            var window = window
            if window.kind == .backlogOnset, let first { window.onset = first }
            return window
        }
        let graph = CascadeGraph(windows, chains)
        var result = graph.order.map { index in
            let window = windows[index]
            var shown = Cascade.Window(
                findings: window.findings.map { ids[$0] }, kind: window.kind, at: window.at, until: window.until)
            // What is done to a cause helps what it led to.
            let concerned: CascadeWindows.Mask = graph.causes(of: index).reduce(0) { $0 | 1 << CascadeWindows.Mask($1) }
            shown.endedBy = interventions.last(of: ends[index].interventions, on: concerned).map(ofFirstPass)
            return shown
        }
        let edges = graph.edges.map { edge in
            var edge = edge
            edge.chain = edge.chain.map(ofFirstPass)
            return edge
        }
        for index in result.indices { result[index].ending = ending(of: index, result, edges) }
        return Cascade(windows: result, edges: edges, unaffected: unaffected, omitted: omitted)
    }

    /// Against the cause that ended last, of those that began it.
    private func ending(of index: Int, _ windows: [Cascade.Window], _ edges: [Cascade.Edge]) -> Cascade.Ending {
        let causes = edges.filter { $0.to == index && $0.role == .began }.map(\.from)
        func end(_ window: Int) -> Timestamp { windows[window].until ?? Timestamp(nanoseconds: .max) }
        guard let trigger = causes.max(by: { end($0) < end($1) }) else { return .unknownTrigger }
        let last = report.span?.upperBound ?? windows[index].at
        let more = min(end(index), last).since(min(end(trigger), last))
        if more < -CascadeGraph.slack { return .beforeTrigger(trigger, by: -more) }
        return more <= CascadeGraph.slack ? .withTrigger(trigger) : .outlived(trigger, by: more)
    }

    /// The same record with the first pass's number for its actor.
    private func ofFirstPass(_ record: RecordRef) -> RecordRef {
        var record = record
        record.actor = report.symbols.find(name(record.actor)) ?? .none
        return record
    }
}
