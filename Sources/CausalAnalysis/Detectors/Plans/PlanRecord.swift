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

    /// What the ordinary course asks: one cache line, since most records are asked no more.
    struct Head: Sendable {
        let form: Form
        let outcome: Outcome
        /// Addresses left: 0 none, 1 some, −1 where the record does not say.
        let addresses: Int8
        /// Put there on purpose: by an operator, or with `rollback` as its reason.
        let isDeliberate: Bool
        let byOperator: Bool
        /// Of the record's moment, as there.
        let kind: EventKind
        let hasClock: Bool
        let restarted: Bool
        /// Whose write it was.
        let writer: Symbol
        /// The record of the same endpoint that came before it and waits too; see also `PlanMemory.sweep`.
        var previous: Int32 = -1
        /// −1 once nobody needs it.
        var sending: Int32
        let check: Int32
        /// Of the record's moment, as there.
        let row: Int32
        let process: ProcessID
        /// The own counter; where the clock was inferred, −1 less it.
        let counter: Int64
        /// −1 where the record does not say; so too the next two.
        let plan: Int64
        let replaces: Int64
        let commit: Int64
    }

    /// The rest, for whom it is shown and where the order is in doubt: another.
    struct Rest: Sendable {
        /// Of the record's moment, as there.
        let line: UInt64
        let byte: UInt64
        let time: Int64
        let position: UInt32
        let length: UInt32
        let source: SourceID
        let actor: Symbol
        /// The arrival's place in the causal order.
        let ordinal: UInt64
        fileprivate let storeCounter: Int64
        fileprivate let store: Symbol
        fileprivate let life: Int32
    }

    let head: Head
    let rest: Rest
    /// Its own number.
    let id: Int32

    /// The record of a number.
    init(_ head: Head, _ rest: Rest, id: Int32) {
        self.head = head
        self.rest = rest
        self.id = id
    }

    init(
        form: Form, moment: Moment, ordinal: UInt64, outcome: Outcome, plan: Int64, replaces: Int64 = -1,
        commit: Int64 = -1, addresses: Int64 = -1, writer: Symbol, storeTime: StoreTime? = nil,
        isDeliberate: Bool = false, byOperator: Bool = false, sending: Int32 = -1, check: Int32 = -1
    ) {
        head = Head(
            form: form, outcome: outcome, addresses: Int8(addresses.signum()), isDeliberate: isDeliberate,
            byOperator: byOperator, kind: moment.kind, hasClock: moment.hasClock, restarted: moment.restarted,
            writer: writer, sending: sending, check: check, row: moment.row, process: moment.process,
            counter: moment.position == 0 ? moment.counter : -1 - moment.counter, plan: plan, replaces: replaces,
            commit: commit)
        rest = Rest(
            line: moment.line, byte: moment.byte, time: moment.time, position: moment.position, length: moment.length,
            source: moment.source, actor: moment.actor, ordinal: ordinal, storeCounter: storeTime?.stamp.counter ?? 0,
            store: storeTime?.store ?? .none, life: storeTime?.life ?? 0)
        id = -1
    }

    var moment: Moment { Moment(head, rest) }
    var ordinal: UInt64 { rest.ordinal }
    var form: Form { head.form }
    var outcome: Outcome { head.outcome }
    var addresses: Int8 { head.addresses }
    var isDeliberate: Bool { head.isDeliberate }
    var byOperator: Bool { head.byOperator }
    var writer: Symbol { head.writer }
    var previous: Int32 { head.previous }
    var sending: Int32 { head.sending }
    var check: Int32 { head.check }
    var plan: Int64 { head.plan }
    var replaces: Int64 { head.replaces }
    var commit: Int64 { head.commit }

    /// In the store's own log the place there, positions included; elsewhere the entry of the clock, a mere count.
    var storeTime: StoreTime? {
        if rest.store == .none { return nil }
        let stamp = rest.store == rest.actor ? moment.stamp : Stamp(counter: rest.storeCounter)
        return StoreTime(store: rest.store, life: rest.life, stamp: stamp)
    }
}
