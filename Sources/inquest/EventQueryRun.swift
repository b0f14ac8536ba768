import CausalAnalysis
import EventIndex
import EventModel
import LogReading
import Reporting

/// Runs a query by conditions: from the bundle's index where one is there and fresh, else by reading the logs twice, to find what
/// the findings say of the records shown and to show them. Both give the same bytes.
struct EventQueryRun {
    private let query: QueryCommand

    init(_ query: QueryCommand) {
        self.query = query
    }

    func run() throws(Failure) -> ExitStatus {
        var written = 0
        if let index = query.openIndex() {
            let answer: Result<ExitStatus, Failure>?
            do throws(IndexFault) {
                answer = try run(index, &written)
            } catch {
                query.tell(error.message, hint: error.hint)
                answer = nil
            }
            if let answer { return try answer.get() }
        }
        return try scan(skipping: written)
    }

    private func scan(skipping written: Int) throws(Failure) -> ExitStatus {
        let session = try Session(query.input)
        let report = try session.analyze()
        let summary = IndexSummary(report)
        let findings = IndexSummary.findings(of: report)
        let question = try Question(query, summary, findings)
        var consumer = try session.pass { name in
            QueryConsumer(question, files: summary.sources, name: name, skipping: written)
        }
        let counted = consumer
        try finish(&consumer, question) { counted.names($0) }
        return session.status(report)
    }

    /// Answers from the index. What is wrong with the query itself, or with the output, comes as a result.
    private func run(_ index: BundleIndex, _ written: inout Int) throws(IndexFault) -> Result<ExitStatus, Failure> {
        let summary = index.summary
        let needsFindings = query.format != .jsonl || query.finding != nil
        let findings = needsFindings ? try index.findings() : []
        let question: Question
        do throws(Failure) { question = try Question(query, summary, findings) } catch { return .failure(error) }
        var consumer = QueryConsumer(question, files: summary.sources, name: { index.name($0) })
        defer { written = consumer.written }
        let records = question.evidence.map { ($0.source.index, $0.line) }
        try index.run(question.filter, besides: records, alone: question.isOfFinding, to: &consumer) { !$0.isDone }
        var names: [EventFilter.Criterion: [(name: String, count: UInt64)]] = [:]
        if consumer.matched == 0 {
            for criterion in EventFilter.Criterion.allCases { names[criterion] = try index.names(criterion) }
        }
        let status = query.tell(summary)
        do throws(Failure) {
            try finish(&consumer, question) { names[$0] ?? [] }
        } catch {
            return .failure(error)
        }
        return .success(status)
    }

    private func finish(
        _ consumer: inout QueryConsumer, _ question: Question,
        names: (EventFilter.Criterion) -> [(name: String, count: UInt64)]
    ) throws(Failure) {
        try consumer.end(note: note(consumer))
        if consumer.matched > 0 || question.isOfFinding { return }
        // Nothing matched: says which name is in no log at all.
        for criterion in EventFilter.Criterion.allCases {
            let names = names(criterion)
            if let glob = question.filter.unmatched(criterion, among: names.map(\.name)).first {
                throw NameCheck.missing(criterion, glob.pattern, among: names)
            }
        }
        if !query.input.quiet { Console.standard.error("no event satisfies all conditions") }
    }

    private func note(_ consumer: QueryConsumer) -> String? {
        if consumer.shown == 0 { return nil }
        var text = "\(Figures.grouped(consumer.shown)) of \(Figures.count(consumer.matched, "event"))"
        if consumer.shown < consumer.matched { text += " (--limit)" }
        if !consumer.hasEvidence { return text + " · #N is an actor's own counter, file:N a line" }
        return text
            + " · runs, checks and deletions that are evidence are shown too · #N is an actor's own counter, file:N a line"
    }
}

/// A query with what the findings say of its records.
private struct Question {
    let filter: EventFilter
    let limit: Int
    let writer: EventRowWriter
    /// Whether people see, behind the events, how many there are.
    let hasNote: Bool
    /// Whether only the evidence is asked for.
    let isOfFinding: Bool
    private(set) var evidence: Set<RecordPlace> = []
    private(set) var labels: [RecordPlace: Set<Int>] = [:]

    init(
        _ query: QueryCommand, _ summary: IndexSummary, _ findings: [IndexSummary.StoredFinding]
    ) throws(Failure) {
        filter = try query.filter(window: try query.input.window(of: summary.span))
        limit = query.limit ?? .max
        writer = EventRowWriter(
            query.format, offset: try query.input.offset, width: Console.standard.width ?? 120)
        hasNote = query.format == .table || query.format == .markdown
        isOfFinding = query.finding != nil
        let chosen = try Question.chosen(query, findings)
        for (index, finding) in findings.enumerated() {
            for record in finding.evidence {
                let place = RecordPlace(source: SourceID(index: record.source), line: record.line)
                labels[place, default: []].insert(finding.number)
                if chosen.contains(index) { evidence.insert(place) }
            }
        }
    }

    /// The findings whose evidence is shown: those asked for; and for people who ask for an endpoint its own, since some of their
    /// records name no endpoint.
    private static func chosen(
        _ query: QueryCommand, _ findings: [IndexSummary.StoredFinding]
    ) throws(Failure) -> Set<Int> {
        if let name = query.finding {
            let lookup = FindingLookup(ids: findings.map(\.id), numbers: findings.map(\.number))
            return Set(try FindingNames.find(name, lookup))
        }
        guard query.format == .table || query.format == .markdown, !query.endpoint.isEmpty, query.actor.isEmpty,
            query.event.isEmpty, query.plan == nil
        else { return [] }
        let globs = query.endpoint.compactMap { try? Glob($0) }
        return Set(
            findings.indices.filter { index in
                findings[index].endpoint.map { endpoint in globs.contains { $0.matches(endpoint) } } ?? false
            })
    }
}

/// Writes the matching events as they come, and counts the names that there are.
struct QueryConsumer: EventConsumer {
    private var filter: EventFilter
    private let question: Question
    private let files: [String]
    private let name: (Symbol) -> String
    private var output: [UInt8] = []
    private var failure: Failure?
    private var seen: [[UInt64]] = [[], [], []]
    private(set) var matched = 0
    private(set) var shown = 0
    /// How many bytes have gone out, or had gone out before.
    private(set) var written = 0
    private var skipping: Int

    var hasEvidence: Bool { !question.evidence.isEmpty && !question.isOfFinding }

    /// Whether no further event can change the answer.
    var isDone: Bool { failure != nil || (shown >= question.limit && !question.hasNote) }

    /// - Parameter skipping: how many bytes of the answer have gone out already.
    fileprivate init(_ question: Question, files: [String], name: @escaping (Symbol) -> String, skipping: Int = 0) {
        filter = question.filter
        self.question = question
        self.files = files
        self.name = name
        self.skipping = skipping
        question.writer.begin(&output)
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
        let isEvidence = question.evidence.contains(place)
        let wanted =
            question.isOfFinding
            ? isEvidence && filter.matches(batch, row: row, name: name)
            : filter.matches(batch, row: row, name: name)
                || (isEvidence && filter.window.contains(Timestamp(nanoseconds: batch.time[row])))
        if !wanted { return }
        matched += 1
        if shown >= question.limit || failure != nil { return }
        shown += 1
        let numbers = question.labels[place, default: []].sorted().map { "F\($0)" }
        question.writer.row(
            EventRow(
                batch, row: row, delivery: delivery, name: name, file: files[Int(delivery.source.index)],
                findings: numbers), &output)
        if output.count >= 1 << 16 { flush() }
    }

    mutating func end(note: String?) throws(Failure) {
        question.writer.end(note: note, &output)
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
        let known = min(skipping, output.count)
        skipping -= known
        do throws(Failure) {
            try Console.standard.outputRecords(Array(output.dropFirst(known)))
            written += output.count
        } catch {
            failure = error
        }
        output.removeAll(keepingCapacity: true)
    }
}
