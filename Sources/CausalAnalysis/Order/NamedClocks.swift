import EventModel

/// The clocks of events that others refer to by a name, by the name's seat, until the last of these has been handed out.
struct NamedClocks: Sendable {
    private var clocks: [Int: VectorClock] = [:]
    /// How many references to a name that was passed are to come; 0 where all have been followed.
    private var left: [Int: Int32] = [:]

    subscript(seat: Int) -> VectorClock? { clocks[seat] }

    /// Whether a record that bears the name has been passed: a later one of the same name is not the one that others refer to.
    func isPassed(_ seat: Int) -> Bool { clocks[seat] != nil || left[seat] != nil }

    /// Keeps the clock of an event that so many records refer to; for good where their number is not known.
    mutating func keep(_ clock: VectorClock, at seat: Int, for references: Int32) {
        clocks[seat] = clock
        if references > 0 { left[seat] = references }
    }

    /// Notes that one of the references to a name has been followed.
    mutating func release(_ seat: Int) {
        guard let count = left[seat] else { return }
        left[seat] = count - 1
        if count == 1 {
            clocks[seat] = nil
            left[seat] = 0
        }
    }
}
