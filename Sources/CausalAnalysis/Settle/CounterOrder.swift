import EventModel

/// Puts one process's lines in the order of their own counters, and cuts them into incarnations.
///
/// Every line's counter is judged by the highest so far: it follows, it repeats the one ahead (a conflict), it fills a counter that was missing
/// (disorder), or the actor has restarted. A line without a counter stays behind the line ahead of it.
struct CounterOrder {
    /// How many lines were put in order, share a counter with another, or began an incarnation; the first of each.
    private(set) var disorders: [RecordSpot] = []
    private(set) var conflicts: [RecordSpot] = []
    private(set) var restarts: [RecordSpot] = []
    /// The lines in order, and where incarnations begin.
    private(set) var lines: [Line] = []
    private(set) var starts: [Int] = [0]

    private struct Place {
        var incarnation: Int32
        var counter: Int64
        var line: Int32
    }

    init(_ lines: [Line], _ facts: inout Facts) throws(SpillFailure) {
        var places: [Place] = []
        places.reserveCapacity(lines.count)
        var incarnation: Int32 = 0
        var highest = -1
        var previous = -1
        var held: [Int64: Int] = [:]
        var isSorted = true
        let next = Self.nextCounters(lines)
        for (at, line) in lines.enumerated() {
            guard line.hasClock else {
                let counter = previous < 0 ? -1 : lines[previous].counter
                places.append(Place(incarnation: incarnation, counter: counter, line: Int32(at)))
                continue
            }
            if highest >= 0, line.counter <= lines[highest].counter {
                isSorted = false
                let top = lines[highest]
                let isEarly = !line.hasTime || !top.hasTime || line.time <= top.time
                let rises = next[at] > top.counter
                if line.counter == lines[previous].counter
                    || (held[line.counter] != nil && isEarly && rises)
                {
                    conflicts.append(line.spot)
                } else if held[line.counter] == nil, line.counter > top.counter - Int64(OwnOrder.reach),
                    isEarly || rises, try Self.fits(line, lines, held, top.counter, &facts)
                {
                    disorders.append(line.spot)
                } else {
                    restarts.append(line.spot)
                    incarnation += 1
                    highest = at
                    held.removeAll(keepingCapacity: true)
                }
            } else {
                highest = at
            }
            previous = at
            held[line.counter] = held[line.counter] ?? at
            if held.count > 2 * OwnOrder.reach, let top = highest >= 0 ? lines[highest].counter : nil {
                held = held.filter { $0.key > top - Int64(OwnOrder.reach) }
            }
            places.append(Place(incarnation: incarnation, counter: line.counter, line: Int32(at)))
        }
        if !isSorted {
            places.sort {
                ($0.incarnation, $0.counter, $0.line) < ($1.incarnation, $1.counter, $1.line)
            }
        }
        self.lines.reserveCapacity(lines.count)
        for (at, place) in places.enumerated() {
            if at > 0, place.incarnation != places[at - 1].incarnation { starts.append(at) }
            self.lines.append(lines[Int(place.line)])
        }
        self.lines.fillTimes()
    }

    /// For each line the counter of the next line that bears one; −1 behind the last.
    private static func nextCounters(_ lines: [Line]) -> [Int64] {
        var next = [Int64](repeating: -1, count: lines.count)
        var counter: Int64 = -1
        for at in lines.indices.reversed() {
            next[at] = counter
            if lines[at].hasClock { counter = lines[at].counter }
        }
        return next
    }

    /// Whether a line's clock fits between those of the nearest counters that are held.
    private static func fits(
        _ line: Line, _ lines: [Line], _ held: [Int64: Int], _ top: Int64, _ facts: inout Facts
    ) throws(SpillFailure) -> Bool {
        var below: Int64 = line.counter - 1
        while below >= 0, below > line.counter - Int64(OwnOrder.reach), held[below] == nil { below -= 1 }
        var above = line.counter + 1
        while above < top, held[above] == nil { above += 1 }
        let clock = try facts.clock(line.spot)
        if let at = held[below], !covers(clock, try facts.clock(lines[at].spot)) { return false }
        if let at = held[above], !covers(try facts.clock(lines[at].spot), clock) { return false }
        return true
    }

    /// Whether no entry of the second clock is above that of the first; one that is not there is 0.
    private static func covers(_ clock: [Symbol: Int64], _ other: [Symbol: Int64]) -> Bool {
        other.allSatisfy { clock[$0.key] ?? 0 >= $0.value }
    }
}
