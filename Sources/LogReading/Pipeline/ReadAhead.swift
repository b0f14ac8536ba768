import DequeModule
import EventModel
import SharedWork

/// Inflates and decodes sources ahead of the thread that takes their batches, which helps where it would have to wait.
///
/// A source's blocks are inflated one after the other and decoded by whoever is free; its batches come out in order.
/// How much lies ready is bounded, so a slow taker slows the rest. What comes out does not depend on the number of threads.
final class ReadAhead: Station, @unchecked Sendable {
    // Unchecked: everything below is touched with the workshop locked, and an item's contents by the one who works on it.
    private let workshop: Workshop
    private let sources: [LogSource]
    private let options: ReadingOptions
    private let blockSize: Int
    private let keepsText: Bool
    private var feeds: [Feed]
    /// Sources that were asked for and have not ended.
    private var active: [Int] = []
    private var outstanding = 0
    private var spareBlocks: [RawBlock] = []
    private var spareCuts: [CutRecords] = []
    /// By worker.
    private let decoders: [RecordDecoder]
    /// By worker, the profiles that it has for itself.
    private var plans: [[ObjectIdentifier: Plan]]

    /// How many blocks may lie between inflating and taking, over all sources and for one.
    private static let limit = 24
    private static let limitEach = 8

    private final class Item {
        var block = RawBlock()
        /// The block's records, where a profile reads it and they can be decoded by themselves.
        var cut: CutRecords?
        var batch: EventBatch?
        var state = State.raw
        /// Whether nothing of its source follows.
        var isLast = false

        enum State {
            case raw, decoding, done
        }
    }

    private struct Feed {
        var reader: BlockReader?
        /// Of a source that a profile reads in order: its blocks are decoded one after the other.
        var decoder: ProfileDecoder?
        /// Of any other that a profile reads: what cuts its records, and the decoder of each worker.
        var cutter: RecordCutter?
        var decoders: [Int: ProfileDecoder] = [:]
        var items: Deque<Item> = []
        var isActive = false
        var isReading = false
        var hasEnded = false
        var damage: [BundleSummary.Damage] = []
        var storedOffset: UInt64 = 0
    }

    private enum Job {
        case inflate(Int)
        case decode(Item, of: Int)
    }

    /// - Parameters:
    ///   - workers: how many there may be, the one who takes among them.
    ///   - keepsText: whether batches keep their lines' bytes.
    /// - Returns: nil where there is no memory for the decoders.
    init?(
        _ sources: [LogSource], options: ReadingOptions, _ workshop: Workshop, workers: Int, blockSize: Int,
        keepsText: Bool
    ) {
        self.sources = sources
        self.options = options
        self.workshop = workshop
        self.blockSize = blockSize
        self.keepsText = keepsText
        feeds = sources.map { _ in Feed() }
        decoders = (0..<workers).compactMap { _ in RecordDecoder(options) }
        plans = Array(repeating: [:], count: workers)
        if decoders.count < workers { return nil }
    }

    /// The next batch of a source, which may hold no event; nil at its end.
    func take(_ source: Int) -> EventBatch? {
        workshop.lock()
        defer { workshop.unlock() }
        activate(source)
        while true {
            if let item = feeds[source].items.first, item.state == .done {
                feeds[source].items.removeFirst()
                outstanding -= 1
                workshop.announce()
                return item.batch.take()
            }
            if feeds[source].items.isEmpty, feeds[source].hasEnded { return nil }
            if let job = job(for: source) { perform(job, as: 0) } else { workshop.workOrWait(as: 0) }
        }
    }

    /// Opens a source and those that are taken next: of small ones a worker would else find nothing to do.
    private func activate(_ source: Int) {
        for next in source..<min(sources.count, source + decoders.count) where !feeds[next].isActive {
            feeds[next].isActive = true
            active.append(next)
            workshop.announce()
        }
    }

    /// How far a source has been read, and the damage met on the way.
    func progress(of source: Int) -> (storedOffset: UInt64, damage: [BundleSummary.Damage]) {
        workshop.lock()
        defer { workshop.unlock() }
        return (feeds[source].storedOffset, feeds[source].damage)
    }

    // MARK: Work

    func work(as worker: Int) -> Bool {
        guard let job = anyDecoding() ?? anyInflating() else { return false }
        perform(job, as: worker)
        return true
    }

    /// What brings the next batch of one source nearer; regardless of the limits.
    private func job(for source: Int) -> Job? {
        if let item = feeds[source].items.first { return item.state == .raw ? start(item, of: source) : nil }
        return feeds[source].isReading || feeds[source].hasEnded ? nil : start(source)
    }

    private func anyDecoding() -> Job? {
        for source in active {
            for item in feeds[source].items where item.state != .done {
                if item.state == .raw { return start(item, of: source) }
                if feeds[source].decoder != nil { break }
            }
        }
        return nil
    }

    private func anyInflating() -> Job? {
        if outstanding >= ReadAhead.limit { return nil }
        // Those that are taken first are read first.
        return active.first {
            !feeds[$0].isReading && !feeds[$0].hasEnded && feeds[$0].items.count < ReadAhead.limitEach
        }.map(start)
    }

    private func start(_ item: Item, of source: Int) -> Job {
        item.state = .decoding
        return .decode(item, of: source)
    }

    /// What decodes an item by a profile; nil of our own format.
    private func decoder(_ item: Item, of source: Int, as worker: Int) -> ProfileDecoder? {
        if let decoder = feeds[source].decoder ?? feeds[source].decoders[worker] { return decoder }
        guard item.cut != nil, case .profile(let plan) = sources[source].format else { return nil }
        var own = plan
        if worker > 0 {
            own = plans[worker][ObjectIdentifier(plan)] ?? plan.separate()
            plans[worker][ObjectIdentifier(plan)] = own
        }
        let decoder = ProfileDecoder(own, path: sources[source].name, options)
        feeds[source].decoders[worker] = decoder
        return decoder
    }

    private func start(_ source: Int) -> Job {
        feeds[source].isReading = true
        if case .profile(let plan) = sources[source].format, feeds[source].decoder == nil, feeds[source].cutter == nil {
            if plan.isInOrder {
                feeds[source].decoder = ProfileDecoder(plan, path: sources[source].name, options)
            } else {
                feeds[source].cutter = RecordCutter(plan, options)
            }
        }
        return .inflate(source)
    }

    /// Does a job with the workshop unlocked meanwhile.
    private func perform(_ job: Job, as worker: Int) {
        switch job {
        case .decode(let item, let source):
            let decoder = decoder(item, of: source, as: worker)
            workshop.unlock()
            var batch = EventBatch()
            if let cut = item.cut, let decoder {
                decoder.decode(cut, into: &batch, keepingText: keepsText)
            } else if let decoder {
                decoder.decode(item.block, isLast: item.isLast, into: &batch, keepingText: keepsText)
            } else {
                decoders[worker].decode(&item.block, into: &batch, keepingText: keepsText)
            }
            item.batch = consume batch
            workshop.lock()
            item.state = .done
            if spareBlocks.count < ReadAhead.limit { spareBlocks.append(item.block) }
            item.block = RawBlock()
            if let cut = item.cut.take(), spareCuts.count < ReadAhead.limit { spareCuts.append(cut) }
        case .inflate(let source):
            let item = Item()
            if let spare = spareBlocks.popLast() { item.block = spare }
            let reader = feeds[source].reader
            let cutter = feeds[source].cutter
            if cutter != nil { item.cut = spareCuts.popLast() ?? CutRecords() }
            workshop.unlock()
            let result = inflate(source, reader, item)
            if let cutter { ReadAhead.cut(item, with: cutter, isLast: !result.hasBlock) }
            workshop.lock()
            feeds[source].isReading = false
            feeds[source].reader = result.reader
            feeds[source].damage = result.damage
            if let reader = result.reader { feeds[source].storedOffset = reader.storedOffset }
            if result.hasBlock {
                feeds[source].items.append(item)
                outstanding += 1
            } else {
                if feeds[source].decoder != nil || cutter != nil {
                    // What is left of the last block waits for this.
                    item.isLast = true
                    item.block.used = 0
                    feeds[source].items.append(item)
                    outstanding += 1
                }
                feeds[source].hasEnded = true
                feeds[source].storedOffset = sources[source].storedSize
                feeds[source].reader = nil
                feeds[source].cutter = nil
                active.removeAll { $0 == source && feeds[source].items.isEmpty }
            }
        }
        active.removeAll { source in
            let isDone = feeds[source].hasEnded && feeds[source].items.allSatisfy { $0.state == .done }
            if isDone {
                feeds[source].decoder = nil
                feeds[source].decoders = [:]
            }
            return isDone
        }
        workshop.announce()
    }

    /// Cuts an item's block into records, which then hold all that is decoded of it.
    private static func cut(_ item: Item, with cutter: RecordCutter, isLast: Bool) {
        guard var cut = item.cut.take() else { return }
        let used = isLast ? 0 : item.block.used
        let isLast = isLast || item.block.isBroken
        item.block.bytes.withUnsafeBytes {
            cutter.cut(UnsafeRawBufferPointer(rebasing: $0[..<used]), isLast: isLast, into: &cut)
        }
        cutter.detach(into: &cut, isLast: isLast)
        item.cut = cut
    }

    private func inflate(
        _ source: Int, _ open: BlockReader?, _ item: Item
    ) -> (reader: BlockReader?, hasBlock: Bool, damage: [BundleSummary.Damage]) {
        var reader = open
        if reader == nil {
            do throws(ReadFault) {
                reader = BlockReader(
                    try sources[source].open(), blockSize: blockSize, maxLine: options.maxLineLength,
                    cutsLines: sources[source].format.cutsLines)
            } catch {
                return (nil, false, [error.damage])
            }
        }
        let hasBlock = reader?.next(&item.block) ?? false
        return (reader, hasBlock, reader?.damage ?? [])
    }
}
