import EventModel

/// What a record's entries and names refer to, in the sequences of a bundle.
struct References: ~Copyable {
    /// Entries that say nothing, since → or `--max-skew` puts their record ahead of what they would name, by record and actor.
    var doubtful: [RecordSpot: Set<Symbol>] = [:]
    /// Names of causes, creations and items that put a record before itself, by record.
    var dropped: [RecordSpot: Set<UInt64>] = [:]
    private let maxSkew: Int64
    /// By an actor's symbol: its sequence, `NameTable.nobody` or `several`.
    private var sequenceOfActor = Column<Int32>()
    private let place = LentByAddress()

    /// What an entry of a clock says.
    enum Entry {
        /// Records of a sequence up to a counter of an incarnation have happened before.
        case known(sequence: Int, incarnation: Int32, counter: Int64)
        /// No log of the actor is there.
        case absent
        /// Nothing.
        case mute
    }

    init(_ sequences: borrowing Table<ActorSequence>, maxSkew: Int64) {
        self.maxSkew = maxSkew
        for at in sequences.indices {
            let actor = Int(sequences[at].actor.index)
            sequenceOfActor.grow(toHold: actor, with: NameTable.nobody)
            sequenceOfActor[actor] =
                sequences[at].isOneOfSeveral || !sequences[at].hasCounters ? NameTable.several : Int32(at)
        }
    }

    /// Whether no log of an actor is there.
    @inline(__always)
    func isAbsent(_ actor: Symbol) -> Bool {
        Int(actor.index) >= sequenceOfActor.count || sequenceOfActor[Int(actor.index)] == NameTable.nobody
    }

    /// Whether entries for an actor say nothing: none of its records bears a counter, or several processes bear its name.
    @inline(__always)
    func isMute(_ actor: Symbol) -> Bool {
        Int(actor.index) < sequenceOfActor.count && sequenceOfActor[Int(actor.index)] == NameTable.several
    }

    /// What an entry of a record's clock says.
    @inline(__always)
    func entry(
        _ actor: Symbol, _ counter: Int64, of spot: RecordSpot, at time: Int64,
        _ sequences: borrowing Table<ActorSequence>
    ) -> Entry {
        let index = Int(actor.index)
        let sequence = index < sequenceOfActor.count ? sequenceOfActor[index] : NameTable.nobody
        if sequence == NameTable.nobody { return .absent }
        if sequence == NameTable.several { return .mute }
        if sequences[Int(sequence)].incarnations.count < 2 {
            return .known(sequence: Int(sequence), incarnation: 0, counter: counter)
        }
        return entryOfRestarted(actor, Int(sequence), counter, spot, time, sequences)
    }

    /// An entry belongs to the earliest incarnation that reaches its counter, unless its record would then be too early.
    private func entryOfRestarted(
        _ actor: Symbol, _ sequence: Int, _ counter: Int64, _ spot: RecordSpot, _ time: Int64,
        _ sequences: borrowing Table<ActorSequence>
    ) -> Entry {
        if doubtful[spot]?.contains(actor) == true { return .mute }
        let incarnation = sequences[sequence].incarnation(reaching: counter)
        if let named = sequences[sequence].named(by: counter, in: incarnation) {
            let latest = sequences[sequence].records[named].time.subtractingReportingOverflow(maxSkew)
            if !latest.overflow, time != Timestamp.absent.nanoseconds, time < latest.partialValue { return .mute }
        }
        return .known(sequence: sequence, incarnation: Int32(incarnation), counter: counter)
    }

    /// Calls `body` with the names that a record refers to, and whether each is a cause.
    @inline(__always)
    func forEachName(
        of batch: borrowing EventBatch, _ row: Int, hasClock: Bool, _ body: (_ key: UInt64, _ isCause: Bool) -> Void
    ) {
        for cause in batch.causes(at: row) { body(NameKey.event(batch.cause[cause]), true) }
        if hasClock { return }
        if let plan = batch.integer(.plan, at: row) {
            body(NameKey.creation(plan, .none), false)
            let endpoint = batch.endpoint[row]
            if endpoint != .none { body(NameKey.creation(plan, endpoint), false) }
        }
        if batch.kind[row] == .workCompleted, let item = NameKey.item(batch, row) { body(item, false) }
    }

    /// Calls `body` with the names that a record bears for others to refer to.
    @inline(__always)
    static func forEachNameBorne(by batch: borrowing EventBatch, _ row: Int, _ body: (UInt64) -> Void) {
        if let id = batch.digest(.id, at: row) { body(NameKey.event(id)) }
        if batch.kind[row] == .planCreated, let plan = batch.integer(.plan, at: row) {
            body(NameKey.creation(plan, batch.endpoint[row]))
        } else if batch.kind[row] == .workEnqueued, let item = NameKey.item(batch, row) {
            body(item)
        }
    }
}

extension ActorSequence {
    /// The record of the highest counter in an incarnation that a clock with this entry knows; nil without one.
    func named(by counter: Int64, in incarnation: Int) -> Int? {
        let range = records(of: incarnation)
        var at = firstUnknown(to: counter, in: incarnation) - 1
        while at >= range.lowerBound {
            if records[at].hasClock { return at }
            at -= 1
        }
        return nil
    }
}
