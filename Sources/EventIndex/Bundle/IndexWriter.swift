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
    /// By source, as everything below: a log that several sources read stands at the first of them.
    private var logs: [ReframedLog]
    private let logOfSource: [Int]
    /// How many frames of its log each source has gone through.
    private var framesRead: [Int]
    private var pending: [PendingFrames]
    private var postings = EventFilter.Criterion.allCases.map { _ in Postings() }
    private var failure: IndexFault?
    private var isPublished = false

    /// About how many bytes of lines a frame holds. Smaller ones are found faster and compress worse.
    private static let frameSize = 64 << 10

    /// Begins an index of a bundle, as it is read.
    package init(_ location: IndexLocation, of bundle: Bundle) throws(IndexFault) {
        self.location = location
        codec = try FrameCodec()
        let folder = try location.makeTemporary()
        self.folder = folder
        pages = PageWriter(path: IndexLocation.pages(folder), codec: codec)
        logOfSource = bundle.firstSourceOfLog
        logs = bundle.sources.indices.map { ReframedLog(path: IndexLocation.log($0, folder)) }
        framesRead = Array(repeating: 0, count: bundle.sources.count)
        pending = Array(repeating: PendingFrames(), count: bundle.sources.count)
    }

    deinit {
        if !isPublished { location.discard(folder) }
    }

    // MARK: Lines

    /// Takes a batch as it was read, before its events are given out.
    package func take(_ batch: borrowing EventBatch, of source: SourceID) {
        if failure != nil { return }
        do throws(IndexFault) { try cut(batch, Int(source.index)) } catch { failure = error }
    }

    private func cut(_ batch: borrowing EventBatch, _ source: Int) throws(IndexFault) {
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
        of batch: borrowing EventBatch, _ range: Range<Int>, _ line: inout Int, _ row: inout Int, _ source: Int
    ) throws(IndexFault) {
        let text = batch.text[range]
        let place = try logs[logOfSource[source]].write(framesRead[source], text, codec)
        framesRead[source] += 1
        var entry = FrameEntry(
            source: source, offset: place.offset, stored: place.stored, inflated: range.count,
            lines: LineCount.of(text), firstLine: batch.firstLine + UInt64(line))
        line += entry.lines
        let firstRow = row
        let number = UInt32(frames.count)
        while row < batch.count, Int(batch.textStart[row]) < range.upperBound {
            entry.include(time: batch.time[row], plan: batch.integer(.plan, at: row))
            postings[0].add(batch.endpoint[row], number)
            postings[1].add(batch.actor[row], number)
            postings[2].add(batch.event[row], number)
            row += 1
        }
        // A frame without events is not looked for.
        if row == firstRow { return }
        pending[source].append(
            PendingFrame(number: frames.count, firstLine: entry.firstLine, lines: entry.lines, events: row - firstRow))
        frames.append(entry)
    }

    // MARK: Order

    fileprivate func observe(_ batch: borrowing EventBatch, row: Int, delivery: Delivery) {
        if failure != nil { return }
        postings[0].count(batch.endpoint[row])
        postings[1].count(batch.actor[row])
        postings[2].count(batch.event[row])
        do throws(IndexFault) {
            let frame = try pending[Int(delivery.source.index)].place(
                batch.line(at: row), delivery, counter: batch.counter[row])
            if let frame { try write(frame) }
        } catch {
            failure = error
        }
    }

    private func write(_ frame: PendingFrame) throws(IndexFault) {
        guard let ordinals = frame.order.ordinalRange else { return }
        frames[frame.number].ordinals = ordinals
        frames[frame.number].order = try pages.append(frame.order.encoded())
    }

    // MARK: End

    /// Ends the index and puts it in its place.
    /// - Parameters:
    ///   - tables: the rows of the tables of findings, for SQL.
    ///   - symbols: the names behind the symbols of all batches.
    ///   - inventory: the bundle's files as they were before they were read.
    ///   - options: what else must be the same for the index to be used.
    package func finish(
        _ summary: IndexSummary, findings: [IndexSummary.StoredFinding], tables: StoredTables,
        symbols: SymbolTable, inventory: BundleInventory, options: String
    ) throws(IndexFault) {
        if let failure { throw failure }
        for source in pending.indices {
            for frame in pending[source].takeAll() { try write(frame) }
        }
        var names: [[UInt8]] = []
        for list in postings { names.append(try NameTable.write(list.entries(symbols), to: &pages)) }
        let findingPage = try pages.append(FindingPage.encode(findings))
        let tablePage = try pages.append(tables.encoded())
        let framePage = try pages.append(FrameTable.encode(frames, sources: logs.count))
        for log in logs { try log.finish() }
        let directory = IndexDirectory(
            inventory: inventory, options: options, summary: summary, logOfSource: logOfSource, findings: findingPage,
            tables: tablePage, frames: framePage, names: names)
        try pages.finish(directory: directory.encoded())
        try IndexOutput.synchronize(folder)
        try location.publish(folder)
        isPublished = true
    }
}

/// Gives an index the events as they are given out.
package struct IndexCompanion: EventConsumer {
    private let writer: IndexWriter

    package init(_ writer: IndexWriter) {
        self.writer = writer
    }

    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        writer.observe(batch, row: row, delivery: delivery)
    }
}
