import EventModel

/// The files of one actor, put in order: those of one rotation together, and those of one process.
///
/// Files whose names differ in a number alone are one rotation. They stand by that number where their counters rise so, else by time where
/// their times are apart, else by number. Other files of an actor are one process's unless they show that they are not.
struct FileOrder {
    /// What stands in a file, or in the files of one rotation.
    struct Unit {
        var streams: [Int]
        var extent: Extent
    }

    /// The times and counters between which lines lie, without duplicates.
    struct Extent {
        var times: ClosedRange<Int64>?
        var counters: ClosedRange<Int64>?

        static func union(_ a: ClosedRange<Int64>?, _ b: ClosedRange<Int64>?) -> ClosedRange<Int64>? {
            guard let a, let b else { return a ?? b }
            return min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
        }

        mutating func formUnion(_ other: Extent) {
            times = Self.union(times, other.times)
            counters = Self.union(counters, other.counters)
        }
    }

    /// The units of each process, by time.
    private(set) var processes: [[Unit]] = []

    private let duplicates: Duplicates

    /// - Parameter paths: the names of all sources, by number.
    init(
        _ streams: [Int], _ facts: inout Facts, paths: [String], duplicates: Duplicates
    ) throws(SpillFailure) {
        self.duplicates = duplicates
        var rotations: [String: [(name: RotatedName, unit: Unit)]] = [:]
        var bases: [String] = []
        for stream in streams {
            let name = RotatedName(paths[Int(facts.streams[stream].source)])
            if rotations[name.base] == nil { bases.append(name.base) }
            let unit = Unit(streams: [stream], extent: try extent(stream, &facts))
            rotations[name.base, default: []].append((name, unit))
        }
        let units = bases.map { Self.joined(rotations[$0] ?? []) }
        try group(units, &facts)
    }

    // MARK: Rotations

    private static func joined(_ files: [(name: RotatedName, unit: Unit)]) -> Unit {
        let numbered = files.sorted { $0.name.isOlder(than: $1.name) }.map(\.unit)
        let ordered = rise(numbered) ? numbered : byTime(numbered) ?? numbered
        var joined = Unit(streams: [], extent: Extent())
        for unit in ordered {
            joined.streams += unit.streams
            joined.extent.formUnion(unit.extent)
        }
        return joined
    }

    /// Whether counters rise from file to file, where two or more have some.
    private static func rise(_ files: [Unit]) -> Bool {
        let counters = files.compactMap(\.extent.counters)
        return counters.count > 1 && zip(counters, counters.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
    }

    /// The files by time; nil where some of them overlap.
    private static func byTime(_ files: [Unit]) -> [Unit]? {
        let sorted = files.sorted { start($0) < start($1) }
        let times = sorted.compactMap(\.extent.times)
        let areApart = zip(times, times.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
        return times.count == files.count && areApart ? sorted : nil
    }

    private static func start(_ unit: Unit) -> Int64 { unit.extent.times?.lowerBound ?? .min }

    // MARK: Processes

    /// Puts each unit to the first process from whose units it is not apart.
    private mutating func group(_ units: [Unit], _ facts: inout Facts) throws(SpillFailure) {
        for unit in units.sorted(by: { Self.start($0) < Self.start($1) }) {
            var place: Int?
            for at in processes.indices where place == nil {
                var isApart = false
                for other in processes[at] where !isApart { isApart = try areApart(unit, other, &facts) }
                if !isApart { place = at }
            }
            if let place { processes[place].append(unit) } else { processes.append([unit]) }
        }
        processes.sort { ($0.first?.streams.first ?? 0) < ($1.first?.streams.first ?? 0) }
    }

    /// Whether two units are the work of two processes: they have no counters and overlap in time, or hold three counters or more with other
    /// content each.
    private func areApart(_ a: Unit, _ b: Unit, _ facts: inout Facts) throws(SpillFailure) -> Bool {
        guard let first = a.extent.counters, let second = b.extent.counters else {
            guard a.extent.counters == nil, b.extent.counters == nil, let first = a.extent.times,
                let second = b.extent.times
            else { return false }
            return first.overlaps(second)
        }
        if !first.overlaps(second) { return false }
        let known = try contents(a, &facts)
        var others = 0
        for (counter, keys) in try contents(b, &facts) {
            if let same = known[counter], same.isDisjoint(with: keys) { others += 1 }
        }
        return others >= 3
    }

    private func contents(_ unit: Unit, _ facts: inout Facts) throws(SpillFailure) -> [Int64: Set<UInt64>] {
        var contents: [Int64: Set<UInt64>] = [:]
        for stream in unit.streams {
            for line in try duplicates.kept(of: stream, &facts) where line.hasClock {
                contents[line.counter, default: []].insert(line.key)
            }
        }
        return contents
    }

    private func extent(_ stream: Int, _ facts: inout Facts) throws(SpillFailure) -> Extent {
        let survey = facts.streams[stream]
        var extent = Extent()
        if duplicates.dropped[stream] == nil {
            if survey.firstTime <= survey.lastTime { extent.times = survey.firstTime...survey.lastTime }
            if survey.clocked > 0 { extent.counters = survey.leastCounter...survey.mostCounter }
            return extent
        }
        for line in try duplicates.kept(of: stream, &facts) {
            if line.hasTime { extent.times = Extent.union(extent.times, line.time...line.time) }
            if line.hasClock { extent.counters = Extent.union(extent.counters, line.counter...line.counter) }
        }
        return extent
    }
}
