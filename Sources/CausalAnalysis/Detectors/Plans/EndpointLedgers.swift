import EventModel

/// The ledgers of all endpoints: takes their records in and judges them, some at a time or all.
struct EndpointLedgers: ~Copyable, Sendable {
    var judge: EndpointJudge
    private var ledgers = Column<EndpointLedger>()
    /// Where an endpoint's ledger is, by its symbol; −1 without one.
    private var slots = Column<Int32>()
    private var open = Slab<OpenMatters>()
    // The endpoint that is being judged: kept between endpoints for the sake of its lists.
    private var state = EndpointState()
    private var pairing = WritePairing()
    private var remembered: [Int32] = []
    private var left: [(ordinal: UInt64, id: Int32)] = []
    private var course = OrdinaryCourse()

    init(skew: any SkewBounds) {
        judge = EndpointJudge(skew: skew)
    }

    // MARK: Taking records in

    /// The number of an endpoint's ledger, a new one if need be.
    mutating func slot(of endpoint: Symbol) -> Int {
        let at = Int(endpoint.index)
        slots.grow(toHold: at, with: -1)
        if slots[at] < 0 {
            slots[at] = Int32(truncatingIfNeeded: ledgers.count)
            ledgers.append(EndpointLedger(endpoint: endpoint))
        }
        return Int(slots[at])
    }

    /// How many of a ledger's records wait.
    func waiting(in slot: Int) -> Int { Int(ledgers[slot].count) }

    /// How many of each ledger's records wait.
    var waiting: [Int32] { ledgers.indices.map { ledgers[$0].count } }

    /// Lets a record wait.
    mutating func add(_ record: PlanRecord, to slot: Int) {
        ledgers[slot].newest = judge.memory.insert(record, behind: ledgers[slot].newest)
        ledgers[slot].count += 1
    }

    /// Notes a check of one endpoint, which it takes over; an actor's newest replaces the one before.
    mutating func add(check id: Int32, to slot: Int) {
        let actor = judge.memory[check: id].moment.actor
        var behind: Int32 = -1
        var next = ledgers[slot].checks
        while next >= 0, judge.memory[check: next].moment.actor != actor {
            behind = next
            next = judge.memory[check: next].next
        }
        if next >= 0 {
            judge.memory.link(check: id, to: judge.memory[check: next].next)
            judge.memory.release(check: next)
        }
        if behind >= 0 { judge.memory.link(check: behind, to: id) } else { ledgers[slot].checks = id }
    }

    /// The later of the writer's check of this endpoint and of the whole run.
    func check(of writer: Symbol, plan: Int64, in slot: Int, wholeRun: Int32) -> Int32 {
        var own = ledgers[slot].checks
        while own >= 0 {
            let check = judge.memory[check: own]
            if check.moment.actor == writer { break }
            own = check.next
        }
        guard own >= 0, judge.memory[check: own].plan == plan else { return wholeRun }
        if wholeRun < 0 || judge.memory[check: wholeRun].isRunStart { return own }
        let isStale = judge.memory.clocks.precedes(
            judge.memory[check: own].moment, judge.memory[check: wholeRun].moment)
        return isStale ? wholeRun : own
    }

    // MARK: Judging

    /// Judges the first half of what waits in a ledger, in the effective order of all that waits there.
    mutating func settleHalf(_ slot: Int) {
        if settleOrdinary(slot) { return }
        load(slot)
        arrange(slot)
        let settled = (pairing.steps.count + 1) / 2
        for at in 0..<settled {
            let step = pairing.steps[at]
            judge.take(step, state: &state)
            let isHalf = step.stored == nil || step.answer == nil
            if step.kind == .write, isHalf, judge.broadcast.hasStore, step.main.form != .restored {
                state.open.add(half: step.main)
            }
        }
        store(slot, left: pairing.steps[settled...])
    }

    /// The same where what waits is an ordinary course; false where it is not, and then nothing has been done.
    private mutating func settleOrdinary(_ slot: Int) -> Bool {
        var ledger = ledgers[slot]
        guard takeCourse(of: ledger, isWhole: false) else { return false }
        var active = ledger.write
        for write in course.writes[..<course.settled] {
            if active.main >= 0 {
                let shown = judge.memory.shown(active)
                ledger.past = judge.past.add(judge.memory[head: active.main].plan, shown, behind: ledger.past)
                judge.memory.remove(active.main)
                if active.stored >= 0, active.stored != active.main { judge.memory.remove(active.stored) }
            }
            active = write
            judge.memory.link(write.main, behind: -1)
            if write.stored >= 0 { judge.memory.link(write.stored, behind: -1) }
            ledger.count -= write.stored >= 0 ? 2 : 1
        }
        judge.memory.settleSending(of: active)
        ledger.active = active.main
        ledger.activeStored = active.stored
        if ledger.count == 0 {
            ledger.newest = -1
        } else {
            judge.memory.link(course.records[course.records.count - Int(ledger.count)], behind: -1)
        }
        ledgers[slot] = ledger
        return true
    }

    /// Has an endpoint's ledger brought near.
    mutating func foresee(_ endpoint: Symbol) {
        let at = Int(endpoint.index)
        if at < slots.count, slots[at] >= 0 { ledgers.prefetch(Int(slots[at])) }
    }

    /// How many steps of `prefetch` there are.
    static let prefetchSteps = 6

    /// Has what is needed to judge a ledger brought near, a step at a time: each asks for what the one before has made known.
    mutating func prefetch(_ slot: Int, step: Int) {
        let newest = step == 0 ? -1 : ledgers[slot].newest
        switch step {
        case 0: ledgers.prefetch(slot)
        case 1:
            judge.memory.prefetch(head: newest)
            judge.memory.prefetch(head: ledgers[slot].active)
            judge.memory.prefetch(head: ledgers[slot].activeStored)
        case 2:
            judge.memory.prefetch(head: judge.memory.behind(newest, by: 1))
            judge.memory.prefetch(restOf: ledgers[slot].active)
            judge.memory.prefetch(restOf: ledgers[slot].activeStored)
        case 3: judge.memory.prefetch(head: judge.memory.behind(newest, by: 2))
        case 4:
            judge.memory.prefetch(head: judge.memory.behind(newest, by: 3))
            judge.memory.prefetch(sendingOf: newest)
            judge.memory.prefetch(sendingOf: judge.memory.behind(newest, by: 2))
        default:
            // Two writes wait at most, each with the store's record ahead of its answer.
            let before = judge.memory.behind(newest, by: 2)
            judge.memory.prefetch(clocksOf: newest, judge.memory.behind(newest, by: 1))
            judge.memory.prefetch(clocksOf: before, judge.memory.behind(before, by: 1))
        }
    }

    /// Judges all of which the log's end says anything new: endpoint by endpoint, by name.
    mutating func finish(_ symbols: SymbolTable) {
        var left: [Int] = []
        for slot in ledgers.indices {
            let ledger = ledgers[slot]
            let isDeleted = ledger.active >= 0 && judge.broadcast.isDeleted(judge.memory[head: ledger.active].plan)
            if ledger.count == 0, ledger.open < 0, !isDeleted { continue }
            if !isOrdinary(slot) { left.append(slot) }
        }
        left.sort { symbols.isOrdered(ledgers[$0].endpoint, before: ledgers[$1].endpoint) }
        for slot in left {
            load(slot)
            arrange(slot)
            for step in pairing.steps { judge.take(step, state: &state) }
            judge.finish(state: &state)
            state.open = OpenMatters()
            store(slot, left: [])
        }
    }

    /// Takes up what waits in a ledger; whether it is an ordinary course.
    private mutating func takeCourse(of ledger: EndpointLedger, isWhole: Bool) -> Bool {
        ledger.open < 0 && !ledger.isVoid
            && course.take(
                ledger.newest, after: ledger.write, isWhole: isWhole, memory: &judge.memory, broadcast: judge.broadcast)
    }

    /// Whether all that waits in a ledger is an ordinary course, of which the log's end leaves nothing to say.
    private mutating func isOrdinary(_ slot: Int) -> Bool {
        let ledger = ledgers[slot]
        guard takeCourse(of: ledger, isWhole: true) else { return false }
        let last = course.writes.last?.main ?? ledger.active
        return last < 0 || !judge.broadcast.isDeleted(judge.memory[head: last].plan)
    }

    private mutating func load(_ slot: Int) {
        let ledger = ledgers[slot]
        state.isVoid = ledger.isVoid
        state.past = ledger.past
        state.active = nil
        if ledger.active >= 0 {
            let main = judge.memory[ledger.active]
            state.active = PlanStep(
                kind: .write, main: main,
                stored: ledger.activeStored < 0 ? nil : judge.memory[ledger.activeStored],
                sending: judge.memory.sending(of: main))
        }
        if ledger.open >= 0 { swap(&state.open, &open[ledger.open]) }
        remembered.removeAll(keepingCapacity: true)
        state.forEachRecord { remembered.append($0) }
    }

    private mutating func arrange(_ slot: Int) {
        judge.endpoint = ledgers[slot].endpoint
        pairing.pair(
            ledgers[slot].newest, halves: &state.open.halves, storeIsComplete: judge.broadcast.storeIsComplete,
            memory: &judge.memory)
        judge.verdicts.droppedConstraints &+= EffectiveOrder.arrange(
            &pairing.steps, active: state.active?.plan, clocks: &judge.memory.clocks)
        let newest = state.isVoid ? nil : state.active?.plan
        Self.markSafeguards(&pairing.steps, active: newest, clocks: &judge.memory.clocks)
    }

    /// Puts the endpoint back, with the steps that still wait, and frees the records that nobody needs any more.
    private mutating func store(_ slot: Int, left steps: ArraySlice<PlanStep>) {
        for record in pairing.records { judge.memory.giveUp(record.id) }
        for id in remembered { judge.memory.giveUp(id) }
        left.removeAll(keepingCapacity: true)
        for step in steps {
            left.append((step.main.ordinal, step.main.id))
            if let stored = step.stored, stored.id != step.main.id { left.append((stored.ordinal, stored.id)) }
        }
        left.sort { $0.ordinal < $1.ordinal }
        ledgers[slot].newest = -1
        ledgers[slot].count = Int32(truncatingIfNeeded: left.count)
        for record in left {
            judge.memory.link(record.id, behind: ledgers[slot].newest)
            ledgers[slot].newest = record.id
        }
        state.forEachRecord { judge.memory.claim($0) }
        for record in pairing.records { judge.memory.sweep(record.id) }
        for id in remembered { judge.memory.sweep(id) }

        ledgers[slot].active = state.active?.main.id ?? -1
        ledgers[slot].activeStored = state.active?.stored?.id ?? -1
        ledgers[slot].isVoid = state.isVoid
        ledgers[slot].past = state.past
        storeOpen(slot)
    }

    private mutating func storeOpen(_ slot: Int) {
        let at = ledgers[slot].open
        if at < 0, state.open.isEmpty { return }
        if state.open.isEmpty {
            open[at] = OpenMatters()
            open.remove(at)
            ledgers[slot].open = -1
        } else {
            if at < 0 { ledgers[slot].open = open.insert(OpenMatters()) }
            swap(&state.open, &open[ledgers[slot].open])
        }
    }

    /// Marks the refusals of a generation when a newer one may have been active: the last write known to have come
    /// before the refusal, or one whose place is open. `active` is the generation ahead of the steps, if one is.
    private static func markSafeguards(_ steps: inout [PlanStep], active: Int64?, clocks: inout EventClocks) {
        for at in steps.indices where steps[at].kind == .failure && steps[at].main.outcome == .refused {
            let refusal = steps[at]
            var first = 0
            var isActive = active.map { $0 > refusal.plan } ?? false
            for other in steps.indices.reversed() where steps[other].kind == .write {
                if !refusal.failed(after: steps[other], clocks: &clocks) { continue }
                first = other
                isActive = steps[other].plan > refusal.plan
                break
            }
            steps[at].isSafeguard =
                isActive
                || steps[first...].contains { write in
                    write.kind == .write && write.plan > refusal.plan
                        && !refusal.failed(before: write, clocks: &clocks)
                }
        }
    }
}
