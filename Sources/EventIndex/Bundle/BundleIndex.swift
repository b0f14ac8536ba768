import CausalAnalysis
import DequeModule
import EventModel
import LogReading

/// An index that is there, fresh and whole as far as it has been read: answers queries without reading the logs.
package final class BundleIndex {
    /// Nil of a temporary one, whose file of pages holds everything.
    private let folder: IndexFolder?
    private let file: PageFile
    private let directory: IndexDirectory
    private let names: [NameTable]
    private let reader: FrameReader
    private var logs: [Int: IndexFile] = [:]
    private var frameTable: [FrameEntry]?
    private var kept: [Int: IndexedFrame] = [:]
    private var keptOrder: Deque<Int> = []
    /// How many frames are kept in memory, for those who come back to them: none.
    var keptLimit = 0
    /// How many frames have been read.
    private(set) var framesRead = 0

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
        guard IndexFile.exists(location.folder + "/" + IndexLocation.pages) else { return nil }
        let index: BundleIndex
        do throws(IndexFault) {
            index = try BundleIndex(location.folder, reading: reading)
        } catch {
            throw .fault(error)
        }
        guard let now = BundleInventory(paths: location.bundle) else { throw .stale("it cannot be looked at") }
        if let difference = now.difference(from: index.directory.inventory) { throw .stale(difference) }
        if index.directory.options != options { throw .otherOptions }
        return index
    }

    /// Whether the bundle is still as it was when the index was made.
    package func isFresh(_ location: IndexLocation) -> Bool {
        BundleInventory(paths: location.bundle) == directory.inventory
    }

    private convenience init(_ folder: String, reading: ReadingOptions) throws(IndexFault) {
        let opened = try IndexFolder(path: folder)
        let file = try PageFile(try opened.file(IndexLocation.pages))
        let directory = try file.directory(folder + "/" + IndexLocation.pages)
        try self.init(file, IndexDirectory(directory), folder: opened, reading: reading)
    }

    /// - Parameter folder: where the logs' files lie; nil: their frames are in the file of pages too.
    init(
        _ file: PageFile, _ directory: IndexDirectory, folder: IndexFolder?, reading: ReadingOptions
    ) throws(IndexFault) {
        self.file = file
        self.directory = directory
        self.folder = folder
        var names: [NameTable] = []
        for bytes in directory.names { names.append(try NameTable(bytes)) }
        self.names = names
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
        case .endpoint: names[0]
        case .actor: names[1]
        case .event: names[2]
        }
    }

    /// The rows of the tables of findings and of their evidence.
    package func tables() throws(IndexFault) -> StoredTables { try StoredTables(try file.page(directory.tables)) }

    // MARK: Query

    /// Gives the events that satisfy a filter, and single records besides, to a consumer in causal order: with the same ordinals and
    /// stamps as `SettledOrder` gives them, but with clocks that know nothing.
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
        var plan = QueryPlan(try frames())
        for criterion in EventFilter.Criterion.allCases {
            let globs = filter.globs(criterion)
            if globs.isEmpty { continue }
            try plan.narrow(to: try table(criterion).entries(matching: globs, in: file))
        }
        plan.narrow(to: filter.window)
        if let plans = filter.plans { plan.narrow(toPlans: plans.codes) }
        if alone { plan.narrowToNothing() }
        plan.add(records)
        var cursor = IndexCursor(self, plan, filter)
        let clocks = ProcessClocks()
        while let row = try cursor.next() {
            consumer.observe(row.batch.value, row: row.row, delivery: row.delivery, clocks: clocks)
            if !goesOn(consumer) { return }
        }
    }

    /// Every frame.
    func frames() throws(IndexFault) -> [FrameEntry] {
        if let frameTable { return frameTable }
        let frames = try FrameTable.decode(try file.page(directory.frames), sources: directory.summary.sources.count)
        frameTable = frames
        return frames
    }

    /// The names of a kind of which `isWanted` holds; of one name alone if `only` names it.
    func entries(
        _ criterion: EventFilter.Criterion, only name: String?, where isWanted: (String) -> Bool
    ) throws(IndexFault) -> [NameEntry] {
        if let name { return try table(criterion).entry(name, in: file).map { [$0] } ?? [] }
        return try table(criterion).all(in: file).filter { isWanted($0.name) }
    }

    /// Reads a frame: its events, and where they stand in the causal order.
    func read(_ number: Int, _ selection: FrameReader.Selection) throws(IndexFault) -> IndexedFrame {
        // Those who keep frames look at every row again: others do no harm.
        if let known = kept[number] { return known }
        let frame = try frames()[number]
        framesRead += 1
        let order = try OrderBlock(try file.page(frame.order), lines: frame.lines)
        let stored = try log(frame.source).bytes(at: frame.offset, count: frame.stored)
        let batch = try reader.batch(
            stored, count: frame.inflated, lines: frame.lines, firstLine: frame.firstLine, selecting: selection)
        let read = IndexedFrame(batch: BatchBox(batch), order: order, source: SourceID(index: UInt32(frame.source)))
        if case .all = selection, keptLimit > 0 {
            if keptOrder.count >= keptLimit { kept[keptOrder.removeFirst()] = nil }
            kept[number] = read
            keptOrder.append(number)
        }
        return read
    }

    private func log(_ source: Int) throws(IndexFault) -> IndexFile {
        guard let folder else { return file.file }
        if let open = logs[source] { return open }
        if logs.count >= 256 { logs.removeAll() }
        let file = try folder.file(IndexLocation.log(source))
        logs[source] = file
        return file
    }
}
