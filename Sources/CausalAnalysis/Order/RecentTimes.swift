import EventModel

/// When the records of the latest own counters of an actor were written. Counters map directly onto a ring, which grows as long as it would
/// forget one within its reach, since most of many actors write little.
struct RecentTimes: ~Copyable, Sendable {
    private var entries = Column<Entry>()

    struct Entry: BitwiseCopyable {
        var counter: Int64 = -1
        var time: Int64 = 0
    }

    private static let largest = 4096

    /// The time of a counter's record; nil where it is not known any longer, or several records bear the counter.
    @inline(__always)
    func time(of counter: Int64) -> Int64? {
        guard counter >= 0, entries.count > 0 else { return nil }
        let entry = entries[place(of: counter)]
        return entry.counter == counter && entry.time != Timestamp.absent.nanoseconds ? entry.time : nil
    }

    /// Whether a record of a counter was noted lately.
    @inline(__always)
    func holds(_ counter: Int64) -> Bool {
        guard counter >= 0, entries.count > 0 else { return false }
        return entries[place(of: counter)].counter == counter
    }

    @inline(__always)
    mutating func note(_ counter: Int64, _ time: Int64) {
        if entries.count == 0 { entries.grow(toHold: 7, with: Entry()) }
        while entries.count < Self.largest, !isFree(for: counter) { widen() }
        let at = place(of: counter)
        // Records that share a counter bound no clock.
        let isTwin = entries[at].counter == counter
        entries[at] = Entry(counter: counter, time: isTwin ? Timestamp.absent.nanoseconds : time)
    }

    /// Whether any counter has been noted.
    var isUsed: Bool { entries.count > 0 }

    mutating func forget() { entries.truncate(to: 0) }

    @inline(__always)
    private func place(of counter: Int64) -> Int { Int(truncatingIfNeeded: counter) & (entries.count - 1) }

    @inline(__always)
    private func isFree(for counter: Int64) -> Bool {
        let known = entries[place(of: counter)].counter
        return known == counter || known < 0
    }

    private mutating func widen() {
        let half = entries.count
        entries.grow(toHold: 2 * half - 1, with: Entry())
        for at in 0..<half where entries[at].counter >= 0 {
            let entry = entries[at]
            let to = place(of: entry.counter)
            if to == at { continue }
            entries[to] = entry
            entries[at] = Entry()
        }
    }
}
