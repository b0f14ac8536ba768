import EventModel

/// Whether a head's clock can be right, judged by its actor's records behind it; see `ClockFaults`.
extension CausalOrder {
    /// Whether the lane may take its next record in although it has a head: only what surely follows on, so that reading ahead puts
    /// nothing out of order that another file would have put in.
    func mayLookAhead(_ lane: Int, to row: HeldRow) -> Bool {
        guard row.hasClock, let last = lanes[lane].pending.last, last.hasClock else { return false }
        if row.counter == last.counter &+ 1 { return true }
        guard dormant.isEmpty else { return false }
        if lanes[lane].feeds.count == 1 { return true }
        for feed in lanes[lane].feeds.indices where windows[lanes[lane].feeds[feed].source].isShared { return false }
        return true
    }

    /// Judges the head's clock by the records behind it, of which one is in doubt, and takes it for faulty where it cannot be right.
    mutating func judgeClock(of lane: Int) {
        guard let head = lanes[lane].head else { return }
        if !head.trust.isFaulty, fallsBehindHead(of: lane) {
            let next = (1...ClockFaults.reach).prefix { $0 < lanes[lane].pending.count }.filter {
                lanes[lane].pending[$0].hasClock && lanes[lane].pending[$0].epoch == head.epoch
            }
            let judgement = ClockFaults.judge(
                batches[head.slot].clock(at: head.row),
                next: next.map { at in
                    let row = lanes[lane].pending[at]
                    return batches[row.slot].clock(at: row.row)
                },
                base: { highest(of: $0, knownTo: lane, in: head.epoch) })
            if judgement.isSpike { lanes[lane].trust(0) { $0.isFaulty = true } }
            if judgement.nextIsDip, let first = next.first { lanes[lane].trust(first) { $0.isFaulty = true } }
        }
        if lanes[lane].head?.trust.isFaulty == true { batches[head.slot].discreditClock(at: head.row) }
    }

    /// The entries of a head's clock that its actor's record before may not have had.
    func rises(of row: HeldRow, _ lane: Int) -> ChangedEntries {
        lanes[lane].wholeAsOf == restarts ? row.trust.rises : .all
    }

    /// Compares the lane's last record, just taken in from `batch`, with the one before it. What is put in between others is compared
    /// when a head is judged by it.
    mutating func noteFall(_ lane: Int, in batch: HeldBatch) {
        guard let (previous, last) = lanes[lane].lastTwo, last.trust.falls == nil else { return }
        if !last.hasClock || last.epoch != previous.epoch || !previous.hasClock { return }
        // Mostly both stand in one batch.
        let before = previous.slot == last.slot ? batch : batches[previous.slot]
        let (falls, rises) = batch.changes(at: last.row, since: before, previous.row, &entryPlaces)
        lanes[lane].trustLast(falls: falls, rises: rises)
    }

    /// Whether an entry falls anywhere among the head and the records that it is judged by. Each record is compared with the one before it
    /// once.
    private mutating func fallsBehindHead(of lane: Int) -> Bool {
        guard var previous = lanes[lane].head else { return false }
        var hasFall = false
        var at = 1
        while at <= ClockFaults.reach, at < lanes[lane].pending.count {
            let row = lanes[lane].pending[at]
            if row.hasClock, row.epoch == previous.epoch {
                if let falls = row.trust.falls {
                    hasFall = hasFall || falls
                } else {
                    let falls = batches[row.slot].changes(
                        at: row.row, since: batches[previous.slot], previous.row, &entryPlaces
                    ).falls
                    lanes[lane].trust(at) { $0.falls = falls }
                    hasFall = hasFall || falls
                }
                previous = row
            }
            at += 1
        }
        return hasFall
    }

    /// The highest entry for an actor, in any of its lives, that an actor's records given out so far had.
    private func highest(of actor: Symbol, knownTo lane: Int, in epoch: Int32) -> Int64 {
        guard let process = lanes[lane].process, lanes[lane].epoch == epoch else { return 0 }
        let absent = lanes[lane].absent[actor] ?? 0
        guard let other = knownLane(of: actor) else { return absent }
        return lanes[other].lives.indices.reduce(absent) {
            max($0, clocks[process, lanes[other].lives[$1].process].counter)
        }
    }
}
