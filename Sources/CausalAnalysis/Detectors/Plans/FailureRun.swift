import EventModel

/// Attempts that failed one after another, since the last write that took effect.
struct FailureRun: Sendable {
    /// Kept in full; those beyond are counted.
    private static let kept = 32
    private static let writersKept = 16

    private(set) var first: [PlanStep] = []
    private(set) var count: Int64 = 0
    /// Those that no safeguard explains: that a generation not above the active one is refused is as it should be.
    private(set) var unexplained: Int64 = 0
    private(set) var last: PlanStep?
    /// Who tried, in the order in which they first did.
    private(set) var writers: [Symbol] = []

    mutating func add(_ step: PlanStep, active: Int64?) {
        count += 1
        if step.main.outcome != .refused || active.map({ step.plan > $0 }) ?? true { unexplained += 1 }
        if first.count < Self.kept { first.append(step) }
        last = step
        if writers.count < Self.writersKept, !writers.contains(step.writer) { writers.append(step.writer) }
    }

    /// The run from the first attempt on that may have come after the event; empty where none may.
    func since(_ event: Moment, clocks: inout WallClocks) -> FailureRun {
        var later = FailureRun()
        for step in first where !step.happened(before: event) && !clocks.tell(step.main.moment.ref, before: event.ref) {
            later.add(step, active: nil)
        }
        if count > Int64(first.count) {
            later.count += count - Int64(first.count)
            later.last = last
            for writer in writers where !later.writers.contains(writer) { later.writers.append(writer) }
        }
        return later
    }
}
