import EventModel

extension ActorSequence {
    /// Lists records in order.
    /// - Parameter starts: where incarnations begin.
    mutating func list(_ lines: [Line], starts: [Int]) {
        records = lines.map {
            SettledRecord(spot: $0.spot, time: $0.time, counter: $0.counter, knownAt: .max, hasClock: $0.hasClock)
        }
        var most: Int64 = -1
        for (at, start) in starts.enumerated() {
            let end = at + 1 < starts.count ? starts[at + 1] : records.count
            number(start..<end)
            let highest = records[start..<end].reduce(Int64(-1)) { $1.hasClock ? max($0, $1.counter) : $0 }
            most = max(most, highest)
            incarnations.append(Incarnation(start: start, most: highest, mostSoFar: most))
        }
    }

    /// Says of each record of an incarnation with which entry a clock knows it. Records without a clock that just fill the counters between
    /// two are those.
    private mutating func number(_ range: Range<Int>) {
        var previous: Int64?
        var start = range.lowerBound
        for at in range where records[at].hasClock {
            let counter = records[at].counter
            records[at].knownAt = counter
            let fills = previous.map { counter - $0 - 1 == Int64(at - start) } ?? false
            for bare in start..<at {
                if fills, let previous { records[bare].counter = previous + Int64(bare - start) + 1 }
                records[bare].knownAt = fills ? records[bare].counter : counter
            }
            previous = counter
            start = at + 1
        }
    }

    /// The number of its records.
    func count(_ facts: borrowing Facts) -> Int {
        isListed ? records.count : streams.reduce(0) { $0 + Int(facts.streams[Int($1)].lines) }
    }

    /// Lists the records of a sequence that is in order as it stands.
    mutating func listAll(_ facts: inout Facts) throws(SpillFailure) {
        if isListed { return }
        var lines: [Line] = []
        for stream in streams { lines += try facts.lines(of: Int(stream)) }
        list(lines, starts: [0])
    }

    /// Makes a stretch of records one in which no order holds, together with any loose range that it meets.
    mutating func loosen(_ range: Range<Int>, cycle: Int32) {
        var range = range
        loose.removeAll { other in
            guard other.records.overlaps(range) else { return false }
            range = min(range.lowerBound, other.records.lowerBound)..<max(range.upperBound, other.records.upperBound)
            return true
        }
        loose.append(LooseRange(records: range, cycle: cycle))
        loose.sort { $0.records.lowerBound < $1.records.lowerBound }
    }
}
