import EventModel
import SharedWork

/// All events of a bundle in one linear extension of happened-before: among those whose causes have all been handed out, the one of smallest
/// time, then of smallest actor name.
///
///     supply ─▶ Facts: records of each source and actor in frames, surveys ─▶ OwnOrder: each actor's records in order
///            ─▶ join: which record bears each name ─▶ Merge: the order, as a tape of sequences ─▶ Replay: to consumers
///
/// Everything is settled from the whole bundle before the first event is handed out, so what comes out is a function of the records, their files'
/// names and lines alone. The logs are read once; consumers may be served any number of times after that.
package struct SettledOrder: ~Copyable {
    /// The names behind the symbols.
    package let symbols: SymbolTable
    /// How far clocks stand apart, by everything that happened before something else.
    package let skew: SettledSkew
    /// What the order had to put up with; complete once a consumer has been served.
    package private(set) var notes: OrderNotes

    let workshop: Workshop
    private var facts: Facts
    private var sequences: Table<ActorSequence>
    private let references: References
    private let tape: OrderTape

    /// A circle is told apart by at most so many merges; where edges are left by then, the earliest waiting record is taken all the same.
    private static let rounds = 8

    /// Reads all sources of a supply, and settles their order.
    package init(
        _ supply: inout some BatchSupply, options: OrderOptions = OrderOptions()
    ) throws(SpillFailure) {
        var facts = try Facts(&supply, budget: options.frameBytes)
        let paths = (0..<supply.sourceCount).map { supply.path(of: SourceID(index: UInt32($0))) }
        let declared = (0..<supply.sourceCount).map { supply.declaredOrder(of: SourceID(index: UInt32($0))) }
        let own = try OwnOrder(&facts, paths: paths, names: supply.symbols, declared: declared)
        let (ownNotes, dropped) = (own.notes, own.duplicates.dropped)
        var sequences = own.sequences
        try facts.join(sequences, without: dropped)
        var references = References(sequences, maxSkew: options.maxSkew)
        var notes = OrderNotes(sequences, ownNotes)
        notes.ambiguousNames = facts.names.ambiguous
        let merge = try Self.merge(&facts, &sequences, &references, &notes, options)
        var skew = try merge.learner.settled(&facts, sequences)
        for (at, loose) in merge.shown { sequences[at].show(loose) }
        workshop = supply.workshop
        symbols = supply.symbols
        for source in 0..<supply.sourceCount where supply.sharesClock(SourceID(index: UInt32(source))) {
            skew.sharedClocks.add(facts.sources[source].streams.map { facts.streams[$0].actor }, clock: source)
        }
        self.skew = skew
        tape = merge.finish()
        self.facts = facts
        self.sequences = sequences
        self.references = references
        self.notes = notes
    }

    /// Merges, and drops what runs in a circle until all records can be taken.
    private static func merge(
        _ facts: inout Facts, _ sequences: inout Table<ActorSequence>, _ references: inout References,
        _ notes: inout OrderNotes, _ options: OrderOptions
    ) throws(SpillFailure) -> Merge {
        var round = 0
        while true {
            var merge = Merge(&facts, sequences, maxSkew: options.maxSkew)
            let isLast = round == Self.rounds
            if try merge.run(&facts, sequences, references, isLast: isLast) { return merge }
            precondition(!isLast, "a record waits for nothing")
            round += 1
            let cycles = try Cycles(merge, &facts, &sequences, &references)
            try notes.add(cycles, sequences, &facts)
        }
    }

    /// Gives all events to `consumer`, in order.
    package mutating func run(_ consumer: inout some EventConsumer & ~Copyable) throws(SpillFailure) {
        try run(&consumer) { consumer, frame, row, _, delivery, clocks in
            consumer.observe(frame.events, row: row, delivery: delivery, clocks: clocks)
        }
    }

    /// The same to a consumer of whom the order may be ahead, on any thread of the supply's workshop; returns once that has taken all of them.
    package mutating func run<Consumer: EventConsumer & Sendable & ~Copyable>(
        apart consumer: consuming Consumer
    ) throws(SpillFailure) -> Consumer {
        var relay = EventRelay(consumer, workshop)
        try run(&relay) { relay, frame, row, sequence, delivery, clocks in
            relay.add(frame, row, of: sequence, delivery, clocks.changes)
        }
        return relay.finish()
    }

    /// The same with one more who takes the events here, on the order's thread.
    package mutating func run<Consumer: EventConsumer & Sendable & ~Copyable, Companion: EventConsumer>(
        apart consumer: consuming Consumer, beside companion: inout Companion
    ) throws(SpillFailure) -> Consumer {
        var relay = EventRelay(consumer, workshop)
        try run(&companion) { companion, frame, row, sequence, delivery, clocks in
            companion.observe(frame.events, row: row, delivery: delivery, clocks: clocks)
            relay.add(frame, row, of: sequence, delivery, clocks.changes)
        }
        return relay.finish()
    }

    private mutating func run<Taker: ~Copyable>(
        _ taker: inout Taker, _ handOver: Replay.HandOver<Taker>
    ) throws(SpillFailure) {
        var replay = Replay(facts, sequences, notes)
        var reader = BitReader()
        var block = Column<Int64>()
        for number in 0..<tape.blocks {
            try tape.read(number, &facts, &reader, into: &block)
            for at in block.indices {
                try replay.deliver(Int(block[at]), &facts, sequences, references, to: &taker, handOver)
            }
        }
        notes = replay.finish(sequences)
    }
}

extension OrderNotes {
    /// What the settling of own orders noted, by actor name.
    init(_ sequences: borrowing Table<ActorSequence>, _ own: [Symbol: OwnOrderNotes]) {
        for at in sequences.indices where actors.last?.actor != sequences[at].actor {
            var actor = Actor(actor: sequences[at].actor)
            if let noted = own[actor.actor] {
                actor.duplicates = UInt64(noted.duplicates)
                actor.repeats = UInt64(noted.repeats)
                actor.disorders = noted.disorders
                actor.conflicts = noted.conflicts
                actor.restarts = noted.restarts
                actor.reversed = noted.reversed.sorted().map { SourceID(index: UInt32($0)) }
                actor.swapped = noted.swapped.sorted().map { SourceID(index: UInt32($0)) }
                actor.ambiguousRanges = noted.ranges
                actor.ambiguous = noted.disputed
                actor.processes = noted.processes
            }
            actors.append(actor)
        }
    }

    /// Names the records of cycles, and those whose references were dropped.
    mutating func add(
        _ cycles: borrowing Cycles, _ sequences: borrowing Table<ActorSequence>, _ facts: inout Facts
    ) throws(SpillFailure) {
        for members in cycles.members {
            var records: [RecordRef] = []
            for (at, member) in members.enumerated() {
                let actor = index(of: sequences[member.sequence].actor)
                if at >= Self.recordsKept, actors[actor].cycles.first != nil {
                    actors[actor].cycles.add(more: 1)
                    continue
                }
                let record = try facts.reference(sequences[member.sequence].records[member.record].spot)
                actors[actor].cycles.add(record)
                records.append(record)
            }
            addCircle(records, count: members.count)
        }
        for (sequence, record) in cycles.dropped {
            let record = try facts.reference(sequences[sequence].records[record].spot)
            actors[index(of: sequences[sequence].actor)].droppedCauses.add(record)
        }
    }

    private func index(of actor: Symbol) -> Int { actors.firstIndex { $0.actor == actor } ?? 0 }
}
