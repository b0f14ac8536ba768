import EventModel

@testable import CausalAnalysis

/// A log for a test: events in terse Swift values, in the order in which they are to be delivered.
///
/// Every actor has a log of its own, whose lines are its events. Without a `clock` an event stands behind its actor's last.
struct LogBuilder {
    /// One event. Times are seconds after 06:47:00 on 20 October 2025.
    struct Event {
        var actor: String
        var seconds: Double
        var kind: EventKind
        var clock: [String: Int64] = [:]
        var endpoint: String?
        var outcome = Outcome.ok
        var fields: [Field: Int64] = [:]
        var names: [Field: String] = [:]
        var flags: FieldSet = []
    }

    static let start: Int64 = 1_760_942_820_000_000_000

    var events: [Event] = []
    /// What every event that names no endpoint of its own is about, where its kind is about one.
    var endpoint = "db.example"

    mutating func add(
        _ actor: String, _ seconds: Double, _ kind: EventKind, _ plan: Int64? = nil, clock: [String: Int64] = [:],
        at endpoint: String? = nil, outcome: Outcome = .ok, active: Int64? = nil, replaces: Int64? = nil,
        commit: Int64? = nil, records: Int64? = nil, store: String? = nil, by: String? = nil, flags: FieldSet = []
    ) {
        var event = Event(actor: actor, seconds: seconds, kind: kind, clock: clock, outcome: outcome, flags: flags)
        let isLocal: [EventKind] = [.planApplying, .planApplied, .changeCommitted, .recordEmptied, .recordRestored]
        event.endpoint = endpoint ?? (isLocal.contains(kind) ? self.endpoint : nil)
        let numbers: [(Field, Int64?)] = [
            (.plan, plan), (.active, active), (.replaces, replaces), (.commit, commit), (.records, records),
        ]
        for (field, value) in numbers { event.fields[field] = value }
        event.names[.store] = store
        event.names[.by] = by
        events.append(event)
    }

    /// Adds a sample of a queue.
    mutating func sample(
        _ actor: String, _ seconds: Double, queue: String, depth: Int64, arrived: Int64, completed: Int64
    ) {
        var event = Event(actor: actor, seconds: seconds, kind: .queueSampled)
        event.fields = [.depth: Int64(bitPattern: Double(depth).bitPattern), .arrived: arrived, .completed: completed]
        event.names[.queue] = queue
        events.append(event)
    }

    /// An event as a piece of evidence names it.
    func reference(_ row: Int, kind: EventKind) -> RecordRef {
        var symbols = SymbolTable()
        let batch = batch(&symbols)
        return RecordRef(
            source: SourceID(index: batch.actor[row].index), line: UInt64(row + 1), byte: 0, length: 0,
            time: Timestamp(nanoseconds: batch.time[row]), actor: batch.actor[row], process: ProcessID(index: 0),
            stamp: Stamp(counter: 0, position: Int64(row + 1)), kind: kind, hasClock: false)
    }

    /// What the plan detector finds in these events.
    func findings(
        skew: some SkewBounds = AssumedSkew(maximum: 100 * Nanoseconds.millisecond), parts: Int = 64,
        rules: OrderRules = .all
    ) -> Detections {
        var detector = PlanDetector(shards: parts)
        detector.rules = rules
        var log = WholeLog(symbols: feed(&detector), skew: skew)
        log.lost = lost
        return detector.finish(log)
    }

    /// The own counters that are missing between two events of an actor, as the order tells the detectors.
    private var lost: LostRecords {
        var recorder = GapRecorder()
        _ = feed(&recorder)
        return recorder.lost
    }

    /// What explains one of those findings.
    func explanation(of finding: Finding) -> Explanation {
        var symbols = SymbolTable()
        _ = batch(&symbols)
        var pass = ExplanationPass(finding, span: nil) { [symbols] in symbols[$0] }
        _ = feed(&pass)
        return pass.finish()
    }

    /// Feeds the events to a consumer; the names behind their symbols.
    private func feed(_ consumer: inout some EventConsumer & ~Copyable) -> SymbolTable {
        var symbols = SymbolTable()
        let batch = batch(&symbols)
        var clocks = ProcessClocks()
        var processes: [Symbol: ProcessID] = [:]
        var last: [Symbol: Stamp] = [:]
        for (row, event) in events.enumerated() {
            let actor = batch.actor[row]
            let process = processes[actor] ?? clocks.begin(actor: actor)
            processes[actor] = process
            let own = event.clock[event.actor]
            let before = last[actor] ?? .zero
            let stamp = own.map { Stamp(counter: $0) } ?? Stamp(counter: before.counter, position: before.position + 1)
            last[actor] = stamp
            clocks.raise(process, entry: process, to: stamp)
            for (name, count) in event.clock where name != event.actor {
                guard let other = symbols.find(name).flatMap({ processes[$0] }) else { continue }
                clocks.raise(process, entry: other, to: Stamp(counter: count))
            }
            let delivery = Delivery(
                ordinal: UInt64(row), source: SourceID(index: actor.index), process: process, stamp: stamp,
                hasClock: own != nil)
            consumer.observe(batch, row: row, delivery: delivery, clocks: clocks)
        }
        return symbols
    }

    private func batch(_ symbols: inout SymbolTable) -> EventBatch {
        var batch = EventBatch()
        for (row, event) in events.enumerated() {
            var set = event.flags
            for field in Field.allCases {
                if let value = event.fields[field] {
                    batch.values.append(value)
                } else if let name = event.names[field] {
                    batch.values.append(Int64(symbols.intern(name).index))
                } else {
                    continue
                }
                set.insert(FieldSet(field))
            }
            if !event.clock.isEmpty { set.insert(.clock) }
            for name in event.clock.keys.sorted() where name != event.actor {
                batch.clockActor.append(symbols.intern(name))
                batch.clockCount.append(event.clock[name] ?? 0)
            }
            batch.append(
                EventBatch.Row(
                    time: Self.start + Int64((event.seconds * 1e9).rounded()), actor: symbols.intern(event.actor),
                    event: symbols.intern(event.kind.name), kind: event.kind,
                    endpoint: event.endpoint.map { symbols.intern($0) } ?? .none, outcome: event.outcome, fields: set,
                    counter: event.clock[event.actor] ?? -1, digest: UInt64(row), line: UInt32(row)))
        }
        return batch
    }
}

/// Notes gaps in the actors' counters.
private struct GapRecorder: EventConsumer {
    var lost = LostRecords()
    private var last: [ProcessID: (counter: Int64, known: VectorClock, time: Int64)] = [:]

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        guard delivery.hasClock else { return }
        let (process, counter) = (delivery.process, delivery.stamp.counter)
        if let before = last[process], counter > before.counter + 1 {
            lost.add(
                LostRecords.Gap(
                    actor: batch.actor[row], process: process, counters: before.counter + 1...counter - 1,
                    count: counter - before.counter - 1, known: before.known, from: before.time, to: batch.time[row],
                    next: delivery.reference(batch, row: row),
                    isOperators: batch.fields[row].contains(.byOperator)))
        }
        last[process] = (counter, clocks.snapshot(process), batch.time[row])
    }
}

extension Detections {
    /// The findings of a kind.
    func all(_ kind: Finding.Kind) -> [Finding] { findings.filter { $0.kind == kind } }

    /// All findings in a line each, for a failing test to show: `stale-plan-overwrite 4 over 9 by a, proven`.
    var lines: [String] {
        findings.map { finding in
            var line = finding.kind.rawValue
            if let plan = finding.plan { line += " \(plan)" }
            if let displaced = finding.displaced { line += " over \(displaced)" }
            if let actor = finding.actor { line += " by \(actor)" }
            return line + ", \(finding.confidence.name)"
        }
    }
}
