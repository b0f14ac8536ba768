import EventModel

/// What is known of an endpoint as of the last step judged.
struct EndpointState: Sendable {
    /// The write whose generation is active; nil before the first.
    var active: PlanStep?
    /// Whether the active generation has been removed: nothing is active.
    var isVoid = false
    /// The newest write before the active one, in `PastWrites`.
    var past = PastWrites.none
    var open = OpenMatters()

    /// Begins the time of a new active write.
    mutating func activate(_ step: PlanStep, past writes: inout PastWrites) {
        if let active { past = writes.add(active.plan, active.shownMoment, behind: past) }
        active = step
        isVoid = false
        open.uncertain.removeAll()
        open.emptied.removeAll()
        if open.failures.count > 0 { open.failures = FailureRun() }
    }

    /// The newest remembered write of a generation.
    func write(of plan: Int64, past writes: PastWrites) -> RecordRef? {
        if let active, active.plan == plan { return active.shown }
        return writes.write(of: plan, from: past)
    }

    /// Every record that is remembered.
    func forEachRecord(_ body: (Int32) -> Void) {
        if let active { active.forEachRecord(body) }
        if open.isEmpty { return }
        for step in open.uncertain { step.forEachRecord(body) }
        for record in open.emptied { body(record.id) }
        for record in open.sightings { body(record.id) }
        for record in open.halves { body(record.id) }
        open.failures.forEachRecord(body)
    }
}

/// What an endpoint's history leaves open; mostly nothing.
struct OpenMatters: Sendable {
    private static let kept = 4
    /// Writes judged with only one record of two that are remembered for the other's sake.
    private static let halvesKept = 16

    /// Attempts since the active write that may have taken effect.
    fileprivate(set) var uncertain: [PlanStep] = []
    /// The store's emptied records since then.
    fileprivate(set) var emptied: [PlanRecord] = []
    /// Others' emptied records, whose place is open.
    var sightings: [PlanRecord] = []
    var failures = FailureRun()
    var halves: [PlanRecord] = []
    /// Overwrites that no newer write has mended, and the finding that the endpoint has no addresses, by number.
    var unmended: [Int] = []
    var unfilled: Int?

    var isEmpty: Bool {
        uncertain.isEmpty && emptied.isEmpty && sightings.isEmpty && failures.count == 0 && halves.isEmpty
            && unmended.isEmpty && unfilled == nil
    }

    mutating func add(uncertain step: PlanStep) {
        if uncertain.count == Self.kept { uncertain.removeFirst() }
        uncertain.append(step)
    }

    /// The attempts that may have taken effect, which are then forgotten.
    mutating func takeUncertain() -> [PlanStep] {
        defer { uncertain.removeAll() }
        return uncertain
    }

    /// The store's record is placed by the store's log; another's floats.
    mutating func add(emptied record: PlanRecord) {
        if record.storeTime != nil {
            if emptied.count < Self.kept { emptied.append(record) }
        } else if sightings.count < Self.kept {
            sightings.append(record)
        }
    }

    mutating func add(half record: PlanRecord) {
        if halves.count == Self.halvesKept { halves.removeFirst() }
        halves.append(record)
    }
}
