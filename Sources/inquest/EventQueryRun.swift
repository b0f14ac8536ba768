import CausalAnalysis
import EventIndex
import EventModel
import LogReading
import Reporting

/// Runs a query by conditions: from the bundle's index where one is there and fresh, else from the logs. Both give the same bytes.
///
/// The logs are read once: what the answer may need is kept while they are analyzed. Where that is too much they are read again, now with
/// what the findings say of the records. An answer cannot go out any earlier: whether a log must be read in another way is known at its end.
struct EventQueryRun {
    private let query: QueryCommand
    private let write: ([UInt8]) throws -> Void

    /// - Parameter write: takes the answer's bytes.
    init(_ query: QueryCommand, _ write: @escaping ([UInt8]) throws -> Void) {
        self.query = query
        self.write = write
    }

    func run() throws(Failure) -> ExitStatus {
        var written = 0
        if let index = query.openIndex() {
            let answer: Result<ExitStatus, Failure>?
            do throws(IndexFault) {
                answer = try run(index, &written)
            } catch {
                // What has gone out already is skipped in the answer from the logs: it must be the same.
                if written > 0, let location = query.place.location(query.input), !index.isFresh(location) {
                    throw Failure(
                        "the bundle and its index have changed while they were read", hint: "run the query again",
                        status: .unfinished)
                }
                query.tell(error.message, hint: error.hint)
                answer = nil
            }
            if let answer { return try answer.get() }
        }
        return try scan(skipping: written)
    }

    /// How many bytes of events are kept for the answer.
    private static let keptBytes = 16 << 20

    private func scan(skipping written: Int) throws(Failure) -> ExitStatus {
        let session = try Session(query.input)
        let wanted = try query.wanted
        let (report, kept) = try session.analyze(needsFindings: query.needsFindings) { reader in
            // Evidence of a finding that is asked for can be any event.
            KeptEvents(wanted, budget: query.finding == nil ? EventQueryRun.keptBytes : 0) { [unowned reader] symbol in
                reader.symbols[symbol]
            }
        }
        let summary = IndexSummary(report)
        let question = try Question(query, summary, IndexSummary.findings(of: report))
        var consumer = QueryConsumer(
            question, files: summary.sources, name: { report.symbols[$0] }, behindLimit: kept.behindLimit,
            skipping: written, write: write)
        if !kept.give(to: &consumer, with: question.evidence) {
            consumer = try session.pass { name in
                QueryConsumer(question, files: summary.sources, name: name, skipping: written, write: write)
            }
        }
        try finish(&consumer, question) { kept.names($0, report.symbols) }
        return session.status(report)
    }

    /// Answers from the index. What is wrong with the query itself, or with the output, comes as a result.
    private func run(_ index: BundleIndex, _ written: inout Int) throws(IndexFault) -> Result<ExitStatus, Failure> {
        let summary = index.summary
        let findings = query.needsFindings ? try index.findings() : []
        let question: Question
        do throws(Failure) { question = try Question(query, summary, findings) } catch { return .failure(error) }
        var consumer = QueryConsumer(question, files: summary.sources, name: { index.name($0) }, write: write)
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
        if !query.input.quiet, consumer.matched > 0 {
            for name in consumer.missingFields { tellMissing(field: name) }
        }
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

    private func tellMissing(field name: String) {
        let meant = Suggestion.nearest(name, among: EventFields.names.map { ($0, 0) })
        Console.standard.note(
            "inquest", "note",
            "no event shown has the field '\(name)'"
                + (meant.map { $0.name == name ? "" : ". Did you mean \($0.name)?" } ?? ""))
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
    /// Which fields are shown, and how; nil: all, by `writer`.
    let fields: [String]?
    let table: ResultTable
    /// Whether people see, behind the events, how many there are.
    let hasNote: Bool
    /// Whether only the evidence is asked for.
    let isOfFinding: Bool
    private(set) var evidence: Set<RecordPlace> = []
    private(set) var labels: [RecordPlace: Set<Int>] = [:]

    init(
        _ query: QueryCommand, _ summary: IndexSummary, _ findings: [IndexSummary.StoredFinding]
    ) throws(Failure) {
        filter = try query.events.filter(window: try query.input.window(of: summary.span))
        limit = query.limit ?? .max
        writer = EventRowWriter(
            query.format, offset: try query.input.offset, width: query.isShown ? Console.standard.width : nil,
            showsHead: query.isShown, csv: query.csv)
        fields = query.fieldNames
        table = ResultTable(query.format, csv: query.csv, cuts: query.isShown)
        hasNote = query.isForPeople
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
        if !query.showsRuns { return [] }
        let globs = query.events.endpoint.compactMap { try? Glob($0) }
        return Set(
            findings.indices.filter { index in
                findings[index].endpoint.map { endpoint in globs.contains { $0.matches(endpoint) } } ?? false
            })
    }
}

/// Writes the matching events as they come.
struct QueryConsumer: EventConsumer {
    private var filter: EventFilter
    private let question: Question
    private let files: [String]
    private let name: (Symbol) -> String
    private var output: [UInt8] = []
    private var failure: Failure?
    private(set) var matched: Int
    private(set) var shown = 0
    /// How many bytes have gone out, or had gone out before.
    private(set) var written = 0
    private var skipping: Int
    private let write: ([UInt8]) throws -> Void
    private var table: ResultTable
    /// The fields asked for that no event shown has.
    private(set) var missingFields: [String]

    var hasEvidence: Bool { !question.evidence.isEmpty && !question.isOfFinding }

    /// Whether no further event can change the answer.
    var isDone: Bool { failure != nil || (shown >= question.limit && !question.hasNote) }

    /// - Parameters:
    ///   - behindLimit: how many events match that do not come, since none of them can be shown.
    ///   - skipping: how many bytes of the answer have gone out already.
    fileprivate init(
        _ question: Question, files: [String], name: @escaping (Symbol) -> String, behindLimit: Int = 0,
        skipping: Int = 0, write: @escaping ([UInt8]) throws -> Void
    ) {
        self.write = write
        table = question.table
        missingFields = question.fields ?? []
        filter = question.filter
        self.question = question
        self.files = files
        self.name = name
        matched = behindLimit
        self.skipping = skipping
        if let fields = question.fields { table.begin(fields, &output) } else { question.writer.begin(&output) }
    }

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let place = RecordPlace(source: delivery.source, line: batch.line(at: row))
        let isWanted =
            question.isOfFinding
            ? filter.matches(batch, row: row, name: name) && question.evidence.contains(place)
            : filter.matches(batch, row: row, name: name)
                || (question.evidence.contains(place)
                    && filter.window.contains(Timestamp(nanoseconds: batch.time[row])))
        if !isWanted { return }
        matched += 1
        if shown >= question.limit || failure != nil { return }
        shown += 1
        let numbers = question.labels[place, default: []].sorted().map { "F\($0)" }
        let event = EventRow(
            batch, row: row, delivery: delivery, name: name, file: files[Int(delivery.source.index)], findings: numbers)
        if let fields = question.fields {
            let values = fields.map { EventFields.value($0, of: event) }
            if !missingFields.isEmpty {
                let found = Set(zip(fields, values).filter { $1 != nil }.map(\.0))
                missingFields.removeAll { found.contains($0) }
            }
            _ = table.row(values.map { $0 ?? .null }, &output)
        } else {
            question.writer.row(event, isFirst: shown == 1, &output)
        }
        if output.count >= 1 << 16 { flush() }
    }

    mutating func end(note: String?) throws(Failure) {
        if question.fields != nil { table.end(&output) } else { question.writer.end(note: note, &output) }
        flush()
        if let failure { throw failure }
    }

    private mutating func flush() {
        let known = min(skipping, output.count)
        skipping -= known
        do {
            try write(Array(output.dropFirst(known)))
            written += output.count
        } catch {
            failure = Failure(ofWriting: error)
        }
        output.removeAll(keepingCapacity: true)
    }
}
