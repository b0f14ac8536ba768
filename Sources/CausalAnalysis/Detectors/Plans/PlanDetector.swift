import EventModel

/// Finds stale-plan overwrites, deletions of active plans, emptied endpoints, wedged automation, near misses and rollbacks.
///
/// It takes the events in causal order and judges nothing before the log's end. What each record says about its endpoint is kept as a
/// *fact*, some 12 to 18 bytes each, in parts that share no endpoint (`FactParts`); what its clock says, as the moments at which one process
/// learned of another (`ClockHistory`). At the end what holds for all endpoints is settled (`SettledPlans`), and each endpoint is
/// judged by itself over its whole history: its records are paired to writes (`WritePairing`), put in the order in which they took effect
/// (`EffectiveOrder`), and gone through one after the other (`EndpointHistory`). So nothing depends on what came first, on memory, or on the
/// parts.
package struct PlanDetector: Detector, ~Copyable {
    private var facts: FactParts
    private var history = ClockHistory()
    private var broadcast = PlanBroadcast()
    private var logs = StoreLogs()
    private var scopes = CommitScopes()
    /// The rules to go by: all of them, but for somebody who asks what each one decides.
    var rules = OrderRules.all
    /// The actor of each process; and whether it writes, checks or deletes plans.
    private var actors: [Symbol] = []
    private var writers: [Bool] = []
    private var operators: Set<Symbol> = []
    /// Endpoints that were seen emptied and not written since, and whether one of them refused a write.
    private var emptied: Set<Symbol> = []
    private var emptyRefuses = false
    /// Whether an answer or a store's record came without a clock, so that only the pairs of these bound some clocks.
    private var isUnclocked = false
    private let place = LentByAddress()

    package static let interest = EventInterest.everything

    package init(shards: Int) {
        facts = FactParts(count: max(1, shards))
    }

    // MARK: Taking events

    /// Takes one event; events come in one linear extension of happened-before, without duplicates.
    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        if clocks.count != actors.count { learnProcesses(clocks) }
        history.note(clocks)
        logs.follow(delivery, time: batch.time[row])
        switch batch.kind[row] {
        case .planCreated:
            guard let plan = batch.integer(.plan, at: row) else { return }
            history.follow(delivery.process)
            broadcast.create(plan, delivery, actor: batch.actor[row], time: batch.time[row])
        case .runStarted, .planChecked: observeCheck(batch, row: row, delivery: delivery, clocks: clocks)
        case .planApplying: observe(.sending, batch, row: row, delivery: delivery, clocks: clocks)
        case .planApplied: observe(.answer, batch, row: row, delivery: delivery, clocks: clocks)
        case .changeCommitted: observe(.stored, batch, row: row, delivery: delivery, clocks: clocks)
        case .recordEmptied: observe(.emptied, batch, row: row, delivery: delivery, clocks: clocks)
        case .recordRestored: observe(.restored, batch, row: row, delivery: delivery, clocks: clocks)
        case .planDeleted: observeDeletion(batch, row: row, delivery: delivery, clocks: clocks)
        // What a clean-up knew as it began, its deletions knew as they were sent.
        case .cleanupStarted: _ = history.keep(delivery.process, clocks)
        default: break
        }
    }

    private mutating func observeCheck(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        guard let plan = batch.integer(.plan, at: row) else { return }
        writers[Int(delivery.process.index)] = true
        let moment = Moment(batch, at: row, delivery, index: history.keep(delivery.process, clocks))
        let active = batch.integer(.active, at: row) ?? -1
        let endpoint = batch.endpoint[row]
        let isStart = batch.kind[row] == .runStarted
        if isStart || endpoint == .none {
            broadcast.add(
                PlanCheck(moment: moment, active: isStart ? -1 : active, isWholeRun: true, isRunStart: isStart),
                plan: plan)
        } else {
            facts.append(
                Fact(form: .check, writer: batch.actor[row], plan: plan, seen: active, moment: moment), of: endpoint)
        }
    }

    private mutating func observe(
        _ form: Fact.Form, _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let endpoint = batch.endpoint[row]
        if endpoint == .none { return }
        let moment = Moment(batch, at: row, delivery, index: history.keep(delivery.process, clocks))
        var fact = Fact(form: form, writer: moment.actor, moment: moment)
        fact.plan = batch.integer(.plan, at: row) ?? -1
        let set = batch.fields[row]
        fact.byOperator = form == .restored || (form != .stored && set.contains(.byOperator))
        fact.isDeliberate = fact.byOperator || set.contains(.rollback)
        if set.contains(.byOperator) { operators.insert(moment.actor) }
        switch form {
        case .check, .sending: broadcast.use(delivery.process, plan: fact.plan)
        case .answer:
            fact.outcome = batch.outcome[row]
            broadcast.use(delivery.process, plan: fact.plan)
            takeEffect(&fact, batch, row: row, delivery: delivery)
        case .stored:
            fact.writer = batch.symbol(.by, at: row)
            takeEffect(&fact, batch, row: row, delivery: delivery)
        case .restored, .emptied: takeEffect(&fact, batch, row: row, delivery: delivery)
        }
        if form == .stored || form == .emptied { logs.note(fact) }
        if form != .stored, form != .emptied { writers[Int(delivery.process.index)] = true }
        followEmptied(fact, endpoint)
        facts.append(fact, of: endpoint)
    }

    /// What a record says of a write's effect: what it displaced, its commit, what is left, the store's time.
    private mutating func takeEffect(
        _ fact: inout Fact, _ batch: borrowing EventBatch, row: Int, delivery: Delivery
    ) {
        if !delivery.hasClock { isUnclocked = true }
        fact.seen = batch.integer(.replaces, at: row) ?? -1
        fact.commit = batch.integer(.commit, at: row) ?? -1
        fact.addresses = Int8((batch.integer(.records, at: row) ?? -1).signum())
        fact.store = batch.symbol(.store, at: row)
        let isLogged = fact.form == .stored
        if isLogged {
            let actor = fact.moment.actor
            fact.hasStoreTime = true
            fact.storeTime = StoreTime(
                store: actor, incarnation: logs.incarnation(of: delivery.process),
                counter: fact.moment.counter, position: fact.moment.position)
        } else if let time = storeTime(batch, row: row, delivery) {
            fact.hasStoreTime = true
            fact.storeTime = time
        }
        if fact.commit >= 0, fact.commit < Generation.firstLarge {
            scopes.note(fact.commit, of: batch.endpoint[row], store: isLogged ? fact.moment.actor : fact.store)
        }
    }

    private mutating func observeDeletion(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let outcome = batch.outcome[row]
        guard let plan = batch.integer(.plan, at: row), outcome != .refused, outcome != .throttled else { return }
        writers[Int(delivery.process.index)] = true
        let deletion = PlanDeletion(
            moment: Moment(batch, at: row, delivery, index: history.keep(delivery.process, clocks)), plan: plan,
            storeTime: storeTime(batch, row: row, delivery), store: batch.symbol(.store, at: row),
            isCertain: outcome == .ok)
        broadcast.add(deletion)
        logs.note(deletion)
    }

    /// The entry of the record's `store` in its clock. Taken from the record itself, since a store without a log is no process.
    private func storeTime(_ batch: borrowing EventBatch, row: Int, _ delivery: Delivery) -> StoreTime? {
        let store = batch.symbol(.store, at: row)
        if store == .none || !delivery.hasClock { return nil }
        guard let at = batch.clockEntries(at: row).first(where: { batch.clockActor[$0] == store }) else { return nil }
        return StoreTime(store: store, incarnation: logs.incarnation(of: store), counter: batch.clockCount[at])
    }

    /// Learns whether an emptied endpoint refuses writes.
    private mutating func followEmptied(_ fact: Fact, _ endpoint: Symbol) {
        if fact.form == .emptied {
            emptied.insert(endpoint)
        } else if !emptied.isEmpty, fact.form != .sending, emptied.contains(endpoint) {
            if fact.outcome == .refused {
                emptyRefuses = true
            } else if fact.outcome == .ok {
                emptied.remove(endpoint)
            }
        }
    }

    private mutating func learnProcesses(_ clocks: borrowing ProcessClocks) {
        for number in actors.count..<clocks.count {
            let process = ProcessID(index: UInt32(truncatingIfNeeded: number))
            actors.append(clocks.actor(of: process))
            writers.append(false)
            logs.begin(process, of: actors[number])
        }
    }

    // MARK: Judging

    /// Judges all endpoints and says what was found, in an order that depends on the events alone.
    package mutating func finish(_ log: WholeLog) -> Detections {
        var history = ClockHistory()
        var broadcast = PlanBroadcast()
        var logs = StoreLogs()
        var scopes = CommitScopes()
        swap(&history, &self.history)
        swap(&broadcast, &self.broadcast)
        swap(&logs, &self.logs)
        swap(&scopes, &self.scopes)
        history.seal()
        logs.settle(log.lost)
        scopes.settle()
        let ranks = GenerationRanks(log.symbols)
        broadcast.settle(ranks)
        let settled = SettledPlans(
            history: history, broadcast: broadcast, logs: logs, scopes: scopes,
            continuity: PlanContinuity(lost: log.lost, absent: log.absent, writers: writers), operators: operators,
            emptyRefuses: emptyRefuses, symbols: log.symbols, sharedClocks: log.skew.sharedClocks,
            ranks: ranks, rules: rules)
        var facts = FactParts(count: 1)
        swap(&facts, &self.facts)
        let parts = PlanParts(facts, actors: actors)
        var bounds = AnswerSkew(log.skew)
        if isUnclocked {
            let learned = parts.judge(by: EventClocks(settled, log.skew), in: log.workshop, beginning: bounds) {
                records, pairing, bounds in
                var steps: [PlanStep] = []
                pairing.make(&steps, of: &records)
                pairing.teach(&bounds, records)
            }
            for part in learned { bounds.merge(part) }
        }
        let judged = parts.judge(by: EventClocks(settled, bounds), in: log.workshop, beginning: PlanVerdicts()) {
            records, pairing, verdicts in
            EndpointHistory.judge(&records, &pairing, &verdicts)
        }
        var verdicts = PlanVerdicts()
        for part in judged { verdicts.merge(part, log.symbols) }
        return verdicts.finish()
    }
}
