import EventModel

/// What surrounds a plan finding: who created which plans, who knew of them, what kept the writer.
struct PlanStory {
    private let plans: [Generation]
    /// The deletion, or the sending of the write, its answer where that is not there; then the records of it, and the check that it rests
    /// on. Who knew what is told as of the sending: what came back with the answer did not help to decide.
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
        var plans: [Generation] = []
        var records: [RecordRef] = []
    }

    private struct Actor {
        var symbol: Symbol
        /// The newest plan that its own records name.
        var named: Generation?
        /// Its entries for the planners, in their order.
        var entries: [Stamp] = []
    }

    /// Nil for a finding that is about no plan's write or deletion.
    init?(_ finding: Finding) {
        let later = Explanation.parts(of: finding).later
        guard let write = finding.record(later) else { return nil }
        deed = finding.record(Finding.Part.sending) ?? write
        let check = finding.record(Finding.Part.check) ?? finding.record(Finding.Part.runStart)
        self.check = check
        let isWrite = later != Finding.Part.deletion
        deedPlaces = Set(
            ([deed] + (isWrite ? [finding.record(Finding.Part.stored)].compactMap { $0 } : [])).map { RecordPlace($0) })
        plans = [finding.plan, finding.displaced].compactMap { $0 }
        delay = DelayWatch(plan: finding.plan, check: check, write: isWrite ? write : nil)
    }

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks,
        name: (Symbol) -> String
    ) {
        let kind = batch.kind[row]
        let plan = batch.generation(.plan, at: row, name: name)
        if kind == .planCreated, let plan { create(plan, delivery.reference(batch, row: row)) }
        let place = RecordPlace(source: delivery.source, line: batch.line(at: row))
        if deedPlaces.contains(place), deedStamp == nil { deedStamp = (delivery.process, delivery.stamp) }
        if delivery.process == check?.process { delay.observe(batch, row: row, delivery: delivery, name: name) }
        if plan != nil || actors[delivery.process] != nil {
            learn(
                plan, batch, row: row, delivery: delivery, clocks: clocks, isDeed: deedPlaces.contains(place),
                name: name)
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

    private mutating func create(_ plan: Generation, _ record: RecordRef) {
        let at = planners.firstIndex { $0.process == record.process } ?? planners.count
        if at == planners.count { planners.append(Planner(process: record.process, actor: record.actor)) }
        if let newest = planners[at].plans.last, plan <= newest { return }
        planners[at].stamps.append(record.stamp)
        planners[at].plans.append(plan)
        planners[at].records.append(record)
    }

    /// Follows an actor up to the deed: by the clocks where they tell, else by time.
    private mutating func learn(
        _ plan: Generation?, _ batch: borrowing EventBatch, row: Int, delivery: Delivery,
        clocks: borrowing ProcessClocks, isDeed: Bool, name: (Symbol) -> String
    ) {
        if isDeed || batch.time[row] > deed.time.nanoseconds { return }
        if let deedStamp, clocks[delivery.process, deedStamp.process] >= deedStamp.stamp { return }
        var actor = actors[delivery.process] ?? Actor(symbol: batch.actor[row])
        let active = batch.generation(.active, at: row, name: name)
        let replaces = batch.outcome[row] == .ok ? batch.generation(.replaces, at: row, name: name) : nil
        actor.named = [actor.named, plan, active, replaces].compactMap { $0 }.max()
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
            var known = actor.named
            var isByClock = false
            for (at, entry) in actor.entries.enumerated() {
                let covered = planners[at].stamps.partition { $0 > entry }
                guard covered > 0, !Generation.precedes(planners[at].plans[covered - 1], known) else { continue }
                known = planners[at].plans[covered - 1]
                isByClock = true
            }
            guard let known, Generation.precedes(newest[actor.symbol]?.plan, known) else { continue }
            newest[actor.symbol] = PlanKnowledge(actor: name(actor.symbol), plan: known, isByClock: isByClock)
        }
        return newest.values.sorted { ($1.plan, $0.actor) < ($0.plan, $1.actor) }
    }
}
