import EventModel

/// The facts of all endpoints, in parts that can be judged one without the other: an endpoint's facts are all in one.
struct FactParts: ~Copyable, Sendable {
    /// One part: a tape, and the endpoints whose facts are on it, by their numbers there.
    struct Part: ~Copyable, Sendable {
        fileprivate(set) var tape = FactTape()
        fileprivate(set) var endpoints = Column<Symbol>()
    }

    private var parts = Table<Part>()
    /// By an endpoint's symbol, its number in its part; −1 before its first fact.
    private var numbers = Column<Int32>()
    private var columns = FactColumns()
    private let place = LentByAddress()

    /// - Parameter count: how many parts; what is found does not depend on it.
    init(count: Int) {
        for _ in 0..<count { parts.append(Part()) }
    }

    var indices: Range<Int> { parts.indices }

    /// How many bytes all facts take.
    var size: Int { parts.indices.reduce(0) { $0 + parts[$1].tape.size } }

    /// Adds a fact of an endpoint.
    mutating func append(_ fact: Fact, of endpoint: Symbol) {
        let at = Int(endpoint.index)
        let part = Int((endpoint.index &* 0x9E37_79B9) >> 8) % parts.count
        numbers.grow(toHold: at, with: -1)
        if numbers[at] < 0 {
            numbers[at] = Int32(truncatingIfNeeded: parts[part].endpoints.count)
            parts[part].endpoints.append(endpoint)
        }
        var fact = fact
        fact.endpoint = UInt32(bitPattern: numbers[at])
        parts[part].tape.append(fact, &columns)
    }

    /// Hands out each endpoint of a part with the facts of the part, and the numbers of its own in the order in which they were delivered.
    func forEachEndpoint(
        of part: Int, actors: [Symbol], _ ranks: GenerationRanks,
        _ body: (Symbol, borrowing Column<Fact>, ArraySlice<Int32>) -> Void
    ) {
        let count = parts[part].endpoints.count
        if count == 0 { return }
        var facts = Column<Fact>(capacity: parts[part].tape.count)
        parts[part].tape.read(into: &facts, actors: actors)
        if !ranks.isEmpty {
            for at in facts.indices {
                facts[at].plan = ranks.rank(facts[at].plan)
                facts[at].seen = ranks.rank(facts[at].seen)
                facts[at].commit = ranks.rank(facts[at].commit)
            }
        }
        // A counting sort by endpoint.
        var ends = Array(repeating: 0, count: count + 1)
        for at in facts.indices { ends[Int(facts[at].endpoint) + 1] += 1 }
        for number in 0..<count { ends[number + 1] += ends[number] }
        let starts = ends
        var order = Array(repeating: Int32(0), count: facts.count)
        for at in facts.indices {
            let number = Int(facts[at].endpoint)
            order[ends[number]] = Int32(truncatingIfNeeded: at)
            ends[number] += 1
        }
        for number in 0..<count {
            body(parts[part].endpoints[number], facts, order[starts[number]..<ends[number]])
        }
    }
}
