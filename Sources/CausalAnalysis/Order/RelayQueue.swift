import DequeModule
import EventModel
import SharedWork

/// Events on their way from the order to a consumer, each with what it changed in the clocks.
final class RelayBlock: @unchecked Sendable {
    // Unchecked: written by the order's thread, then handed on and only read.
    /// A block ends with so many events, or past so many changes.
    static let length = 2048
    static let changesLength = 4 * length

    @exclusivity(unchecked) var batches: [Frame] = []
    @exclusivity(unchecked) var rows = Column<Row>(capacity: RelayBlock.length)
    @exclusivity(unchecked) var changes = Column<ProcessClocks.Change>(capacity: RelayBlock.changesLength)

    struct Row: BitwiseCopyable, Sendable {
        var batch: Int32
        var row: Int32
        /// Where this event's changes end in the block's.
        var changesEnd: Int
        var delivery: Delivery
    }

    /// Whether the next event is for another block.
    var isFull: Bool { rows.count == RelayBlock.length || changes.count >= RelayBlock.changesLength }
}

/// The blocks that wait for a consumer: whoever is free hands it the next one, one at a time and in their order.
final class RelayQueue: Station, @unchecked Sendable {
    // Unchecked: touched with the workshop locked.
    private let workshop: Workshop
    private let consume: @Sendable (RelayBlock) -> Void
    private var blocks: Deque<RelayBlock> = []
    private var isBusy = false

    /// With so many blocks the order waits, or does other work.
    private static let limit = 8
    /// With more than so many the order's own thread takes one, since nobody else was free.
    private static let ahead = 4

    init(_ workshop: Workshop, _ consume: @escaping @Sendable (RelayBlock) -> Void) {
        self.workshop = workshop
        self.consume = consume
    }

    /// How many blocks have not been taken.
    private var waiting: Int { blocks.count + (isBusy ? 1 : 0) }

    /// Adds a block, and takes part in the work where there is too much. Not to be called locked.
    func send(_ block: RelayBlock) {
        workshop.lock()
        blocks.append(block)
        workshop.announce()
        if waiting > RelayQueue.ahead { _ = work(as: 0) }
        while waiting >= RelayQueue.limit { workshop.workOrWait(as: 0) }
        workshop.unlock()
    }

    /// Sees to it that all blocks are taken. Not to be called locked.
    func empty() {
        workshop.lock()
        while waiting > 0 { workshop.workOrWait(as: 0) }
        workshop.unlock()
    }

    func work(as worker: Int) -> Bool {
        if isBusy { return false }
        guard let block = blocks.popFirst() else { return false }
        isBusy = true
        workshop.unlock()
        consume(block)
        workshop.lock()
        isBusy = false
        workshop.announce()
        return true
    }
}
