import DequeModule
import EventModel

/// What clocks of records without `vc` are inferred from, by the usual rules (Fidge 1988, Mattern 1989): events named in `causes`,
/// the creation of the plan that is dealt with, the enqueueing of the item that is completed.
///
/// The creations are kept for good (as many as there are generations); of the names the newest `reach` are remembered.
struct ClockInference {
    private var creations: [Int64: (actor: Symbol, clock: VectorClock)] = [:]
    private var events: Names
    private var items: Names
    /// The newest generation created so far, and the lanes that create.
    private(set) var newestPlan: Int64 = -1
    private(set) var planners: [Int] = []

    init(reach: Int = 65_536) {
        events = Names(reach: reach)
        items = Names(reach: reach)
    }

    /// The clock of an event with this `id`, if one has been given out.
    func event(_ id: UInt64) -> VectorClock? { events[id] }

    /// The clocks of the events that an event without a clock is known to follow.
    func causes(of batch: borrowing EventBatch, row: Int) -> [VectorClock] {
        var causes: [VectorClock] = []
        for i in batch.causes(at: row) {
            if let clock = events[batch.cause[i]] { causes.append(clock) }
        }
        if batch.kind[row] != .planCreated, let plan = batch.integer(.plan, at: row), let creation = creations[plan],
            creation.actor != batch.actor[row]
        {
            causes.append(creation.clock)
        }
        if batch.kind[row] == .workCompleted, let item = ClockInference.item(batch, row), let clock = items[item] {
            causes.append(clock)
        }
        return causes
    }

    /// Whether the clock of an event has to be remembered, since others may rest on it.
    func mayRestOn(_ held: HeldBatch, row: Int) -> Bool {
        let kind = held.events.kind[row]
        return kind == .planCreated || kind == .workEnqueued || held.events.has(.id, at: row)
    }

    /// Remembers an event that others may rest on.
    mutating func note(_ batch: borrowing EventBatch, row: Int, lane: Int, clock: VectorClock) {
        if let id = batch.digest(.id, at: row) { events.remember(id, clock) }
        switch batch.kind[row] {
        case .planCreated:
            guard let plan = batch.integer(.plan, at: row) else { return }
            if creations[plan] == nil { creations[plan] = (batch.actor[row], clock) }
            newestPlan = max(newestPlan, plan)
            notePlanner(lane)
        case .workEnqueued:
            if let item = ClockInference.item(batch, row) { items.remember(item, clock) }
        default: break
        }
    }

    /// Remembers that a lane makes plans, as soon as its first creation is read.
    mutating func notePlanner(_ lane: Int) {
        if !planners.contains(lane) { planners.append(lane) }
    }

    private static func item(_ batch: borrowing EventBatch, _ row: Int) -> UInt64? {
        batch.digest(.item, at: row) ?? batch.digest(.id, at: row)
    }

    /// Clocks by the digest of a name; past `reach` names the oldest is forgotten.
    private struct Names {
        let reach: Int
        private var clocks: [UInt64: VectorClock] = [:]
        private var order: Deque<UInt64> = []

        init(reach: Int) {
            self.reach = reach
        }

        subscript(name: UInt64) -> VectorClock? { clocks[name] }

        mutating func remember(_ name: UInt64, _ clock: VectorClock) {
            if clocks.updateValue(clock, forKey: name) == nil {
                order.append(name)
                if order.count > reach, let oldest = order.popFirst() { clocks[oldest] = nil }
            }
        }
    }
}
