import EventModel

/// One step in an endpoint's history: a write (its answer, the store's record of it, or both), a failed attempt, an emptied record.
///
/// Its records stand in `EndpointRecords`, by number there; −1 without one.
struct PlanStep: Sendable {
    enum Kind: Sendable {
        /// Took effect.
        case write
        /// May have taken effect: no answer, or one that leaves it open, and no record of the store.
        case uncertain
        /// Did not take effect.
        case failure
        /// The endpoint was seen without addresses.
        case emptied
    }

    var kind: Kind
    /// The record that the step is told by: the writer's, the operator's or the observer's; the store's where theirs is missing.
    let main: Int32
    /// The store's record.
    let stored: Int32
    /// When it was sent.
    let sending: Int32
    /// Of a refusal: a generation at least as new may have been active, so that the store did as it should.
    var isSafeguard = false

    let form: Fact.Form
    let outcome: Outcome
    let writer: Symbol
    let plan: Int64
    let commit: Int64
    let replaces: Int64
    let leavesAddresses: Bool
    let isDeliberate: Bool
    let byOperator: Bool
    /// The store that took the write, where a record names it.
    let store: Symbol
    let storeTime: StoreTime?

    /// Whether the writer's own record says what became of it.
    var saysEffect: Bool { form != .sending && (form != .answer || outcome == .ok) }
    /// The record to show for it: the writer's own, the store's where the writer had no answer that says what became of it.
    var shown: Int32 { saysEffect || stored < 0 ? main : stored }
    /// The record nearest to the effect.
    var effect: Int32 { stored >= 0 ? stored : main }
    /// The first record that cannot have been later than the effect: the sending, else the record nearest to it.
    var start: Int32 { sending >= 0 ? sending : effect }
    /// The record nearest to the effect that cannot have been later than it, for what was known by then.
    var known: Int32 { stored >= 0 ? stored : start }
    /// The store's record, where it is shown beside the writer's.
    var storedBeside: Int32 { saysEffect && stored != main ? stored : -1 }
    /// The writer's answer that left open what became of it, where the store's record is shown.
    var openAnswer: Int32 { !saysEffect && stored >= 0 && form == .answer ? main : -1 }
    /// The answer that tells that by then the store had decided; −1 where none does.
    var answer: Int32 {
        switch form {
        case .answer: kind == .failure || outcome == .ok ? main : -1
        case .restored: main
        case .check, .sending, .stored, .emptied: -1
        }
    }
    /// The store's record of the effect, or of the emptied endpoint.
    var logged: Int32 { kind == .emptied && storeTime != nil ? main : stored }
}

/// The records of one endpoint, and how its steps stand to one another.
struct EndpointRecords: Sendable {
    private(set) var endpoint = Symbol.none
    private(set) var facts: [Fact] = []
    var clocks: EventClocks
    /// The checks for this endpoint alone, of each run in their order.
    private var ownChecks: [PlanRun: [PlanCheck]] = [:]

    init(_ clocks: EventClocks) {
        self.clocks = clocks
    }

    /// Takes the records of another endpoint, which have these numbers among those of its part.
    mutating func turn(to endpoint: Symbol, _ all: borrowing Column<Fact>, _ numbers: ArraySlice<Int32>) {
        self.endpoint = endpoint
        facts.removeAll(keepingCapacity: true)
        if !ownChecks.isEmpty { ownChecks = [:] }
        for number in numbers {
            let fact = all[Int(number)]
            facts.append(fact)
            if fact.form != .check { continue }
            ownChecks[PlanRun(writer: fact.writer, plan: fact.plan), default: []].append(
                PlanCheck(moment: fact.moment, active: fact.seen, isWholeRun: false))
        }
        if ownChecks.isEmpty { return }
        // The records of two processes of one name come mixed.
        for run in ownChecks.keys { ownChecks[run]?.sort { $0.moment.isAhead(of: $1.moment) } }
    }

    /// The checks of a run for this endpoint alone, in the order of delivery.
    func ownChecks(of writer: Symbol, plan: Int64) -> [PlanCheck] {
        ownChecks.isEmpty ? [] : ownChecks[PlanRun(writer: writer, plan: plan)] ?? []
    }

    func moment(_ number: Int32) -> Moment { facts[Int(number)].moment }
    func ref(_ number: Int32) -> RecordRef { facts[Int(number)].moment.ref }
    func shown(_ step: PlanStep) -> RecordRef { ref(step.shown) }
    /// When it happened, as the record shown says.
    func at(_ step: PlanStep) -> Timestamp { Timestamp(nanoseconds: moment(step.shown).time) }

    // MARK: Happened-before

    /// Whether the step had taken effect, or failed, before an event: its answer or the store's record happened before it. How sure that is.
    func happened(_ step: PlanStep, before event: Moment) -> Finding.Confidence? {
        if !clocks.settled.rules.contains(.happenedBefore) { return nil }
        return strongest(step.logged, step.answer) { clocks.precedes($0, event) ? min($0.cap, event.cap) : nil }
    }

    /// Whether the event happened before the step took effect: before its sending or the store's record; where neither is there, nobody
    /// knows.
    func happened(_ step: PlanStep, after event: Moment) -> Finding.Confidence? {
        if !clocks.settled.rules.contains(.happenedBefore) { return nil }
        return strongest(step.logged, step.sending) { clocks.precedes(event, $0) ? min($0.cap, event.cap) : nil }
    }

    /// By rule 3: from the one's answer or the store's record to the other's sending or the store's record; or by a clock that both share.
    func happened(_ x: PlanStep, before y: PlanStep) -> Finding.Confidence? {
        let known = strongest(y.logged, y.sending) { happened(x, before: $0) }
        return known != .proven && ended(x, before: y) ? .proven : known
    }

    /// Whether one clock, which a profile says that both actors share, shows the one to have ended before the other began.
    func ended(_ x: PlanStep, before y: PlanStep) -> Bool {
        let (end, start) = (x.answer >= 0 ? x.answer : x.effect, y.sending >= 0 ? y.sending : y.known)
        return clocks.settled.sharedClocks.tell(moment(end), before: moment(start))
    }

    /// By rule 5: from answer to answer.
    func answered(_ x: PlanStep, before y: PlanStep) -> Bool {
        clocks.settled.rules.contains(.answers) && y.answer >= 0 && isKnown(x, to: moment(y.answer))
    }

    private func isKnown(_ step: PlanStep, to event: Moment) -> Bool {
        strongest(step.logged, step.answer) { clocks.precedes($0, event) ? $0.cap : nil } != nil
    }

    @inline(__always)
    private func strongest(
        _ one: Int32, _ other: Int32, _ confidence: (Moment) -> Finding.Confidence?
    ) -> Finding.Confidence? {
        let first = one >= 0 ? confidence(moment(one)) : nil
        guard other >= 0, let second = confidence(moment(other)) else { return first }
        return first.map { max($0, second) } ?? second
    }

    // MARK: The store's time

    /// By rule 2: the store's time of the two. How sure it is; nil where it does not put `x` first. A failure's time is that of the
    /// last effect ahead of it.
    func storeOrder(_ x: PlanStep, before y: PlanStep) -> Finding.Confidence? {
        guard let a = x.storeTime, let b = y.storeTime, a.sharesCount(with: b) else { return nil }
        guard a.stamp < b.stamp || (a.stamp == b.stamp && x.kind != .failure && y.kind == .failure) else { return nil }
        return min(storeCap(x), storeCap(y))
    }

    func storeCap(_ step: PlanStep) -> Finding.Confidence {
        if step.logged >= 0 { return moment(step.logged).cap }
        // An entry of a store that restarted may be of another incarnation.
        if clocks.settled.logs.hasRestarted(step.storeTime?.store ?? .none) { return .likely }
        return moment(step.main).cap
    }

    // MARK: Wall clocks

    /// The possible true spans from the one's end to the other's beginning.
    mutating func gap(_ x: PlanStep, _ y: PlanStep) -> ClosedRange<Int64> {
        clocks.span(from: moment(x.effect), to: moment(y.known))
    }
}
