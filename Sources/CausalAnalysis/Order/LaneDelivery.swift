import EventModel

/// What is asked of a lane when a record goes out, and what that changes. `mutating` where it changes nothing: see `Lane`.
extension Lane {
    /// The time of the record given out last, if there is one and its counter does not lie above another.
    mutating func lastTime(upTo counter: Int64) -> Int64? {
        last.counter <= counter && lastTime != .min ? lastTime : nil
    }

    /// The counters that the log lacks between the record given out last, or the beginning, and a record that goes out next.
    mutating func lost(ahead row: HeldRow) -> ClosedRange<Int64>? {
        let known = max(last.counter, 0)
        // The last of all counters has none behind it.
        guard row.hasClock, row.counter > known, row.counter - known > 1 else { return nil }
        return (known + 1)...(row.counter - 1)
    }

    /// Goes on to a record that goes out; returns its place in its process.
    mutating func move(to row: HeldRow) -> Stamp {
        if row.hasClock, row.counter > last.counter || last.counter < 0 {
            // An own entry of 0 cannot be told from an entry that knows nothing, so it stands just after it.
            last = Stamp(counter: row.counter, position: row.counter == 0 ? 1 : 0)
        } else {
            last = Stamp(counter: max(0, last.counter), position: last.position + 1)
        }
        lastTime = row.time
        hasMoved = true
        return last
    }

    /// Counts a record that goes out; whether it is the first.
    mutating func count(hasClock: Bool) -> Bool {
        events += 1
        if hasClock { withClock += 1 }
        return events == 1
    }
}
