import CausalAnalysis
import EventModel

/// Which generation was active on an endpoint, when, and by whom.
struct Generations {
    /// A write that took effect.
    struct Step {
        var time: Timestamp
        var plan: Generation
        /// Whose write it was, also where the store's record tells it.
        var writer: Symbol
        var commit: Generation?
        /// Whose record tells it, and where that stands.
        var actor: Symbol
        var place: RecordPlace
    }

    let endpoint: String
    private(set) var steps: [Step] = []
    private(set) var omitted = 0
    /// The span of the findings, with what led to them: writes far from it go first where there are too many.
    let near: ClosedRange<Timestamp>

    private static let limit = 2_000

    /// - Parameter near: the span that a reader wants to see first.
    init(endpoint: String, near: ClosedRange<Timestamp>) {
        self.endpoint = endpoint
        self.near = near
    }

    /// Takes an event about the endpoint.
    mutating func observe(_ batch: borrowing EventBatch, row: Int, delivery: Delivery, name: (Symbol) -> String) {
        let kind = batch.kind[row]
        guard kind == .planApplied && batch.outcome[row] == .ok || kind == .changeCommitted || kind == .recordRestored,
            let plan = batch.generation(.plan, at: row, name: name)
        else { return }
        let by = batch.symbol(.by, at: row)
        let step = Step(
            time: Timestamp(nanoseconds: batch.time[row]), plan: plan, writer: by == .none ? batch.actor[row] : by,
            commit: batch.generation(.commit, at: row, name: name),
            actor: batch.actor[row], place: RecordPlace(source: delivery.source, line: batch.line(at: row)))
        if let known = known(step) {
            // The writer's own record is the one that findings name.
            if step.actor == step.writer { steps[known] = step }
            return
        }
        // The store's own order of writes is stronger than that in which their records come.
        var at = steps.count
        if let commit = step.commit {
            while at > 0, let before = steps[at - 1].commit, before > commit { at -= 1 }
        }
        steps.insert(step, at: at)
        if steps.count > 2 * Self.limit { cut() }
    }

    /// The step of which another record told already: the store's, or the writer's.
    private func known(_ step: Step) -> Int? {
        steps.indices.suffix(64).last { index in
            let other = steps[index]
            guard other.plan == step.plan, other.writer == step.writer else { return false }
            if let a = other.commit, let b = step.commit { return a == b }
            return other.actor != step.actor
        }
    }

    private mutating func cut() {
        let distance = steps.map { max(near.lowerBound.since($0.time), $0.time.since(near.upperBound), 0) }
        let kept = Set(steps.indices.sorted { (distance[$0], $0) < (distance[$1], $1) }.prefix(Self.limit))
        omitted += steps.count - kept.count
        steps = steps.indices.filter(kept.contains).map { steps[$0] }
    }
}
