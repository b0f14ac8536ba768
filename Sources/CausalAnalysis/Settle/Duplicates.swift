import EventModel

/// Finds lines that are there twice: the same bytes as one of the last lines of the same actor, or in another file of it.
struct Duplicates {
    /// By stream, the lines to be dropped.
    private(set) var dropped: [Int: Set<RecordSpot>] = [:]
    /// By actor, how many are dropped, and how many equal lines are two events, since nothing tells them apart.
    private(set) var counts: [Symbol: Int64] = [:]
    private(set) var repeats: [Symbol: Int64] = [:]

    /// Looks through the streams of one actor, in the order of their files.
    mutating func look(_ streams: [Int], _ facts: inout Facts) throws(SpillFailure) {
        let overlapping = Self.overlapping(streams.map { facts.streams[$0] })
        var others: Set<UInt64> = []
        for (at, stream) in streams.enumerated() where facts.streams[stream].mayRepeat || overlapping[at] {
            let isFine = facts.sources[Int(facts.streams[stream].source)].hasFineTimes
            let actor = facts.streams[stream].actor
            let lines = try facts.lines(of: stream)
            var recent: [UInt64: Int] = [:]
            var own: [UInt64] = []
            for (index, line) in lines.enumerated() {
                var isDropped = overlapping[at] && others.contains(line.key)
                if !isDropped, let before = recent[line.key], index - before <= OwnOrder.reach,
                    lines[before].repeats(line)
                {
                    if line.hasClock || line.hasID || isFine {
                        isDropped = true
                    } else {
                        repeats[actor, default: 0] += 1
                    }
                }
                if isDropped {
                    dropped[stream, default: []].insert(line.spot)
                    counts[actor, default: 0] += 1
                } else if overlapping[at] {
                    own.append(line.key)
                }
                recent[line.key] = index
            }
            others.formUnion(own)
        }
    }

    /// The lines of a stream that are not dropped.
    func kept(of stream: Int, _ facts: inout Facts) throws(SpillFailure) -> [Line] {
        let lines = try facts.lines(of: stream)
        guard let dropped = dropped[stream] else { return lines }
        return lines.filter { !dropped.contains($0.spot) }
    }

    /// Which streams have lines of the time of another one.
    private static func overlapping(_ streams: [Stream]) -> [Bool] {
        var result = streams.map { _ in false }
        if streams.count < 2 { return result }
        let order = streams.indices.sorted { streams[$0].firstTime < streams[$1].firstTime }
        var latest = order[0]
        for at in order.dropFirst() {
            if streams[at].firstTime <= streams[latest].lastTime || streams[at].hasAbsentTime {
                result[at] = true
                result[latest] = true
            }
            if streams[at].lastTime >= streams[latest].lastTime { latest = at }
        }
        return result
    }
}
