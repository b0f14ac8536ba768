import EventModel

/// The moment at which a writer made sure that a generation may be written, with what it saw.
struct PlanCheck: Sendable {
    var moment: Moment
    /// The generation that it saw active; −1 where the record does not say.
    var active: Int64
    var isWholeRun: Bool
    /// Whether it is only the start of the run, for want of a check.
    var isRunStart = false
}

/// A generation's removal.
struct PlanDeletion: Sendable {
    var moment: Moment
    var plan: Int64
    var storeTime: StoreTime?
    var store: Symbol
    /// Whether it is known to have been carried out.
    var isCertain: Bool
}

/// One writer's run with one generation.
struct PlanRun: Hashable, Sendable {
    var writer: Symbol
    var plan: Int64
}

/// What all endpoints share: creations, deletions, and checks of whole runs. Grows with generations, runs and deletions.
struct PlanBroadcast: ~Copyable, Sendable {
    /// One planner's new generations in their order: places, times and numbers, which always grow.
    private struct Creations: Sendable {
        var actor: Symbol
        var process: ProcessID
        var hasClocks = true
        var stamps: [Stamp] = []
        var times: [Int64] = []
        var plans: [Int64] = []

        /// Puts ranks in place of codes, and leaves out what raised nothing.
        mutating func rank(_ ranks: GenerationRanks) {
            let ranked = plans.map(ranks.rank)
            var newest = Int64.min
            let rising = ranked.indices.filter { at in
                defer { newest = max(newest, ranked[at]) }
                return ranked[at] > newest
            }
            stamps = rising.map { stamps[$0] }
            times = rising.map { times[$0] }
            plans = rising.map { ranked[$0] }
        }
    }

    /// A process's check of a whole run, on which no write rests yet.
    private struct Fresh {
        var plan: Int64 = -1
        var isUsed = true
    }

    private var checks: [PlanRun: [PlanCheck]] = [:]
    private var starts: [PlanRun: [PlanCheck]] = [:]
    private var fresh: [Fresh] = []
    private var deletions: [Int64: [PlanDeletion]] = [:]
    private var creations: [Creations] = []
    private let place = LentByAddress()

    /// Puts checks in their writers' order and ranks in place of codes, once all events and names are known.
    mutating func settle(_ ranks: GenerationRanks) {
        // The records of two processes of one name come mixed.
        for run in checks.keys { checks[run]?.sort { $0.moment.isAhead(of: $1.moment) } }
        for run in starts.keys { starts[run]?.sort { $0.moment.isAhead(of: $1.moment) } }
        if ranks.isEmpty { return }
        func ranked(_ runs: [PlanRun: [PlanCheck]]) -> [PlanRun: [PlanCheck]] {
            var ranked: [PlanRun: [PlanCheck]] = [:]
            for (run, checks) in runs {
                ranked[PlanRun(writer: run.writer, plan: ranks.rank(run.plan))] = checks.map { check in
                    var check = check
                    check.active = ranks.rank(check.active)
                    return check
                }
            }
            return ranked
        }
        checks = ranked(checks)
        starts = ranked(starts)
        let coded = deletions
        deletions = [:]
        for (plan, all) in coded {
            deletions[ranks.rank(plan)] = all.map { deletion in
                var deletion = deletion
                deletion.plan = ranks.rank(plan)
                return deletion
            }
        }
        for at in creations.indices { creations[at].rank(ranks) }
    }

    // MARK: Runs

    /// Adds a check of a whole run. One on which no write rests gives way to the next.
    mutating func add(_ check: PlanCheck, plan: Int64) {
        let run = PlanRun(writer: check.moment.actor, plan: plan)
        if check.isRunStart {
            starts[run, default: []].append(check)
            return
        }
        let process = Int(check.moment.process.index)
        fresh.grow(toHold: process, with: Fresh())
        if fresh[process].plan == plan, !fresh[process].isUsed { checks[run]?.removeLast() }
        checks[run, default: []].append(check)
        fresh[process] = Fresh(plan: plan, isUsed: false)
    }

    /// Notes that a write of the process rests on what it checked.
    mutating func use(_ process: ProcessID, plan: Int64) {
        let at = Int(process.index)
        if at < fresh.count, fresh[at].plan == plan { fresh[at].isUsed = true }
    }

    /// The writer's last check of the whole run ahead of its own event, else the run's start.
    func check(of writer: Symbol, plan: Int64, ahead event: Moment) -> PlanCheck? {
        let run = PlanRun(writer: writer, plan: plan)
        return Self.last(of: checks[run], ahead: event) ?? Self.last(of: starts[run], ahead: event)
    }

    /// All checks of a writer's run, in their order, or its starts.
    func checks(of writer: Symbol, plan: Int64) -> [PlanCheck] {
        let run = PlanRun(writer: writer, plan: plan)
        return checks[run] ?? starts[run] ?? []
    }

    private static func last(of checks: [PlanCheck]?, ahead event: Moment) -> PlanCheck? {
        guard let checks else { return nil }
        let behind = checks.partition { !$0.moment.isAhead(of: event) }
        return behind > 0 ? checks[behind - 1] : nil
    }

    // MARK: Deletions

    mutating func add(_ deletion: PlanDeletion) { deletions[deletion.plan, default: []].append(deletion) }

    func deletions(of plan: Int64) -> [PlanDeletion] { deletions.isEmpty ? [] : deletions[plan] ?? [] }

    // MARK: Creations

    func isPlanner(_ process: ProcessID) -> Bool { creations.contains { $0.process == process } }

    mutating func create(_ plan: Int64, _ delivery: Delivery, actor: Symbol, time: Int64) {
        let at = creations.firstIndex { $0.process == delivery.process } ?? creations.count
        if at == creations.count { creations.append(Creations(actor: actor, process: delivery.process)) }
        // What does not raise the newest is no new generation. Large ones have no order yet.
        if let newest = creations[at].plans.last, plan <= newest, newest < Generation.firstLarge { return }
        creations[at].hasClocks = creations[at].hasClocks && delivery.hasClock
        creations[at].stamps.append(delivery.stamp)
        creations[at].times.append(max(creations[at].times.last ?? .min, time))
        creations[at].plans.append(plan)
    }

    /// How many generations above one, up to another, were created after a check; nil where no planner's log tells.
    /// O(planners · log generations).
    func created(above plan: Int64, upTo newest: Int64, after check: Moment, _ clocks: inout EventClocks) -> Int64? {
        if creations.isEmpty { return nil }
        var count = 0
        for planner in creations {
            let known = planner.process == check.process ? check.stamp : clocks.entry(check, of: planner.process)
            var first = planner.stamps.partition { $0 > known }
            if !planner.hasClocks || !check.hasClock {
                let time = clocks.time(of: check, for: planner.actor)
                first = max(first, planner.times.partition { $0 > time })
            }
            first = max(first, planner.plans.partition { $0 > plan })
            count += max(0, planner.plans.partition { $0 > newest } - first)
        }
        return Int64(count)
    }
}

extension Moment {
    /// Whether the event is ahead of another of the same actor in that one's own order.
    func isAhead(of other: Moment) -> Bool {
        process == other.process ? stamp < other.stamp : process < other.process
    }
}
