import EventModel
import SharedWork

/// A consumer of whom the order is ahead. Events go to it in blocks, each with what it changed in the clocks, so that the consumer sees the
/// same batches, deliveries and clocks as it would at once, on whatever thread is free, and the order goes on meanwhile.
struct EventRelay<Consumer: EventConsumer & Sendable & ~Copyable>: ~Copyable {
    private let workshop: Workshop
    private let queue: RelayQueue
    private let far: FarSide
    private var block = RelayBlock()
    /// By sequence: which of the block's frames was there last.
    private var batchOfSlot: [Int] = []

    /// The consumer, and the clocks as it sees them.
    private final class FarSide: @unchecked Sendable {
        // Unchecked: touched by whoever takes a block, one at a time, and in the end by who waited for the last.
        /// Until it is given back.
        @exclusivity(unchecked) private var consumer: Consumer?
        @exclusivity(unchecked) private var clocks = ProcessClocks()

        init(_ consumer: consuming Consumer) { self.consumer = consume consumer }

        func giveBack() -> Consumer { consumer.take()! }

        func take(_ block: RelayBlock) {
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
            _ events: Range<Int>, of block: RelayBlock, _ batch: borrowing EventBatch, _ consumer: inout Consumer,
            _ clocks: inout ProcessClocks
        ) {
            var change = events.lowerBound == 0 ? 0 : block.rows[events.lowerBound - 1].changesEnd
            for at in events {
                let row = block.rows[at]
                clocks.beginEvent()
                while change < row.changesEnd {
                    clocks.follow(block.changes[change])
                    change += 1
                }
                let place = Int(row.row)
                if place % EventBatch.prefetchedRows == 0 { batch.prefetch(place + 2 * EventBatch.prefetchedRows) }
                consumer.observe(batch, row: place, delivery: row.delivery, clocks: clocks)
            }
        }
    }

    init(_ consumer: consuming Consumer, _ workshop: Workshop) {
        let far = FarSide(consumer)
        self.far = far
        self.workshop = workshop
        queue = RelayQueue(workshop) { far.take($0) }
        workshop.add(queue)
    }

    /// Takes an event on its way.
    mutating func add(
        _ held: Frame, _ row: Int, of slot: Int, _ delivery: Delivery, _ changes: borrowing Column<ProcessClocks.Change>
    ) {
        batchOfSlot.grow(toHold: slot, with: 0)
        var batch = batchOfSlot[slot]
        if batch >= block.batches.count || block.batches[batch] !== held {
            batch = block.batches.count
            block.batches.append(held)
            batchOfSlot[slot] = batch
        }
        for at in changes.indices { block.changes.append(changes[at]) }
        block.rows.append(
            RelayBlock.Row(
                batch: Int32(batch), row: Int32(truncatingIfNeeded: row), changesEnd: block.changes.count,
                delivery: delivery))
        if block.isFull { send() }
    }

    /// Sees to it that all events are taken, and gives the consumer back.
    consuming func finish() -> Consumer {
        send()
        queue.empty()
        workshop.remove(queue)
        return far.giveBack()
    }

    private mutating func send() {
        queue.send(block)
        block = RelayBlock()
    }
}
