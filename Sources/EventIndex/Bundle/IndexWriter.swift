import CausalAnalysis
import EventModel
import LogReading

/// Makes an index while a bundle is analyzed: takes the lines as they are read and the events as they are given out.
///
/// Everything goes into a hidden folder, which is renamed when it is whole; or, where it is for one query alone, into a temporary file
/// without a name. Memory: about a byte an event and name for the postings,
/// the frames' table, and the order of frames of which some event has not been given out.
package final class IndexWriter {
    /// Where it will lie, and the folder where it does meanwhile; nil of a temporary one.
    private let home: (location: IndexLocation, folder: String)?
    private let output: IndexOutput
    private let codec: FrameCodec
    private let pages: PageWriter
    private var frames: [FrameEntry] = []
    /// By source, as everything below.
    private var logs: [ReframedLog]
    /// How many frames of its log each source has gone through.
    private var framesRead: [Int]
    private var pending: [PendingFrames]
    private var postings = EventFilter.Criterion.allCases.map { _ in Postings() }
    private var failure: IndexFault?
    private var isPublished = false

    /// About how many bytes of lines a frame holds. Smaller ones are found faster and compress worse.
    private static let frameSize = 64 << 10

    /// Begins an index of a bundle, as it is read, in a folder.
    package convenience init(_ location: IndexLocation, of bundle: Bundle) throws(IndexFault) {
        let codec = try FrameCodec()
        let folder = try location.makeTemporary()
        try self.init(
            (location, folder), IndexOutput(path: folder + "/" + IndexLocation.pages), codec, of: bundle,
            logs: bundle.sources.indices.map { ReframedLog(IndexOutput(path: folder + "/" + IndexLocation.log($0))) })
    }

    /// Begins an index of a bundle, as it is read, in a temporary file: for `open`, not for `finish`.
    package convenience init(temporary reading: ReadingOptions, of bundle: Bundle) throws(IndexFault) {
        let output = try IndexOutput(temporary: reading)
        try self.init(nil, output, FrameCodec(), of: bundle, logs: bundle.sources.map { _ in ReframedLog(output) })
    }

    private init(
        _ home: (location: IndexLocation, folder: String)?, _ output: IndexOutput, _ codec: FrameCodec,
        of bundle: Bundle, logs: [ReframedLog]
    ) throws(IndexFault) {
        self.home = home
        self.output = output
        self.logs = logs
        self.codec = codec
        pages = PageWriter(output, codec: codec)
        framesRead = Array(repeating: 0, count: bundle.sources.count)
        pending = Array(repeating: PendingFrames(), count: bundle.sources.count)
        try pages.begin()
    }

    deinit {
        if let home, !isPublished { home.location.discard(home.folder) }
    }

    /// The folder in which it is written until it is whole; nil of a temporary one. Whoever ends the process removes it.
    package var unfinishedFolder: String? { home?.folder }

    // MARK: Lines

    /// Takes a batch as it was read, before its events are given out.
    fileprivate func take(_ batch: borrowing EventBatch, of source: SourceID) {
        if failure != nil { return }
        do throws(IndexFault) { try cut(batch, Int(source.index)) } catch { failure = error }
    }

    private func cut(_ batch: borrowing EventBatch, _ source: Int) throws(IndexFault) {
        // A line too long to be kept has no bytes: the next frame's first line leaves it out.
        let end = batch.textCount
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
        let place = try logs[source].write(framesRead[source], text, codec)
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
        var directory = try directory(summary, findings, tables, symbols)
        directory.inventory = inventory
        directory.options = options
        for log in logs { try log.finish() }
        try pages.finish(directory: directory.encoded())
        guard let home else { return }
        try IndexOutput.synchronize(home.folder)
        try home.location.publish(home.folder)
        isPublished = true
    }

    /// Ends the index and opens it, without findings but for their tables. Its temporary file is gone with it.
    package func open(
        _ summary: IndexSummary, tables: StoredTables, symbols: SymbolTable, reading: ReadingOptions
    ) throws(IndexFault) -> BundleIndex {
        let directory = try directory(summary, [], tables, symbols)
        return try BundleIndex(try PageFile(try output.contents()), directory, folder: nil, reading: reading)
    }

    /// Writes what the analysis knows beside the events.
    private func directory(
        _ summary: IndexSummary, _ findings: [IndexSummary.StoredFinding], _ tables: StoredTables,
        _ symbols: SymbolTable
    ) throws(IndexFault) -> IndexDirectory {
        if let failure { throw failure }
        for source in pending.indices {
            for frame in pending[source].takeAll() { try write(frame) }
        }
        var names: [[UInt8]] = []
        for list in postings { names.append(try NameTable.write(list.entries(symbols), to: pages)) }
        return IndexDirectory(
            inventory: BundleInventory(files: []), options: "", summary: summary,
            findings: try pages.append(FindingPage.encode(findings)), tables: try pages.append(tables.encoded()),
            frames: try pages.append(FrameTable.encode(frames, sources: logs.count)), names: names)
    }
}

/// Gives an index the lines as they are read and the events as they are given out.
package struct IndexCompanion: EventConsumer {
    package let writer: IndexWriter

    /// Makes the index of what `reader` reads.
    package init(_ writer: IndexWriter, of reader: BundleReader) {
        self.writer = writer
        reader.onBatch = { writer.take($0, of: $1) }
    }

    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        writer.observe(batch, row: row, delivery: delivery)
    }
}
