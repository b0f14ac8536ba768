import EventModel

/// An event that the plan detector keeps: where it stands, and the clock that it had.
struct Moment: Sendable {
    var ref: RecordRef
    /// The vector clock, indexed by process; what it says of the event's own process is left to `ref`, so that neighbours share it.
    var clock: ContiguousArray<Stamp>
    /// Whether the process began by a fall of its actor's counter: its orders are at most likely.
    var restarted: Bool

    /// Whether this event happened before `other`.
    func precedes(_ other: Moment) -> Bool {
        if ref.process == other.ref.process { return ref.stamp < other.ref.stamp }
        let p = Int(ref.process.index)
        return p < other.clock.count && other.clock[p] >= ref.stamp
    }

    /// The wall clock, in nanoseconds.
    var time: Int64 { ref.time.nanoseconds }
}

/// The moment at which an enactor made sure that a plan may be written, with what it saw.
///
/// Immutable and shared by all the writes that rest on it, so boxed.
final class Check: Sendable {
    let moment: Moment
    let plan: Int64
    /// The generation that it saw active; −1 where the record does not say.
    let active: Int64
    /// `nil` for a whole run.
    let endpoint: Symbol?
    /// Whether it is only the start of the run, for want of a check.
    let isRunStart: Bool

    init(moment: Moment, plan: Int64, active: Int64, endpoint: Symbol?, isRunStart: Bool) {
        self.moment = moment
        self.plan = plan
        self.active = active
        self.endpoint = endpoint
        self.isRunStart = isRunStart
    }
}

/// The store's logical time of an effect: its entry in a clock, or the place in its own log.
struct StoreTime: Sendable {
    var store: Symbol
    /// Which of the store's lives it counts in, from 0.
    var life: Int32
    var stamp: Stamp

    /// Whether the two counts can be compared.
    func sharesCount(with other: StoreTime) -> Bool { store == other.store && life == other.life }
}

/// One record about an endpoint's plan: the answer to a write, the store's own record, a restoration, an emptied record.
///
/// Immutable, so that pairs and active writes share it.
final class PlanRecord: Sendable {
    enum Form: Sendable { case answer, unanswered, stored, restored, emptied }

    let form: Form
    let moment: Moment
    /// The arrival's place in the causal order.
    let ordinal: UInt64
    let outcome: Outcome
    /// −1 where the record does not say; so too the next three.
    let plan: Int64
    let replaces: Int64
    let commit: Int64
    let addresses: Int64
    /// Whose write it was.
    let writer: Symbol
    let storeTime: StoreTime?
    /// Put there on purpose: by an operator, or with `rollback` as its reason.
    let isDeliberate: Bool
    let byOperator: Bool
    let sending: Moment?
    let check: Check?

    init(
        form: Form, moment: Moment, ordinal: UInt64, outcome: Outcome, plan: Int64, replaces: Int64 = -1,
        commit: Int64 = -1, addresses: Int64 = -1, writer: Symbol, storeTime: StoreTime? = nil,
        isDeliberate: Bool = false, byOperator: Bool = false, sending: Moment? = nil, check: Check? = nil
    ) {
        self.form = form
        self.moment = moment
        self.ordinal = ordinal
        self.outcome = outcome
        self.plan = plan
        self.replaces = replaces
        self.commit = commit
        self.addresses = addresses
        self.writer = writer
        self.storeTime = storeTime
        self.isDeliberate = isDeliberate
        self.byOperator = byOperator
        self.sending = sending
        self.check = check
    }

    /// How much memory it takes, in sixteens of bytes, about.
    var weight: Int { 32 + moment.clock.count + (sending?.clock.count ?? 0) }
}
