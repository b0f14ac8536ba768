import DequeModule
import EventModel
import SharedWork

/// A consumer of whom the order is ahead. Events go to it in blocks, each with what it changed in the clocks, so that the consumer sees the
/// same batches, deliveries and clocks as it would at once, on whatever thread is free, and the order goes on meanwhile.
///
/// So many blocks may lie between the two; then the order's thread takes one itself, or does other work.
struct EventRelay<Consumer: EventConsumer & Sendable & ~Copyable>: ~Copyable {
    /// A block ends with so many events, or past so many changes.
    private static var blockLength: Int { 2048 }
    private static var changesLength: Int { 4 * blockLength }
    private static var blocksBetween: Int { 8 }
    /// With fewer blocks than that the order goes on; whoever else is free takes them.
    private static var blocksAhead: Int { blocksBetween / 2 }
    private static var foresight: Int { 8 }

    private let far: FarSide
    private let workshop: Workshop
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

    /// The consumer, the clocks as it sees them, and the blocks on their way to it.
    private final class FarSide: Station, @unchecked Sendable {
        // Unchecked: the blocks are touched with the workshop locked, the rest by whoever takes a block, one at a time, and in the end by
        // who waited for the last.
        private let workshop: Workshop
        /// Until it is given back.
        @exclusivity(unchecked) private var consumer: Consumer?
        @exclusivity(unchecked) private var clocks = ProcessClocks()
        private var blocks: Deque<Block> = []
        private var isTaking = false

        init(_ consumer: consuming Consumer, _ workshop: Workshop) {
            self.consumer = consume consumer
            self.workshop = workshop
        }

        /// How many blocks have not been taken.
        var waiting: Int { blocks.count + (isTaking ? 1 : 0) }

        func add(_ block: Block) { blocks.append(block) }

        func work(as worker: Int) -> Bool {
            if isTaking { return false }
            guard let block = blocks.popFirst() else { return false }
            isTaking = true
            workshop.unlock()
            take(block)
            workshop.lock()
            isTaking = false
            workshop.announce()
            return true
        }

        func giveBack() -> Consumer { consumer.take()! }

        private func take(_ block: Block) {
            var at = 0
            while at < block.rows.count {
                let batch = block.rows[at].batch
                let first = at
                while at < block.rows.count, block.rows[at].batch == batch { at += 1 }
                Self.take(first..<at, of: block, block.batches[Int(batch)].events, &consumer!, &clocks)
            }
        }

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

    init(_ consumer: consuming Consumer, _ workshop: Workshop) {
        self.workshop = workshop
        far = FarSide(consumer, workshop)
        workshop.add(far)
    }

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

    /// Sees to it that all events are taken, and gives the consumer back.
    consuming func finish() -> Consumer {
        send()
        workshop.lock()
        while far.waiting > 0 { workshop.workOrWait(as: 0) }
        workshop.unlock()
        workshop.remove(far)
        return far.giveBack()
    }

    private mutating func send() {
        workshop.lock()
        far.add(block)
        workshop.announce()
        if far.waiting > Self.blocksAhead { _ = far.work(as: 0) }
        while far.waiting >= Self.blocksBetween { workshop.workOrWait(as: 0) }
        workshop.unlock()
        block = Block()
    }
}
