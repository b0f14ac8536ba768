import EventModel

/// Which record stands at the head of each lane, and whether it may go out.
extension CausalOrder {
    mutating func settleTouched() {
        while touched.count > 0 {
            swap(&touched, &settling)
            // All heads first: whether one may go depends on what stands at the others.
            for at in settling.indices { fill(settling[at]) }
            for at in settling.indices { consider(settling[at]) }
            settling.truncate(to: 0)
        }
    }

    /// Takes rows into a lane until it has a head that nothing still to come of that actor should precede, and what its clock is judged by.
    mutating func fill(_ lane: Int) {
        while true {
            let isNeeded = lanes[lane].needsMore(reach: options.reach)
            if !isNeeded, lanes[lane].pending.count > ClockFaults.reach { return }
            guard let feed = nextFeed(of: lane), let place = lanes[lane].feeds[feed].rows.first else { return }
            let batch = batches[place.slot]
            let row = HeldRow(batch, place)
            if !isNeeded, !mayLookAhead(lane, to: row) { return }
            _ = lanes[lane].feeds[feed].rows.popFirst()
            let ready = ready.holds(lane) ? lanes[lane].head?.place : nil
            let result = lanes[lane].take(row, digest: batch.events.digest[row.row])
            if result != .kept { note(result, row, lane) }
            noteFall(lane, in: batch)
            if result == .duplicate { finish(place) }
            // Where a record has come that belongs before the head, the lane is put in its place anew.
            if let ready, lanes[lane].head?.place != ready { self.ready.remove(lane, lanes) }
        }
    }

    /// The feed whose first row is the actor's next: by own counter where that and the times agree within the skew, else by time.
    mutating func nextFeed(of lane: Int) -> Int? {
        var at = 0
        while at < lanes[lane].feeds.count {
            let source = lanes[lane].feeds[at].source
            while lanes[lane].feeds[at].rows.isEmpty, windows[source].state == .open, !windows[source].isShared {
                releaseNext(from: source, filling: lane)
            }
            at += 1
        }
        if lanes[lane].feeds.count == 1 { return 0 }
        var best: (feed: Int, row: HeldRow)?
        for feed in lanes[lane].feeds.indices {
            guard let place = lanes[lane].feeds[feed].rows.first else { continue }
            let row = HeldRow(batches[place.slot], place)
            if let leading = best?.row, !precedes(row, leading) { continue }
            best = (feed, row)
        }
        return best?.feed
    }

    func precedes(_ a: HeldRow, _ b: HeldRow) -> Bool {
        if a.hasClock, b.hasClock, a.counter != b.counter {
            let (first, second) = a.counter < b.counter ? (a, b) : (b, a)
            let agree = first.time.subtractingReportingOverflow(second.time).partialValue <= options.maxSkew
            if agree { return a.counter < b.counter }
        }
        return a.time < b.time
    }

    /// Puts a lane's head among the ready ones, or lets it wait.
    mutating func consider(_ lane: Int) {
        wakeWaiters(of: lane)
        guard !lanes[lane].isBlocked, !ready.holds(lane), let head = lanes[lane].head else { return }
        if head.isToJudge, lanes[lane].beginJudging() { judgeClock(of: lane) }
        if let obstacle = obstacle(of: head, lane) {
            block(lane, on: obstacle)
        } else {
            ready.insert(lane, time: head.time, lanes)
        }
    }

    /// Why a head cannot go out yet.
    enum Obstacle {
        /// Another actor has not passed this counter; without one, not moved.
        case counter(Int64?, lane: Int)
        /// No log has shown the cause so far.
        case absent
    }

    func obstacle(of head: HeldRow, _ lane: Int) -> Obstacle? {
        let held = batches[head.slot]
        let row = head.row
        let process = lanes[lane].epoch == head.epoch ? lanes[lane].process : nil
        var clock = clocks.row(process ?? ProcessID(index: 0))
        let rises = rises(of: head, lane)
        let entries = held.clockEntries(at: row)
        for i in rises.among(entries) {
            let count = held.events.clockCount[i]
            if count == 0 { continue }
            let actor = held.events.clockActor[i]
            // Known to the actor's record before: nearly every entry.
            if process != nil, clocks.counter(&clock, of: latestLife(of: actor)) >= count { continue }
            guard let other = knownLane(of: actor) else {
                if mayShowMoreActors { return .absent }
                continue
            }
            if let obstacle = obstacle(lane: other, counter: count, time: head.time) { return obstacle }
        }
        if held.hasUsableClock(at: row) { return nil }
        for i in held.events.causes(at: row) {
            if inference.event(held.events.cause[i]) == nil, hasMoreToCome(besides: lane) { return .absent }
        }
        // A generation that is not created yet: its planner is likely to be a little behind by its clock.
        if let plan = held.events.integer(.plan, at: row), plan > inference.newestPlan {
            for planner in inference.planners where planner != lane {
                if let next = lanes[planner].head, !lanes[planner].isBlocked,
                    next.time.subtractingReportingOverflow(head.time).partialValue <= options.maxSkew
                {
                    return .counter(nil, lane: planner)
                }
            }
        }
        return nil
    }

    func obstacle(lane other: Int, counter: Int64, time: Int64) -> Obstacle? {
        if lanes[other].last.counter >= counter, lanes[other].process != nil { return nil }
        // An entry beyond a life that has ended refers to that life, not to the one begun since.
        if lanes[other].lives.count > 1, let life = lanes[other].lives.last, time < life.begin { return nil }
        guard let next = lanes[other].head else {
            return isExhausted(other) && !mayShowMoreActors ? nil : .counter(counter, lane: other)
        }
        if next.epoch > lanes[other].epoch, lanes[other].process != nil { return nil }
        if next.hasClock, next.counter > counter { return nil }
        return .counter(counter, lane: other)
    }
}
