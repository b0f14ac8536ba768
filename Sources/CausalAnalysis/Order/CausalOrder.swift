import EventModel

/// Gives the events of all sources out in one linear extension of happened-before: among those whose causes have all
/// been given out, the one of smallest time, then of smallest actor name.
///
/// A pull-based merge with one head for each actor. A head may go out when every other actor's entry in its clock is
/// covered: that actor has given out, or passed over, the counter. Else it waits on the first entry that is not, and is
/// woken when that actor moves past it. On well-formed clocks some head can always go, so few records of each actor are held: the head, and
/// those that its clock is judged by (`ClockFaults`). Sources
/// in which many actors write are read ahead within bounds (`SourceWindow`). Where no head can go the clocks run in a circle
/// or name what no log holds; then the waiting head of smallest time goes, and `notes` says so. Nothing hangs it.
///
/// Memory: for each actor up to `reach` records and those it has heard of, and the look-ahead. Time: O(log actors + entries of the clock) an event.
///
/// The supply is asked for whole batches, so it may be of any kind; nothing here is generic but what hands an event over.
package struct CausalOrder: ~Copyable {
    package internal(set) var supply: any BatchSupply
    package internal(set) var notes = OrderNotes()
    private(set) var clocks = ProcessClocks()
    /// What became of the clocks by the event that is given out.
    var changes = Column<ProcessClocks.Change>()
    package internal(set) var skew: ClockSkew

    let options: OrderOptions
    var lanes = Table<Lane>()
    /// By an actor's symbol; −1 without one. See `latestLife` for the second.
    var laneOfActor = Column<Int32>()
    var lifeOfActor = Column<Int32>()
    var windows = Table<SourceWindow>()
    var dormant: [(time: Int64, source: Int)] = []
    var sharedLive: [Int] = []
    var scatteredSources: Set<Int> = []
    var batches = HeldBatches()
    var ready = ReadyHeap()
    var inference = ClockInference()
    /// Lanes to look at again: they got rows, or what they waited for has moved.
    var touched = Column<Int>()
    var settling = Column<Int>()
    /// Where entries of a clock stand, by actor, while it is compared with another; else −1.
    var entryPlaces = Column<Int32>()
    /// Lanes that wait for something no log has shown yet.
    var waitingForAbsent: [Int] = []
    /// For each process the latest of its events that another's clock is known to cover.
    var known = Column<Stamp>()
    var ordinal: UInt64 = 0
    /// How many lives began after another of the same actor.
    var restarts = 0

    /// Prepares the order of a supply's sources; reads their beginnings.
    package init(_ supply: some BatchSupply, options: OrderOptions = OrderOptions()) {
        self.supply = supply
        self.options = options
        skew = ClockSkew(maximum: options.maxSkew)
        for _ in 0..<supply.sourceCount { windows.append(SourceWindow()) }
    }

    /// How an event is handed to whoever takes it: the batch that holds it, its place there, what the order knows of it, the clocks,
    /// and what became of them by it.
    typealias HandOver<Taker: ~Copyable> = (
        inout Taker, HeldBatch, HeldPlace, Delivery, borrowing ProcessClocks, borrowing Column<ProcessClocks.Change>
    ) -> Void

    /// Gives all events to `consumer`, in order.
    package mutating func run(_ consumer: inout some EventConsumer & ~Copyable) {
        run(&consumer) { consumer, held, place, delivery, clocks, _ in
            consumer.observe(held.events, row: Int(place.row), delivery: delivery, clocks: clocks)
        }
    }

    /// The same to a consumer of whom the order may be ahead, on any thread of the supply's workshop; returns once that has taken all of them.
    package mutating func run<Consumer: EventConsumer & Sendable & ~Copyable>(apart consumer: consuming Consumer)
        -> Consumer
    {
        var relay = EventRelay(consumer, supply.workshop)
        run(&relay) { relay, held, place, delivery, _, changes in
            relay.add(held, place, delivery, changes)
        }
        return relay.finish()
    }

    /// The same with one more who takes the events here, on the order's thread.
    package mutating func run<Consumer: EventConsumer & Sendable & ~Copyable, Companion: EventConsumer>(
        apart consumer: consuming Consumer, beside companion: inout Companion
    ) -> Consumer {
        var relay = EventRelay(consumer, supply.workshop)
        run(&companion) { companion, held, place, delivery, clocks, changes in
            companion.observe(held.events, row: Int(place.row), delivery: delivery, clocks: clocks)
            relay.add(held, place, delivery, changes)
        }
        return relay.finish()
    }

    // MARK: Clocks

    /// Raises one entry; whether that changed it.
    @discardableResult
    mutating func raise(_ process: ProcessID, entry other: ProcessID, to stamp: Stamp) -> Bool {
        if !clocks.raise(process, entry: other, to: stamp) { return false }
        changes.append(.raise(process, other, stamp))
        return true
    }

    mutating func beginProcess(of actor: Symbol, after predecessor: ProcessID?) -> ProcessID {
        changes.append(.begin(actor, after: predecessor))
        return clocks.begin(actor: actor, after: predecessor)
    }

    // MARK: The merge

    /// Hands all events over, in order.
    private mutating func run<Taker: ~Copyable>(_ taker: inout Taker, _ handOver: HandOver<Taker>) {
        openFirst()
        while true {
            readAhead(span: 2 * options.maxSkew)
            settleTouched()
            if let top = ready.top {
                if !waitingForAbsent.isEmpty, let overdue = overdue(before: top.time) {
                    release(overdue)
                    continue
                }
                ready.remove(top.lane, lanes)
                deliver(top.lane, to: &taker, handOver)
            } else if !unblock() {
                noteEnd()
                return
            }
        }
    }
}
