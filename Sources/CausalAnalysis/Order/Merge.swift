import EventModel

/// Finds the one linear extension of happened-before that the contract defines: among the records whose causes have all been taken, the one of
/// smallest time, then smallest actor name, then own order.
///
/// A pull-based merge with one head for each sequence. The earliest head is looked at: if each entry of its clock is covered and each name that it
/// refers to has been passed, it is taken; else it waits for the first that is not, and comes back when that moves. No clock is kept for this: whether
/// an entry is covered shows at the head of the sequence that it names. Where heads are left and all of them wait, edges run in a circle.
///
/// Time: O(log sequences + entries of the clock) a record. Memory: a frame for each sequence of which a record has been looked at.
struct Merge: ~Copyable {
    private(set) var tape = OrderTape()
    private(set) var learner: SkewLearner
    /// By sequence: the records of its loose ranges as they were taken.
    private(set) var shown: [Int: [Int32]] = [:]
    private var strands = Table<Strand>()
    /// By sequence.
    private var keys = Column<WaitingRecords.Reach>()
    private var heads = HeadHeap()
    private var waiting: WaitingRecords
    private let depth: FrameReader.Depth
    /// Whether an entry that was covered once stays so: no actor restarted, and no record was taken in spite of what it waits for.
    private var isPlain: Bool
    private let place = LentByAddress()

    /// One sequence on its way into the order.
    struct Strand: ~Copyable, Sendable {
        var cursor: SequenceCursor
        /// Its first record that has not been taken and stands in no loose range that is open.
        var index = 0
        var incarnation = 0
        var nextLoose = 0
        var loose: LooseOrder?
    }

    /// Why a record cannot be taken yet.
    enum Obstacle {
        case entry(sequence: Int, incarnation: Int32, counter: Int64)
        case cycle(sequence: Int)
        case name(seat: Int)
        case own

        /// Whether the record waits for others of its own actor: such waiting ends by itself.
        var isOwn: Bool {
            if case .own = self { true } else { false }
        }
    }

    init(_ facts: inout Facts, _ sequences: borrowing Table<ActorSequence>, maxSkew: Int64) {
        learner = SkewLearner(
            sequences, maximum: maxSkew, hasAnswers: facts.streams.contains { $0.names.contains(.answers) })
        let mayRefer =
            facts.streams.contains { !$0.names.isDisjoint(with: [.references, .answers]) }
            || sequences.indices.contains { !sequences[$0].faulty.isEmpty }
        depth = mayRefer ? .fields : .skeleton
        isPlain = !sequences.indices.contains { sequences[$0].incarnations.count > 1 }
        waiting = WaitingRecords(sequences: sequences.count)
        facts.names.rewind()
        for at in sequences.indices {
            strands.append(Strand(cursor: SequenceCursor(sequences[at], facts, depth)))
            keys.append(.end)
            enter(at, sequences[at], facts)
        }
    }

    /// Takes all records that can be taken; whether those were all.
    /// - Parameter isLast: whether nothing more can be dropped, so that where all heads wait the earliest is taken all the same.
    mutating func run(
        _ facts: inout Facts, _ sequences: borrowing Table<ActorSequence>, _ references: borrowing References,
        isLast: Bool
    ) throws(SpillFailure) -> Bool {
        var mustTake = false
        while true {
            if heads.top == nil, isLast, !mustTake {
                wakeAll(sequences, facts)
                mustTake = true
                isPlain = false
            }
            guard let head = heads.top else { break }
            heads.removeTop()
            let who = WaitingRecords.Record(sequence: head.sequence, index: head.index)
            let at = Int(head.sequence)
            strands[at].cursor.go(to: Int(head.index), sequences[at])
            try strands[at].cursor.load(&facts)
            guard let frame = strands[at].cursor.frame else { continue }
            if let obstacle = obstacle(who, frame.events, sequences, references, facts), !mustTake || obstacle.isOwn {
                wait(who, for: obstacle)
            } else {
                mustTake = false
                try take(who, frame.events, &facts, sequences, references)
            }
        }
        try tape.finish(&facts)
        for at in strands.indices where keys[at].incarnation != .max { return false }
        return true
    }

    /// The first record of a sequence that has not been taken, and the records of its open range that have been.
    func left(of sequence: Int) -> (first: Int, taken: Set<Int32>) {
        if let loose = strands[sequence].loose { return (loose.firstLeft, Set(loose.taken)) }
        return (strands[sequence].index, [])
    }

    /// The order that was found.
    consuming func finish() -> OrderTape { tape }

    // MARK: Heads

    /// Makes the next record of a sequence a head, or those of a loose range that may be first.
    private mutating func enter(_ at: Int, _ sequence: borrowing ActorSequence, _ facts: borrowing Facts) {
        let index = strands[at].index
        if sequence.isListed {
            if index == sequence.records.count { return end(at) }
            while strands[at].incarnation + 1 < sequence.incarnations.count,
                sequence.incarnations[strands[at].incarnation + 1].start <= index
            {
                strands[at].incarnation += 1
                learner.beginIncarnation(of: at)
            }
            let next = strands[at].nextLoose
            if next < sequence.loose.count, sequence.loose[next].records.lowerBound == index {
                return open(at, sequence.loose[next], sequence)
            }
            keys[at] = WaitingRecords.Reach(
                incarnation: Int32(strands[at].incarnation), knownAt: sequence.records[index].knownAt)
            return heads.insert(
                HeadHeap.Head(time: sequence.records[index].time, sequence: Int32(at), index: Int32(index)))
        }
        if strands[at].cursor.isAtEnd { return end(at) }
        let knownAt = sequence.hasCounters ? strands[at].cursor.counter(facts) : .max
        keys[at] = WaitingRecords.Reach(incarnation: 0, knownAt: knownAt)
        heads.insert(
            HeadHeap.Head(
                time: strands[at].cursor.time(sequence, facts), sequence: Int32(at), index: Int32(index)))
    }

    private mutating func end(_ at: Int) { keys[at] = .end }

    private mutating func open(_ at: Int, _ range: ActorSequence.LooseRange, _ sequence: borrowing ActorSequence) {
        strands[at].nextLoose += 1
        var offered: [Int] = []
        let loose = LooseOrder(range, sequence.records) { offered.append($0) }
        strands[at].loose = loose
        for record in offered { offer(record, at, sequence) }
        waiting.wakeForRange(of: at)
        noteFirstLeft(at, sequence)
    }

    private mutating func offer(_ record: Int, _ at: Int, _ sequence: borrowing ActorSequence) {
        heads.insert(
            HeadHeap.Head(time: sequence.records[record].time, sequence: Int32(at), index: Int32(record)))
    }

    private mutating func noteFirstLeft(_ at: Int, _ sequence: borrowing ActorSequence) {
        guard let first = strands[at].loose?.firstLeft else { return }
        var incarnation = strands[at].incarnation
        while incarnation + 1 < sequence.incarnations.count, sequence.incarnations[incarnation + 1].start <= first {
            incarnation += 1
        }
        strands[at].incarnation = incarnation
        keys[at] = WaitingRecords.Reach(incarnation: Int32(incarnation), knownAt: sequence.records[first].knownAt)
    }

    // MARK: Waiting

    private func obstacle(
        _ who: WaitingRecords.Record, _ batch: borrowing EventBatch, _ sequences: borrowing Table<ActorSequence>,
        _ references: borrowing References,
        _ facts: borrowing Facts
    ) -> Obstacle? {
        let at = Int(who.sequence)
        let row = strands[at].cursor.row
        var cycle: Int32?
        if let loose = strands[at].loose {
            if loose.mustWait(Int(who.index), sequences[at].records) { return .own }
            cycle = loose.range.cycle
        }
        let spot = strands[at].cursor.spot
        let hasClock =
            batch.counter[row] >= 0 && (sequences[at].faulty.isEmpty || !sequences[at].faulty.contains(spot))
        if hasClock {
            let entries = batch.clockEntries(at: row)
            // What the record before knew has been taken.
            var before: Int?
            if strands[at].cursor.followsOn, isPlain, sequences[at].loose.isEmpty, sequences[at].faulty.isEmpty,
                batch.counter[row - 1] >= 0, batch.clockEntries(at: row - 1).count == entries.count
            {
                before = batch.clockEntries(at: row - 1).lowerBound - entries.lowerBound
            }
            for i in entries {
                let counter = batch.clockCount[i]
                if counter == 0 { continue }
                if let before, batch.clockCount[i + before] == counter,
                    batch.clockActor[i + before] == batch.clockActor[i]
                {
                    continue
                }
                guard
                    case .known(let other, let incarnation, let counter) = references.entry(
                        batch.clockActor[i], counter, of: spot, at: batch.time[row], sequences),
                    !keys[other].covers(incarnation, counter)
                else { continue }
                guard let cycle, let member = sequences[other].loose.first(where: { $0.cycle == cycle }) else {
                    return .entry(sequence: other, incarnation: incarnation, counter: counter)
                }
                // Between the members of a cycle no edge is left; what stands ahead of them still comes first.
                if !hasReached(other, member.records.lowerBound) { return .cycle(sequence: other) }
            }
        }
        if depth == .skeleton { return nil }
        var seat: Int?
        let dropped = references.dropped[spot]
        references.forEachName(of: batch, row, hasClock: hasClock) { key, isCause in
            guard seat == nil, let found = facts.names.find(key) else { return }
            let name = facts.names[found]
            if name.isPassed || name.bearer < 0 || dropped?.contains(key) == true { return }
            // A creation binds what others do.
            if !isCause, Int(name.bearer) == at || sequences[Int(name.bearer)].actor == batch.actor[row],
                key != NameKey.item(batch, row)
            {
                return
            }
            seat = found
        }
        return seat.map { .name(seat: $0) }
    }

    private func hasReached(_ sequence: Int, _ record: Int) -> Bool {
        if let loose = strands[sequence].loose { return loose.range.records.lowerBound >= record }
        return strands[sequence].index >= record
    }

    private mutating func wait(_ who: WaitingRecords.Record, for obstacle: Obstacle) {
        switch obstacle {
        case .entry(let other, let incarnation, let counter):
            waiting.wait(who, for: other, incarnation: incarnation, counter: counter)
        case .cycle(let other):
            waiting.wait(who, forRangeOf: other)
        case .name(let seat):
            waiting.wait(who, forName: seat)
        case .own:
            strands[Int(who.sequence)].loose?.held.append(Int(who.index))
        }
    }

    /// Makes heads of all records that wait.
    private mutating func wakeAll(_ sequences: borrowing Table<ActorSequence>, _ facts: borrowing Facts) {
        waiting.wakeAll()
        while let who = waiting.nextWoken() { wake(who, sequences, facts) }
    }

    // MARK: Taking

    private mutating func take(
        _ who: WaitingRecords.Record, _ batch: borrowing EventBatch, _ facts: inout Facts,
        _ sequences: borrowing Table<ActorSequence>,
        _ references: borrowing References
    ) throws(SpillFailure) {
        let at = Int(who.sequence)
        let row = strands[at].cursor.row
        try tape.append(who.sequence, &facts)
        learn(at, row, batch, sequences, references, facts)
        if depth != .skeleton { pass(at, row, batch, &facts) }
        if strands[at].loose != nil {
            takeLoose(at, Int(who.index), sequences[at], facts)
        } else {
            strands[at].index += 1
            strands[at].cursor.advance(sequences[at], facts)
            enter(at, sequences[at], facts)
        }
        waiting.wake(at, at: keys[at])
        while let who = waiting.nextWoken() { wake(who, sequences, facts) }
    }

    private mutating func takeLoose(
        _ at: Int, _ record: Int, _ sequence: borrowing ActorSequence, _ facts: borrowing Facts
    ) {
        var offered: [Int] = []
        strands[at].loose?.take(record) { offered.append($0) }
        for record in offered { offer(record, at, sequence) }
        if let loose = strands[at].loose, loose.isEmpty {
            shown[at, default: []] += loose.taken
            strands[at].index = loose.range.records.upperBound
            strands[at].loose = nil
            enter(at, sequence, facts)
        } else {
            noteFirstLeft(at, sequence)
        }
    }

    private mutating func wake(
        _ who: WaitingRecords.Record, _ sequences: borrowing Table<ActorSequence>, _ facts: borrowing Facts
    ) {
        let at = Int(who.sequence)
        let time =
            sequences[at].isListed
            ? sequences[at].records[Int(who.index)].time : strands[at].cursor.time(sequences[at], facts)
        heads.insert(HeadHeap.Head(time: time, sequence: who.sequence, index: who.index))
    }

    /// Notes the names that a record bears as passed.
    private mutating func pass(_ at: Int, _ row: Int, _ batch: borrowing EventBatch, _ facts: inout Facts) {
        References.forEachNameBorne(by: batch, row) { key in
            guard let seat = facts.names.find(key), !facts.names[seat].isPassed,
                Int(facts.names[seat].bearer) == at
            else { return }
            facts.names[seat].isPassed = true
            facts.names[seat].time = batch.time[row]
            waiting.wakeForName(seat)
        }
    }

    /// Learns what a record tells of clocks.
    private mutating func learn(
        _ at: Int, _ row: Int, _ batch: borrowing EventBatch, _ sequences: borrowing Table<ActorSequence>,
        _ references: borrowing References, _ facts: borrowing Facts
    ) {
        let spot = strands[at].cursor.spot
        let isFaulty = !sequences[at].faulty.isEmpty && sequences[at].faulty.contains(spot)
        let hasClock = batch.counter[row] >= 0 && !isFaulty
        learner.learn(
            at, batch, row, spot, hasClock: hasClock, followsOn: strands[at].cursor.followsOn, sequences, references)
        if depth == .skeleton || batch.time[row] == Timestamp.absent.nanoseconds { return }
        let dropped = references.dropped[spot]
        references.forEachName(of: batch, row, hasClock: hasClock) { key, _ in
            guard let seat = facts.names.find(key), dropped?.contains(key) != true else { return }
            learner.learn(at, batch.time[row], spot, of: facts.names[seat])
        }
    }
}
