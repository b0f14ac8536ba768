import EventModel

/// Stamps side by side, for tables of clocks: the counts, and apart from them the positions behind the counts, of which there are none as
/// long as all are 0. Only inferred clocks have any.
struct StampColumn: ~Copyable, Sendable {
    private var counters = Column<Int64>()
    private var positions = Column<Int64>()

    /// A stamp, by its place.
    subscript(at: Int) -> Stamp {
        @inline(__always) get { Stamp(counter: counters[at], position: at < positions.count ? positions[at] : 0) }
        @inline(__always) set {
            counters[at] = newValue.counter
            if newValue.position == 0, at >= positions.count { return }
            positions.grow(toHold: counters.count - 1, with: 0)
            positions[at] = newValue.position
        }
    }

    /// The count of a stamp.
    @inline(__always)
    func counter(_ at: Int) -> Int64 { counters[at] }

    /// Grows with stamps that say nothing, so that there are so many.
    mutating func grow(to count: Int) { counters.grow(toHold: count - 1, with: 0) }

    /// See `Column.prefetch`.
    func prefetch(_ at: Int) { counters.prefetch(at) }
}
