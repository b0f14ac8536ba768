/// Lists of bounds between clocks, one for each actor, by its number.
struct BoundLists {
    /// The places of the bounds in the array that holds them, list by list.
    private(set) var places: [Int32]
    /// Where an actor's list begins; one more than there are actors.
    let starts: [Int]

    /// Sorts bounds, given by their places, by one of their actors; those of one list keep their order. O(actors + bounds).
    init(_ bounds: some Collection<Int>, _ actors: Int, by actor: (Int) -> Int32) {
        var starts = Array(repeating: 0, count: actors + 1)
        for bound in bounds { starts[Int(actor(bound)) + 1] += 1 }
        for at in starts.indices.dropFirst() { starts[at] += starts[at - 1] }
        var next = starts
        places = Array(repeating: 0, count: bounds.count)
        for bound in bounds {
            let list = Int(actor(bound))
            places[next[list]] = Int32(truncatingIfNeeded: bound)
            next[list] += 1
        }
        self.starts = starts
    }
}
