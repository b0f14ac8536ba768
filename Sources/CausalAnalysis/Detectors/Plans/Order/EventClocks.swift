import EventModel

/// What is settled once all events have been taken, and shared by all judges of endpoints.
final class SettledPlans: Sendable {
    let history: ClockHistory
    let broadcast: PlanBroadcast
    let logs: StoreLogs
    let scopes: CommitScopes
    let continuity: PlanContinuity
    /// Actors whose records give `operator` as their role.
    let operators: Set<Symbol>
    /// Whether a write was refused on an emptied endpoint somewhere: then one that takes effect tells that its endpoint was not empty.
    let emptyRefuses: Bool
    let symbols: SymbolTable
    /// Which actors share a clock.
    let sharedClocks: SharedClocks
    /// Facts hold large generations and commits by their rank.
    let ranks: GenerationRanks
    /// The rules by which steps are put in order.
    let rules: OrderRules

    init(
        history: consuming ClockHistory, broadcast: consuming PlanBroadcast, logs: consuming StoreLogs,
        scopes: consuming CommitScopes, continuity: consuming PlanContinuity, operators: Set<Symbol>,
        emptyRefuses: Bool, symbols: SymbolTable, sharedClocks: SharedClocks, ranks: GenerationRanks,
        rules: OrderRules
    ) {
        self.sharedClocks = sharedClocks
        self.history = history
        self.broadcast = broadcast
        self.logs = logs
        self.scopes = scopes
        self.continuity = continuity
        self.operators = operators
        self.emptyRefuses = emptyRefuses
        self.symbols = symbols
        self.ranks = ranks
        self.rules = rules
    }
}

/// Compares kept events: by their vector clocks, and by wall clocks within the skew's bounds.
struct EventClocks: Sendable {
    let settled: SettledPlans
    private var wall: WallClocks

    init(_ settled: SettledPlans, _ skew: any SkewBounds) {
        self.settled = settled
        wall = WallClocks(skew)
    }

    /// What an event knew of a process other than its own.
    func entry(_ event: Moment, of process: ProcessID) -> Stamp {
        settled.history.entry(event.process, event.index, of: process)
    }

    /// Whether `x` happened before `y`.
    func precedes(_ x: Moment, _ y: Moment) -> Bool {
        x.process == y.process ? x.stamp < y.stamp : entry(y, of: x.process) >= x.stamp
    }

    /// Whether `x` is, or happened before, the event of its actor ahead of `y`. What `y` itself learned, an answer perhaps, does not count.
    func precedesStart(of y: Moment, _ x: Moment) -> Bool {
        if x.process == y.process { return x.stamp < y.stamp }
        return y.index > 0 && settled.history.entry(y.process, y.index - 1, of: x.process) >= x.stamp
    }

    /// The possible true spans from one event to another, in nanoseconds.
    mutating func span(from x: Moment, to y: Moment) -> ClosedRange<Int64> {
        span(from: x, to: y.time, of: y.actor)
    }

    /// The same to a time that another actor's clock showed.
    mutating func span(from x: Moment, to time: Int64, of actor: Symbol) -> ClosedRange<Int64> {
        wall.span(from: Timestamp(nanoseconds: x.time), of: x.actor, to: Timestamp(nanoseconds: time), of: actor)
    }

    /// Whether the wall clocks leave no doubt that `x` came first.
    mutating func tell(_ x: Moment, before y: Moment) -> Bool { span(from: x, to: y).lowerBound > 0 }

    /// An event's time as the clock of `actor` would most likely have shown it.
    mutating func time(of x: Moment, for actor: Symbol) -> Int64 { wall.time(x.time, of: x.actor, for: actor) }
}
