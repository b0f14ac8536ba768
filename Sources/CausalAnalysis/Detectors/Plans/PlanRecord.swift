import EventModel

/// The moment at which an enactor made sure that a plan may be written, with what it saw.
struct Check: Sendable {
    var moment: Moment
    let plan: Int64
    /// The generation that it saw active; −1 where the record does not say.
    let active: Int64
    /// `none` for a whole run.
    let endpoint: Symbol
    /// The next check of the same endpoint by another actor; −1 without one.
    var next: Int32 = -1
    /// How many records, flights and lists have it.
    var holders: Int32 = 0
    /// Whether it is only the start of the run, for want of a check.
    let isRunStart: Bool
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
/// Plain memory: what it rests on stands in `PlanMemory`, by number; −1 without one.
struct PlanRecord: Sendable {
    enum Form: Sendable { case answer, unanswered, stored, restored, emptied }

    let moment: Moment
    let form: Form
    let outcome: Outcome
    /// Put there on purpose: by an operator, or with `rollback` as its reason.
    let isDeliberate: Bool
    let byOperator: Bool
    /// Addresses left: 0 none, 1 some, −1 where the record does not say.
    let addresses: Int8
    /// Whose write it was.
    let writer: Symbol
    /// Its own number.
    var id: Int32 = -1
    /// The record of the same endpoint that came before it and waits too; see also `PlanMemory.sweep`.
    var previous: Int32 = -1
    let sending: Int32
    let check: Int32
    private let store: Symbol
    private let life: Int32
    /// −1 where the record does not say; so too the next two.
    let plan: Int64
    let replaces: Int64
    let commit: Int64
    /// The arrival's place in the causal order.
    let ordinal: UInt64
    private let storeCounter: Int64

    init(
        form: Form, moment: Moment, ordinal: UInt64, outcome: Outcome, plan: Int64, replaces: Int64 = -1,
        commit: Int64 = -1, addresses: Int64 = -1, writer: Symbol, storeTime: StoreTime? = nil,
        isDeliberate: Bool = false, byOperator: Bool = false, sending: Int32 = -1, check: Int32 = -1
    ) {
        self.form = form
        self.moment = moment
        self.ordinal = ordinal
        self.outcome = outcome
        self.plan = plan
        self.replaces = replaces
        self.commit = commit
        self.addresses = Int8(addresses.signum())
        self.writer = writer
        store = storeTime?.store ?? .none
        life = storeTime?.life ?? 0
        storeCounter = storeTime?.stamp.counter ?? 0
        self.isDeliberate = isDeliberate
        self.byOperator = byOperator
        self.sending = sending
        self.check = check
    }

    /// In the store's own log the place there, positions included; elsewhere the entry of the clock, a mere count.
    var storeTime: StoreTime? {
        if store == .none { return nil }
        let stamp = store == moment.actor ? moment.stamp : Stamp(counter: storeCounter)
        return StoreTime(store: store, life: life, stamp: stamp)
    }
}
