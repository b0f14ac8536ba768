import EventModel

/// Settles the order of every actor's own records.
///
///     Duplicates: lines that are there twice ─▶ ReversedFiles: files written newest first ─▶ FileOrder: files of one rotation or process
///              ─▶ FileParts: parts the right way round ─▶ CounterOrder: counters decide ─▶ AmbiguousRanges: where times dispute it
///
/// Most actors' lines stand in order, and only the survey is looked at.
struct OwnOrder: ~Copyable {
    /// How many records of an actor may stand between a record and its place, or its twin.
    static let reach = 4096

    private(set) var sequences = Table<ActorSequence>()
    private(set) var notes: [Symbol: OwnOrderNotes] = [:]

    /// Lines that are there twice.
    private(set) var duplicates = Duplicates()
    /// The sources that were written newest first.
    private var reversed: Set<Int> = []
    private let paths: [String]
    /// What profiles say, by source.
    private let declared: [DeclaredOrder]

    init(
        _ facts: inout Facts, paths: [String], names: SymbolTable, declared: [DeclaredOrder] = []
    ) throws(SpillFailure) {
        self.paths = paths
        self.declared = declared
        var streamsOfActor: [Symbol: [Int]] = [:]
        var actors: [Symbol] = []
        for (at, stream) in facts.streams.enumerated() {
            if streamsOfActor[stream.actor] == nil { actors.append(stream.actor) }
            streamsOfActor[stream.actor, default: []].append(at)
        }
        actors.sort { names.isOrdered($0, before: $1) }
        for actor in actors { try duplicates.look(streamsOfActor[actor] ?? [], &facts) }
        reversed = try ReversedFiles.find(&facts, duplicates)
        for source in declared.indices where declared[source] != .found && declared[source] != .counter {
            if declared[source] == .reversed { reversed.insert(source) } else { reversed.remove(source) }
        }
        for actor in actors { try settle(streamsOfActor[actor] ?? [], of: actor, &facts) }
        for at in sequences.indices { sequences[at].rank = Int32(at) }
    }

    private mutating func settle(
        _ streams: [Int], of actor: Symbol, _ facts: inout Facts
    ) throws(SpillFailure) {
        var noted = OwnOrderNotes()
        noted.duplicates = duplicates.counts[actor] ?? 0
        noted.repeats = duplicates.repeats[actor] ?? 0
        if let chain = inOrder(streams, facts) {
            sequences.append(try sequence(inOrder: chain, of: actor, &facts))
        } else {
            let files = try FileOrder(streams, &facts, paths: paths, duplicates: duplicates)
            noted.processes = files.processes.count
            for process in files.processes {
                var sequence = try sequence(process, of: actor, &noted, &facts)
                if files.processes.count > 1 {
                    sequence.isOneOfSeveral = true
                    sequence.cap = min(sequence.cap, .likely)
                }
                sequences.append(sequence)
            }
        }
        notes[actor] = noted
    }

    // MARK: In order as they stand

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

    private func sequence(
        inOrder streams: [Int], of actor: Symbol, _ facts: inout Facts
    ) throws(SpillFailure) -> ActorSequence {
        let hasCounters = streams.contains { facts.streams[$0].clocked > 0 }
        var sequence = ActorSequence(actor: actor, streams: streams.map { Int32($0) }, hasCounters: hasCounters)
        if streams.contains(where: { facts.streams[$0].hasClockFall }) {
            sequence.faulty = try FaultyClocks.find(in: sequence, &facts)
        }
        return sequence
    }

    // MARK: Put in order

    private func sequence(
        _ units: [FileOrder.Unit], of actor: Symbol, _ noted: inout OwnOrderNotes, _ facts: inout Facts
    ) throws(SpillFailure) -> ActorSequence {
        var cap = Finding.Confidence.proven
        var parts: [[Line]] = []
        for unit in units {
            var lines: [Line] = []
            for stream in unit.streams { lines += try self.lines(of: stream, &noted, &cap, &facts) }
            lines.fillTimes()
            parts.append(lines)
        }
        var lines = FileParts.joined(parts)
        lines.fillTimes()
        let order = try CounterOrder(lines, &facts)
        let isDeclared = units.flatMap(\.streams).allSatisfy { declaration(of: $0, facts) != .found }
        let ranges = isDeclared ? [] : AmbiguousRanges.find(order.lines)
        try noted.add(order, ranges, &facts)
        var sequence = ActorSequence(
            actor: actor, streams: units.flatMap(\.streams).map { Int32($0) },
            hasCounters: order.lines.contains { $0.hasClock })
        sequence.cap = cap
        sequence.loose = ranges.map { ActorSequence.LooseRange(records: $0, cycle: nil) }
        sequence.list(order.lines, starts: order.starts)
        if sequence.hasCounters { sequence.faulty = try FaultyClocks.find(in: sequence, &facts) }
        return sequence
    }

    /// The lines of a file that are not duplicates, the right way round.
    private func lines(
        of stream: Int, _ noted: inout OwnOrderNotes, _ cap: inout Finding.Confidence, _ facts: inout Facts
    ) throws(SpillFailure) -> [Line] {
        var lines = try duplicates.kept(of: stream, &facts)
        let source = Int(facts.streams[stream].source)
        let declared = declaration(of: stream, facts)
        if reversed.contains(source) {
            lines.reverse()
            noted.reversed.insert(source)
            if declared == .found { cap = .likely }
        }
        lines.fillTimes()
        if declared == .time {
            // Equal times leave lines as they stand.
            let sorted = lines.indices.sorted { (lines[$0].time, $0) < (lines[$1].time, $1) }
            return sorted.map { lines[$0] }
        }
        if declared != .found { return lines }
        if let swapped = FileParts.swapped(lines) {
            lines = swapped
            cap = .likely
            noted.swapped.insert(source)
        }
        return lines
    }

    private func declaration(of stream: Int, _ facts: borrowing Facts) -> DeclaredOrder {
        let source = Int(facts.streams[stream].source)
        return declared.indices.contains(source) ? declared[source] : .found
    }
}
