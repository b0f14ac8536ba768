import EventModel

/// How a head goes out: its process's clock is raised, what it teaches is noted, the consumer takes it.
extension CausalOrder {
    mutating func deliver<Taker: ~Copyable>(_ lane: Int, to taker: inout Taker, _ handOver: HandOver<Taker>) {
        guard let row = lanes[lane].popHead() else { return }
        let held = batches[row.slot]
        let at = row.row
        changes.truncate(to: 0)
        begin(row, lane)
        guard let process = lanes[lane].process else { return }
        let lost = lanes[lane].lost(ahead: row)
        if let lost { noteLoss(of: lost, ahead: row, lane, process) }
        let gap = lanes[lane].last.counter < 0 ? 0 : lost?.count ?? 0
        let stamp = lanes[lane].move(to: row)
        raise(process, entry: process, to: stamp)
        let missing = learn(row, held, lane, process)
        let hasClock = held.hasUsableClock(at: at)
        if !hasClock {
            for cause in inference.causes(of: held.events, row: at) {
                for entry in cause.entries { raise(process, entry: entry.process, to: entry.stamp) }
            }
        }
        if inference.mayRestOn(held, row: at) {
            inference.note(held.events, row: at, lane: lane, clock: clocks.snapshot(process))
        }
        note(row, held, lane, process, stamp, hasClock: hasClock, gap: gap, missing: missing)
        let delivery = Delivery(
            ordinal: ordinal, source: SourceID(index: UInt32(held.source)), process: process, stamp: stamp,
            hasClock: hasClock, inRestartedProcess: lanes[lane].lives.count > 1)
        ordinal += 1
        handOver(&taker, held, row.place, delivery, clocks, changes)
        if !waitingForAbsent.isEmpty, held.events.has(.id, at: at) { reconsiderAbsent() }
        finish(row.place)
        touched.append(lane)
    }

    /// Notes the counters that the log lacks ahead of a record.
    private mutating func noteLoss(
        of counters: ClosedRange<Int64>, ahead row: HeldRow, _ lane: Int, _ process: ProcessID
    ) {
        let last = lanes[lane].last.counter
        notes.lost.add(
            LostRecords.Gap(
                actor: lanes[lane].actor, process: process, counters: counters,
                count: counters.upperBound - counters.lowerBound &+ 1,
                known: last < 0 ? VectorClock() : clocks.snapshot(process),
                from: last < 0 ? .min : lanes[lane].lastTime, to: row.time,
                next: reference(row, lane),
                isOperators: batches[row.slot].events.fields[row.row].contains(.byOperator)))
    }

    /// Notes how many records each actor had, and the counters behind a log's end that others' clocks know of.
    mutating func noteEnd() {
        for lane in lanes.indices {
            notes.actors[lane].events = lanes[lane].events
            notes.actors[lane].withClock = lanes[lane].withClock
            guard let process = lanes[lane].process else { continue }
            let last = max(0, lanes[lane].last.counter)
            let claimed = known[Int(process.index)].counter
            if claimed <= last { continue }
            notes.lost.add(
                LostRecords.Gap(
                    actor: lanes[lane].actor, process: process, counters: (last + 1)...claimed, count: claimed - last,
                    known: clocks.snapshot(process), from: lanes[lane].lastTime, to: .max, next: nil, isOperators: false
                ))
        }
    }

    /// Begins a new process where the row is the first of a life.
    mutating func begin(_ row: HeldRow, _ lane: Int) {
        if lanes[lane].process != nil, row.epoch == lanes[lane].epoch { return }
        let process = beginProcess(of: lanes[lane].actor, after: lanes[lane].process)
        known.append(.zero)
        if lanes[lane].lives.count > 0 { restarts += 1 }
        lanes[lane].lives.append(Lane.Life(process: process, begin: row.time))
        lanes[lane].process = process
        lanes[lane].epoch = row.epoch
        lanes[lane].last = Stamp(counter: -1)
        let symbol = Int(lanes[lane].actor.index)
        lifeOfActor.grow(toHold: symbol, with: -1)
        lifeOfActor[symbol] = Int32(bitPattern: process.index)
    }

    /// Raises the process's clock by the record's entries and learns from each new one how far the clocks stand apart. Returns how many
    /// entries name an event that no log has shown.
    private mutating func learn(
        _ row: HeldRow, _ held: HeldBatch, _ lane: Int, _ process: ProcessID
    ) -> Int {
        var missing = 0
        let rises = rises(of: row, lane)
        var isWhole = held.hasUsableClock(at: row.row)
        defer { lanes[lane].wholeAsOf = isWhole ? restarts : -1 }
        var clock = clocks.row(process)
        let entries = held.clockEntries(at: row.row)
        for i in rises.among(entries) {
            let actor = held.events.clockActor[i]
            let count = held.events.clockCount[i]
            if count == 0 { continue }
            if clocks.counter(&clock, of: latestLife(of: actor)) >= count { continue }
            guard let other = knownLane(of: actor) else {
                isWhole = false
                notes.mentions[actor, default: 0] += 1
                lanes[lane].absent[actor] = max(lanes[lane].absent[actor] ?? 0, count)
                continue
            }
            guard let life = life(of: other, at: row.time, knownTo: process) else {
                isWhole = false
                continue
            }
            let isPresent = life == lanes[other].process
            if !isPresent { isWhole = false }
            let stamp = Stamp(counter: count)
            if !raise(process, entry: life, to: stamp) { continue }
            if known[Int(life.index)] < stamp { known[Int(life.index)] = stamp }
            if !isPresent { continue }
            let sent = lanes[other].time(ofCounter: count)
            if let time = sent ?? lanes[other].lastTime(upTo: count) {
                skew.message(from: other, sent: time, to: lane, received: row.time)
            }
            if sent == nil, lanes[other].last.counter < count &+ Int64(options.reach) { missing += 1 }
        }
        return missing
    }

    /// The life of an actor that an entry refers to: the latest begun, unless the reader's time lies before it and it knew nothing of it.
    func life(of lane: Int, at time: Int64, knownTo process: ProcessID) -> ProcessID? {
        var at = lanes[lane].lives.count - 1
        while at > 0, time < lanes[lane].lives[at].begin, clocks[process, lanes[lane].lives[at].process] == .zero {
            at -= 1
        }
        return at >= 0 ? lanes[lane].lives[at].process : nil
    }

    func reference(_ row: HeldRow, _ lane: Int) -> RecordRef {
        let held = batches[row.slot]
        let delivery = Delivery(
            ordinal: ordinal, source: SourceID(index: UInt32(held.source)),
            process: lanes[lane].process ?? ProcessID(index: 0), stamp: Stamp(counter: max(0, row.counter)),
            hasClock: row.hasClock)
        return delivery.reference(held.events, row: row.row)
    }

    mutating func note(_ result: Intake, _ row: HeldRow, _ lane: Int) {
        switch result {
        case .kept: break
        case .duplicate: notes.actors[lane].duplicates += 1
        case .conflict: notes.actors[lane].conflicts.add(reference(row, lane))
        case .disorder: notes.actors[lane].disorders.add(reference(row, lane))
        case .restart: notes.actors[lane].restarts.add(reference(row, lane))
        }
    }

    private mutating func note(
        _ row: HeldRow, _ held: HeldBatch, _ lane: Int, _ process: ProcessID, _ stamp: Stamp, hasClock: Bool, gap: Int,
        missing: Int
    ) {
        let isFirst = lanes[lane].count(hasClock: hasClock)
        let isOdd = gap > 0 || missing > 0 || isFirst
        let isFaulty =
            !hasClock && (held.events.fields[row.row].contains(.faultyClock) || held.isDiscredited(row.row))
        let isLate = known[Int(process.index)] >= stamp
        if !isOdd, !isFaulty, !isLate { return }
        var record = reference(row, lane)
        record.stamp = stamp
        if isFirst { notes.actors[lane].first = record }
        if gap > 0 { notes.actors[lane].gaps.add(record, count: UInt64(gap)) }
        if missing > 0 { notes.actors[lane].missingCauses.add(record) }
        if isFaulty { notes.actors[lane].clockFaults.add(record) }
        if isLate { notes.actors[lane].late.add(record) }
    }
}
