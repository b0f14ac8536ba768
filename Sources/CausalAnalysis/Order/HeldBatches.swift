import EventModel

/// A batch that the causal order has taken and not yet given out whole.
final class HeldBatch {
    // Read for every row, and changed by `discreditClock` alone, which runs while nobody reads: no check at each access.
    @exclusivity(unchecked) fileprivate(set) var events: EventBatch
    let source: Int

    init(_ events: consuming EventBatch, source: Int) {
        self.events = events
        self.source = source
    }
}

/// The held batches, each in a slot that is used again.
struct HeldBatches {
    private var slots: [HeldBatch?] = []
    /// For each slot the rows neither given out nor dropped yet.
    private var left: [Int] = []
    private var free: [Int32] = []
    private let empty = HeldBatch(EventBatch(), source: 0)

    /// The batch in a slot that is taken.
    subscript(slot: Int32) -> HeldBatch { slots[Int(slot)] ?? empty }

    /// Takes a batch; returns its slot.
    mutating func hold(_ batch: consuming EventBatch, of source: Int) -> Int32 {
        let rows = batch.count
        if let slot = free.popLast() {
            slots[Int(slot)] = HeldBatch(batch, source: source)
            left[Int(slot)] = rows
            return slot
        }
        slots.append(HeldBatch(batch, source: source))
        left.append(rows)
        return Int32(slots.count - 1)
    }

    /// Takes a row's clock for faulty.
    func discreditClock(of slot: Int32, row: Int) { self[slot].events.discreditClock(at: row) }

    /// Counts a row as done with; says whether it was its batch's last, which is then let go.
    mutating func finishRow(of slot: Int32) -> Bool {
        left[Int(slot)] -= 1
        if left[Int(slot)] > 0 { return false }
        slots[Int(slot)] = nil
        free.append(slot)
        return true
    }
}
