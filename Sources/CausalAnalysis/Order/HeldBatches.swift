import EventModel

/// A batch that the causal order has taken and not yet given out whole. Its events never change, so that whoever takes them may look at
/// them on another thread; what is noted of its rows is the order's alone.
final class HeldBatch: @unchecked Sendable {
    // Unchecked: all but `events` and `source` is touched by the order's thread only.
    let events: EventBatch
    let source: Int
    /// The rows that have been given out or dropped.
    @exclusivity(unchecked) private var isDone: Column<Bool>
    /// How many have not.
    @exclusivity(unchecked) private var left: Int
    /// The rows whose clocks were found out to be faulty; see `ClockFaults`.
    @exclusivity(unchecked) private var discredited: Set<Int> = []

    init(_ events: consuming EventBatch, source: Int) {
        isDone = Column(capacity: events.count)
        isDone.grow(toHold: events.count - 1, with: false)
        left = events.count
        self.events = events
        self.source = source
    }

    /// Notes a row as given out, or dropped.
    func finish(_ row: Int) {
        isDone[row] = true
        left -= 1
    }

    /// Whether all rows have been given out, or dropped.
    var isFinished: Bool { left == 0 }

    /// Whether a row has been given out, or dropped.
    func isFinished(_ row: Int) -> Bool { isDone[row] }

    /// Takes a row's clock for faulty: no entry for another actor says anything from now on.
    func discreditClock(at row: Int) { discredited.insert(row) }

    @inline(__always)
    func isDiscredited(_ row: Int) -> Bool { !discredited.isEmpty && discredited.contains(row) }

    /// Whether a row has a clock that says anything.
    @inline(__always)
    func hasUsableClock(at row: Int) -> Bool {
        events.counter[row] >= 0 && !events.fields[row].contains(.faultyClock) && !isDiscredited(row)
    }

    /// The row's entries for other actors that say anything, as in `EventBatch`.
    @inline(__always)
    func clockEntries(at row: Int) -> Range<Int> { isDiscredited(row) ? 0..<0 : events.clockEntries(at: row) }
}

/// The held batches, each in a slot that is used again.
struct HeldBatches {
    private var slots: [HeldBatch] = []
    private var free: [Int32] = []
    private let empty = HeldBatch(EventBatch(), source: 0)

    /// The batch in a slot that is taken.
    subscript(slot: Int32) -> HeldBatch { slots[Int(slot)] }

    /// Takes a batch; returns its slot.
    mutating func hold(_ batch: consuming EventBatch, of source: Int) -> Int32 {
        let held = HeldBatch(batch, source: source)
        if let slot = free.popLast() {
            slots[Int(slot)] = held
            return slot
        }
        slots.append(held)
        return Int32(slots.count - 1)
    }

    /// Lets a batch go.
    mutating func release(_ slot: Int32) {
        slots[Int(slot)] = empty
        free.append(slot)
    }
}
