import CausalAnalysis
import EventModel
import LogReading

/// An index that is there, fresh and whole as far as it has been read: answers queries without reading the logs.
package final class BundleIndex {
    private let folder: String
    private let file: PageFile
    private let directory: IndexDirectory
    private let tables: [NameTable]
    private let reader: FrameReader
    private var logs: [Int: IndexFile] = [:]

    /// Why an index that is there is not used.
    package enum Refusal: Error {
        /// The bundle is not as it was; how.
        case stale(String)
        /// It was made with other options.
        case otherOptions
        /// It cannot be read.
        case fault(IndexFault)
    }

    /// What the index knows of the bundle as a whole.
    package var summary: IndexSummary { directory.summary }

    /// Opens a bundle's index; nil where there is none.
    /// - Parameters:
    ///   - reading: the limits with which lines are read.
    ///   - options: see `IndexWriter.finish`.
    package static func open(
        _ location: IndexLocation, reading: ReadingOptions, options: String
    ) throws(Refusal) -> BundleIndex? {
        guard IndexFile.exists(IndexLocation.pages(location.folder)) else { return nil }
        let index: BundleIndex
        do throws(IndexFault) {
            index = try BundleIndex(location.folder, reading)
        } catch {
            throw .fault(error)
        }
        guard let now = BundleInventory(paths: location.bundle) else { throw .stale("it cannot be looked at") }
        if let difference = now.difference(from: index.directory.inventory) { throw .stale(difference) }
        if index.directory.options != options { throw .otherOptions }
        return index
    }

    private init(_ folder: String, _ reading: ReadingOptions) throws(IndexFault) {
        self.folder = folder
        let codec = try FrameCodec()
        file = try PageFile(path: IndexLocation.pages(folder), codec: codec)
        directory = try IndexDirectory(file.directory)
        var tables: [NameTable] = []
        for bytes in directory.names { tables.append(try NameTable(bytes)) }
        self.tables = tables
        reader = try FrameReader(options: reading)
    }

    /// The name behind a symbol of the batches that `run` gives out.
    package func name(_ symbol: Symbol) -> String { reader.name(symbol) }

    /// The findings of the analysis.
    package func findings() throws(IndexFault) -> [IndexSummary.StoredFinding] {
        try FindingPage.decode(try file.page(directory.findings))
    }

    /// The names of a kind, with how many events each has.
    package func names(_ criterion: EventFilter.Criterion) throws(IndexFault) -> [(name: String, count: UInt64)] {
        try table(criterion).all(in: file).map { ($0.name, $0.events) }
    }

    private func table(_ criterion: EventFilter.Criterion) -> NameTable {
        switch criterion {
        case .endpoint: tables[0]
        case .actor: tables[1]
        case .event: tables[2]
        }
    }

    // MARK: Query

    /// Gives the events that satisfy a filter, and single records besides, to a consumer in causal order: with the same ordinals and
    /// stamps as `CausalOrder` gives them, but with clocks that know nothing.
    ///
    /// - Parameters:
    ///   - records: records that are given out whether they satisfy the filter or not: source and line.
    ///   - alone: whether these alone are asked for.
    ///   - goesOn: asked after each event.
    /// - Throws: where the index is damaged; the consumer may then have got some events.
    package func run<Consumer: EventConsumer>(
        _ filter: EventFilter, besides records: [(source: UInt32, line: UInt64)] = [], alone: Bool = false,
        to consumer: inout Consumer,
        while goesOn: (borrowing Consumer) -> Bool = { _ in true }
    ) throws(IndexFault) {
        let frames = try FrameTable.decode(try file.page(directory.frames), sources: directory.summary.sources.count)
        var plan = QueryPlan(frames)
        for criterion in EventFilter.Criterion.allCases {
            let globs = filter.globs(criterion)
            if globs.isEmpty { continue }
            try plan.narrow(to: try table(criterion).entries(matching: globs, in: file), criterion)
        }
        plan.narrow(to: filter.window)
        if let plans = filter.plans { plan.narrow(to: plans) }
        if alone { plan.narrowToNothing() }
        plan.add(records)
        var filter = filter
        var waiting = WaitingRows()
        let clocks = ProcessClocks()
        for (number, selection) in plan.steps {
            guard let first = frames[number].ordinals?.lowerBound else { continue }
            while let row = waiting.next(before: first) {
                consumer.observe(row.batch.value, row: row.row, delivery: row.delivery, clocks: clocks)
                if !goesOn(consumer) { return }
            }
            try read(frames[number], selection, extra: plan.lines(number), &filter, into: &waiting)
        }
        while let row = waiting.next(before: .max) {
            consumer.observe(row.batch.value, row: row.row, delivery: row.delivery, clocks: clocks)
            if !goesOn(consumer) { return }
        }
    }

    private func read(
        _ frame: FrameEntry, _ selection: FrameReader.Selection, extra: [UInt32], _ filter: inout EventFilter,
        into waiting: inout WaitingRows
    ) throws(IndexFault) {
        let order = try OrderBlock(try file.page(frame.order), lines: frame.lines)
        let stored = try log(directory.logOfSource[frame.source]).bytes(at: frame.offset, count: frame.stored)
        let batch = BatchBox(
            try reader.batch(
                stored, count: frame.inflated, lines: frame.lines, firstLine: frame.firstLine, selecting: selection))
        for row in 0..<batch.value.count {
            let line = batch.value.lineInBatch[row]
            let source = SourceID(index: UInt32(frame.source))
            guard let delivery = order.delivery(line, counter: batch.value.counter[row], source: source),
                filter.matches(batch.value, row: row, name: { self.reader.name($0) }) || extra.contains(line)
            else { continue }
            waiting.add(WaitingRow(batch: batch, row: row, delivery: delivery))
        }
    }

    private func log(_ source: Int) throws(IndexFault) -> IndexFile {
        if let open = logs[source] { return open }
        if logs.count >= 256 { logs.removeAll() }
        let file = try IndexFile(path: IndexLocation.log(source, folder))
        logs[source] = file
        return file
    }
}

/// A batch that waiting rows share.
private final class BatchBox {
    let value: EventBatch

    init(_ value: consuming EventBatch) {
        self.value = value
    }
}

private struct WaitingRow {
    var batch: BatchBox
    var row: Int
    var delivery: Delivery
}

/// Rows that were read and may have others before them: latest first.
private struct WaitingRows {
    private var rows: [WaitingRow] = []
    private var isSorted = true

    mutating func add(_ row: WaitingRow) {
        rows.append(row)
        isSorted = false
    }

    /// The first row, if its ordinal is below a bound.
    mutating func next(before bound: UInt64) -> WaitingRow? {
        if !isSorted {
            rows.sort { $0.delivery.ordinal > $1.delivery.ordinal }
            isSorted = true
        }
        guard let last = rows.last, last.delivery.ordinal < bound else { return nil }
        return rows.removeLast()
    }
}
