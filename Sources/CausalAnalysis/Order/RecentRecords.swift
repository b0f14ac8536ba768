import EventModel

/// What an actor wrote lately: enough to tell a duplicate from a conflict and a late record from a new life.
///
/// Counters map directly onto a ring, so that the ordinary record costs one store; it grows as long as it would forget one within its
/// reach, since most of many actors write little. Records without counters go through a small table of digests that forgets the oldest.
struct RecentRecords: ~Copyable, Sendable {
    enum Match {
        case same, other, unknown
    }

    let capacity: Int
    /// The size that the ring may grow to, a power of two.
    private let largest: Int
    private var counters = Column<Entry>()
    private var digests: [UInt64] = []
    private var oldest = 0
    private var counts: [UInt64: Int32] = [:]

    struct Entry {
        var counter: Int64 = -1
        var digest: UInt64 = 0
        var time: Int64 = 0
    }

    init(capacity: Int) {
        self.capacity = capacity
        largest = 1 << (Int.bitWidth - max(0, capacity - 1).leadingZeroBitCount)
    }

    func find(counter: Int64, digest: UInt64) -> Match {
        guard counter >= 0, counters.count > 0 else { return .unknown }
        let entry = counters[place(of: counter)]
        return entry.counter != counter ? .unknown : entry.digest == digest ? .same : .other
    }

    func time(ofCounter counter: Int64) -> Int64? {
        guard counter >= 0, counters.count > 0 else { return nil }
        let entry = counters[place(of: counter)]
        return entry.counter == counter ? entry.time : nil
    }

    mutating func remember(counter: Int64, digest: UInt64, time: Int64) {
        if counters.count == 0 { counters.grow(toHold: min(16, largest) - 1, with: Entry()) }
        while counters.count < largest, !isFree(for: counter) { widen() }
        counters[place(of: counter)] = Entry(counter: counter, digest: digest, time: time)
    }

    mutating func forgetCounters() {
        counters.truncate(to: 0)
    }

    @inline(__always)
    private func place(of counter: Int64) -> Int { Int(truncatingIfNeeded: counter) & (counters.count - 1) }

    /// Whether a counter can be remembered without another being forgotten.
    @inline(__always)
    private func isFree(for counter: Int64) -> Bool {
        let known = counters[place(of: counter)].counter
        return known == counter || known < 0
    }

    /// Doubles the ring. Two that stood apart still do.
    private mutating func widen() {
        let half = counters.count
        counters.grow(toHold: 2 * half - 1, with: Entry())
        for at in 0..<half where counters[at].counter >= 0 {
            let entry = counters[at]
            let to = place(of: entry.counter)
            if to == at { continue }
            counters[to] = entry
            counters[at] = Entry()
        }
    }

    func holds(digest: UInt64) -> Bool { counts[digest] != nil }

    mutating func remember(digest: UInt64) {
        if digests.count < capacity {
            digests.append(digest)
        } else {
            let leaving = digests[oldest]
            if let left = counts[leaving] { counts[leaving] = left > 1 ? left - 1 : nil }
            digests[oldest] = digest
            oldest = (oldest + 1) % capacity
        }
        counts[digest, default: 0] += 1
    }
}
