import Dispatch
import EventModel

/// A consumer on a thread of its own. Events go to it in blocks, each with what it changed in the clocks, so that the consumer sees the
/// same batches, deliveries and clocks as it would at once, and the order goes on meanwhile.
///
/// So many blocks may lie between the two; then the order waits.
struct EventRelay<Consumer: EventConsumer & Sendable> {
    private static var blockLength: Int { 1024 }
    private static var blocksBetween: Int { 16 }

    private let far: FarSide
    private let queue = DispatchQueue(label: "inquest.events")
    private let room = DispatchSemaphore(value: Self.blocksBetween)
    private var block = Block()
    /// By the order's slot: which of the block's batches was there last.
    private var batchOfSlot: [Int] = []

    private struct Block: Sendable {
        var batches: [HeldBatch] = []
        var rows: [Row] = []
        var changes: [ProcessClocks.Change] = []
    }

    private struct Row: Sendable {
        var batch: Int32
        var row: Int32
        /// Where this event's changes end in the block's.
        var changesEnd: Int
        var delivery: Delivery
    }

    /// What the consumer's thread has.
    private final class FarSide: @unchecked Sendable {
        // Unchecked: touched by the blocks of one serial queue, and once that is empty by whoever waited for it.
        @exclusivity(unchecked) var consumer: Consumer
        @exclusivity(unchecked) private var clocks = ProcessClocks()

        init(_ consumer: consuming Consumer) { self.consumer = consumer }

        func take(_ block: Block) {
            var changes = 0
            for row in block.rows {
                clocks.follow(block.changes[changes..<row.changesEnd])
                changes = row.changesEnd
                consumer.observe(
                    block.batches[Int(row.batch)].events, row: Int(row.row), delivery: row.delivery, clocks: clocks)
            }
        }
    }

    init(_ consumer: consuming Consumer) { far = FarSide(consumer) }

    /// Takes an event on its way.
    mutating func add(
        _ held: HeldBatch, _ place: HeldPlace, _ delivery: Delivery, _ changes: [ProcessClocks.Change]
    ) {
        let slot = Int(place.slot)
        batchOfSlot.grow(toHold: slot, with: 0)
        var batch = batchOfSlot[slot]
        if batch >= block.batches.count || block.batches[batch] !== held {
            batch = block.batches.count
            block.batches.append(held)
            batchOfSlot[slot] = batch
        }
        block.changes += changes
        block.rows.append(
            Row(batch: Int32(batch), row: place.row, changesEnd: block.changes.count, delivery: delivery))
        if block.rows.count == Self.blockLength { send() }
    }

    /// Waits until all events have been taken, and gives the consumer back.
    consuming func finish() -> Consumer {
        send()
        return queue.sync { far.consumer }
    }

    private mutating func send() {
        var full = Block()
        full.rows.reserveCapacity(Self.blockLength)
        full.changes.reserveCapacity(2 * Self.blockLength)
        swap(&full, &block)
        room.wait()
        queue.async { [far, room, full] in
            far.take(full)
            room.signal()
        }
    }
}
