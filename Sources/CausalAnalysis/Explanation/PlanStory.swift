import EventModel

/// What surrounds a plan finding: who created which plans, who knew of them, what kept the writer.
struct PlanStory {
    private let plans: [Int64]
    /// The write or the deletion, its store's record, and the check that it rests on.
    private let deed: RecordRef
    private let deedPlaces: Set<RecordPlace>
    private let check: RecordRef?

    private var planners: [Planner] = []
    private var actors: [ProcessID: Actor] = [:]
    private var deedStamp: (process: ProcessID, stamp: Stamp)?
    private var delay: DelayWatch

    /// A planner's generations in their order, each newer than those before.
    private struct Planner {
        var process: ProcessID
        var actor: Symbol
        var stamps: [Stamp] = []
        var plans: [Int64] = []
        var records: [RecordRef] = []
    }

    private struct Actor {
        var symbol: Symbol
        /// The newest plan that its own records name.
        var named: Int64 = -1
        /// Its entries for the planners, in their order.
        var entries: [Stamp] = []
    }

    /// Nil for a finding that is about no plan's write or deletion.
    init?(_ finding: Finding) {
        let later = Explanation.parts(of: finding).later
        guard let deed = finding.record(later) else { return nil }
        self.deed = deed
        let check = finding.record(Finding.Part.check) ?? finding.record(Finding.Part.runStart)
        self.check = check
        let isWrite = later != Finding.Part.deletion
        deedPlaces = Set(
            ([deed] + (isWrite ? [finding.record(Finding.Part.stored)].compactMap { $0 } : [])).map { RecordPlace($0) })
        plans = [finding.plan, finding.displaced].compactMap { $0 }
        delay = DelayWatch(plan: finding.plan ?? -1, check: check, write: isWrite ? deed : nil)
    }

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let kind = batch.kind[row]
        let plan = batch.integer(.plan, at: row)
        if kind == .planCreated, let plan { create(plan, delivery.reference(batch, row: row)) }
        let place = RecordPlace(source: delivery.source, line: batch.line(at: row))
        if deedPlaces.contains(place), deedStamp == nil { deedStamp = (delivery.process, delivery.stamp) }
        if delivery.process == check?.process { delay.observe(batch, row: row, delivery: delivery) }
        if plan != nil || actors[delivery.process] != nil {
            learn(plan, batch, row: row, delivery: delivery, clocks: clocks, isDeed: deedPlaces.contains(place))
        }
    }

    func finish(_ explanation: inout Explanation, name: (Symbol) -> String) {
        explanation.hasPlanner = !planners.isEmpty
        for plan in plans {
            for planner in planners {
                guard let at = planner.plans.firstIndex(of: plan) else { continue }
                explanation.creations.append(
                    PlanCreation(plan: plan, actor: name(planner.actor), record: planner.records[at]))
                break
            }
        }
        explanation.knowledge = knowledge(name)
        explanation.delay = delay.result
    }

    // MARK: Who knew what

    private mutating func create(_ plan: Int64, _ record: RecordRef) {
        let at = planners.firstIndex { $0.process == record.process } ?? planners.count
        if at == planners.count { planners.append(Planner(process: record.process, actor: record.actor)) }
        if let newest = planners[at].plans.last, plan <= newest { return }
        planners[at].stamps.append(record.stamp)
        planners[at].plans.append(plan)
        planners[at].records.append(record)
    }

    /// Follows an actor up to the deed: by the clocks where they tell, else by time.
    private mutating func learn(
        _ plan: Int64?, _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks,
        isDeed: Bool
    ) {
        if isDeed || batch.time[row] > deed.time.nanoseconds { return }
        if let deedStamp, clocks[delivery.process, deedStamp.process] >= deedStamp.stamp { return }
        var actor = actors[delivery.process] ?? Actor(symbol: batch.actor[row])
        let active = batch.integer(.active, at: row) ?? -1
        let replaces = batch.outcome[row] == .ok ? batch.integer(.replaces, at: row) ?? -1 : -1
        actor.named = max(actor.named, plan ?? -1, active, replaces)
        for (at, planner) in planners.enumerated() {
            let entry = clocks[delivery.process, planner.process]
            if at < actor.entries.count { actor.entries[at] = entry } else { actor.entries.append(entry) }
        }
        actors[delivery.process] = actor
    }

    private func knowledge(_ name: (Symbol) -> String) -> [PlanKnowledge] {
        var newest: [Symbol: PlanKnowledge] = [:]
        for process in actors.keys.sorted() {
            guard let actor = actors[process] else { continue }
            var row = PlanKnowledge(actor: name(actor.symbol), plan: actor.named, isByClock: false)
            for (at, entry) in actor.entries.enumerated() {
                let covered = planners[at].stamps.partitioned { $0 > entry }
                guard covered > 0, planners[at].plans[covered - 1] >= row.plan else { continue }
                row.plan = planners[at].plans[covered - 1]
                row.isByClock = true
            }
            if row.plan >= 0, row.plan > newest[actor.symbol]?.plan ?? -1 { newest[actor.symbol] = row }
        }
        return newest.values.sorted { ($1.plan, $0.actor) < ($0.plan, $1.actor) }
    }
}

extension Array {
    /// The first index from which on `holds`, in an array in which it never ceases to. O(log n).
    fileprivate func partitioned(where holds: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
