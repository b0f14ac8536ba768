import CausalAnalysis
import EventIndex
import EventModel
import Reporting

/// Runs a query by conditions: finds what the findings say of the records shown, then gives the records out as they come.
struct EventQueryRun {
    private let query: QueryCommand
    private let session: Session

    init(_ query: QueryCommand, _ session: Session) {
        self.query = query
        self.session = session
    }

    func run() throws(Failure) -> ExitStatus {
        let report = try session.analyze()
        let list = FindingList(report.findings)
        let window = try query.input.window(lastEvent: report.span?.upperBound)
        let chosen = try findings(list)
        var labels: [RecordPlace: Set<Int>] = [:]
        var evidence: Set<RecordPlace> = []
        for (index, finding) in report.findings.enumerated() {
            let number = list.groups[list.groupOf[index]].number
            for item in finding.evidence {
                labels[RecordPlace(item.record), default: []].insert(number)
                if chosen?.contains(index) == true { evidence.insert(RecordPlace(item.record)) }
            }
        }
        let filter = try query.filter(window: window)
        if chosen == nil { evidence = try evidenceOfEndpoints(report) }
        let width = Console.standard.width ?? 120
        let writer = EventRowWriter(query.format, offset: try query.input.offset, width: width)
        var consumer = try session.pass { name in
            QueryConsumer(
                filter: filter, evidence: evidence, onlyEvidence: chosen != nil, labels: labels,
                limit: query.limit ?? .max,
                files: report.bundle.sources.map(\.path), name: name, writer: writer)
        }
        try consumer.end(note: note(consumer))
        if consumer.matched == 0, chosen == nil { try explainNothing(consumer, filter) }
        return session.status(report)
    }

    private func findings(_ list: FindingList) throws(Failure) -> Set<Int>? {
        guard let name = query.finding else { return nil }
        return Set(try FindingNames.find(name, list))
    }

    /// For people who ask for an endpoint: the records without an endpoint that prove its findings.
    private func evidenceOfEndpoints(_ report: Report) throws(Failure) -> Set<RecordPlace> {
        guard query.format == .table || query.format == .markdown, !query.endpoint.isEmpty, query.actor.isEmpty,
            query.event.isEmpty, query.plan == nil
        else { return [] }
        var places: Set<RecordPlace> = []
        let globs = query.endpoint.compactMap { try? Glob($0) }
        for finding in report.findings {
            guard let endpoint = finding.endpoint, globs.contains(where: { $0.matches(endpoint) }) else { continue }
            for item in finding.evidence { places.insert(RecordPlace(item.record)) }
        }
        return places
    }

    private func note(_ consumer: QueryConsumer) -> String? {
        if consumer.shown == 0 { return nil }
        var text = "\(Figures.grouped(consumer.shown)) of \(Figures.count(consumer.matched, "event"))"
        if consumer.shown < consumer.matched { text += " (--limit)" }
        if !consumer.hasEvidence { return text + " · #N is an actor's own counter, file:N a line" }
        return text
            + " · runs, checks and deletions that are evidence are shown too · #N is an actor's own counter, file:N a line"
    }

    /// Nothing matched: says which name is in no log at all.
    private func explainNothing(_ consumer: QueryConsumer, _ filter: EventFilter) throws(Failure) {
        for criterion in EventFilter.Criterion.allCases {
            let names = consumer.names(criterion)
            if let glob = filter.unmatched(criterion, among: names.map(\.name)).first {
                throw NameCheck.missing(criterion, glob.pattern, among: names)
            }
        }
        if !query.input.quiet { Console.standard.error("no event satisfies all conditions") }
    }
}

/// Writes the matching events as they come, and counts the names that there are.
struct QueryConsumer: EventConsumer {
    private var filter: EventFilter
    private let evidence: Set<RecordPlace>
    private let onlyEvidence: Bool
    private let labels: [RecordPlace: Set<Int>]
    private let limit: Int
    private let files: [String]
    private let name: (Symbol) -> String
    private let writer: EventRowWriter
    private var output: [UInt8] = []
    private var failure: Failure?
    private var seen: [[UInt64]] = [[], [], []]
    private(set) var matched = 0
    private(set) var shown = 0

    var hasEvidence: Bool { !evidence.isEmpty && !onlyEvidence }

    init(
        filter: EventFilter, evidence: Set<RecordPlace>, onlyEvidence: Bool, labels: [RecordPlace: Set<Int>],
        limit: Int,
        files: [String], name: @escaping (Symbol) -> String, writer: EventRowWriter
    ) {
        self.filter = filter
        self.evidence = evidence
        self.onlyEvidence = onlyEvidence
        self.labels = labels
        self.limit = limit
        self.files = files
        self.name = name
        self.writer = writer
        writer.begin(&output)
    }

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        for (at, symbol) in [batch.endpoint[row], batch.actor[row], batch.event[row]].enumerated() where symbol != .none
        {
            let index = Int(symbol.index)
            if index >= seen[at].count {
                seen[at].append(contentsOf: repeatElement(0, count: index + 1 - seen[at].count))
            }
            seen[at][index] += 1
        }
        let place = RecordPlace(source: delivery.source, line: batch.line(at: row))
        let isEvidence = evidence.contains(place)
        let wanted =
            onlyEvidence
            ? isEvidence && filter.matches(batch, row: row, name: name)
            : filter.matches(batch, row: row, name: name)
                || (isEvidence && filter.window.contains(Timestamp(nanoseconds: batch.time[row])))
        if !wanted { return }
        matched += 1
        if shown >= limit || failure != nil { return }
        shown += 1
        let numbers = labels[place, default: []].sorted().map { "F\($0)" }
        writer.row(
            EventRow(
                batch, row: row, delivery: delivery, name: name, file: files[Int(delivery.source.index)],
                findings: numbers), &output)
        if output.count >= 1 << 16 { flush() }
    }

    mutating func end(note: String?) throws(Failure) {
        writer.end(note: note, &output)
        flush()
        if let failure { throw failure }
    }

    /// The names met, with how many events each has.
    func names(_ criterion: EventFilter.Criterion) -> [(name: String, count: UInt64)] {
        let counts =
            switch criterion {
            case .endpoint: seen[0]
            case .actor: seen[1]
            case .event: seen[2]
            }
        return counts.indices.filter { counts[$0] > 0 }.map { (name(Symbol(index: UInt32($0))), counts[$0]) }
    }

    private mutating func flush() {
        do throws(Failure) {
            try Console.standard.output(output)
        } catch {
            failure = error
        }
        output.removeAll(keepingCapacity: true)
    }
}
