/// An actor's records by their own counters: its incarnations, and what is missing in each.
struct OwnCounters {
    /// Own counters that are missing between two of an incarnation, less the records without one in between.
    private(set) var missing: Int64 = 0
    /// Records that share a counter with another of the same incarnation.
    private(set) var conflicts: Int64 = 0
    /// Records whose clock lacks the actor's own entry.
    private(set) var faults: Int64 = 0
    private var behindGaps: Set<UInt64> = []
    private var firsts: Set<UInt64> = []
    private var shared: Set<Int64> = []

    /// Records of one incarnation.
    private struct Stretch {
        var counters: [Int64: Set<UInt64>] = [:]
        /// Records without a counter, by the counter that they follow.
        var bare: [Int64: Set<UInt64>] = [:]
        var begin = Int64.max

        var range: ClosedRange<Int64> { (counters.keys.min() ?? 0)...(counters.keys.max() ?? 0) }

        mutating func add(_ row: Ledger.Row, after last: Int64?) {
            if let counter = row.counter {
                counters[counter, default: []].insert(row.digest)
            } else if let last {
                bare[last, default: []].insert(row.digest)
            }
            begin = min(begin, row.time ?? begin)
        }

        func sharesLine(with other: Stretch) -> Bool {
            counters.contains { counter, lines in other.counters[counter].map { !$0.isDisjoint(with: lines) } ?? false }
        }

        mutating func merge(_ other: Stretch) {
            counters.merge(other.counters) { $0.union($1) }
            bare.merge(other.bare) { $0.union($1) }
            begin = min(begin, other.begin)
        }
    }

    /// - Parameter rows: the actor's records, those that stand in several files with each.
    init(_ rows: [Ledger.Row]) {
        faults = Int64(Set(rows.filter(\.isFaulty).map(\.digest)).count)
        let lives = Self.lives(rows)
        for (number, life) in lives.enumerated() {
            let ordered = life.counters.keys.sorted()
            if number > 0, let first = ordered.first { firsts.formUnion(life.counters[first] ?? []) }
            for (counter, digests) in life.counters where digests.count > 1 {
                conflicts += Int64(digests.count - 1)
                shared.insert(counter)
            }
            for (before, counter) in zip(ordered, ordered.dropFirst()) {
                let lost = counter - before - 1 - Int64(life.bare[before]?.count ?? 0)
                if lost <= 0 { continue }
                missing += lost
                behindGaps.formUnion(life.counters[counter] ?? [])
            }
        }
        restarts = max(0, lives.count - 1)
    }

    let restarts: Int

    func isBehindGap(_ record: Record) -> Bool { behindGaps.contains(record.digest) }
    func begins(_ record: Record) -> Bool { firsts.contains(record.digest) }
    func isShared(_ record: Record) -> Bool { record.counter.map { shared.contains($0) } ?? false }

    /// The incarnations, in the order of their times. Where no counter stands twice there is one. Else a file begins another where its
    /// counters fall; stretches of several files that share a line are of one, and so are those whose counters go on.
    private static func lives(_ rows: [Ledger.Row]) -> [Stretch] {
        var digests: [Int64: Set<UInt64>] = [:]
        for row in rows { if let counter = row.counter { digests[counter, default: []].insert(row.digest) } }
        let isOnce = digests.values.allSatisfy { $0.count == 1 }
        var stretches: [Stretch] = []
        var source: Int?
        var last: Int64?
        for row in rows.sorted(by: { $0.place < $1.place }) {
            let isFall = !isOnce && row.counter.map { $0 < last ?? 0 } ?? false
            if row.place.source != source || isFall {
                stretches.append(Stretch())
                last = nil
            }
            source = row.place.source
            stretches[stretches.count - 1].add(row, after: last)
            last = row.counter ?? last
        }
        var lives: [Stretch] = []
        for stretch in joined(stretches).sorted(by: { $0.begin < $1.begin }) {
            let goesOn = isOnce || lives.last.map { $0.range.upperBound < stretch.range.lowerBound } ?? false
            if goesOn, !lives.isEmpty { lives[lives.count - 1].merge(stretch) } else { lives.append(stretch) }
        }
        return lives
    }

    /// Stretches that share a line made one.
    private static func joined(_ stretches: [Stretch]) -> [Stretch] {
        var result: [Stretch] = []
        for stretch in stretches {
            var whole = stretch
            result.removeAll { other in
                if !other.sharesLine(with: whole) { return false }
                whole.merge(other)
                return true
            }
            result.append(whole)
        }
        return result
    }
}
