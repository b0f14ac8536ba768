import EventModel

/// Learns from each record as the merge takes it how far its actor's clock stands from those of the actors whose events happened before it.
struct SkewLearner: ~Copyable {
    private(set) var skew: ClockSkew
    /// By sequence.
    private var times = Table<RecentTimes>()
    private var answers = StoreAnswers()
    private let hasAnswers: Bool

    /// - Parameter hasAnswers: whether what stores answer tells more than clocks do.
    init(_ sequences: borrowing Table<ActorSequence>, maximum: Int64, hasAnswers: Bool) {
        skew = ClockSkew(maximum: maximum)
        self.hasAnswers = hasAnswers
        for at in sequences.indices {
            skew.add(sequences[at].actor)
            times.append(RecentTimes())
        }
    }

    /// Begins an incarnation of a sequence.
    mutating func beginIncarnation(of sequence: Int) { times[sequence].forget() }

    /// Learns from the entries of a record's clock.
    mutating func learn(
        _ at: Int, _ batch: borrowing EventBatch, _ row: Int, _ spot: RecordSpot, hasClock: Bool, followsOn: Bool,
        _ sequences: borrowing Table<ActorSequence>, _ references: borrowing References
    ) {
        let time = batch.time[row]
        let counter = batch.counter[row]
        if counter >= 0 { times[at].note(counter, time) }
        if time == Timestamp.absent.nanoseconds { return }
        if hasAnswers { answers.learn(at, batch, row, spot, &skew) }
        if !hasClock { return }
        let entries = batch.clockEntries(at: row)
        // Of a clock like the one before only what has risen tells anything.
        var before = -1
        if followsOn, batch.clockEntries(at: row - 1).count == entries.count {
            before = batch.clockEntries(at: row - 1).lowerBound
        }
        for i in entries {
            let count = batch.clockCount[i]
            if before >= 0 {
                defer { before += 1 }
                if batch.clockCount[before] == count, batch.clockActor[before] == batch.clockActor[i] { continue }
            }
            if count == 0 { continue }
            guard
                case .known(let other, let incarnation, _) = references.entry(
                    batch.clockActor[i], count, of: spot, at: time, sequences),
                other != at, Int(incarnation) + 1 >= sequences[other].incarnations.count,
                let sent = times[other].time(of: count)
            else { continue }
            skew.message(from: other, sent: sent, to: at, received: time, at: spot)
        }
    }

    /// Learns from a name that a record refers to and another's record bears.
    mutating func learn(_ at: Int, _ time: Int64, _ spot: RecordSpot, of name: NameTable.Entry) {
        if !name.isPassed || Int(name.bearer) == at || name.time == Timestamp.absent.nanoseconds { return }
        skew.inference(from: Int(name.bearer), sent: name.time, to: at, received: time, at: spot)
    }

    /// The bounds as all records show them, with the records that contradict clocks most.
    func settled(_ facts: inout Facts, _ sequences: borrowing Table<ActorSequence>) throws(SpillFailure) -> SettledSkew
    {
        var settled = skew.settled()
        for proof in skew.proofs.prefix(SettledSkew.proofsKept) {
            guard let sent = try facts.spot(in: sequences[proof.from], at: proof.sent) else { continue }
            settled.proofs.append(
                SkewProof(
                    sent: try facts.reference(sent), received: try facts.reference(proof.received), least: proof.least))
        }
        return settled
    }
}

extension Facts {
    /// The first record of a sequence that bears a time; nil where it is not found at once.
    fileprivate mutating func spot(in sequence: borrowing ActorSequence, at time: Int64) throws(SpillFailure)
        -> RecordSpot?
    {
        if sequence.isListed { return sequence.records.first { $0.time == time }?.spot }
        for stream in sequence.streams {
            var number = streams[Int(stream)].firstFrame
            while number >= 0 {
                let following = next(number)
                if firstTime(number) <= time, following < 0 || firstTime(following) >= time {
                    let frame = try frame(number, .skeleton)
                    for row in 0..<frame.events.count where frame.events.time[row] == time {
                        return RecordSpot(frame: number, row: Int32(row))
                    }
                }
                number = following
            }
        }
        return nil
    }
}
