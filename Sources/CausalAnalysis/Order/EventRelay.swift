import Dispatch
import EventModel

/// A consumer on a thread of its own. Events go to it in blocks, each with what it changed in the clocks, so that the consumer sees the
/// same batches, deliveries and clocks as it would at once, and the order goes on meanwhile.
///
/// So many blocks may lie between the two; then the order waits.
struct EventRelay<Consumer: EventConsumer & Sendable & ~Copyable>: ~Copyable {
    /// A block ends with so many events, or past so many changes.
    private static var blockLength: Int { 2048 }
    private static var changesLength: Int { 4 * blockLength }
    private static var blocksBetween: Int { 16 }
    private static var foresight: Int { 8 }

    private let far: FarSide
    private let queue = DispatchQueue(label: "inquest.events")
    private let room = DispatchSemaphore(value: Self.blocksBetween)
    private var block = Block()
    /// By the order's slot: which of the block's batches was there last.
    private var batchOfSlot: [Int] = []

    private final class Block: @unchecked Sendable {
        // Unchecked: written by the order's thread, then handed on and only read.
        @exclusivity(unchecked) var batches: [HeldBatch] = []
        @exclusivity(unchecked) var rows = Column<Row>(capacity: EventRelay.blockLength)
        @exclusivity(unchecked) var changes = Column<ProcessClocks.Change>(capacity: EventRelay.changesLength)
    }

    struct Row: BitwiseCopyable, Sendable {
        var batch: Int32
        var row: Int32
        let endpoint: Symbol
        /// Where this event's changes end in the block's.
        var changesEnd: Int
        var delivery: Delivery
    }

    /// What the consumer's thread has.
    private final class FarSide: @unchecked Sendable {
        // Unchecked: touched by the blocks of one serial queue, and once that is empty by whoever waited for it.
        /// Until it is given back.
        @exclusivity(unchecked) private var consumer: Consumer?
        @exclusivity(unchecked) private var clocks = ProcessClocks()

        init(_ consumer: consuming Consumer) { self.consumer = consume consumer }

        func take(_ block: Block) {
            var at = 0
            while at < block.rows.count {
                let batch = block.rows[at].batch
                let first = at
                while at < block.rows.count, block.rows[at].batch == batch { at += 1 }
                Self.take(first..<at, of: block, block.batches[Int(batch)].events, &consumer!, &clocks)
            }
        }

        func giveBack() -> Consumer { consumer.take()! }

        /// Takes events of one batch, which is borrowed once for all of them.
        private static func take(
            _ events: Range<Int>, of block: Block, _ batch: borrowing EventBatch, _ consumer: inout Consumer,
            _ clocks: inout ProcessClocks
        ) {
            var change = events.lowerBound == 0 ? 0 : block.rows[events.lowerBound - 1].changesEnd
            for at in events {
                let row = block.rows[at]
                while change < row.changesEnd {
                    clocks.follow(block.changes[change])
                    change += 1
                }
                let place = Int(row.row)
                if place % EventBatch.prefetchedRows == 0 { batch.prefetch(place + 2 * EventBatch.prefetchedRows) }
                if at + foresight < block.rows.count { consumer.foresee(block.rows[at + foresight].endpoint) }
                consumer.observe(batch, row: place, delivery: row.delivery, clocks: clocks)
            }
        }
    }

    init(_ consumer: consuming Consumer) { far = FarSide(consumer) }

    /// Takes an event on its way.
    mutating func add(
        _ held: HeldBatch, _ place: HeldPlace, _ delivery: Delivery, _ changes: borrowing Column<ProcessClocks.Change>
    ) {
        let slot = Int(place.slot)
        batchOfSlot.grow(toHold: slot, with: 0)
        var batch = batchOfSlot[slot]
        if batch >= block.batches.count || block.batches[batch] !== held {
            batch = block.batches.count
            block.batches.append(held)
            batchOfSlot[slot] = batch
        }
        for at in changes.indices { block.changes.append(changes[at]) }
        block.rows.append(
            Row(
                batch: Int32(batch), row: place.row, endpoint: held.events.endpoint[Int(place.row)],
                changesEnd: block.changes.count, delivery: delivery))
        if block.rows.count == Self.blockLength || block.changes.count >= Self.changesLength { send() }
    }

    /// Waits until all events have been taken, and gives the consumer back.
    consuming func finish() -> Consumer {
        send()
        queue.sync {}
        return far.giveBack()
    }

    private mutating func send() {
        let full = block
        block = Block()
        room.wait()
        queue.async { [far, room] in
            far.take(full)
            room.signal()
        }
    }
}
