import EventModel

/// Compares kept events: by their vector clocks, and by wall clocks within the skew's bounds.
struct EventClocks: ~Copyable, Sendable {
    var rows = ClockRows()
    var wall: WallClocks

    /// Whether `x` happened before `y`.
    func precedes(_ x: Moment, _ y: Moment) -> Bool {
        x.process == y.process ? x.stamp < y.stamp : rows.entry(y.row, x.process) >= x.stamp
    }

    /// The possible true spans from one event to another, in nanoseconds.
    mutating func span(from x: Moment, to y: Moment) -> ClosedRange<Int64> {
        wall.span(from: Timestamp(nanoseconds: x.time), of: x.actor, to: Timestamp(nanoseconds: y.time), of: y.actor)
    }

    /// Whether the wall clocks leave no doubt that `x` came first.
    mutating func tell(_ x: Moment, before y: Moment) -> Bool { span(from: x, to: y).lowerBound > 0 }

    /// An event's time as the clock of `actor` would most likely have shown it.
    mutating func time(of x: Moment, for actor: Symbol) -> Int64 { wall.time(x.time, of: x.actor, for: actor) }
}
