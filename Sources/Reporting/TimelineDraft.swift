import CausalAnalysis
import EventModel

/// A row of a timeline while events still come in: symbols instead of names, and the clock of its first event.
struct TimelineDraft {
    /// What events of one row have in common.
    struct Key: Hashable {
        var process: ProcessID
        var kind: EventKind
        var event: Symbol
        var outcome: Outcome
        var by: Symbol
        /// The window of the focus; nil far from all.
        var window: Int?
        /// The generation, where runs of different generations are to stand apart.
        var plan: Int64?
        var marks: [Timeline.Mark]
    }

    let key: Key
    var count: UInt64 = 1
    let first: RecordRef
    var last: RecordRef
    /// The clock of the first event.
    let clock: VectorClock
    var endpoints: Set<Symbol> = []
    var plans: ClosedRange<Generation>?
    let isPivot: Bool
    private let queue: Symbol
    private let state: Symbol
    private let reason: String?
    private let numbers: EventWords.Subject

    init(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks, key: Key,
        isPivot: Bool, name: (Symbol) -> String
    ) {
        self.key = key
        self.isPivot = isPivot
        first = delivery.reference(batch, row: row)
        last = first
        clock = clocks.snapshot(delivery.process)
        queue = batch.symbol(.queue, at: row)
        state = batch.symbol(.state, at: row)
        reason = batch.reason(at: row)
        numbers = EventWords.Subject(
            kind: batch.kind[row], name: "", outcome: batch.outcome[row],
            plan: batch.generation(.plan, at: row, name: name),
            active: batch.generation(.active, at: row, name: name),
            replaces: batch.generation(.replaces, at: row, name: name),
            commit: batch.generation(.commit, at: row, name: name), records: batch.integer(.records, at: row),
            attempt: batch.integer(.attempt, at: row), depth: batch.number(.depth, at: row),
            requests: batch.integer(.requests, at: row), errors: batch.integer(.errors, at: row),
            throttles: batch.integer(.throttles, at: row))
        note(batch, row, name)
    }

    /// Takes one more event that is like the first.
    mutating func add(_ batch: borrowing EventBatch, row: Int, delivery: Delivery, name: (Symbol) -> String) {
        count &+= 1
        last = delivery.reference(batch, row: row)
        note(batch, row, name)
    }

    private mutating func note(_ batch: borrowing EventBatch, _ row: Int, _ name: (Symbol) -> String) {
        if batch.endpoint[row] != .none, endpoints.count < Timeline.endpointLimit {
            endpoints.insert(batch.endpoint[row])
        }
        guard let plan = batch.generation(.plan, at: row, name: name) else { return }
        plans = plans.map { min($0.lowerBound, plan)...max($0.upperBound, plan) } ?? plan...plan
    }

    /// Whether the row's first event happened before that of a later row.
    func happenedBefore(_ later: TimelineDraft) -> Bool { later.clock.covers(first.process, first.stamp) }

    /// The row with its names.
    func row(_ name: (Symbol) -> String) -> Timeline.Row {
        var subject = numbers
        subject.name = name(key.event)
        subject.by = key.by == .none ? nil : name(key.by)
        subject.queue = queue == .none ? nil : name(queue)
        subject.state = state == .none ? nil : name(state)
        subject.reason = reason
        return Timeline.Row(
            count: count, first: first, last: last, actor: name(first.actor),
            what: count == 1 ? EventWords.single(subject) : EventWords.run(subject, count: count),
            endpoint: endpoints.count == 1 ? endpoints.first.map { name($0) } : nil, endpointCount: endpoints.count,
            plans: plans, marks: key.marks, isPivot: isPivot)
    }
}
