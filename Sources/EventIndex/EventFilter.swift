import EventModel

/// Which events a query asks for: all that satisfy every condition it names.
///
/// Globs are evaluated once for each name, not for each event: their verdicts are kept by symbol, so that a row costs a few loads.
/// All batches given to one filter must speak of one `SymbolTable`, the run's.
package struct EventFilter: Sendable {
    /// A condition on a name.
    package enum Criterion: String, CaseIterable, Sendable {
        case endpoint, actor, event
    }

    /// Only events of these times.
    package var window = TimeWindow.all
    /// Only events that have a plan, and one of these.
    package var plans: PlanRange?
    private var endpoint: NameTest
    private var actor: NameTest
    private var event: NameTest

    /// Makes a filter. Of several globs for one name any may match; an empty list is no condition. A condition on the endpoint
    /// leaves out events without one.
    package init(
        endpoints: [Glob] = [], actors: [Glob] = [], events: [Glob] = [], plans: PlanRange? = nil,
        window: TimeWindow = .all
    ) {
        endpoint = NameTest(globs: endpoints)
        actor = NameTest(globs: actors)
        event = NameTest(globs: events)
        self.plans = plans
        self.window = window
    }

    /// Whether the row satisfies every condition.
    package mutating func matches(_ batch: borrowing EventBatch, row: Int, name: (Symbol) -> String) -> Bool {
        window.contains(Timestamp(nanoseconds: batch.time[row]))
            && event.accepts(batch.event[row], name)
            && endpoint.accepts(batch.endpoint[row], name)
            && actor.accepts(batch.actor[row], name)
            && plans.map { range in batch.generation(.plan, at: row, name: name).map(range.contains) ?? false } ?? true
    }

    /// The globs of a condition that match none of the names: very likely mistyped.
    package func unmatched(_ criterion: Criterion, among names: some Sequence<String>) -> [Glob] {
        globs(criterion).filter { glob in !names.contains { glob.matches($0) } }
    }

    /// The globs of a condition; none is no condition.
    func globs(_ criterion: Criterion) -> [Glob] {
        switch criterion {
        case .endpoint: endpoint.globs
        case .actor: actor.globs
        case .event: event.globs
        }
    }
}

/// Globs for one kind of name, and what they said of each symbol so far.
private struct NameTest: Sendable {
    let globs: [Glob]
    /// By symbol: 0 not asked yet, 1 no, 2 yes.
    private var verdicts: [UInt8] = []

    init(globs: [Glob]) {
        self.globs = globs
    }

    mutating func accepts(_ symbol: Symbol, _ text: (Symbol) -> String) -> Bool {
        if globs.isEmpty { return true }
        if symbol == .none { return false }
        let index = Int(symbol.index)
        if index >= verdicts.count {
            verdicts.append(contentsOf: repeatElement(0, count: index + 1 - verdicts.count))
        }
        if verdicts[index] == 0 {
            let name = text(symbol)
            verdicts[index] = globs.contains { $0.matches(name) } ? 2 : 1
        }
        return verdicts[index] == 2
    }
}
