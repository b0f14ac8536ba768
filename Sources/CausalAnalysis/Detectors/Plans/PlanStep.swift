import EventModel

/// One step in an endpoint's history: a write (its answer, the store's record of it, or both), a failed attempt, an emptied record.
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
    var main: PlanRecord
    /// The store's record.
    var stored: PlanRecord?
    /// When it was sent.
    var sending: Moment?
    /// Of a refusal: a generation at least as new may have been active, so that the store did as it should.
    var isSafeguard = false

    var mayTakeEffect: Bool { kind == .write || kind == .uncertain }

    /// The writer's own record.
    var answer: PlanRecord? { main.form == .stored ? nil : main }

    /// The record whose time is nearest to the effect.
    var effect: PlanRecord { stored ?? main }

    var plan: Int64 { main.plan }
    var writer: Symbol { main.writer }
    var commit: Int64 { Self.given(stored?.commit, else: main.commit) }
    var replaces: Int64 { Self.given(stored?.replaces, else: main.replaces) }
    var leavesAddresses: Bool {
        if let stored, stored.addresses >= 0 { return stored.addresses > 0 }
        return main.addresses != 0
    }
    var storeTime: StoreTime? { stored?.storeTime ?? main.storeTime }
    var isDeliberate: Bool { main.isDeliberate || stored?.isDeliberate == true }
    var byOperator: Bool { main.byOperator || stored?.byOperator == true }
    var restarted: Bool { main.moment.restarted || stored?.moment.restarted == true }
    /// The record to show for it: the writer's own, the store's where the writer had no answer that says what became of it.
    var shown: RecordRef { shownMoment.ref }
    var shownMoment: Moment { saysEffect ? main.moment : effect.moment }
    private var saysEffect: Bool { main.form != .unanswered && (main.form != .answer || main.outcome == .ok) }
    /// The store's record, where it is shown beside the writer's.
    var storedBeside: RecordRef? { saysEffect && answer != nil ? stored?.moment.ref : nil }
    /// The writer's answer that left open what became of it, where the store's record is shown.
    var openAnswer: RecordRef? { !saysEffect && stored != nil && main.form == .answer ? main.moment.ref : nil }
    /// When it happened, as that record says.
    var at: Timestamp { Timestamp(nanoseconds: shownMoment.time) }
    /// The first event that cannot have been later than the effect: the sending, else the record nearest to it.
    var start: Moment { sending ?? effect.moment }

    /// The event nearest to the effect that cannot have been later than it, for what was known by then.
    var known: Moment { stored?.moment ?? start }

    private static func given(_ value: Int64?, else other: Int64) -> Int64 {
        if let value, value >= 0 { value } else { other }
    }

    /// Whether the records show that this step came before `other`: like is compared with like where both are there.
    func happened(before other: PlanStep, _ clocks: borrowing EventClocks) -> Bool {
        if let mine = stored, let theirs = other.stored { return clocks.precedes(mine.moment, theirs.moment) }
        if let mine = answer, let theirs = other.answer { return clocks.precedes(mine.moment, theirs.moment) }
        return clocks.precedes(main.moment, other.main.moment)
    }

    /// Whether this step's effect happened before the event.
    func happened(before event: Moment, _ clocks: borrowing EventClocks) -> Bool {
        if let stored, clocks.precedes(stored.moment, event) { return true }
        return clocks.precedes(main.moment, event)
    }

    /// Whether this failed attempt was answered before the write can have taken effect: by the store's clock, else
    /// happened-before, else times beyond the skew's bound.
    func failed(before write: PlanStep, clocks: inout EventClocks) -> Bool {
        if let mine = storeTime, let its = write.storeTime, mine.sharesCount(with: its) {
            return mine.stamp < its.stamp
        }
        if write.happened(after: main.moment, clocks) { return true }
        return clocks.tell(main.moment, before: write.stored?.moment ?? write.start)
    }

    /// Whether the write had taken effect before this failed attempt was sent, by the same rules.
    func failed(after write: PlanStep, clocks: inout EventClocks) -> Bool {
        if let mine = storeTime, let its = write.storeTime, mine.sharesCount(with: its) {
            return its.stamp <= mine.stamp
        }
        if write.happened(before: main.moment, clocks) { return true }
        return clocks.tell(write.effect.moment, before: start)
    }

    /// Whether the event happened before this step's effect: before its sending or the store's record, or, where neither is
    /// there, before its answer.
    func happened(after event: Moment, _ clocks: borrowing EventClocks) -> Bool {
        if let stored, clocks.precedes(event, stored.moment) { return true }
        if let sending { return clocks.precedes(event, sending) }
        return stored == nil && clocks.precedes(event, main.moment)
    }

    /// The records that it is made of.
    func forEachRecord(_ body: (Int32) -> Void) {
        body(main.id)
        if let stored, stored.id != main.id { body(stored.id) }
    }
}
