import EventModel

/// What an actor wrote lately: enough to tell a duplicate from a conflict and a late record from a new life.
///
/// Counters map directly onto a ring, so that the ordinary record costs one store; records without counters go through a small
/// table of digests that forgets the oldest.
struct RecentRecords: ~Copyable, Sendable {
    enum Match {
        case same, other, unknown
    }

    let capacity: Int
    /// The ring's size, a power of two, less one.
    private let mask: Int
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
        mask = (1 << (Int.bitWidth - max(0, capacity - 1).leadingZeroBitCount)) - 1
    }

    func find(counter: Int64, digest: UInt64) -> Match {
        guard counter >= 0, counters.count > 0 else { return .unknown }
        let entry = counters[Int(truncatingIfNeeded: counter) & mask]
        return entry.counter != counter ? .unknown : entry.digest == digest ? .same : .other
    }

    func time(ofCounter counter: Int64) -> Int64? {
        guard counter >= 0, counters.count > 0 else { return nil }
        let entry = counters[Int(truncatingIfNeeded: counter) & mask]
        return entry.counter == counter ? entry.time : nil
    }

    mutating func remember(counter: Int64, digest: UInt64, time: Int64) {
        counters.grow(toHold: mask, with: Entry())
        counters[Int(truncatingIfNeeded: counter) & mask] = Entry(counter: counter, digest: digest, time: time)
    }

    mutating func forgetCounters() {
        counters.truncate(to: 0)
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
