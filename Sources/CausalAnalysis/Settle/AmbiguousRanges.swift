/// Finds the stretches of one process's lines in which times dispute their order.
enum AmbiguousRanges {
    /// The shortest runs of lines such that every line outside agrees with every other: none ahead of it is later, none behind it earlier. Two
    /// lines that both bear counters always agree, and one without a time disputes nothing.
    static func find(_ lines: [Line]) -> [Range<Int>] {
        let count = lines.count
        if count < 2 { return [] }
        // The earliest time from a line on: of all lines, and of those without a counter.
        var leastOfAll = [Int64](repeating: .max, count: count + 1)
        var leastOfBare = leastOfAll
        for at in lines.indices.reversed() {
            let time = lines[at].hasTime ? lines[at].time : .max
            leastOfAll[at] = min(leastOfAll[at + 1], time)
            leastOfBare[at] = lines[at].hasClock ? leastOfBare[at + 1] : min(leastOfBare[at + 1], time)
        }
        var ranges: [Range<Int>] = []
        var start = 0
        var mostOfAll = Int64.min
        var mostOfBare = Int64.min
        for at in lines.indices {
            let time = lines[at].hasTime ? lines[at].time : .min
            mostOfAll = max(mostOfAll, time)
            if !lines[at].hasClock { mostOfBare = max(mostOfBare, time) }
            if mostOfAll <= leastOfBare[at + 1], mostOfBare <= leastOfAll[at + 1] {
                if at > start { ranges.append(start..<(at + 1)) }
                start = at + 1
            }
        }
        return ranges
    }
}
