import EventModel

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
    /// The number of ambiguous ranges, and the records in them.
    var ranges = 0
    var disputed = OrderNotes.Trouble()
    /// The number of processes that share the actor's name.
    var processes = 1

    /// Adds what the order of one process found.
    mutating func add(
        _ order: borrowing CounterOrder, _ ranges: [Range<Int>], _ facts: inout Facts
    ) throws(SpillFailure) {
        try disorders.add(order.disorders, &facts)
        try conflicts.add(order.conflicts, &facts)
        try restarts.add(order.restarts, &facts)
        self.ranges += ranges.count
        let lines = order.lines
        try disputed.add(ranges.flatMap { range in range.map { lines[$0].spot } }, &facts)
    }
}

extension OrderNotes.Trouble {
    fileprivate mutating func add(_ spots: [RecordSpot], _ facts: inout Facts) throws(SpillFailure) {
        guard let first = spots.first else { return }
        add(try facts.reference(first), count: UInt64(spots.count))
    }
}
