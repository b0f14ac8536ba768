import DequeModule
import EventModel

/// Finds stale-plan overwrites, deletions of active plans, emptied endpoints, wedged automation, near misses and rollbacks.
///
/// Keyed by endpoint: records wait in their endpoint's ledger until it holds too many of them, until all ledgers together do,
/// or until the log ends; then they are paired, ordered by effect and judged. So a log of moderate size is judged whole, with
/// all that it holds; of a larger one the older half of a ledger at a time, so that a write is put in its place though
/// it arrives after its successor. Memory grows with endpoints, actors, generations and findings, never with events.
package struct PlanDetector: ~Copyable, Sendable {
    /// What may wait in all ledgers together, in bytes.
    private static let budget = 7 << 20
    /// Entries of `waiting` beyond which those of records already judged are cleared away.
    private static let waitingLimit = 1 << 17
    /// So many ledgers ahead of being judged, what that needs is asked for.
    private static let foresight = 18
    /// Records that may wait in one ledger.
    private static let ledgerLimit = 128

    /// The bounds as far as they are known; records that cannot wait for the log's end are judged by them.
    package var skew: any SkewBounds {
        didSet { ledgers.judge.memory.clocks.wall = WallClocks(skew) }
    }

    private var ledgers: EndpointLedgers
    private var flights = Flights()
    /// How many processes an actor has had, by its symbol.
    private var lives: [Int32] = []
    private var processesSeen = 0
    /// Of each process: the run's check found last, since one check is asked for again and again.
    private var recentChecks: [RecentCheck] = []
    /// The ledgers of waiting records, oldest first; with those already judged.
    private var waiting = Deque<Int32>()
    private var waitingCount = 0

    private struct RecentCheck {
        var plan: Int64 = -1
        var check: Int32 = -1
        /// `checksSeen` as it was found; it is out of date where that has grown.
        var seen = UInt64.max
    }

    package init(skew: any SkewBounds = AssumedSkew(maximum: Nanoseconds.minute)) {
        self.skew = skew
        ledgers = EndpointLedgers(skew: skew)
    }

    // MARK: Taking events

    /// Takes one event; events come in one linear extension of happened-before, without duplicates.
    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        if clocks.count != processesSeen { learnProcesses(clocks) }
        let kind = batch.kind[row]
        ledgers.judge.broadcast.follow(
            delivery.process, actor: batch.actor[row], counter: delivery.hasClock ? delivery.stamp.counter : 0,
            isStore: kind == .changeCommitted)
        switch kind {
        case .planCreated:
            if let plan = batch.integer(.plan, at: row) {
                ledgers.judge.memory.clocks.rows.follow(delivery.process)
                ledgers.judge.broadcast.create(plan, ref: delivery.reference(batch, row: row))
            }
        case .runStarted, .planChecked: observeCheck(batch, row: row, delivery: delivery, clocks: clocks)
        case .planApplying: observeSending(batch, row: row, delivery: delivery, clocks: clocks)
        case .planApplied: observeAnswer(batch, row: row, delivery: delivery, clocks: clocks)
        case .changeCommitted, .recordEmptied, .recordRestored:
            observeRecord(batch, row: row, delivery: delivery, clocks: clocks)
        case .planDeleted: observeDeletion(batch, row: row, delivery: delivery, clocks: clocks)
        default: break
        }
    }

    /// Judges what still waits and says all that was found, in an order that depends on the events alone.
    ///
    /// - Parameters:
    ///   - skew: the bounds as the whole log shows them.
    ///   - symbols: the names behind the events' symbols.
    ///   - lost: what the logs lack.
    ///   - absent: actors without a log that may have written plans.
    package mutating func finish(
        skew: some SkewBounds, symbols: SymbolTable, lost: LostRecords = LostRecords(), absent: [Symbol] = []
    ) -> PlanFindings {
        self.skew = skew
        let continuity = PlanContinuity(lost: lost, absent: absent, lives: lives)
        ledgers.judge.continuity = continuity
        for unanswered in flights.takeAll() {
            ledgers.add(unanswered.flight.unanswered(&ledgers.judge.memory), to: unanswered.slot)
        }
        ledgers.finish(symbols)
        waiting.removeAll()
        waitingCount = 0
        let sentences = PlanSentences(symbols: symbols)
        var verdicts = PlanVerdicts()
        swap(&verdicts, &ledgers.judge.verdicts)
        continuity.judge(&verdicts, ledgers.judge.broadcast, ledgers.judge.memory.clocks)
        for (at, facts) in verdicts.facts.enumerated() { sentences.complete(&verdicts.findings[at], facts) }
        return PlanFindings(
            findings: verdicts.findings, undecided: verdicts.questions.map(sentences.undecided),
            droppedConstraints: verdicts.droppedConstraints)
    }

    /// Prepares for an event of an endpoint, which will come soon.
    package mutating func foresee(_ endpoint: Symbol) { ledgers.foresee(endpoint) }

    // MARK: Kinds of events

    private mutating func observeCheck(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        guard let plan = batch.integer(.plan, at: row) else { return }
        let endpoint = batch.endpoint[row]
        let isStart = batch.kind[row] == .runStarted
        let check = Check(
            moment: moment(batch, row: row, delivery: delivery, clocks: clocks), plan: plan,
            active: isStart ? -1 : batch.integer(.active, at: row) ?? -1,
            endpoint: isStart ? .none : endpoint, isRunStart: isStart)
        let id = ledgers.judge.memory.insert(check)
        if check.endpoint == .none {
            ledgers.judge.broadcast.add(check: id, memory: &ledgers.judge.memory)
        } else {
            ledgers.add(check: id, to: ledgers.slot(of: endpoint))
        }
    }

    private mutating func observeSending(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        guard batch.endpoint[row] != .none, let plan = batch.integer(.plan, at: row) else { return }
        let slot = ledgers.slot(of: batch.endpoint[row])
        let writer = batch.actor[row]
        let sending = moment(batch, row: row, delivery: delivery, clocks: clocks)
        let flight = Flight(
            writer: writer, sending: ledgers.judge.memory.insert(sending: sending),
            check: holdCheck(of: writer, process: delivery.process, plan: plan, slot: slot), plan: plan,
            ordinal: delivery.ordinal)
        if let lost = flights.begin(flight, slot: slot) {
            wait(lost.unanswered(&ledgers.judge.memory), slot: slot)
        }
    }

    private mutating func observeAnswer(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        guard batch.endpoint[row] != .none, let plan = batch.integer(.plan, at: row) else { return }
        let slot = ledgers.slot(of: batch.endpoint[row])
        let writer = batch.actor[row]
        let flight = flights.end(writer, plan: plan, slot: slot)
        let set = batch.fields[row]
        let byOperator = set.contains(.byOperator)
        let record = PlanRecord(
            form: .answer, moment: moment(batch, row: row, delivery: delivery, clocks: clocks),
            ordinal: delivery.ordinal, outcome: batch.outcome[row], plan: plan,
            replaces: batch.integer(.replaces, at: row) ?? -1, commit: batch.integer(.commit, at: row) ?? -1,
            addresses: batch.integer(.records, at: row) ?? -1, writer: writer,
            storeTime: storeTime(batch, row: row, delivery),
            isDeliberate: byOperator || set.contains(.rollback), byOperator: byOperator, sending: flight?.sending ?? -1,
            check: flight?.check ?? holdCheck(of: writer, process: delivery.process, plan: plan, slot: slot))
        wait(record, slot: slot)
    }

    private mutating func observeRecord(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let kind = batch.kind[row]
        guard batch.endpoint[row] != .none else { return }
        let plan = batch.integer(.plan, at: row) ?? -1
        // An operator may set addresses without naming a generation; without one a store's record is no write.
        if kind == .changeCommitted, plan < 0 { return }
        let set = batch.fields[row]
        let form: PlanRecord.Form =
            switch kind {
            case .changeCommitted: .stored
            case .recordRestored: .restored
            default: .emptied
            }
        let by = batch.symbol(.by, at: row)
        let isStore = ledgers.judge.broadcast.isStore(delivery.process)
        let byOperator = set.contains(.byOperator) || kind == .recordRestored
        let record = PlanRecord(
            form: form, moment: moment(batch, row: row, delivery: delivery, clocks: clocks), ordinal: delivery.ordinal,
            outcome: .ok, plan: plan, replaces: batch.integer(.replaces, at: row) ?? -1,
            commit: batch.integer(.commit, at: row) ?? -1, addresses: batch.integer(.records, at: row) ?? -1,
            writer: by == .none ? batch.actor[row] : by,
            storeTime: isStore
                ? StoreTime(store: batch.actor[row], life: life(of: batch.actor[row]), stamp: delivery.stamp)
                : storeTime(batch, row: row, delivery),
            isDeliberate: byOperator || set.contains(.rollback), byOperator: byOperator)
        wait(record, slot: ledgers.slot(of: batch.endpoint[row]))
    }

    private mutating func observeDeletion(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let outcome = batch.outcome[row]
        guard let plan = batch.integer(.plan, at: row), outcome != .refused, outcome != .throttled,
            ledgers.judge.broadcast.hasRoom(forDeletionOf: plan)
        else { return }
        ledgers.judge.broadcast.add(
            PlanBroadcast.Deletion(
                moment: moment(batch, row: row, delivery: delivery, clocks: clocks), plan: plan,
                storeTime: storeTime(batch, row: row, delivery),
                isCertain: outcome == .ok))
    }

    // MARK: What an event stands on

    private mutating func moment(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) -> Moment {
        let kind = batch.kind[row]
        if kind != .changeCommitted, kind != .recordEmptied {
            ledgers.judge.broadcast.follow(writer: delivery.process)
        }
        return Moment(batch, at: row, delivery, row: ledgers.judge.memory.clocks.rows.keep(delivery.process, clocks))
    }

    private static func process(_ index: Int) -> ProcessID { ProcessID(index: UInt32(truncatingIfNeeded: index)) }

    /// The entry of the record's `store` in its clock. Taken from the record itself, since a store without a log is no process.
    private func storeTime(_ batch: borrowing EventBatch, row: Int, _ delivery: Delivery) -> StoreTime? {
        let store = batch.symbol(.store, at: row)
        if store == .none || !delivery.hasClock { return nil }
        guard let at = batch.clockEntries(at: row).first(where: { batch.clockActor[$0] == store }) else { return nil }
        return StoreTime(store: store, life: life(of: store), stamp: Stamp(counter: batch.clockCount[at]))
    }

    /// Which of its lives an actor is in; an actor without a log is in its first.
    private func life(of actor: Symbol) -> Int32 {
        let at = Int(actor.index)
        return at < lives.count ? max(0, lives[at] - 1) : 0
    }

    /// The check that a write rests on, held for it; −1 without one.
    private mutating func holdCheck(of writer: Symbol, process: ProcessID, plan: Int64, slot: Int) -> Int32 {
        let p = Int(process.index)
        recentChecks.grow(toHold: p, with: RecentCheck())
        let seen = ledgers.judge.broadcast.checksSeen
        if recentChecks[p].plan != plan || recentChecks[p].seen != seen {
            let check = ledgers.judge.broadcast.check(of: writer, plan: plan)
            recentChecks[p] = RecentCheck(plan: plan, check: check, seen: seen)
        }
        let check = ledgers.check(of: writer, plan: plan, in: slot, wholeRun: recentChecks[p].check)
        ledgers.judge.memory.hold(check: check)
        return check
    }

    private mutating func learnProcesses(_ clocks: borrowing ProcessClocks) {
        for p in processesSeen..<max(processesSeen, clocks.count) {
            let actor = Int(clocks.actor(of: Self.process(p)).index)
            lives.grow(toHold: actor, with: 0)
            lives[actor] += 1
        }
        processesSeen = clocks.count
    }

    // MARK: Waiting

    /// Lets a record wait, and judges what must make room for it.
    private mutating func wait(_ record: PlanRecord, slot: Int) {
        ledgers.add(record, to: slot)
        waitingCount += 1
        waiting.append(Int32(truncatingIfNeeded: slot))
        if ledgers.waiting(in: slot) > Self.ledgerLimit { settle(slot) }
        if waiting.count > Self.waitingLimit { compact() }
        if waiting.count > Self.foresight {
            for step in 0..<EndpointLedgers.prefetchSteps {
                ledgers.prefetch(Int(waiting[Self.foresight - step * Self.foresight / 6]), step: step)
            }
        }
        while waitingCount * ledgers.judge.memory.bytesPerRecord > Self.budget, let oldest = waiting.popFirst() {
            if ledgers.waiting(in: Int(oldest)) > 0 { settle(Int(oldest)) }
        }
    }

    /// Keeps of each ledger's entries in `waiting` the newest, as many as it has records.
    private mutating func compact() {
        var left = ledgers.waiting
        var kept = Deque<Int32>()
        for slot in waiting.reversed() where left[Int(slot)] > 0 {
            left[Int(slot)] -= 1
            kept.prepend(slot)
        }
        waiting = kept
    }

    private mutating func settle(_ slot: Int) {
        waitingCount -= ledgers.waiting(in: slot)
        ledgers.settleHalf(slot)
        waitingCount += ledgers.waiting(in: slot)
    }
}

/// What the plan detector found.
package struct PlanFindings: Sendable {
    package var findings: [Finding]
    package var undecided: [Quality.Undecided]
    /// Constraints of endpoints' orders that contradicted stronger ones.
    package var droppedConstraints: UInt64
}
