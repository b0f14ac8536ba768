import EventModel

/// Hands the events out as the merge has settled them: follows the clocks of all processes, infers those that records do not bear, and notes what
/// is missing.
struct Replay: ~Copyable {
    /// How an event is handed to whoever takes it: the frame that holds it, its row there, its sequence, what the order knows of it, and the
    /// clocks.
    typealias HandOver<Taker: ~Copyable> = (
        inout Taker, Frame, Int, Int, Delivery, borrowing ProcessClocks
    ) -> Void

    private var notes: OrderNotes
    private var clocks = ProcessClocks()
    private var strands = Table<Strand>()
    /// By process: the latest of its events that another's clock is known to cover.
    private var known = Column<Stamp>()
    private var named = NamedClocks()
    /// By an absent actor's symbol: how many records name it.
    private var mentions = Column<UInt64>()
    private var ordinal: UInt64 = 0
    private let place = LentByAddress()

    private static let reach: Int64 = 4096

    /// One sequence as it is handed out.
    struct Strand: ~Copyable, Sendable {
        var cursor: SequenceCursor
        let note: Int
        var incarnation = 0
        /// The process of each incarnation that has begun.
        var processes: [ProcessID] = []
        var last = Stamp(counter: -1)
        var lastTime = Int64.min
        /// The records without a clock since the last counter.
        var bare: Int64 = 0
        var times = RecentTimes()
        var nextLoose = 0
        /// What it was inferred to know beyond what its clocks say: for others to whom its counters are given.
        var inferred = InferredKnowledge()
    }

    init(_ facts: borrowing Facts, _ sequences: borrowing Table<ActorSequence>, _ notes: OrderNotes) {
        self.notes = notes
        var note = -1
        for at in sequences.indices {
            if note < 0 || notes.actors[note].actor != sequences[at].actor { note += 1 }
            self.notes.actors[note].forgetDelivered()
            strands.append(
                Strand(
                    cursor: SequenceCursor(sequences[at], facts, .all, hasText: true), note: note))
        }
        self.notes.forgetDelivered()
    }

    /// Hands the next event of a sequence out.
    mutating func deliver<Taker: ~Copyable>(
        _ at: Int, _ facts: inout Facts, _ sequences: borrowing Table<ActorSequence>, _ names: borrowing References,
        to taker: inout Taker, _ handOver: HandOver<Taker>
    ) throws(SpillFailure) {
        try strands[at].cursor.load(&facts)
        guard let frame = strands[at].cursor.frame else { return }
        let row = strands[at].cursor.row
        let spot = strands[at].cursor.spot
        clocks.beginEvent()
        let process = begin(at, sequences[at])
        let counter = frame.events.counter[row]
        let isDiscredited = !sequences[at].faulty.isEmpty && sequences[at].faulty.contains(spot)
        let hasClock = counter >= 0 && !isDiscredited
        let gap = noteLoss(at, counter, frame, row, process, sequences[at])
        let stamp = move(at, counter, frame.events.time[row], sequences[at])
        clocks.raise(process, entry: process, to: stamp)
        let missing = hasClock ? learn(at, frame.events, row, process, spot, sequences, names) : 0
        let missingNames = follow(at, frame, row, process, spot, hasClock: hasClock, facts, sequences, names)
        remember(at, frame.events, row, process, facts)
        let delivery = Delivery(
            ordinal: ordinal, source: SourceID(index: UInt32(frame.source)), process: process, stamp: stamp,
            hasClock: hasClock, inRestartedProcess: strands[at].incarnation > 0, orderCap: cap(at, sequences[at]))
        ordinal += 1
        let isFaulty = isDiscredited || (!hasClock && frame.events.fields[row].contains(.faultyClock))
        note(at, frame, row, delivery, gap: gap, missing: missing + missingNames, isFaulty: isFaulty)
        handOver(&taker, frame, row, at, delivery, clocks)
        strands[at].cursor.advance(sequences[at], facts)
    }

    /// What became known once all events have been handed out.
    consuming func finish(_ sequences: borrowing Table<ActorSequence>) -> OrderNotes {
        for at in strands.indices {
            guard let process = strands[at].processes.last else { continue }
            let last = max(0, strands[at].last.counter)
            let claimed = known[Int(process.index)].counter
            if claimed <= last { continue }
            notes.lost.add(
                LostRecords.Gap(
                    actor: sequences[at].actor, process: process, counters: (last + 1)...claimed,
                    count: claimed - last, known: clocks.snapshot(process, latest: notes.lost.room),
                    from: strands[at].lastTime, to: .max,
                    next: nil, isOperators: false))
        }
        for actor in mentions.indices where mentions[actor] > 0 {
            notes.mentions[Symbol(index: UInt32(actor))] = mentions[actor]
        }
        return notes
    }

    // MARK: The process

    /// The process that the next event belongs to, a new one where an incarnation begins.
    private mutating func begin(_ at: Int, _ sequence: borrowing ActorSequence) -> ProcessID {
        let index = strands[at].cursor.index
        var isNew = strands[at].processes.isEmpty
        while strands[at].incarnation + 1 < sequence.incarnations.count,
            sequence.incarnations[strands[at].incarnation + 1].start <= index
        {
            strands[at].incarnation += 1
            isNew = true
        }
        guard isNew else { return strands[at].processes[strands[at].processes.count - 1] }
        let predecessor = strands[at].processes.last
        let process = clocks.begin(actor: sequence.actor, after: predecessor)
        known.append(.zero)
        while strands[at].processes.count <= strands[at].incarnation { strands[at].processes.append(process) }
        strands[at].last = Stamp(counter: -1)
        strands[at].times.forget()
        strands[at].inferred = InferredKnowledge()
        return process
    }

    /// Goes on to an event; its place in its process.
    private mutating func move(_ at: Int, _ counter: Int64, _ time: Int64, _ sequence: borrowing ActorSequence) -> Stamp
    {
        var own = counter
        if own < 0, sequence.isListed { own = sequence.shown(strands[at].cursor.index).counter }
        let last = strands[at].last
        if own > last.counter || (own >= 0 && last.counter < 0) {
            // An own entry of 0 cannot be told from an entry that knows nothing, so it stands just after it.
            strands[at].last = Stamp(counter: own, position: own == 0 ? 1 : 0)
        } else {
            strands[at].last = Stamp(counter: max(0, last.counter), position: last.position + 1)
        }
        if own >= 0 {
            strands[at].times.note(own, time)
            strands[at].bare = 0
        } else {
            strands[at].bare += 1
        }
        if time != Timestamp.absent.nanoseconds { strands[at].lastTime = time }
        return strands[at].last
    }

    /// The most that may be said of what rests on the event's place in its actor's order.
    private mutating func cap(_ at: Int, _ sequence: borrowing ActorSequence) -> Finding.Confidence {
        var cap = sequence.cap
        if strands[at].incarnation > 0 { cap = min(cap, .likely) }
        if sequence.loose.isEmpty { return cap }
        let index = strands[at].cursor.index
        while strands[at].nextLoose < sequence.loose.count,
            sequence.loose[strands[at].nextLoose].records.upperBound <= index
        {
            strands[at].nextLoose += 1
        }
        let isLoose =
            strands[at].nextLoose < sequence.loose.count
            && sequence.loose[strands[at].nextLoose].records.contains(index)
        return isLoose ? .possible : cap
    }

    // MARK: Clocks

    /// Raises the process's clock by the record's entries. Returns how many name an event that no log holds.
    private mutating func learn(
        _ at: Int, _ batch: borrowing EventBatch, _ row: Int, _ process: ProcessID, _ spot: RecordSpot,
        _ sequences: borrowing Table<ActorSequence>, _ names: borrowing References
    ) -> Int {
        var missing = 0
        let entries = batch.clockEntries(at: row)
        // Of a clock like the one before only what has risen is new.
        var before = -1
        if strands[at].cursor.followsOn, batch.clockEntries(at: row - 1).count == entries.count,
            batch.counter[row - 1] >= 0, sequences[at].faulty.isEmpty
        {
            before = batch.clockEntries(at: row - 1).lowerBound
        }
        for i in entries {
            let count = batch.clockCount[i]
            let actor = batch.clockActor[i]
            if before >= 0 {
                defer { before += 1 }
                if batch.clockCount[before] == count, batch.clockActor[before] == actor {
                    if count > 0 { noteSilent(actor, names) }
                    continue
                }
            }
            if count == 0 { continue }
            switch names.entry(actor, count, of: spot, at: batch.time[row], sequences) {
            case .absent, .mute: noteSilent(actor, names)
            case .known(let other, let incarnation, _):
                guard Int(incarnation) < strands[other].processes.count else { continue }
                let life = strands[other].processes[Int(incarnation)]
                let stamp = Stamp(counter: count)
                if !clocks.raise(process, entry: life, to: stamp) { continue }
                if known[Int(life.index)] < stamp { known[Int(life.index)] = stamp }
                if !strands[other].inferred.isEmpty { inherit(process, at, from: other, upTo: stamp) }
                let isPresent = Int(incarnation) + 1 == strands[other].processes.count
                if isPresent, !strands[other].times.holds(count), strands[other].last.counter < count &+ Self.reach {
                    missing += 1
                }
            }
        }
        return missing
    }

    /// Counts an entry that nothing follows from.
    @inline(__always)
    private mutating func noteSilent(_ actor: Symbol, _ names: borrowing References) {
        if names.isAbsent(actor) {
            mentions.grow(toHold: Int(actor.index), with: 0)
            mentions[Int(actor.index)] += 1
        } else if names.isMute(actor) {
            notes.muteEntries += 1
        }
    }

    /// Raises the process's clock by what an event of another, which it knows by a counter, was inferred to know.
    private mutating func inherit(_ process: ProcessID, _ at: Int, from other: Int, upTo stamp: Stamp) {
        let from = strands[at].inferred.read[other] ?? 0
        let to = strands[other].inferred.count(upTo: stamp)
        if from >= to { return }
        strands[at].inferred.read[other] = to
        for entry in from..<to {
            let news = strands[other].inferred[entry]
            infer(process, at, news.process, news.stamp)
        }
    }

    /// Raises an entry by inference, for whoever hears of this event by its counter.
    private mutating func infer(_ process: ProcessID, _ at: Int, _ other: ProcessID, _ stamp: Stamp) {
        if other == process || !clocks.raise(process, entry: other, to: stamp) { return }
        if strands[at].last.counter > 0 || strands[at].times.isUsed {
            strands[at].inferred.append(other, stamp, at: strands[at].last)
        }
    }

    // MARK: Names

    /// Raises the process's clock by those of the events that a record refers to. Returns how many names no record bears.
    private mutating func follow(
        _ at: Int, _ frame: Frame, _ row: Int, _ process: ProcessID, _ spot: RecordSpot, hasClock: Bool,
        _ facts: borrowing Facts, _ sequences: borrowing Table<ActorSequence>, _ names: borrowing References
    ) -> Int {
        if facts.names.count == 0 { return 0 }
        let dropped = names.dropped[spot]
        var missing: [UInt64] = []
        var seats: [Int] = []
        names.forEachName(of: frame.events, row, hasClock: hasClock) { key, isCause in
            guard let seat = facts.names.find(key) else { return }
            let bearer = facts.names[seat].bearer
            if isCause, bearer == NameTable.nobody { missing.append(key) }
            if bearer < 0 || dropped?.contains(key) == true { return }
            seats.append(seat)
        }
        for seat in seats {
            if let clock = named[seat] {
                for entry in clock.entries { infer(process, at, entry.process, entry.stamp) }
            }
            named.release(seat)
        }
        for cause in frame.events.causes(at: row) where !missing.isEmpty {
            let digest = frame.events.cause[cause]
            guard missing.contains(NameKey.event(digest)) else { continue }
            notes.addMissing(reference(at, frame, row), digest)
        }
        return missing.count
    }

    /// Keeps the clock of an event that others refer to.
    private mutating func remember(
        _ at: Int, _ batch: borrowing EventBatch, _ row: Int, _ process: ProcessID, _ facts: borrowing Facts
    ) {
        if facts.names.count == 0 { return }
        var seats: [Int] = []
        References.forEachNameBorne(by: batch, row) { key in
            guard let seat = facts.names.find(key), Int(facts.names[seat].bearer) == at else { return }
            seats.append(seat)
        }
        // How often a creation is referred to nobody counts.
        for seat in seats where !named.isPassed(seat) {
            named.keep(clocks.snapshot(process), at: seat, for: facts.names[seat].references)
        }
    }

    // MARK: Notes

    private func reference(_ at: Int, _ frame: Frame, _ row: Int) -> RecordRef {
        let delivery = Delivery(
            ordinal: ordinal, source: SourceID(index: UInt32(frame.source)),
            process: strands[at].processes.last ?? ProcessID(index: 0), stamp: strands[at].last,
            hasClock: frame.events.counter[row] >= 0)
        return delivery.reference(frame.events, row: row)
    }

    /// Notes the counters that the log lacks ahead of a record; returns how many there are behind the incarnation's first.
    private mutating func noteLoss(
        _ at: Int, _ counter: Int64, _ frame: Frame, _ row: Int, _ process: ProcessID,
        _ sequence: borrowing ActorSequence
    ) -> UInt64 {
        let last = strands[at].last.counter
        let from = max(last, 0)
        let bare = last < 0 ? 0 : strands[at].bare
        guard counter > from, counter - from - 1 > bare else { return 0 }
        let count = counter - from - 1 - bare
        var next = reference(at, frame, row)
        next.stamp = Stamp(counter: counter)
        notes.lost.add(
            LostRecords.Gap(
                actor: sequence.actor, process: process, counters: (from + 1)...(counter - 1), count: count,
                known: last < 0 ? VectorClock() : clocks.snapshot(process, latest: notes.lost.room),
                from: last < 0 ? .min : strands[at].lastTime, to: frame.events.time[row], next: next,
                isOperators: frame.events.fields[row].contains(.byOperator)))
        return last < 0 ? 0 : UInt64(count)
    }

    @inline(__always)
    private mutating func note(
        _ at: Int, _ frame: Frame, _ row: Int, _ delivery: Delivery, gap: UInt64, missing: Int, isFaulty: Bool
    ) {
        let actor = strands[at].note
        notes.actors[actor].events += 1
        if delivery.hasClock { notes.actors[actor].withClock += 1 }
        let isFirst = notes.actors[actor].first == nil
        if gap == 0, missing == 0, !isFirst, !isFaulty { return }
        let record = delivery.reference(frame.events, row: row)
        if isFirst { notes.actors[actor].first = record }
        if gap > 0 { notes.actors[actor].gaps.add(record, count: gap) }
        if missing > 0 { notes.actors[actor].missingCauses.add(record) }
        if isFaulty { notes.actors[actor].clockFaults.add(record) }
    }
}
