import EventModel

/// Heads that wait: for another actor, in a circle, or for what no log shows.
extension CausalOrder {
    mutating func block(_ lane: Int, on obstacle: Obstacle) {
        lanes[lane].isBlocked = true
        switch obstacle {
        case .absent:
            lanes[lane].blockedOn = nil
            waitingForAbsent.append(lane)
        case .counter(let counter, let other):
            lanes[lane].blockedOn = other
            lanes[other].wait(lane, for: counter)
            if lanes[other].head == nil {
                waitingForAbsent.append(lane)
            } else if let circle = circle(from: lane) {
                breakCircle(circle)
            }
        }
    }

    /// The lanes of a circle of waiting heads that `lane` closes, if it does.
    func circle(from lane: Int) -> [Int]? {
        guard let first = lanes[lane].blockedOn, lanes[first].isBlocked else { return nil }
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

    mutating func breakCircle(_ circle: [Int]) {
        var records: [RecordRef] = []
        for lane in circle {
            guard let head = lanes[lane].head else { continue }
            records.append(reference(head, lane))
            notes.actors[lane].cycles.add(reference(head, lane))
        }
        notes.addCircle(records)
        let first = circle.min { a, b in
            let (x, y) = (lanes[a].head?.time ?? .max, lanes[b].head?.time ?? .max)
            return x != y ? x < y : lanes[a].name < lanes[b].name
        }
        if let first { release(first) }
    }

    /// Lets a waiting head go although what it waits for has not come.
    mutating func release(_ lane: Int) {
        if let other = lanes[lane].blockedOn { lanes[other].stopWaiting(lane) }
        unmark(lane)
        if let head = lanes[lane].head { ready.insert(lane, time: head.time, lanes) }
    }

    mutating func unmark(_ lane: Int) {
        lanes[lane].isBlocked = false
        lanes[lane].blockedOn = nil
        if !waitingForAbsent.isEmpty { waitingForAbsent.removeAll { $0 == lane } }
    }

    /// Looks again at the lanes that wait for what no log had shown.
    mutating func reconsiderAbsent() {
        for lane in waitingForAbsent {
            if let other = lanes[lane].blockedOn { lanes[other].stopWaiting(lane) }
            lanes[lane].isBlocked = false
            lanes[lane].blockedOn = nil
            touched.append(lane)
        }
        waitingForAbsent.removeAll()
    }

    /// Looks again at the lanes that wait for `lane` and need wait no longer.
    mutating func wakeWaiters(of lane: Int) {
        if !lanes[lane].hasWaiters { return }
        var passed = lanes[lane].process == nil ? -1 : lanes[lane].last.counter
        if let head = lanes[lane].head {
            if lanes[lane].process != nil, head.epoch > lanes[lane].epoch { passed = .max }
            if head.hasClock, head.counter > 0 { passed = max(passed, head.counter - 1) }
        } else if isExhausted(lane) {
            passed = .max
        }
        // Who waits for a planner's next move, whatever it is, waits until it moves: two that look at each other would never end.
        if lanes[lane].hasMoved || isExhausted(lane) {
            while let onlooker = lanes[lane].nextOnlooker() { wake(onlooker) }
        }
        while let waiter = lanes[lane].nextWaiter(upTo: passed) { wake(waiter) }
        lanes[lane].hasMoved = false
    }

    private mutating func wake(_ waiter: Int) {
        unmark(waiter)
        touched.append(waiter)
    }

    func isExhausted(_ lane: Int) -> Bool {
        if lanes[lane].head != nil { return false }
        for feed in lanes[lane].feeds.indices {
            let source = lanes[lane].feeds[feed].source
            if windows[source].state != .ended || !lanes[lane].feeds[feed].rows.isEmpty { return false }
        }
        return true
    }

    var mayShowMoreActors: Bool { !dormant.isEmpty || !sharedLive.isEmpty }

    func hasMoreToCome(besides lane: Int) -> Bool {
        if mayShowMoreActors { return true }
        for other in lanes.indices where other != lane && !isExhausted(other) { return true }
        return false
    }

    /// A head that has waited for something absent until the others are `maxWait` past it.
    func overdue(before time: Int64) -> Int? {
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
    mutating func unblock() -> Bool {
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
}
