import EventModel

/// What runs in a circle among the records that a merge could not take, and what is dropped for it.
///
/// Creations and items inside a cycle are dropped first (a creation is often logged after its first use), then the causes inside one that is
/// left. Of what is left then every edge between two members goes: they become one loose range of each of their sequences.
struct Cycles: ~Copyable {
    /// The records of each cycle, by sequence and number.
    private(set) var members: [[(sequence: Int, record: Int)]] = []
    /// The records whose references were dropped.
    private(set) var dropped: [(sequence: Int, record: Int)] = []

    private var base: [Int32] = []
    private var first: [Int] = []
    private var sequenceOfNode: [Int32] = []
    private var starts: [Int32] = [0]
    private var edges: [Edge] = []

    enum Rule: UInt8 {
        case own, entry, doubtful, cause, inference
    }

    /// From a record to one that must come before it.
    struct Edge {
        var target: Int32
        var rule: Rule
        var isDropped = false
        var key: UInt64
    }

    /// In a range of more records than this the order by time stands for all of its edges.
    private static let pairsBelow = 1024

    /// Drops what keeps the rest of a merge's records from being taken. Those of the sequences that have any left are listed.
    init(
        _ merge: borrowing Merge, _ facts: inout Facts, _ sequences: inout Table<ActorSequence>,
        _ references: inout References
    ) throws(SpillFailure) {
        var taken: [Set<Int32>] = []
        for at in sequences.indices {
            let left = merge.left(of: at)
            if left.first < sequences[at].count(facts) { try sequences[at].listAll(&facts) }
            base.append(Int32(sequenceOfNode.count))
            first.append(left.first)
            taken.append(left.taken)
            for _ in left.first..<max(left.first, sequences[at].records.count) { sequenceOfNode.append(Int32(at)) }
        }
        let bearers = try self.bearers(&facts, sequences)
        for at in sequences.indices where first[at] < sequences[at].records.count {
            try addEdges(of: at, taken[at], &facts, sequences, &references, bearers)
        }
        resolveDoubtful(sequences, &references)
        drop(.inference, sequences, &references)
        drop(.cause, sequences, &references)
        loosen(&sequences)
    }

    // MARK: The graph

    private func node(_ sequence: Int, _ record: Int) -> Int32? {
        record >= first[sequence] ? base[sequence] + Int32(record - first[sequence]) : nil
    }

    private func record(_ node: Int) -> (sequence: Int, record: Int) {
        let sequence = Int(sequenceOfNode[node])
        return (sequence, first[sequence] + node - Int(base[sequence]))
    }

    /// The first record left that bears each name.
    private func bearers(_ facts: inout Facts, _ sequences: borrowing Table<ActorSequence>) throws(SpillFailure)
        -> [UInt64: Int32]
    {
        var bearers: [UInt64: Int32] = [:]
        for at in sequences.indices where first[at] < sequences[at].records.count {
            var cursor = SequenceCursor(sequences[at], facts, .fields)
            for record in first[at]..<sequences[at].records.count {
                cursor.go(to: record, sequences[at])
                try cursor.load(&facts)
                guard let frame = cursor.frame, let node = node(at, record) else { continue }
                References.forEachNameBorne(by: frame.events, cursor.row) { key in
                    guard let seat = facts.names.find(key), Int(facts.names[seat].bearer) == at,
                        !facts.names[seat].isPassed, bearers[key] == nil
                    else { return }
                    bearers[key] = node
                }
            }
        }
        return bearers
    }

    private mutating func addEdges(
        of at: Int, _ taken: Set<Int32>, _ facts: inout Facts, _ sequences: borrowing Table<ActorSequence>,
        _ references: inout References, _ bearers: [UInt64: Int32]
    ) throws(SpillFailure) {
        var cursor = SequenceCursor(sequences[at], facts, .fields)
        var range = 0
        let loose = sequences[at].loose
        for record in first[at]..<sequences[at].records.count {
            defer { starts.append(Int32(edges.count)) }
            if taken.contains(Int32(record)) { continue }
            while range < loose.count, loose[range].records.upperBound <= record { range += 1 }
            addOwn(
                at, record, range < loose.count ? loose[range] : nil, range > 0 ? loose[range - 1] : nil, sequences[at])
            cursor.go(to: record, sequences[at])
            try cursor.load(&facts)
            guard let frame = cursor.frame else { continue }
            let spot = cursor.spot
            let hasClock = frame.events.counter[cursor.row] >= 0 && !sequences[at].faulty.contains(spot)
            if hasClock { addEntries(frame.events, cursor.row, spot, sequences, references) }
            guard let me = node(at, record) else { continue }
            let known = references.dropped[spot] ?? []
            var own: Set<UInt64> = []
            references.forEachName(of: frame.events, cursor.row, hasClock: hasClock) { key, isCause in
                guard let target = bearers[key], !known.contains(key) else { return }
                if target == me {
                    own.insert(key)
                    return
                }
                let isItem = key == NameKey.item(frame.events, cursor.row)
                if !isCause, !isItem, sequences[Int(sequenceOfNode[Int(target)])].actor == sequences[at].actor {
                    return
                }
                edges.append(Edge(target: target, rule: isCause ? .cause : .inference, key: key))
            }
            if !own.isEmpty { references.dropped[spot, default: []].formUnion(own) }
        }
    }

    private mutating func addOwn(
        _ at: Int, _ record: Int, _ range: ActorSequence.LooseRange?, _ before: ActorSequence.LooseRange?,
        _ sequence: borrowing ActorSequence
    ) {
        func add(_ other: Int) {
            if let target = node(at, other) { edges.append(Edge(target: target, rule: .own, key: 0)) }
        }
        if let range, range.records.contains(record) {
            if range.records.lowerBound > 0 { addAhead(of: range.records.lowerBound) }
            if range.cycle != nil { return }
            if range.records.count > Self.pairsBelow { return }
            for other in range.records where other < record {
                let (a, b) = (sequence.records[other], sequence.records[record])
                if a.time <= b.time || (a.hasClock && b.hasClock) { add(other) }
            }
            return
        }
        addAhead(of: record)

        /// The record ahead, or all those of the loose range ahead.
        func addAhead(of record: Int) {
            if let before, before.records.upperBound == record {
                for other in before.records { add(other) }
            } else if record > 0 {
                add(record - 1)
            }
        }
    }

    private mutating func addEntries(
        _ batch: borrowing EventBatch, _ row: Int, _ spot: RecordSpot, _ sequences: borrowing Table<ActorSequence>,
        _ references: borrowing References
    ) {
        for i in batch.clockEntries(at: row) where batch.clockCount[i] > 0 {
            guard
                case .known(let other, let incarnation, let counter) = references.entry(
                    batch.clockActor[i], batch.clockCount[i], of: spot, at: batch.time[row], sequences),
                sequences[other].isListed
            else { continue }
            let isRestarted = sequences[other].incarnations.count > 1
            let last = sequences[other].firstUnknown(to: counter, in: Int(incarnation)) - 1
            let rule = isRestarted ? Rule.doubtful : .entry
            let actor = UInt64(batch.clockActor[i].index)
            func add(_ record: Int) {
                if record >= 0, let target = node(other, record) {
                    edges.append(Edge(target: target, rule: rule, key: actor))
                }
            }
            if let range = sequences[other].loose.first(where: { $0.records.contains(last) }) {
                for record in range.records where record <= last { add(record) }
                add(range.records.lowerBound - 1)
            } else {
                add(last)
            }
        }
    }

    // MARK: Dropping

    /// Drops the entries for restarted actors whose record happened before what they would name.
    private mutating func resolveDoubtful(_ sequences: borrowing Table<ActorSequence>, _ references: inout References) {
        guard edges.contains(where: { $0.rule == .doubtful }) else { return }
        let component = components()
        for node in sequenceOfNode.indices {
            for at in Int(starts[node])..<Int(starts[node + 1])
            where edges[at].rule == .doubtful && component[node] == component[Int(edges[at].target)] {
                if reaches(Int(edges[at].target), node, component) {
                    edges[at].isDropped = true
                    let me = record(node)
                    references.doubtful[sequences[me.sequence].records[me.record].spot, default: []].insert(
                        Symbol(index: UInt32(edges[at].key)))
                }
            }
        }
    }

    /// Whether a record must come before another by edges that no restart makes doubtful.
    private func reaches(_ from: Int, _ to: Int, _ component: [Int32]) -> Bool {
        var seen: Set<Int> = [from]
        var stack = [from]
        while let node = stack.popLast() {
            if node == to { return true }
            for at in Int(starts[node])..<Int(starts[node + 1])
            where edges[at].rule != .doubtful && !edges[at].isDropped {
                let target = Int(edges[at].target)
                if component[target] == component[to], seen.insert(target).inserted { stack.append(target) }
            }
        }
        return false
    }

    /// Drops the edges of a rule between two members of one cycle.
    private mutating func drop(
        _ rule: Rule, _ sequences: borrowing Table<ActorSequence>, _ references: inout References
    ) {
        guard edges.contains(where: { $0.rule == rule && !$0.isDropped }) else { return }
        let component = components()
        for node in sequenceOfNode.indices {
            for at in Int(starts[node])..<Int(starts[node + 1])
            where edges[at].rule == rule && component[node] == component[Int(edges[at].target)] {
                edges[at].isDropped = true
                let me = record(node)
                references.dropped[sequences[me.sequence].records[me.record].spot, default: []].insert(edges[at].key)
                dropped.append(me)
            }
        }
    }

    /// Makes the members of each cycle that is left loose ranges of their sequences.
    private mutating func loosen(_ sequences: inout Table<ActorSequence>) {
        let component = components()
        var sizes: [Int32: Int] = [:]
        for node in component.indices { sizes[component[node], default: 0] += 1 }
        var cycles: [Int32: Int32] = [:]
        for node in component.indices where sizes[component[node]] ?? 0 > 1 {
            let next = Int32(members.count)
            let cycle = cycles[component[node]] ?? next
            if cycle == next {
                cycles[component[node]] = cycle
                members.append([])
            }
            members[Int(cycle)].append(record(node))
        }
        for cycle in members.indices {
            var hulls: [Int: Range<Int>] = [:]
            for (sequence, record) in members[cycle] {
                let known = hulls[sequence] ?? record..<(record + 1)
                hulls[sequence] = min(known.lowerBound, record)..<max(known.upperBound, record + 1)
            }
            for (sequence, hull) in hulls { sequences[sequence].loosen(hull, cycle: Int32(cycle)) }
        }
    }

    /// The number of each record's strongly connected component.
    private func components() -> [Int32] {
        StronglyConnected.components(starts) { [edges] in edges[$0].isDropped ? nil : edges[$0].target }
    }
}
