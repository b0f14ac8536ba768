import DequeModule
import EventModel

/// Gives the events of all sources out in one linear extension of happened-before: among those whose causes have all
/// been given out, the one of smallest time, then of smallest actor name.
///
/// A pull-based merge with one head for each actor. A head may go out when every other actor's entry in its clock is
/// covered: that actor has given out, or passed over, the counter. Else it waits on the first entry that is not, and is
/// woken when that actor moves past it. On well-formed clocks some head can always go, so one record for each actor is held; sources
/// in which many actors write are read ahead within bounds (`SourceWindow`). Where no head can go the clocks run in a circle
/// or name what no log holds; then the waiting head of smallest time goes, and `notes` says so. Nothing hangs it.
///
/// Memory: actors × (reach + actors), and the look-ahead. Time: O(log actors + entries of the clock) an event.
package struct CausalOrder<Supply: BatchSupply> {
    package private(set) var supply: Supply
    package private(set) var notes = OrderNotes()
    package private(set) var clocks = ProcessClocks()
    package private(set) var skew: ClockSkew

    private let options: OrderOptions
    private var lanes: [Lane] = []
    private var laneOfActor: [Int32] = []
    private var windows: [SourceWindow] = []
    private var dormant: [(time: Int64, source: Int)] = []
    private var sharedLive: [Int] = []
    private var slots: [BatchSlot] = []
    private var freeSlots: [Int32] = []
    private var ready = ReadyHeap()
    private var inference = ClockInference()
    /// Lanes to look at again: they got rows, or what they waited for has moved.
    private var touched: [Int] = []
    private var settling: [Int] = []
    /// Lanes that wait for something no log has shown yet.
    private var waitingForAbsent: [Int] = []
    private var lives: [[Life]] = []
    /// For each process the latest of its events that another's clock is known to cover.
    private var known: [Stamp] = []
    private var ordinal: UInt64 = 0

    private struct BatchSlot {
        var batch: EventBatch
        var source: Int
        /// Rows neither given out nor dropped yet.
        var left: Int
    }

    private struct Life {
        var process: ProcessID
        var begin: Int64
    }

    /// Prepares the order of a supply's sources; reads their beginnings.
    package init(_ supply: Supply, options: OrderOptions = OrderOptions()) {
        self.supply = supply
        self.options = options
        skew = ClockSkew(maximum: options.maxSkew)
        windows = Array(repeating: SourceWindow(), count: supply.sourceCount)
    }

    /// Gives all events to `consumer`, in order.
    package mutating func run(_ consumer: inout some EventConsumer) {
        openFirst()
        while true {
            readAhead(span: 2 * options.maxSkew)
            settleTouched()
            if let top = ready.top {
                if let overdue = overdue(before: lanes[top].head?.time ?? .max) {
                    release(overdue)
                    continue
                }
                ready.remove(top, &lanes)
                deliver(top, to: &consumer)
            } else if !unblock() {
                return
            }
        }
    }

    // MARK: Reading

    private mutating func openFirst() {
        let count = windows.count
        if count <= options.openSources {
            for source in 0..<count { open(source) }
            return
        }
        for source in 0..<count {
            if let time = supply.firstTime(of: SourceID(index: UInt32(source))) {
                dormant.append((time.nanoseconds, source))
            } else {
                windows[source].state = .ended
            }
        }
        // Latest first, so that the next to open is the last.
        dormant.sort { ($0.time, $0.source) > ($1.time, $1.source) }
        for _ in 0..<options.openSources {
            if let next = dormant.popLast() { open(next.source) }
        }
    }

    private mutating func open(_ source: Int) {
        windows[source].state = .open
        // Whether many write in it mostly shows at once; then nothing goes out before it is read ahead.
        for _ in 0..<options.probe where windows[source].state == .open && !windows[source].isShared {
            releaseNext(from: source)
        }
    }

    /// Releases the next row of a source into its lane; false at the source's end.
    @discardableResult
    private mutating func releaseNext(from source: Int) -> Bool {
        var slot = windows[source].slot
        if slot < 0 || windows[source].next == slots[Int(slot)].batch.count {
            guard let batch = supply.next(of: SourceID(index: UInt32(source))) else {
                windows[source].state = .ended
                windows[source].slot = -1
                sharedLive.removeAll { $0 == source }
                touchLanes(of: source)
                if !mayShowMoreActors { reconsiderAbsent() }
                return false
            }
            slot = hold(batch, of: source)
            windows[source].slot = slot
            windows[source].next = 0
        }
        let row = windows[source].next
        windows[source].next += 1
        let time = slots[Int(slot)].batch.time[row]
        let actor = slots[Int(slot)].batch.actor[row]
        let place = windows[source].release(time: time, length: Int(slots[Int(slot)].batch.textLength[row]))
        let lane = lane(of: actor)
        if windows[source].firstActor == nil {
            windows[source].firstActor = actor
        } else if windows[source].firstActor != actor, !windows[source].isShared {
            windows[source].isShared = true
            sharedLive.append(source)
        }
        let counter = slots[Int(slot)].batch.counter[row]
        let held = HeldRow(
            slot: slot, row: Int32(truncatingIfNeeded: row), time: time, counter: counter, epoch: 0, sequence: 0,
            hasClock: counter >= 0, window: place)
        if let feed = lanes[lane].feeds.firstIndex(where: { $0.source == source }) {
            lanes[lane].feeds[feed].rows.append(held)
        } else {
            lanes[lane].feeds.append(Lane.Feed(source: source, rows: [held]))
        }
        if slots[Int(slot)].batch.kind[row] == .planCreated { inference.notePlanner(lane) }
        touched.append(lane)
        return true
    }

    private mutating func hold(_ batch: EventBatch, of source: Int) -> Int32 {
        let slot = BatchSlot(batch: batch, source: source, left: batch.count)
        if let free = freeSlots.popLast() {
            slots[Int(free)] = slot
            return free
        }
        slots.append(slot)
        return Int32(slots.count - 1)
    }

    /// A row has been given out or dropped: its batch goes back with its last row.
    private mutating func finish(_ row: HeldRow) {
        let slot = Int(row.slot)
        windows[slots[slot].source].finish(row.window)
        slots[slot].left -= 1
        if slots[slot].left == 0 {
            var batch = EventBatch()
            swap(&batch, &slots[slot].batch)
            supply.recycle(batch)
            freeSlots.append(row.slot)
            if windows[slots[slot].source].slot == row.slot { windows[slots[slot].source].slot = -1 }
        }
    }

    /// Reads shared sources ahead, and opens those whose first record has come near.
    private mutating func readAhead(span: Int64) {
        var at = 0
        while at < sharedLive.count {
            let source = sharedLive[at]
            while windows[source].state == .open, windows[source].mayRelease(span: span, bytes: options.lookAheadBytes)
            {
                releaseNext(from: source)
            }
            if at < sharedLive.count, sharedLive[at] == source { at += 1 }
        }
        if let next = dormant.last, let top = ready.top, let head = lanes[top].head,
            next.time <= head.time.addingReportingOverflow(2 * options.maxSkew).partialValue
        {
            dormant.removeLast()
            open(next.source)
        }
    }

    private mutating func lane(of actor: Symbol) -> Int {
        let symbol = Int(actor.index)
        if symbol < laneOfActor.count, laneOfActor[symbol] >= 0 { return Int(laneOfActor[symbol]) }
        if symbol >= laneOfActor.count {
            laneOfActor.append(contentsOf: repeatElement(-1, count: symbol + 1 - laneOfActor.count))
        }
        laneOfActor[symbol] = Int32(lanes.count)
        lanes.append(Lane(actor: actor, name: supply.symbols[actor], reach: options.reach))
        lives.append([])
        notes.actors.append(OrderNotes.Actor(actor: actor))
        reconsiderAbsent()
        return lanes.count - 1
    }

    private func knownLane(of actor: Symbol) -> Int? {
        let symbol = Int(actor.index)
        return symbol < laneOfActor.count && laneOfActor[symbol] >= 0 ? Int(laneOfActor[symbol]) : nil
    }

    private mutating func touchLanes(of source: Int) {
        for lane in lanes.indices where lanes[lane].feeds.contains(where: { $0.source == source }) {
            touched.append(lane)
        }
    }

    // MARK: Heads

    private mutating func settleTouched() {
        while !touched.isEmpty {
            swap(&touched, &settling)
            // All heads first: whether one may go depends on what stands at the others.
            for lane in settling { fill(lane) }
            for lane in settling { consider(lane) }
            settling.removeAll(keepingCapacity: true)
        }
    }

    /// Takes rows into a lane until it has a head that nothing still to come of that actor should precede.
    private mutating func fill(_ lane: Int) {
        while lanes[lane].head == nil || (lanes[lane].hasGap && lanes[lane].pending.count < options.reach) {
            guard let feed = nextFeed(of: lane), let row = lanes[lane].feeds[feed].rows.popFirst() else { return }
            let before = lanes[lane].head?.sequence
            let batch = Int(row.slot)
            let result = lanes[lane].take(row, digest: slots[batch].batch.digest[Int(row.row)])
            if result != .kept { note(result, row, lane) }
            if result == .duplicate { finish(row) }
            if lanes[lane].heapIndex >= 0, lanes[lane].head?.sequence != before {
                // A record that belongs before the head has come: the lane is put in its place anew.
                ready.remove(lane, &lanes)
            }
        }
    }

    /// The feed whose first row is the actor's next: by own counter where that and the times agree within the skew, else by time.
    private mutating func nextFeed(of lane: Int) -> Int? {
        var at = 0
        while at < lanes[lane].feeds.count {
            let source = lanes[lane].feeds[at].source
            while lanes[lane].feeds[at].rows.isEmpty, windows[source].state == .open, !windows[source].isShared {
                releaseNext(from: source)
            }
            at += 1
        }
        var best: Int?
        for feed in lanes[lane].feeds.indices {
            guard let row = lanes[lane].feeds[feed].rows.first else { continue }
            if let other = best, let leading = lanes[lane].feeds[other].rows.first {
                if precedes(row, leading) { best = feed }
            } else {
                best = feed
            }
        }
        return best
    }

    private func precedes(_ a: HeldRow, _ b: HeldRow) -> Bool {
        if a.hasClock, b.hasClock, a.counter != b.counter {
            let (first, second) = a.counter < b.counter ? (a, b) : (b, a)
            let agree = first.time.subtractingReportingOverflow(second.time).partialValue <= options.maxSkew
            if agree { return a.counter < b.counter }
        }
        return a.time < b.time
    }

    /// Puts a lane's head among the ready ones, or lets it wait.
    private mutating func consider(_ lane: Int) {
        guard let head = lanes[lane].head else {
            wake(lane)
            return
        }
        wake(lane)
        if lanes[lane].heapIndex >= 0 || lanes[lane].isBlocked { return }
        if let obstacle = obstacle(of: head, lane) {
            block(lane, on: obstacle)
        } else {
            ready.insert(lane, &lanes)
        }
    }

    /// Why a head cannot go out yet.
    private enum Obstacle {
        /// Another actor has not passed this counter.
        case counter(Int64, lane: Int)
        /// No log has shown the cause so far.
        case absent
    }

    private func obstacle(of head: HeldRow, _ lane: Int) -> Obstacle? {
        let slot = Int(head.slot)
        let row = Int(head.row)
        let process = lanes[lane].epoch == head.epoch ? lanes[lane].process : nil
        for i in slots[slot].batch.clockEntries(at: row) {
            let count = slots[slot].batch.clockCount[i]
            if count == 0 { continue }
            guard let other = knownLane(of: slots[slot].batch.clockActor[i]) else {
                if mayShowMoreActors { return .absent }
                continue
            }
            if let process, let life = lanes[other].process, clocks[process, life].counter >= count { continue }
            if let obstacle = obstacle(lane: other, counter: count, time: head.time) { return obstacle }
        }
        if head.hasClock { return nil }
        for i in slots[slot].batch.causes(at: row) {
            if inference.event(slots[slot].batch.cause[i]) == nil, hasMoreToCome(besides: lane) { return .absent }
        }
        // A generation that is not created yet: its planner is likely to be a little behind by its clock.
        if let plan = slots[slot].batch.integer(.plan, at: row), plan > inference.newestPlan {
            for planner in inference.planners where planner != lane {
                if let next = lanes[planner].head, !lanes[planner].isBlocked,
                    next.time.subtractingReportingOverflow(head.time).partialValue <= options.maxSkew
                {
                    return .counter(.min, lane: planner)
                }
            }
        }
        return nil
    }

    private func obstacle(lane other: Int, counter: Int64, time: Int64) -> Obstacle? {
        if lanes[other].last.counter >= counter, lanes[other].process != nil { return nil }
        // An entry beyond a life that has ended refers to that life, not to the one begun since.
        if lives[other].count > 1, let life = lives[other].last, time < life.begin { return nil }
        guard let next = lanes[other].head else {
            return isExhausted(other) && !mayShowMoreActors ? nil : .counter(counter, lane: other)
        }
        if next.epoch > lanes[other].epoch, lanes[other].process != nil { return nil }
        if next.hasClock, next.counter > counter { return nil }
        return .counter(counter, lane: other)
    }

    private mutating func block(_ lane: Int, on obstacle: Obstacle) {
        lanes[lane].isBlocked = true
        switch obstacle {
        case .absent:
            lanes[lane].blockedOn = nil
            waitingForAbsent.append(lane)
        case .counter(let counter, let other):
            lanes[lane].blockedOn = other
            var waiters = lanes[other].waiters
            lanes[other].waiters = []
            var at = waiters.count
            while at > 0, waiters[at - 1].counter < counter { at -= 1 }
            waiters.insert((counter, lane), at: at)
            lanes[other].waiters = waiters
            if lanes[other].head == nil {
                waitingForAbsent.append(lane)
            } else if let circle = circle(from: lane) {
                breakCircle(circle)
            }
        }
    }

    /// The lanes of a circle of waiting heads that `lane` closes, if it does.
    private func circle(from lane: Int) -> [Int]? {
        var path = [lane]
        var at = lane
        while let next = lanes[at].blockedOn, lanes[at].isBlocked {
            if next == lane { return path }
            if path.count > lanes.count || !lanes[next].isBlocked { return nil }
            path.append(next)
            at = next
        }
        return nil
    }

    private mutating func breakCircle(_ circle: [Int]) {
        for lane in circle {
            if let head = lanes[lane].head { notes.actors[lane].cycles.add(reference(head, lane)) }
        }
        let first = circle.min { a, b in
            let (x, y) = (lanes[a].head?.time ?? .max, lanes[b].head?.time ?? .max)
            return x != y ? x < y : lanes[a].name < lanes[b].name
        }
        if let first { release(first) }
    }

    /// Lets a waiting head go although what it waits for has not come.
    private mutating func release(_ lane: Int) {
        if let other = lanes[lane].blockedOn { lanes[other].waiters.removeAll { $0.lane == lane } }
        unmark(lane)
        ready.insert(lane, &lanes)
    }

    private mutating func unmark(_ lane: Int) {
        lanes[lane].isBlocked = false
        lanes[lane].blockedOn = nil
        waitingForAbsent.removeAll { $0 == lane }
    }

    /// Looks again at the lanes that wait for what no log had shown.
    private mutating func reconsiderAbsent() {
        for lane in waitingForAbsent {
            if let other = lanes[lane].blockedOn { lanes[other].waiters.removeAll { $0.lane == lane } }
            lanes[lane].isBlocked = false
            lanes[lane].blockedOn = nil
            touched.append(lane)
        }
        waitingForAbsent.removeAll()
    }

    /// Looks again at the lanes that wait for `lane` and need wait no longer.
    private mutating func wake(_ lane: Int) {
        if lanes[lane].waiters.isEmpty { return }
        var passed = lanes[lane].process == nil ? -1 : lanes[lane].last.counter
        if let head = lanes[lane].head {
            if lanes[lane].process != nil, head.epoch > lanes[lane].epoch { passed = .max }
            if head.hasClock, head.counter > 0 { passed = max(passed, head.counter - 1) }
        } else if isExhausted(lane) {
            passed = .max
        }
        while let waiter = lanes[lane].waiters.last, waiter.counter <= passed {
            lanes[lane].waiters.removeLast()
            unmark(waiter.lane)
            touched.append(waiter.lane)
        }
    }

    private func isExhausted(_ lane: Int) -> Bool {
        lanes[lane].head == nil
            && lanes[lane].feeds.allSatisfy { windows[$0.source].state == .ended && $0.rows.isEmpty }
    }

    private var mayShowMoreActors: Bool { !dormant.isEmpty || !sharedLive.isEmpty }

    private func hasMoreToCome(besides lane: Int) -> Bool {
        mayShowMoreActors || lanes.indices.contains { $0 != lane && !isExhausted($0) }
    }

    /// A head that has waited for something absent until the others are `maxWait` past it.
    private func overdue(before time: Int64) -> Int? {
        var oldest: Int?
        for lane in waitingForAbsent {
            guard let head = lanes[lane].head, head.time.addingReportingOverflow(options.maxWait).partialValue < time
            else {
                continue
            }
            if let other = oldest, let first = lanes[other].head,
                (first.time, lanes[other].name) <= (head.time, lanes[lane].name)
            {
                continue
            }
            oldest = lane
        }
        return oldest
    }

    /// No head can go: reads on, or lets the waiting head of smallest time go. False when everything has been given out.
    private mutating func unblock() -> Bool {
        if let next = dormant.popLast() {
            open(next.source)
            return true
        }
        let waiting = lanes.indices.filter { lanes[$0].isBlocked }
        if !waiting.isEmpty {
            let before = touched.count
            readAhead(span: max(options.maxWait, 2 * options.maxSkew))
            if touched.count > before { return true }
        }
        let first = waiting.min { a, b in
            let (x, y) = (lanes[a].head?.time ?? .max, lanes[b].head?.time ?? .max)
            return x != y ? x < y : lanes[a].name < lanes[b].name
        }
        guard let first else { return false }
        release(first)
        return true
    }

    // MARK: Giving out

    private mutating func deliver(_ lane: Int, to consumer: inout some EventConsumer) {
        guard let row = lanes[lane].popHead() else { return }
        let slot = Int(row.slot)
        let at = Int(row.row)
        begin(row, lane)
        guard let process = lanes[lane].process else { return }
        let gap = row.hasClock && lanes[lane].last.counter >= 0 ? row.counter - lanes[lane].last.counter - 1 : 0
        let stamp: Stamp
        if row.hasClock, row.counter > lanes[lane].last.counter || lanes[lane].last.counter < 0 {
            // An own entry of 0 cannot be told from an entry that knows nothing, so it stands just after it.
            stamp = Stamp(counter: row.counter, position: row.counter == 0 ? 1 : 0)
        } else {
            stamp = Stamp(counter: max(0, lanes[lane].last.counter), position: lanes[lane].last.position + 1)
        }
        lanes[lane].last = stamp
        lanes[lane].lastTime = row.time
        clocks.raise(process, entry: process, to: stamp)
        let missing = learn(row, lane, process)
        if !row.hasClock {
            inference.causes(of: slots[slot].batch, row: at) { clocks.merge($0, into: process) }
        }
        inference.note(slots[slot].batch, row: at, lane: lane) { clocks.snapshot(process) }
        note(row, lane, stamp, gap: gap, missing: missing)
        let delivery = Delivery(
            ordinal: ordinal, source: SourceID(index: UInt32(slots[slot].source)), process: process, stamp: stamp,
            hasClock: row.hasClock, inRestartedProcess: lives[lane].count > 1)
        ordinal += 1
        consumer.observe(slots[slot].batch, row: at, delivery: delivery, clocks: clocks)
        if !waitingForAbsent.isEmpty, slots[slot].batch.has(.id, at: at) { reconsiderAbsent() }
        finish(row)
        touched.append(lane)
    }

    /// Begins a new process where the row is the first of a life.
    private mutating func begin(_ row: HeldRow, _ lane: Int) {
        if lanes[lane].process != nil, row.epoch == lanes[lane].epoch { return }
        let process = clocks.begin(actor: lanes[lane].actor, after: lanes[lane].process)
        known.append(.zero)
        lives[lane].append(Life(process: process, begin: row.time))
        lanes[lane].process = process
        lanes[lane].epoch = row.epoch
        lanes[lane].last = Stamp(counter: -1)
    }

    /// Raises the process's clock by the record's entries and learns from each new one how far the clocks stand apart. Returns how many
    /// entries name an event that no log has shown.
    private mutating func learn(_ row: HeldRow, _ lane: Int, _ process: ProcessID) -> Int {
        let slot = Int(row.slot)
        var missing = 0
        for i in slots[slot].batch.clockEntries(at: Int(row.row)) {
            let actor = slots[slot].batch.clockActor[i]
            let count = slots[slot].batch.clockCount[i]
            if count == 0 { continue }
            guard let other = knownLane(of: actor) else {
                notes.mentions[actor, default: 0] += 1
                continue
            }
            guard let life = life(of: other, at: row.time, knownTo: process) else { continue }
            let stamp = Stamp(counter: count)
            if !clocks.raise(process, entry: life, to: stamp) { continue }
            if known[Int(life.index)] < stamp { known[Int(life.index)] = stamp }
            if let time = lanes[other].time(ofCounter: count) {
                skew.message(from: lanes[other].actor, sent: time, to: lanes[lane].actor, received: row.time)
            } else if life == lanes[other].process {
                if lanes[other].last.counter <= count, lanes[other].lastTime != .min {
                    skew.message(
                        from: lanes[other].actor, sent: lanes[other].lastTime, to: lanes[lane].actor, received: row.time
                    )
                }
                missing += lanes[other].last.counter < count &+ Int64(options.reach) ? 1 : 0
            }
        }
        return missing
    }

    /// The life of an actor that an entry refers to: the latest begun, unless the reader's time lies before it and it knew nothing of it.
    private func life(of lane: Int, at time: Int64, knownTo process: ProcessID) -> ProcessID? {
        var at = lives[lane].count - 1
        while at > 0, time < lives[lane][at].begin, clocks[process, lives[lane][at].process] == .zero { at -= 1 }
        return at >= 0 ? lives[lane][at].process : nil
    }

    // MARK: Notes

    private func reference(_ row: HeldRow, _ lane: Int) -> RecordRef {
        let slot = Int(row.slot)
        let delivery = Delivery(
            ordinal: ordinal, source: SourceID(index: UInt32(slots[slot].source)),
            process: lanes[lane].process ?? ProcessID(index: 0), stamp: Stamp(counter: max(0, row.counter)),
            hasClock: row.hasClock)
        return delivery.reference(slots[slot].batch, row: Int(row.row))
    }

    private mutating func note(_ result: Intake, _ row: HeldRow, _ lane: Int) {
        switch result {
        case .kept: break
        case .duplicate: notes.actors[lane].duplicates += 1
        case .conflict: notes.actors[lane].conflicts.add(reference(row, lane))
        case .disorder: notes.actors[lane].disorders.add(reference(row, lane))
        case .restart: notes.actors[lane].restarts.add(reference(row, lane))
        }
    }

    private mutating func note(_ row: HeldRow, _ lane: Int, _ stamp: Stamp, gap: Int64, missing: Int) {
        notes.actors[lane].events += 1
        if row.hasClock { notes.actors[lane].withClock += 1 }
        let isOdd = gap > 0 || missing > 0 || notes.actors[lane].first == nil
        let isFaulty = slots[Int(row.slot)].batch.fields[Int(row.row)].contains(.faultyClock)
        let isLate = lanes[lane].process.map { known[Int($0.index)] >= stamp } ?? false
        if !isOdd, !isFaulty, !isLate { return }
        var record = reference(row, lane)
        record.stamp = stamp
        if notes.actors[lane].first == nil { notes.actors[lane].first = record }
        if gap > 0 { notes.actors[lane].gaps.add(record, count: UInt64(gap)) }
        if missing > 0 { notes.actors[lane].missingCauses.add(record) }
        if isFaulty { notes.actors[lane].clockFaults.add(record) }
        if isLate { notes.actors[lane].late.add(record) }
    }
}
