import EventModel

/// Settles the order of every actor's own records.
///
/// Duplicates are dropped first. Then files and their parts are put the right way round, unless their counters rise as they stand; then
/// counters decide. Most actors' lines stand in order, and only the survey is looked at.
struct OwnOrder: ~Copyable {
    /// How many records of an actor may stand between a record and its place, or its twin.
    static let reach = 4096

    private(set) var sequences: [ActorSequence] = []
    private(set) var notes: [Symbol: OwnOrderNotes] = [:]
    /// The sources that were written newest first.
    private(set) var reversed: Set<Int> = []

    private var duplicates = Duplicates()
    private let paths: [String]
    private let names: SymbolTable

    /// What stands in a file, or in the files of one rotation.
    private struct Unit {
        var streams: [Int]
        var first: Int64
        var last: Int64
        var hasCounters: Bool
    }

    init(_ facts: inout Facts, paths: [String], names: SymbolTable) throws(SpillFailure) {
        self.paths = paths
        self.names = names
        var streamsOfActor: [Symbol: [Int]] = [:]
        var actors: [Symbol] = []
        for (at, stream) in facts.streams.enumerated() {
            if streamsOfActor[stream.actor] == nil { actors.append(stream.actor) }
            streamsOfActor[stream.actor, default: []].append(at)
        }
        actors.sort { names.isOrdered($0, before: $1) }
        for actor in actors { try duplicates.look(streamsOfActor[actor] ?? [], &facts) }
        try findReversed(&facts)
        for actor in actors { try settle(streamsOfActor[actor] ?? [], of: actor, &facts) }
        for at in sequences.indices { sequences[at].rank = Int32(at) }
    }

    // MARK: Files

    /// Finds the files that were written newest first.
    private mutating func findReversed(_ facts: inout Facts) throws(SpillFailure) {
        for source in facts.sources.indices {
            let survey = facts.sources[source]
            if survey.counterRises > survey.counterFalls || survey.falls < 3 { continue }
            var (rises, falls) = (survey.rises, survey.falls)
            if survey.streams.contains(where: { duplicates.dropped[$0] != nil }) {
                (rises, falls) = try changes(of: survey.streams, &facts)
            }
            if SourceSurvey.isNewestFirst(rises: rises, falls: falls) { reversed.insert(source) }
        }
    }

    /// How often times rise and fall from line to line of a file, without duplicates.
    private func changes(of streams: Range<Int>, _ facts: inout Facts) throws(SpillFailure) -> (Int64, Int64) {
        var times: [(line: UInt64, time: Int64)] = []
        for stream in streams {
            var number = facts.streams[stream].firstFrame
            while number >= 0 {
                let frame = try facts.frame(number, .all)
                for row in 0..<frame.events.count
                where frame.events.time[row] != Timestamp.absent.nanoseconds
                    && duplicates.dropped[stream]?.contains(RecordSpot(frame: number, row: Int32(row))) != true
                {
                    times.append((frame.events.line(at: row), frame.events.time[row]))
                }
                number = facts.next(number)
            }
        }
        times.sort { $0.line < $1.line }
        var result: (Int64, Int64) = (0, 0)
        for (before, after) in zip(times, times.dropFirst()) {
            if after.time > before.time { result.0 += 1 } else if after.time < before.time { result.1 += 1 }
        }
        return result
    }

    // MARK: One actor

    private mutating func settle(
        _ streams: [Int], of actor: Symbol, _ facts: inout Facts
    ) throws(SpillFailure) {
        notes[actor, default: OwnOrderNotes()].duplicates = duplicates.counts[actor] ?? 0
        notes[actor, default: OwnOrderNotes()].repeats = duplicates.repeats[actor] ?? 0
        if let chain = inOrder(streams, facts) {
            let hasCounters = chain.contains { facts.streams[$0].clocked > 0 }
            var sequence = ActorSequence(actor: actor, streams: chain.map { Int32($0) }, hasCounters: hasCounters)
            if chain.contains(where: { facts.streams[$0].hasClockFall }) {
                sequence.faulty = try FaultyClocks.find(in: sequence, &facts)
            }
            sequences.append(sequence)
            return
        }
        let units = units(of: streams, facts)
        let processes = try self.processes(units, &facts)
        if processes.count > 1 { notes[actor, default: OwnOrderNotes()].processes = processes.count }
        for process in processes {
            var sequence = try sequence(process, of: actor, &facts)
            if processes.count > 1 {
                sequence.isOneOfSeveral = true
                sequence.cap = min(sequence.cap, .likely)
            }
            sequences.append(sequence)
        }
    }

    /// The streams in the order in which they can be read as they are; nil where that is not so.
    private func inOrder(_ streams: [Int], _ facts: borrowing Facts) -> [Int]? {
        for stream in streams {
            if !facts.streams[stream].isInOrder || reversed.contains(Int(facts.streams[stream].source)) { return nil }
        }
        if streams.count == 1 { return streams }
        let sorted = streams.sorted { facts.streams[$0].firstTime < facts.streams[$1].firstTime }
        for (before, after) in zip(sorted, sorted.dropFirst()) {
            let (a, b) = (facts.streams[before], facts.streams[after])
            guard a.lastTime < b.firstTime, (a.clocked == 0) == (b.clocked == 0), a.mostCounter < b.leastCounter
            else { return nil }
        }
        return sorted
    }

    /// Files by what they are called: those of one rotation together, in their order.
    private func units(of streams: [Int], _ facts: borrowing Facts) -> [Unit] {
        var bases: [RotatedName: [Int]] = [:]
        var order: [RotatedName] = []
        for stream in streams {
            let name = RotatedName(paths[Int(facts.streams[stream].source)])
            let base = RotatedName(base: name.base)
            if bases[base] == nil { order.append(base) }
            bases[base, default: []].append(stream)
        }
        return order.map { base in
            let streams = rotated(bases[base] ?? [], facts)
            return Unit(
                streams: streams, first: streams.map { facts.streams[$0].firstTime }.min() ?? 0,
                last: streams.map { facts.streams[$0].lastTime }.max() ?? 0,
                hasCounters: streams.contains { facts.streams[$0].clocked > 0 })
        }
    }

    /// The files of one rotation: by number where their counters rise so, else by time where their times are apart, else by number.
    private func rotated(_ streams: [Int], _ facts: borrowing Facts) -> [Int] {
        if streams.count < 2 { return streams }
        let name = { [paths, list = facts.streams] (stream: Int) in RotatedName(paths[Int(list[stream].source)]) }
        let numbered = streams.sorted { name($0).isOlder(than: name($1)) }
        var rises: Int64 = 0
        var falls: Int64 = 0
        for (at, stream) in numbered.enumerated() {
            let survey = facts.streams[stream]
            rises += survey.counterRises
            falls += survey.counterFalls
            if at > 0, survey.clocked > 0, facts.streams[numbered[at - 1]].clocked > 0 {
                if facts.streams[numbered[at - 1]].mostCounter < survey.leastCounter { rises += 1 } else { falls += 1 }
            }
        }
        if rises > 0, falls == 0 { return numbered }
        let byTime = streams.sorted { facts.streams[$0].firstTime < facts.streams[$1].firstTime }
        for (before, after) in zip(byTime, byTime.dropFirst())
        where facts.streams[before].lastTime >= facts.streams[after].firstTime {
            return numbered
        }
        return byTime
    }

    /// Which units are the work of one process: those that have no counters and overlap in time, or give other content to three counters or more,
    /// are not.
    private mutating func processes(_ units: [Unit], _ facts: inout Facts) throws(SpillFailure) -> [[Unit]] {
        let sorted = units.sorted { $0.first < $1.first }
        var processes: [[Unit]] = []
        for unit in sorted {
            var isPlaced = false
            for at in processes.indices where !isPlaced {
                var isApart = false
                for other in processes[at] {
                    if !isApart { isApart = try areApart(unit, other, &facts) }
                }
                if !isApart {
                    processes[at].append(unit)
                    isPlaced = true
                }
            }
            if !isPlaced { processes.append([unit]) }
        }
        return processes.sorted { ($0.first?.streams.first ?? 0) < ($1.first?.streams.first ?? 0) }
    }

    private func areApart(_ a: Unit, _ b: Unit, _ facts: inout Facts) throws(SpillFailure) -> Bool {
        if !a.hasCounters, !b.hasCounters {
            // What is left of two exports that overlap is told apart from two processes by what they have in common.
            let (first, second) = try (span(a, &facts), span(b, &facts))
            guard let first, let second else { return false }
            return first.overlaps(second)
        }
        guard a.hasCounters, b.hasCounters, mostCounter(a, facts) >= leastCounter(b, facts),
            mostCounter(b, facts) >= leastCounter(a, facts)
        else { return false }
        let known = try counters(a, &facts)
        var others = 0
        for (counter, digests) in try counters(b, &facts) {
            if let same = known[counter], same.isDisjoint(with: digests) { others += 1 }
        }
        return others >= 3
    }

    private func mostCounter(_ unit: Unit, _ facts: borrowing Facts) -> Int64 {
        unit.streams.map { facts.streams[$0].mostCounter }.max() ?? -1
    }

    private func leastCounter(_ unit: Unit, _ facts: borrowing Facts) -> Int64 {
        unit.streams.map { facts.streams[$0].leastCounter }.min() ?? .max
    }

    /// The times between which the lines of a unit lie that are no duplicates; nil where none is left.
    private func span(_ unit: Unit, _ facts: inout Facts) throws(SpillFailure) -> ClosedRange<Int64>? {
        var span: ClosedRange<Int64>?
        for stream in unit.streams {
            let survey = facts.streams[stream]
            if duplicates.dropped[stream] == nil, survey.firstTime <= survey.lastTime {
                let here = survey.firstTime...survey.lastTime
                span = span.map { min($0.lowerBound, here.lowerBound)...max($0.upperBound, here.upperBound) } ?? here
                continue
            }
            for line in try lines(of: stream, &facts) where line.hasTime {
                span =
                    span.map { min($0.lowerBound, line.time)...max($0.upperBound, line.time) } ?? line.time...line.time
            }
        }
        return span
    }

    private func counters(_ unit: Unit, _ facts: inout Facts) throws(SpillFailure) -> [Int64: Set<UInt64>] {
        var counters: [Int64: Set<UInt64>] = [:]
        for stream in unit.streams {
            for line in try lines(of: stream, &facts) where line.hasClock {
                counters[line.counter, default: []].insert(line.key)
            }
        }
        return counters
    }

    /// The lines of a stream that are no duplicates.
    private func lines(of stream: Int, _ facts: inout Facts) throws(SpillFailure) -> [Line] {
        let lines = try facts.lines(of: stream)
        guard let dropped = duplicates.dropped[stream] else { return lines }
        return lines.filter { !dropped.contains($0.spot) }
    }

    // MARK: One process

    private mutating func sequence(
        _ units: [Unit], of actor: Symbol, _ facts: inout Facts
    ) throws(SpillFailure) -> ActorSequence {
        let streams = units.flatMap(\.streams)
        var cap = Finding.Confidence.proven
        var parts: [[Line]] = []
        for stream in streams {
            var lines = try lines(of: stream, &facts)
            let source = Int(facts.streams[stream].source)
            if reversed.contains(source) {
                lines.reverse()
                cap = .likely
                notes[actor, default: OwnOrderNotes()].reversed.insert(source)
            }
            lines.fillTimes()
            if !facts.streams[stream].mostlyRises, let cut = Self.cut(lines) {
                lines = Array(lines[cut...] + lines[..<cut])
                cap = .likely
                notes[actor, default: OwnOrderNotes()].swapped.insert(source)
            }
            parts.append(lines)
        }
        var lines = Self.join(parts)
        lines.fillTimes()
        let order = try CounterOrder(lines, &facts)
        return try sequence(order, streams, cap, of: actor, &facts)
    }

    private mutating func sequence(
        _ order: borrowing CounterOrder, _ streams: [Int], _ cap: Finding.Confidence, of actor: Symbol,
        _ facts: inout Facts
    ) throws(SpillFailure) -> ActorSequence {
        let lines = order.lines
        var sequence = ActorSequence(
            actor: actor, streams: streams.map { Int32($0) }, hasCounters: lines.contains { $0.hasClock })
        sequence.cap = cap
        sequence.loose = AmbiguousRanges.find(lines).map { ActorSequence.LooseRange(records: $0, cycle: nil) }
        sequence.list(lines, starts: order.starts)
        if sequence.hasCounters { sequence.faulty = try FaultyClocks.find(in: sequence, &facts) }
        var noted = notes[actor] ?? OwnOrderNotes()
        try noted.disorders.add(order.disorders, &facts)
        try noted.conflicts.add(order.conflicts, &facts)
        try noted.restarts.add(order.restarts, &facts)
        noted.ranges += sequence.loose.count
        try noted.disputed.add(sequence.loose.flatMap { range in range.records.map { lines[$0].spot } }, &facts)
        notes[actor] = noted
        return sequence
    }

    /// Where a file's lines fall into two parts, of which the later stands wholly ahead of the first by time; nil where there is no such cut, or
    /// more than one.
    private static func cut(_ lines: [Line]) -> Int? {
        guard lines.count >= 4 else { return nil }
        var latestBehind = [Int64](repeating: .min, count: lines.count + 1)
        for at in lines.indices.reversed() { latestBehind[at] = max(latestBehind[at + 1], lines[at].time) }
        var earliest = Int64.max
        var cut: Int?
        for at in 1..<(lines.count - 1) {
            earliest = min(earliest, lines[at - 1].time)
            if at >= 2, latestBehind[at] < earliest {
                if cut != nil { return nil }
                cut = at
            }
        }
        return cut
    }

    /// The lines of several files as one: one file after the other, but by their counters where these rise in files of one time.
    private static func join(_ parts: [[Line]]) -> [Line] {
        var joined: [Line] = []
        var group: [[Line]] = []
        var latest = Int64.min
        for part in parts where !part.isEmpty {
            let span = span(part)
            if !group.isEmpty, span.lowerBound > latest {
                joined += merge(group)
                group = []
            }
            group.append(part)
            latest = max(latest, span.upperBound)
        }
        return joined + merge(group)
    }

    private static func span(_ lines: [Line]) -> ClosedRange<Int64> {
        lines.reduce(lines[0].time...lines[0].time) { min($0.lowerBound, $1.time)...max($0.upperBound, $1.time) }
    }

    private static func merge(_ parts: [[Line]]) -> [Line] {
        guard parts.count > 1, parts.allSatisfy(rises) else { return parts.flatMap { $0 } }
        var merged: [Line] = []
        merged.reserveCapacity(parts.reduce(0) { $0 + $1.count })
        var at = parts.map { _ in 0 }
        var last: Int?
        while true {
            // A line without a counter stays behind the one ahead of it.
            if let part = last, at[part] < parts[part].count, !parts[part][at[part]].hasClock {
                merged.append(parts[part][at[part]])
                at[part] += 1
                continue
            }
            var best: Int?
            for part in parts.indices where at[part] < parts[part].count {
                guard let other = best else {
                    best = part
                    continue
                }
                if parts[part][at[part]].counter < parts[other][at[other]].counter { best = part }
            }
            guard let best else { return merged }
            merged.append(parts[best][at[best]])
            at[best] += 1
            last = best
        }
    }

    /// Whether the counters of a file rise as they stand, and there are any.
    private static func rises(_ lines: [Line]) -> Bool {
        var last: Int64 = -1
        for line in lines where line.hasClock {
            if line.counter <= last { return false }
            last = line.counter
        }
        return last >= 0
    }
}

extension RotatedName {
    /// The name of all files of a rotation.
    init(base: String) {
        self.base = base
        number = nil
    }
}

/// What the settling of one actor's order had to put right.
struct OwnOrderNotes: Sendable {
    var duplicates: Int64 = 0
    /// Equal lines that are two events, since nothing tells them apart.
    var repeats: Int64 = 0
    var disorders = OrderNotes.Trouble()
    var conflicts = OrderNotes.Trouble()
    var restarts = OrderNotes.Trouble()
    /// The sources whose lines were reversed, and whose parts were swapped.
    var reversed: Set<Int> = []
    var swapped: Set<Int> = []
    /// How many stretches there are whose times dispute the order of the lines, and the records in them.
    var ranges = 0
    var disputed = OrderNotes.Trouble()
    /// How many processes bear the name.
    var processes = 1
}

extension OrderNotes.Trouble {
    fileprivate mutating func add(_ spots: [RecordSpot], _ facts: inout Facts) throws(SpillFailure) {
        guard let first = spots.first else { return }
        add(try facts.reference(first), count: UInt64(spots.count))
    }
}
