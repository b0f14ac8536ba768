import EventModel

/// A batch that the causal order has taken and not yet given out whole.
///
/// Boxed and never changed, so that reading a column costs no reference count and no check of access.
final class HeldBatch: Sendable {
    let events: EventBatch
    let source: Int

    init(_ events: EventBatch, source: Int) {
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
    private static let empty = HeldBatch(EventBatch(), source: 0)

    /// The batch in a slot that is taken.
    subscript(slot: Int32) -> HeldBatch { slots[Int(slot)] ?? HeldBatches.empty }

    /// Takes a batch; returns its slot.
    mutating func hold(_ batch: EventBatch, of source: Int) -> Int32 {
        if let slot = free.popLast() {
            slots[Int(slot)] = HeldBatch(batch, source: source)
            left[Int(slot)] = batch.count
            return slot
        }
        slots.append(HeldBatch(batch, source: source))
        left.append(batch.count)
        return Int32(slots.count - 1)
    }

    /// Takes a row's clock for faulty. The batch is changed in place, as nobody else holds it.
    mutating func discreditClock(of slot: Int32, row: Int) {
        let source = self[slot].source
        var events = self[slot].events
        slots[Int(slot)] = nil
        events.discreditClock(at: row)
        slots[Int(slot)] = HeldBatch(events, source: source)
    }

    /// Counts a row as done with; the batch comes back with its last row.
    mutating func finishRow(of slot: Int32) -> EventBatch? {
        left[Int(slot)] -= 1
        if left[Int(slot)] > 0 { return nil }
        let events = self[slot].events
        slots[Int(slot)] = nil
        free.append(slot)
        return events
    }
}
