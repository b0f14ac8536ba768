import EventModel

/// What is known of an endpoint as of the last step judged.
struct EndpointState: Sendable {
    /// A write that is remembered for evidence.
    struct Past: Sendable {
        var plan: Int64
        var ref: RecordRef
    }

    private static let kept = 4

    /// The write whose generation is active; nil before the first.
    var active: PlanStep?
    /// Whether the active generation has been removed: nothing is active.
    var isVoid = false
    /// Attempts since then that may have taken effect.
    private(set) var uncertain: [PlanStep] = []
    /// The store's emptied records since then.
    private(set) var emptied: [PlanRecord] = []
    /// Others' emptied records, whose place is open.
    var sightings: [PlanRecord] = []
    var failures = FailureRun()
    /// The writes before the active one, newest last.
    private(set) var past: [Past] = []
    /// Overwrites that no newer write has mended, and the finding that the endpoint has no addresses, as drafts.
    var unmended: [Int] = []
    var unfilled: Int?

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

    /// Begins the time of a new active write.
    mutating func activate(_ step: PlanStep) {
        if let active {
            if past.count == Self.kept { past.removeFirst() }
            past.append(Past(plan: active.plan, ref: active.shown))
        }
        active = step
        isVoid = false
        uncertain.removeAll()
        emptied.removeAll()
        failures = FailureRun()
    }

    /// The newest remembered write of a generation.
    func write(of plan: Int64) -> RecordRef? {
        if let active, active.plan == plan { return active.shown }
        return past.last { $0.plan == plan }?.ref
    }
}
