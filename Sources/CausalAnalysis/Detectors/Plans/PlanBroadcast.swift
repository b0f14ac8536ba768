import EventModel

/// What all endpoints share: creations, deletions, checks of whole runs, and whether the store's log is whole.
///
/// Grows with generations, actors and runs.
struct PlanBroadcast: Sendable {
    /// A generation's removal.
    struct Deletion: Sendable {
        var moment: Moment
        var plan: Int64
        var storeTime: StoreTime?
        /// Whether it is known to have been carried out.
        var isCertain: Bool
    }

    private struct Run: Hashable {
        var writer: UInt32
        var plan: Int64
    }

    /// One planner's new generations in their order: places, times (never falling) and numbers (always growing).
    private struct Creations: Sendable {
        var actor: Symbol
        var process: ProcessID
        var stamps: [Stamp] = []
        var times: [Int64] = []
        var plans: [Int64] = []
    }

    /// Removals of one generation that are kept; those beyond are not judged.
    private static let deletionsKept = 64
    /// Missing counters of a store that are remembered one by one.
    private static let gapsKept = 256

    /// By number; see `PlanMemory`.
    private var runs: [Run: Int32] = [:]
    /// Grows whenever a run's check changes.
    private(set) var checksSeen: UInt64 = 0
    private var deletions: [Int64: [Deletion]] = [:]
    private var creations: [Creations] = []
    /// Of each process: −1, or for a store the own counter seen last, 0 while none was.
    private var storeCounters: [Int64] = []
    /// Whether any log of a store has been seen.
    private(set) var hasStore = false
    private var missing: Set<StoreCounter> = []
    private var isBeyondRepair = false
    private var explained: Set<StoreCounter> = []
    /// Stores whose logs are there.
    private(set) var stores: Set<Symbol> = []
    /// Of each process: whether its records show that it writes, checks or deletes plans.
    private var writers: [Bool] = []

    private struct StoreCounter: Hashable {
        var store: Symbol
        var counter: Int64
    }

    // MARK: Runs

    /// Notes a check of a whole run, which it takes over.
    mutating func add(check id: Int32, memory: inout PlanMemory) {
        let check = memory[check: id]
        let run = Run(writer: check.moment.actor.index, plan: check.plan)
        checksSeen &+= 1
        // The start of a run stands in only where there is no check.
        if check.isRunStart, let known = runs[run], !memory[check: known].isRunStart {
            memory.release(check: id)
        } else if let replaced = runs.updateValue(id, forKey: run) {
            memory.release(check: replaced)
        }
    }

    /// The writer's last check of the whole run, else the run's start; −1 without one.
    func check(of writer: Symbol, plan: Int64) -> Int32 { runs[Run(writer: writer.index, plan: plan)] ?? -1 }

    // MARK: Deletions

    /// Whether there is room for another deletion of the generation.
    func hasRoom(forDeletionOf plan: Int64) -> Bool { (deletions[plan]?.count ?? 0) < Self.deletionsKept }

    mutating func add(_ deletion: Deletion) {
        deletions[deletion.plan, default: []].append(deletion)
        if let time = deletion.storeTime {
            let counter = StoreCounter(store: time.store, counter: time.stamp.counter)
            explained.insert(counter)
            missing.remove(counter)
        }
    }

    func deletions(of plan: Int64) -> [Deletion] { deletions.isEmpty ? [] : deletions[plan] ?? [] }

    /// Whether any removal of a generation is known.
    func isDeleted(_ plan: Int64) -> Bool { !deletions.isEmpty && deletions[plan] != nil }

    /// Whether the count of a store is known to be a deletion's.
    func isDeletion(_ store: Symbol, counter: Int64) -> Bool {
        explained.contains(StoreCounter(store: store, counter: counter))
    }

    // MARK: Writers

    /// Notes that a process deals in plans, so that a write could be among the records that its log lacks.
    mutating func follow(writer: ProcessID) {
        let p = Int(writer.index)
        writers.grow(toHold: p, with: false)
        writers[p] = true
    }

    func isWriter(_ process: ProcessID) -> Bool {
        Int(process.index) < writers.count && writers[Int(process.index)]
    }

    // MARK: Creations

    func isPlanner(_ process: ProcessID) -> Bool { creations.contains { $0.process == process } }

    mutating func create(_ plan: Int64, ref: RecordRef) {
        let at: Int
        if let known = creations.firstIndex(where: { $0.process == ref.process }) {
            at = known
        } else {
            at = creations.count
            creations.append(Creations(actor: ref.actor, process: ref.process))
        }
        // What does not raise the newest is no new generation.
        if let newest = creations[at].plans.last, plan <= newest { return }
        creations[at].stamps.append(ref.stamp)
        creations[at].times.append(max(creations[at].times.last ?? .min, ref.time.nanoseconds))
        creations[at].plans.append(plan)
    }

    /// How many generations above `plan` were created between a check and a write; nil where no planner's log tells.
    /// O(planners · log generations).
    func created(above plan: Int64, between check: Moment, and write: Moment, clocks: inout EventClocks) -> Int64? {
        guard !creations.isEmpty else { return nil }
        var count = 0
        for planner in creations {
            let own = check.process == planner.process
            let known = own ? check.stamp : clocks.rows.entry(check.row, planner.process)
            let from = clocks.time(of: check, for: planner.actor)
            let to = clocks.time(of: write, for: planner.actor)
            let first = max(
                Self.partition(planner.stamps) { $0 > known }, Self.partition(planner.times) { $0 > from },
                Self.partition(planner.plans) { $0 > plan })
            count += max(0, Self.partition(planner.times) { $0 > to } - first)
        }
        return Int64(count)
    }

    /// The first index of a sorted array from which on the condition holds.
    private static func partition<T>(_ sorted: [T], where holds: (T) -> Bool) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if holds(sorted[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    // MARK: The store's log

    /// Notes an event of a process; `isStore` once it has shown itself to be a store.
    @inline(__always)
    mutating func follow(_ process: ProcessID, actor: Symbol, counter: Int64, isStore: Bool) {
        let p = Int(process.index)
        if !isStore, p >= storeCounters.count || storeCounters[p] < 0 { return }
        note(p, actor: actor, counter: counter)
    }

    private mutating func note(_ p: Int, actor: Symbol, counter: Int64) {
        hasStore = true
        stores.insert(actor)
        storeCounters.grow(toHold: p, with: -1)
        let last = storeCounters[p]
        storeCounters[p] = max(0, last, counter)
        guard last > 0, counter - last > 1 else { return }
        if counter - last > Self.gapsKept || missing.count > Self.gapsKept {
            isBeyondRepair = true
            return
        }
        for c in (last + 1)..<counter {
            let lost = StoreCounter(store: actor, counter: c)
            if !explained.contains(lost) { missing.insert(lost) }
        }
    }

    /// Whether the process has shown itself to be a store.
    func isStore(_ process: ProcessID) -> Bool {
        let p = Int(process.index)
        return p < storeCounters.count && storeCounters[p] >= 0
    }

    /// Whether there is a log of the store that skips no count, but for those that are a deletion's.
    var storeIsComplete: Bool { hasStore && !isBeyondRepair && missing.isEmpty }
}
