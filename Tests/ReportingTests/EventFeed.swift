import CausalAnalysis
import EventModel

@testable import Reporting

/// Feeds hand-made events to a consumer as the causal order would, with clocks of their own.
struct EventFeed {
    /// One event of a log.
    struct Event {
        var time: Timestamp
        var actor: String
        var kind: EventKind
        var endpoint: String?
        var outcome = Outcome.ok
        var plan: Int64?
        var fields: [Field: Int64] = [:]
        /// Events of other actors that happened before: indices of earlier events of the feed.
        var after: [Int] = []
        var text = "{}"
        var isByOperator = false
    }

    var symbols: SymbolTable
    private(set) var events: [Event] = []
    /// Each event's place, so that evidence can point at it.
    private(set) var references: [RecordRef] = []
    private var actors: [String] = []

    init(_ symbols: SymbolTable = SymbolTable()) {
        self.symbols = symbols
    }

    /// Adds an event; its number.
    @discardableResult
    mutating func add(_ event: Event) -> Int {
        let source = actors.firstIndex(of: event.actor) ?? actors.count
        if source == actors.count { actors.append(event.actor) }
        let stamp = Int64(events.count { $0.actor == event.actor } + 1)
        references.append(
            RecordRef(
                source: SourceID(index: UInt32(source)), line: UInt64(stamp), byte: 0, length: 2, time: event.time,
                actor: symbols.intern(event.actor), process: ProcessID(index: UInt32(source)),
                stamp: Stamp(counter: stamp), kind: event.kind, hasClock: true))
        if let endpoint = event.endpoint { _ = symbols.intern(endpoint) }
        _ = symbols.intern(event.kind.name)
        events.append(event)
        return events.count - 1
    }

    /// The logs' names, in the order of their numbers.
    var files: [String] { actors.map { $0 + ".log" } }

    func run(_ consumer: inout some EventConsumer) {
        var clocks = ProcessClocks()
        var begun: [ProcessID] = []
        for actor in actors { begun.append(clocks.begin(actor: symbols.find(actor) ?? .none)) }
        var snapshots: [VectorClock] = []
        for (index, event) in events.enumerated() {
            let reference = references[index]
            for cause in event.after { clocks.merge(snapshots[cause], into: reference.process) }
            clocks.raise(reference.process, entry: reference.process, to: reference.stamp)
            snapshots.append(clocks.snapshot(reference.process))
            let delivery = Delivery(
                ordinal: UInt64(index), source: reference.source, process: reference.process, stamp: reference.stamp,
                hasClock: true)
            consumer.observe(batch(event, line: reference.line), row: 0, delivery: delivery, clocks: clocks)
        }
    }

    private func batch(_ event: Event, line: UInt64) -> EventBatch {
        var batch = EventBatch()
        var fields = event.fields
        fields[.plan] = event.plan
        for (_, value) in fields.sorted(by: { $0.key.rawValue < $1.key.rawValue }) { batch.values.append(value) }
        batch.append(
            EventBatch.Row(
                time: event.time.nanoseconds, actor: symbols.find(event.actor) ?? .none,
                event: symbols.find(event.kind.name) ?? .none, kind: event.kind,
                endpoint: event.endpoint.flatMap(symbols.find) ?? .none, outcome: event.outcome,
                fields: FieldSet(fields.keys.map { FieldSet($0) }).union(event.isByOperator ? .byOperator : []),
                textLength: UInt32(event.text.utf8.count)))
        batch.firstLine = line
        batch.text = Array(event.text.utf8)
        return batch
    }
}

/// The race with its surroundings: a planner, a slow enactor a, a quick enactor b, and an operator.
struct RaceFeed {
    var feed = EventFeed()
    var report: Report
    var write = 0

    init(endpoint: String = "db.example", actorA: String = "a", reason: String = "by hand", endpoints: Int = 40) {
        func at(_ milliseconds: Int64) -> Timestamp {
            Sample.write.advanced(by: milliseconds * Nanoseconds.millisecond)
        }
        feed.add(.init(time: at(-3_600_000), actor: "planner", kind: .planCreated, plan: 3))
        let four = feed.add(.init(time: at(-42_000), actor: "planner", kind: .planCreated, plan: 4))
        let check = feed.add(
            .init(time: at(-41_113), actor: actorA, kind: .planChecked, plan: 4, fields: [.active: 3], after: [four]))
        var nine = four
        for plan in 5...9 {
            nine = feed.add(
                .init(time: at(-40_000 + Int64(plan)), actor: "planner", kind: .planCreated, plan: Int64(plan)))
        }
        for index in 1..<endpoints {
            feed.add(
                .init(
                    time: at(-30_000 + Int64(index)), actor: actorA, kind: .planApplied, endpoint: "\(index).example",
                    plan: 4))
            feed.add(
                .init(
                    time: at(-30_000 + Int64(index)), actor: actorA, kind: .planApplying, endpoint: "\(index).example",
                    plan: 4))
        }
        let displaced = feed.add(
            .init(
                time: at(-1902), actor: "b", kind: .planApplied, endpoint: endpoint, plan: 9, fields: [.replaces: 3],
                after: [nine]))
        write = feed.add(
            .init(
                time: at(0), actor: actorA, kind: .planApplied, endpoint: endpoint, plan: 4,
                fields: [.replaces: 9, .commit: 7]))
        let deletion = feed.add(.init(time: at(2289), actor: "b", kind: .planDeleted, plan: 4))
        for index in 0..<30 {
            feed.add(
                .init(
                    time: at(60_000 + Int64(index)), actor: "c", kind: .queueSampled,
                    fields: [.depth: Int64(bitPattern: (5.0).bitPattern)]))
        }
        let text = "{\"reason\":" + JSONWriter.text(reason) + "}"
        feed.add(
            .init(
                time: at(9_400_000), actor: "operator", kind: .recordRestored, endpoint: endpoint, plan: 10,
                fields: [.records: 6], after: [deletion], text: text, isByOperator: true))
        var overwrite = Finding(
            kind: .stalePlanOverwrite, severity: .critical, confidence: .proven, at: Sample.write,
            until: at(9_400_000), isWindow: true,
            evidence: [
                .init(part: "its check", record: feed.references[check]),
                .init(part: "the displaced write", record: feed.references[displaced]),
                .init(part: "the write", record: feed.references[write]),
                .init(part: "the deletion", record: feed.references[deletion]),
            ])
        overwrite.endpoint = endpoint
        overwrite.actor = actorA
        overwrite.plan = 4
        overwrite.displaced = 9
        var bundle = BundleSummary(name: "race")
        bundle.sources = feed.files.map {
            .init(path: $0, storedBytes: 100, inflatedBytes: 100, events: 1, encoding: "plain")
        }
        var counts = Report.Counts()
        counts.events = UInt64(feed.events.count)
        counts.withClock = counts.events
        counts.actors = 5
        report = Report(
            bundle: bundle, span: at(-3_600_000)...at(9_400_000), counts: counts, findings: [overwrite],
            quality: Quality(), symbols: feed.symbols)
    }

    func timeline(_ options: TimelineOptions = TimelineOptions()) -> Timeline {
        var builder = TimelineBuilder(
            report, FindingList(report.findings), options, name: { [symbols = feed.symbols] in symbols[$0] })
        feed.run(&builder)
        return builder.finish()
    }

    /// The story of its findings, of those that touch some endpoints where any are named.
    func story(_ annotations: Annotations? = nil, endpoints: [Glob] = []) -> Story {
        let list = FindingList(report.findings, annotations)
        var builder = StoryBuilder(
            report, list, list.groups(within: nil, endpoints: endpoints),
            name: { [symbols = feed.symbols] in symbols[$0] })
        feed.run(&builder)
        return builder.finish()
    }
}
