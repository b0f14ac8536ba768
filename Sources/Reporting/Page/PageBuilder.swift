import CausalAnalysis
import EventModel

/// What a page is told beyond the report.
package struct PageOptions: Sendable {
    /// Most events in the page, beside those of its diagrams.
    package var limit = 100_000
    /// Seconds east of UTC for times inside sentences; the page itself shows UTC.
    package var offset = 0
    /// The span to look at first.
    package var within: ClosedRange<Timestamp>?
    /// The bundle as the user typed it, for the commands to type next.
    package var bundle: [String] = []

    /// UTC, everything.
    package init() {}
}

/// Gathers what the report's page shows, in one more pass over the bundle.
///
/// Memory grows with what the page may hold (events, the diagrams' clocks, buckets of curves), never with the bundle.
package struct PageBuilder: EventConsumer {
    private let report: Report
    private let list: FindingList
    private let options: PageOptions
    private let name: (Symbol) -> String
    private var focus: PageFocus
    private var choice: PageChoice
    private var lines: [RecordPlace: [UInt8]] = [:]
    private var endpoints: NameIndex
    private var diagrams: [DiagramDraft]
    /// By the number of the endpoint.
    private var generations: [Generations]
    private var queueNames: NameIndex
    /// By the number of the queue's name: the groups whose curves it feeds.
    private var queues: [[(group: Int, curve: QueueCurveBuilder)]]
    private var services: ServiceCurves
    /// By process: whether it deals in plans.
    private var planners: [Bool] = []
    /// The plan findings that are explained: the group, and the pass that follows it.
    private var explanations: [(group: Int, pass: ExplanationPass)]

    private static let diagramLimit = 16
    private static let endpointLimit = 24
    private static let queueLimit = 40
    /// A record's line is kept up to this length.
    private static let lineLimit = 8_192

    /// Prepares the pass for a report of the first one.
    package init(
        _ report: Report, _ list: FindingList, _ options: PageOptions = PageOptions(),
        name: @escaping (Symbol) -> String
    ) {
        self.report = report
        self.list = list
        self.options = options
        self.name = name
        focus = PageFocus(report, list)
        choice = PageChoice(limit: options.limit)
        let plans = list.groups.indices.filter { list.representative(list.groups[$0]).isDrawn }
        generations = Self.generations(plans, list, report)
        let names = generations.map(\.endpoint)
        endpoints = NameIndex(names)
        diagrams = plans.prefix(Self.diagramLimit).compactMap { group in
            let finding = list.representative(list.groups[group])
            guard let endpoint = names.firstIndex(where: { $0 == finding.endpoint }) else { return nil }
            return DiagramDraft(finding, group: group, endpoint: endpoint)
        }
        explanations = plans.prefix(Self.diagramLimit).map { group in
            (group, ExplanationPass(list.representative(list.groups[group]), span: report.span, name: name))
        }
        var queueOf: [String] = []
        var curves: [[(group: Int, curve: QueueCurveBuilder)]] = []
        for group in list.groups.indices.filter({ list.groups[$0].kind == .backlogOnset }).prefix(Self.queueLimit) {
            let finding = list.representative(list.groups[group])
            guard let queue = finding.queue else { continue }
            let curve = (group: group, curve: QueueCurveBuilder(finding, span: report.span, count: 240))
            if let at = queueOf.firstIndex(of: queue) {
                curves[at].append(curve)
            } else {
                queueOf.append(queue)
                curves.append([curve])
            }
        }
        queueNames = NameIndex(queueOf)
        queues = curves
        services = ServiceCurves(report.span)
    }

    /// Takes one event in causal order.
    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let place = RecordPlace(source: delivery.source, line: batch.line(at: row))
        let role = focus.roles[place]
        let (reason, weight) = reason(batch, row: row, role: role)
        choice.offer(batch, row: row, delivery: delivery, reason: reason, weight: weight, name: name)
        if role?.isQuoted == true { quote(batch, row: row, place: place) }
        let endpoint = endpoints.number(batch.endpoint[row], name)
        for index in diagrams.indices {
            diagrams[index].observe(
                batch, row: row, delivery: delivery, clocks: clocks, endpoint: endpoint,
                isMarked: role != nil, reason: reason, name: name)
        }
        if let endpoint { generations[endpoint].observe(batch, row: row, delivery: delivery, name: name) }
        if let queue = queueNames.number(batch.symbol(.queue, at: row), name) {
            for index in queues[queue].indices { queues[queue][index].curve.observe(batch, row: row, name: name) }
        }
        services.observe(batch, row: row)
        if dealsInPlans(batch, row: row, delivery.process) || role != nil {
            for index in explanations.indices {
                explanations[index].pass.observe(batch, row: row, delivery: delivery, clocks: clocks)
            }
        }
    }

    /// The page's content, once all events have been taken.
    package consuming func finish() -> ReportPage {
        var page = ReportPage(report, list, options, name: name)
        page.lines = lines
        page.roles = focus.roles
        page.diagrams = diagrams.map { $0.finish() }
        page.generations = generations.filter { !$0.steps.isEmpty }
        page.queues = queues.flatMap { $0.map { (group: $0.group, curve: $0.curve.finish()) } }
            .sorted { $0.group < $1.group }
        page.services = services
        page.explanations = Dictionary(
            uniqueKeysWithValues: explanations.map { ($0.group, $0.pass.finish()) })
        page.seen = choice.seen
        page.take(choice.finish())
        return page
    }

    /// Whether the event, or an earlier one of its process, names a plan: nobody else's tell why a plan finding holds.
    private mutating func dealsInPlans(_ batch: borrowing EventBatch, row: Int, _ process: ProcessID) -> Bool {
        let index = Int(process.index)
        if index >= planners.count { planners += Array(repeating: false, count: index + 1 - planners.count) }
        if batch.has(.plan, at: row) { planners[index] = true }
        return planners[index]
    }

    private mutating func reason(
        _ batch: borrowing EventBatch, row: Int, role: PageFocus.Role?
    ) -> (PageEvent.Reason, weight: Int) {
        if let role { return (.evidence, role.marks.map(\.group).min() ?? list.groups.count) }
        let kind = batch.kind[row]
        if kind.isSwitch || batch.fields[row].contains(.byOperator) { return (.act, 0) }
        if batch.outcome[row] != .ok || kind.isFailure { return (.failure, 0) }
        return (focus.isConcerned(batch, row: row, name: name) ? .concerned : .other, 0)
    }

    private mutating func quote(_ batch: borrowing EventBatch, row: Int, place: RecordPlace) {
        let range = batch.textRange(at: row)
        if range.upperBound <= batch.text.count { lines[place] = Array(batch.text[range].prefix(Self.lineLimit)) }
    }

    /// The endpoints that plan findings are about, the most severe first.
    private static func generations(_ groups: [Int], _ list: FindingList, _ report: Report) -> [Generations] {
        var names: [String] = []
        var spans: [ClosedRange<Timestamp>] = []
        for group in groups {
            for member in list.groups[group].members {
                let finding = list.findings[member]
                guard let endpoint = finding.endpoint else { continue }
                let first = finding.evidence.map(\.record.time)
                    .filter { $0 >= finding.at.advanced(by: -30 * Nanoseconds.minute) }.min()
                let from = min(first ?? finding.at, finding.at)
                let to = max(finding.until ?? (finding.lasts ? report.span?.upperBound : nil) ?? finding.at, finding.at)
                if let at = names.firstIndex(of: endpoint) {
                    spans[at] = min(spans[at].lowerBound, from)...max(spans[at].upperBound, to)
                } else if names.count < endpointLimit {
                    names.append(endpoint)
                    spans.append(from...to)
                }
            }
        }
        return zip(names, spans).map { name, span in
            let margin = max(Nanoseconds.second, span.upperBound.since(span.lowerBound) / 20)
            return Generations(
                endpoint: name,
                near: span.lowerBound.advanced(by: -margin)...span.upperBound.advanced(by: margin))
        }
    }
}

extension Finding {
    /// Whether a space-time diagram shows it: it is about an endpoint, and rests on the order of records.
    var isDrawn: Bool { endpoint != nil && severity != .info && !kind.traits.isMeasured }
}
