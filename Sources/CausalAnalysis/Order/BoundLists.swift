/// Bounds between clocks in lists, one for each actor, by its number.
struct BoundLists {
    private(set) var bounds: [SkewTable.Bound]
    /// Where an actor's list begins; one more than there are actors.
    private let starts: [Int]

    /// Sorts bounds by one of their actors; those of one list keep their order. O(actors + bounds).
    init(_ known: [SkewTable.Bound], _ actors: Int, by actor: (SkewTable.Bound) -> Int32) {
        var starts = Array(repeating: 0, count: actors + 1)
        for bound in known { starts[Int(actor(bound)) + 1] += 1 }
        for at in starts.indices.dropFirst() { starts[at] += starts[at - 1] }
        var next = starts
        bounds = known
        for bound in known {
            let list = Int(actor(bound))
            bounds[next[list]] = bound
            next[list] += 1
        }
        self.starts = starts
    }

    /// The places of an actor's bounds.
    subscript(actor: Int) -> Range<Int> { starts[actor]..<starts[actor + 1] }
}
