import EventModel

/// A batch that the causal order has taken and not yet given out whole.
final class HeldBatch {
    // Read for every row, and changed only by the order itself, which reads nothing of it meanwhile: no check at each access.
    @exclusivity(unchecked) fileprivate(set) var events: EventBatch
    let source: Int
    /// The rows that have been given out or dropped.
    @exclusivity(unchecked) private var isDone: [Bool]

    init(_ events: consuming EventBatch, source: Int) {
        isDone = Array(repeating: false, count: events.count)
        self.events = events
        self.source = source
    }

    /// Takes a row's clock for faulty.
    func discreditClock(at row: Int) { events.discreditClock(at: row) }

    /// Notes a row as given out, or dropped.
    func finish(_ row: Int) { isDone[row] = true }

    /// Whether a row has been given out, or dropped.
    func isFinished(_ row: Int) -> Bool { isDone[row] }
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
