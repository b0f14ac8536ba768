import EventModel

/// Attempts that failed one after another, since the last write that took effect.
struct FailureRun: Sendable {
    /// Kept in full; those beyond are counted.
    private static let kept = 32
    private static let writersKept = 16

    private(set) var first: [PlanStep] = []
    private(set) var count: Int64 = 0
    /// Those that no safeguard explains: see `PlanStep.isSafeguard`.
    private(set) var unexplained: Int64 = 0
    /// The newest, where it is not among the first.
    private var latest: [PlanStep] = []
    /// Who tried, in the order in which they first did.
    private(set) var writers: [Symbol] = []

    var last: PlanStep? { latest.last ?? first.last }

    mutating func add(_ step: PlanStep) {
        count += 1
        if !step.isSafeguard { unexplained += 1 }
        if first.count < Self.kept { first.append(step) } else { latest = [step] }
        if writers.count < Self.writersKept, !writers.contains(step.writer) { writers.append(step.writer) }
    }

    /// The attempts that may have come after the event.
    func since(_ event: Moment, clocks: inout EventClocks) -> FailureRun {
        var later = FailureRun()
        for step in first
        where !step.happened(before: event, clocks) && !clocks.tell(step.main.moment, before: event) {
            later.add(step)
        }
        if count > Int64(first.count) {
            later.count += count - Int64(first.count)
            later.latest = latest
            for writer in writers where !later.writers.contains(writer) { later.writers.append(writer) }
        }
        return later
    }

    /// Every record that is remembered.
    func forEachRecord(_ body: (Int32) -> Void) {
        for step in first { step.forEachRecord(body) }
        for step in latest { step.forEachRecord(body) }
    }
}
