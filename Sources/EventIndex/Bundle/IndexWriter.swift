import CausalAnalysis
import EventModel
import LogReading

/// Makes an index while a bundle is analyzed: takes the lines as they are read and the events as they are given out.
///
/// Everything goes into a hidden folder, which is renamed when it is whole. Memory: about a byte an event and name for the postings,
/// the frames' table, and the order of frames of which some event has not been given out.
package final class IndexWriter {
    private let location: IndexLocation
    private let folder: String
    private let codec: FrameCodec
    private var pages: PageWriter
    private var frames: [FrameEntry] = []
    private var ends: [UInt64]
    private var lacksLineEnd: [Bool]
    private var pending: [PendingFrames]
    private var postings = EventFilter.Criterion.allCases.map { _ in Postings() }
    private var failure: IndexFault?
    private var isPublished = false

    /// About how many bytes of lines a frame holds. Smaller ones are found faster and compress worse.
    private static let frameSize = 64 << 10

    /// Begins an index.
    /// - Parameter sources: how many logs the bundle has.
    package init(_ location: IndexLocation, sources: Int) throws(IndexFault) {
        self.location = location
        codec = try FrameCodec()
        folder = try location.makeTemporary()
        pages = PageWriter(path: IndexLocation.pages(folder), codec: codec)
        ends = Array(repeating: 0, count: sources)
        lacksLineEnd = Array(repeating: false, count: sources)
        pending = Array(repeating: PendingFrames(), count: sources)
    }

    deinit {
        if !isPublished { location.discard(folder) }
    }

    // MARK: Lines

    /// Takes a batch as it was read, before its events are given out.
    package func take(_ batch: EventBatch, of source: SourceID) {
        if failure != nil { return }
        do throws(IndexFault) { try cut(batch, Int(source.index)) } catch { failure = error }
    }

    private func cut(_ batch: EventBatch, _ source: Int) throws(IndexFault) {
        // A line too long to be kept has no bytes: the next frame's first line leaves it out.
        let end = min(Int(clamping: batch.byteCount), batch.text.count)
        let pieces = max(1, (end + IndexWriter.frameSize / 2) / IndexWriter.frameSize)
        let target = (end + pieces - 1) / pieces
        var start = 0
        var line = 0
        var row = 0
        while start < end {
            var stop = min(start + target, end)
            if stop < end { stop = batch.text[(stop - 1)..<end].firstIndex(of: 0x0A).map { $0 + 1 } ?? end }
            try frame(of: batch, start..<stop, &line, &row, source)
            start = stop
        }
    }

    private func frame(
        of batch: EventBatch, _ range: Range<Int>, _ line: inout Int, _ row: inout Int, _ source: Int
    ) throws(IndexFault) {
        let ends = batch.text[range].count { $0 == 0x0A }
        let lines = batch.text[range.upperBound - 1] == 0x0A ? ends : ends + 1
        let stored = try codec.frame(of: batch.text[range])
        if lacksLineEnd[source] {
            // Damage cut the last line short: in the re-framed log too, what follows is another line. It is no part of any frame here.
            let separator = try codec.frame(of: [0x0A])
            try IndexOutput.append(separator, to: IndexLocation.log(source, folder))
            self.ends[source] += UInt64(separator.count)
            pending[source].separators.append((frames.count, UInt32(separator.count)))
        }
        lacksLineEnd[source] = batch.text[range.upperBound - 1] != 0x0A
        var entry = FrameEntry(
            source: source, offset: self.ends[source], stored: stored.count, inflated: range.count, lines: lines,
            firstLine: batch.firstLine + UInt64(line))
        let number = UInt32(frames.count)
        let firstRow = row
        while row < batch.count, Int(batch.textStart[row]) < range.upperBound {
            entry.earliest = min(entry.earliest, batch.time[row])
            entry.latest = max(entry.latest, batch.time[row])
            postings[0].add(batch.endpoint[row], number)
            postings[1].add(batch.actor[row], number)
            postings[2].add(batch.event[row], number)
            row += 1
        }
        if row > firstRow {
            pending[source].frames.append(
                PendingFrame(number: frames.count, firstLine: entry.firstLine, lines: lines, events: row - firstRow))
        }
        self.ends[source] += UInt64(stored.count)
        line += lines
        frames.append(entry)
        try IndexOutput.append(stored, to: IndexLocation.log(source, folder))
    }

    // MARK: Order

    fileprivate func observe(_ batch: borrowing EventBatch, row: Int, delivery: Delivery) {
        if failure != nil { return }
        let source = Int(delivery.source.index)
        postings[0].count(batch.endpoint[row])
        postings[1].count(batch.actor[row])
        postings[2].count(batch.event[row])
        let line = batch.line(at: row)
        guard let at = pending[source].index(of: line) else {
            failure = .damaged("an event was given out that was not read")
            return
        }
        let inFrame = Int(line - pending[source].frames[at].firstLine)
        pending[source].frames[at].order.ordinals[inFrame] = delivery.ordinal
        let counter = batch.counter[row]
        if counter < 0 || delivery.stamp != OrderBlock.usualStamp(counter) {
            pending[source].frames[at].order.stamps[UInt32(inFrame)] = delivery.stamp
        }
        pending[source].frames[at].left -= 1
        if pending[source].frames[at].left == 0 {
            do throws(IndexFault) { try write(pending[source].frames[at]) } catch { failure = error }
            pending[source].dropWritten()
        }
    }

    private func write(_ frame: PendingFrame) throws(IndexFault) {
        guard let first = frame.order.first else { return }
        let ref = try pages.append(frame.order.encoded())
        frames[frame.number].firstOrdinal = first
        frames[frame.number].orderOffset = ref.offset
        frames[frame.number].orderSize = ref.size
    }

    // MARK: End

    /// Ends the index and puts it in its place.
    /// - Parameters:
    ///   - symbols: the names behind the symbols of all batches.
    ///   - inventory: the bundle's files as they were before they were read.
    ///   - options: what else must be the same for the index to be used.
    package func finish(
        _ summary: IndexSummary, findings: [IndexSummary.StoredFinding], symbols: SymbolTable,
        inventory: BundleInventory, options: String
    ) throws(IndexFault) {
        if let failure { throw failure }
        for source in pending.indices {
            // What is left here holds duplicates, which were never given out.
            for frame in pending[source].frames where frame.left > 0 { try write(frame) }
        }
        var names: [[UInt8]] = []
        for list in postings { names.append(try NameTable.write(list.entries(symbols), to: &pages)) }
        let findingPage = try pages.append(FindingPage.encode(findings))
        let framePage = try pages.append(FrameTable.encode(frames, sources: ends.count))
        for source in ends.indices where ends[source] > 0 {
            let path = IndexLocation.log(source, folder)
            try IndexOutput.append(FrameCodec.seekTable(seekEntries(source)), to: path)
            try IndexOutput.synchronize(path)
        }
        let directory = IndexDirectory(
            inventory: inventory, options: options, summary: summary, findings: findingPage, frames: framePage,
            names: names)
        try pages.finish(directory: directory.encoded())
        try IndexOutput.synchronize(folder)
        try location.publish(folder)
        isPublished = true
    }

    private func seekEntries(_ source: Int) -> [(stored: UInt32, inflated: UInt32)] {
        var separators = pending[source].separators[...]
        var entries: [(stored: UInt32, inflated: UInt32)] = []
        for (number, frame) in frames.enumerated() where frame.source == source {
            if let next = separators.first, next.before == number {
                entries.append((next.size, 1))
                separators.removeFirst()
            }
            entries.append((UInt32(clamping: frame.stored), UInt32(clamping: frame.inflated)))
        }
        return entries
    }
}

/// Gives an index the events as they are given out.
package struct IndexCompanion: EventConsumer {
    private let writer: IndexWriter?

    /// - Parameter writer: nil where no index is made.
    package init(_ writer: IndexWriter?) {
        self.writer = writer
    }

    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        writer?.observe(batch, row: row, delivery: delivery)
    }
}

/// A frame some of whose events have not been given out yet.
private struct PendingFrame {
    var number: Int
    var firstLine: UInt64
    var order: OrderBlock
    var left: Int

    init(number: Int, firstLine: UInt64, lines: Int, events: Int) {
        self.number = number
        self.firstLine = firstLine
        order = OrderBlock(lines: lines)
        left = events
    }
}

/// Those of one source, by line.
private struct PendingFrames {
    var frames: [PendingFrame] = []
    /// Line ends put between frames: before which frame, and how many stored bytes.
    var separators: [(before: Int, size: UInt32)] = []

    /// The frame that a line lies in. Logarithmic.
    func index(of line: UInt64) -> Int? {
        var low = 0
        var high = frames.count
        while low < high {
            let middle = (low + high) / 2
            if frames[middle].firstLine <= line { low = middle + 1 } else { high = middle }
        }
        guard low > 0, line - frames[low - 1].firstLine < UInt64(frames[low - 1].order.ordinals.count) else {
            return nil
        }
        return low - 1
    }

    mutating func dropWritten() { frames.removeAll { $0.left == 0 } }
}

/// For each name of one kind the frames that it occurs in, and how many events it has.
private struct Postings {
    private var lists: [ByteWriter] = []
    /// One more than the last frame of each; 0 before the first.
    private var ends: [UInt32] = []
    private var counts: [UInt64] = []

    mutating func add(_ symbol: Symbol, _ frame: UInt32) {
        if symbol == .none { return }
        let index = Int(symbol.index)
        reserve(index)
        if ends[index] == frame + 1 { return }
        lists[index].put(UInt64(frame - ends[index]))
        ends[index] = frame + 1
    }

    mutating func count(_ symbol: Symbol) {
        if symbol == .none { return }
        reserve(Int(symbol.index))
        counts[Int(symbol.index)] += 1
    }

    private mutating func reserve(_ index: Int) {
        let missing = index + 1 - lists.count
        if missing <= 0 { return }
        lists.append(contentsOf: repeatElement(ByteWriter(), count: missing))
        ends.append(contentsOf: repeatElement(0, count: missing))
        counts.append(contentsOf: repeatElement(0, count: missing))
    }

    /// The names that some event given out has.
    func entries(_ symbols: SymbolTable) throws(IndexFault) -> [NameEntry] {
        var entries: [NameEntry] = []
        for index in lists.indices where counts[index] > 0 {
            var input = ByteScanner(lists[index].bytes)
            var frames: [UInt32] = []
            var next: UInt64 = 0
            while !input.isAtEnd {
                next += try input.number()
                frames.append(UInt32(clamping: next))
                next += 1
            }
            entries.append(
                NameEntry(name: symbols[Symbol(index: UInt32(index))], events: counts[index], frames: frames))
        }
        return entries
    }
}
