import EventModel

/// What the stores' own logs say by silence: where the log of an incarnation lacks no record, what is not in it did not happen.
///
/// One store's log says nothing about another's, and one without counters nothing at all.
struct StoreLogs: ~Copyable, Sendable {
    /// A log of one process, as far as it is there.
    private struct Log: Sendable {
        var isStore = false
        var first: Int64 = -1
        var last: Int64 = -1
        var lastTime: Int64 = .min
        var isCounted = true
        /// The newest event whose clock is kept.
        var newest: Moment?
    }

    private struct Place: Hashable {
        var store: Symbol
        var counter: Int64
    }

    private var logs: [Log] = []
    /// By an actor's symbol, its processes in the order in which they began.
    private var processes: [[ProcessID]] = []
    /// By process, which incarnation of its actor it is.
    private var incarnations: [Int32] = []
    /// Stores that wrote a `record.emptied` somewhere: others may never write one.
    private var emptying: Set<Symbol> = []
    /// Counters of a store that its log lacks since they are deletions', which it need not write down.
    private var deletions: Set<Place> = []
    private var lost = LostRecords()
    private let place = LentByAddress()

    // MARK: Taking events

    mutating func begin(_ process: ProcessID, of actor: Symbol) {
        let at = Int(actor.index)
        processes.grow(toHold: at, with: [])
        incarnations.append(Int32(truncatingIfNeeded: processes[at].count))
        processes[at].append(process)
        logs.append(Log())
    }

    @inline(__always)
    mutating func follow(_ delivery: Delivery, time: Int64) {
        let at = Int(delivery.process.index)
        if !delivery.hasClock {
            logs[at].isCounted = false
            return
        }
        if logs[at].first < 0 { logs[at].first = delivery.stamp.counter }
        logs[at].last = delivery.stamp.counter
        logs[at].lastTime = time
    }

    /// Notes a record about an endpoint, which only a store has of some kinds.
    mutating func note(_ fact: Fact) {
        let at = Int(fact.moment.process.index)
        logs[at].newest = fact.moment
        if fact.form == .stored { logs[at].isStore = true }
        if fact.form == .emptied { emptying.insert(fact.moment.actor) }
    }

    mutating func note(_ deletion: PlanDeletion) {
        guard let time = deletion.storeTime else { return }
        deletions.insert(Place(store: time.store, counter: time.counter))
    }

    /// Takes over what the logs lack, once all events have come.
    mutating func settle(_ lost: LostRecords) { self.lost = lost }

    // MARK: Asking

    /// The store's time of a record: of a store's own its place there, else what it says itself.
    func ownTime(of fact: Fact) -> StoreTime? {
        if fact.form == .emptied, logs[Int(fact.moment.process.index)].isStore {
            return StoreTime(
                store: fact.moment.actor, incarnation: incarnation(of: fact.moment.process),
                counter: fact.moment.counter, position: fact.moment.position)
        }
        return fact.hasStoreTime ? fact.storeTime : nil
    }

    /// Which incarnation of an actor stands now, from 0.
    func incarnation(of actor: Symbol) -> Int32 { Int32(truncatingIfNeeded: max(0, count(of: actor) - 1)) }

    /// Which incarnation of its actor a process is.
    func incarnation(of process: ProcessID) -> Int32 { incarnations[Int(process.index)] }

    func hasRestarted(_ actor: Symbol) -> Bool { count(of: actor) > 1 }

    /// Whether an actor has a log at all.
    func hasLog(_ actor: Symbol) -> Bool { count(of: actor) > 0 }

    private func count(of actor: Symbol) -> Int {
        Int(actor.index) < processes.count ? processes[Int(actor.index)].count : 0
    }

    /// Whether a store ever wrote that an endpoint has no addresses.
    func writesEmptied(_ store: Symbol) -> Bool { emptying.contains(store) }

    /// What the log of a store tells about the counters between two of them.
    enum Silence: Sendable {
        /// Nothing is missing there.
        case whole
        /// Records are missing there.
        case broken
        /// The log does not tell.
        case unknown
    }

    /// What a store's log tells about the time between two of its logical times.
    func silence(from: StoreTime, to: StoreTime) -> Silence {
        guard from.sharesCount(with: to), let process = process(from) else { return .unknown }
        return silence(process, from.store, from.counter, to.counter)
    }

    /// The same from a logical time on up to a moment, which a record of the store must follow.
    func silence(from: StoreTime, until moment: Moment, _ clocks: inout EventClocks) -> Silence {
        guard let process = process(from), let newest = logs[Int(process.index)].newest else { return .unknown }
        let log = logs[Int(process.index)]
        guard from.incarnation == incarnation(of: from.store) else { return .unknown }
        let isPast =
            clocks.precedes(moment, newest)
            || clocks.span(from: moment, to: log.lastTime, of: from.store).lowerBound > 0
        return isPast ? silence(process, from.store, from.counter, log.last) : .unknown
    }

    private func process(_ time: StoreTime) -> ProcessID? {
        guard Int(time.incarnation) < count(of: time.store), time.incarnation >= 0 else { return nil }
        let process = processes[Int(time.store.index)][Int(time.incarnation)]
        let log = logs[Int(process.index)]
        return log.isStore && log.isCounted ? process : nil
    }

    private func silence(_ process: ProcessID, _ store: Symbol, _ from: Int64, _ to: Int64) -> Silence {
        let log = logs[Int(process.index)]
        if from < log.first || to > log.last { return .unknown }
        let at = Int(process.index)
        guard at < lost.gaps.count else { return .whole }
        let gaps = lost.gaps[at]
        for gap in gaps[gaps.partition { $0.counters.upperBound > from }...] {
            if gap.counters.lowerBound >= to { break }
            let counters =
                max(
                    gap.counters.lowerBound, from + 1)...max(
                    gap.counters.lowerBound, min(gap.counters.upperBound, to - 1))
            // No more deletions can explain it than there are.
            if counters.count > deletions.count { return .broken }
            for counter in counters where !deletions.contains(Place(store: store, counter: counter)) { return .broken }
        }
        return .whole
    }
}
