import CausalAnalysis
import EventIndex
import EventModel
import Foundation
import LogReading
import Reporting

/// Writes a bundle's events in one of the forms of `export`.
final class ExportRun {
    private let format: ExportFormat
    private let session: Session
    private let report: Report
    private let filter: EventFilter
    private let temporaryFolder: String
    private(set) var exported = 0

    init(
        _ format: ExportFormat, _ session: Session, _ report: Report, filter: EventFilter, temporaryFolder: String
    ) {
        self.format = format
        self.session = session
        self.report = report
        self.filter = filter
        self.temporaryFolder = temporaryFolder
    }

    /// Gives the file's bytes out.
    func write(_ write: ([UInt8]) throws -> Void) throws {
        let list = FindingList(report.findings)
        switch format {
        case .shiviz: try give(ShiVizExport(), list, write)
        case .perfetto:
            let end = report.span?.upperBound ?? Timestamp(nanoseconds: 0)
            try give(PerfettoExport(list, end: end), list, write)
        case .csv: try give(CSVExport(), list, write)
        case .otlp: try give(OTLPExport(), list, write)
        case .tla: try give(TLAExport(), list, write)
        case .sqlite: try writeDatabase(write)
        }
    }

    private var files: [String] { report.bundle.sources.map(\.path) }

    private func give(_ export: some EventExport, _ list: FindingList, _ write: ([UInt8]) throws -> Void) throws {
        try withoutActuallyEscaping(write) { write in
            var consumer = try session.pass { name in
                ExportConsumer(export, filter, list, files: files, name: name, write: write)
            }
            exported = try consumer.end()
        }
        try checkNames()
    }

    /// Fails where nothing was exported since a name is in no log: no file is written then.
    private func checkNames() throws(Failure) {
        if exported > 0 { return }
        let counts = try session.pass { _ in NameCounts() }
        for criterion in EventFilter.Criterion.allCases {
            let names = counts.names(criterion, report.symbols)
            if let glob = filter.unmatched(criterion, among: names.map(\.name)).first {
                throw NameCheck.missing(criterion, glob.pattern, among: names)
            }
        }
    }

    private func writeDatabase(_ write: ([UInt8]) throws -> Void) throws {
        let path = "\(temporaryFolder)/.inquest-\(getpid()).sqlite"
        Leftovers.ofThisRun.add(path)
        unlink(path)
        defer {
            unlink(path)
            Leftovers.ofThisRun.forget(path)
        }
        let database: ExportDatabase
        do throws(EventStore.Failure) { database = try ExportDatabase(path: path) } catch { throw Failure(error) }
        var filling = try session.pass { name in DatabaseFilling(database, filter, files: files, name: name) }
        exported = try filling.end(report)
        try checkNames()
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw Failure("\(path): \(String(cString: strerror(errno)))", status: .unfinished)
        }
        while let bytes = try file.read(upToCount: 1 << 18), !bytes.isEmpty { try write([UInt8](bytes)) }
    }
}

/// Gives the events that are wanted to an export, and its bytes to whoever takes them.
private struct ExportConsumer<Export: EventExport>: EventConsumer {
    private var export: Export
    private var filter: EventFilter
    private let files: [String]
    private let name: (Symbol) -> String
    private let write: ([UInt8]) throws -> Void
    private var labels: [RecordPlace: [String]] = [:]
    private var order = ExportOrder()
    private var output: [UInt8] = []
    private var failure: (any Error)?
    private var count = 0

    init(
        _ export: Export, _ filter: EventFilter, _ list: FindingList, files: [String],
        name: @escaping (Symbol) -> String, write: @escaping ([UInt8]) throws -> Void
    ) {
        self.export = export
        self.filter = filter
        self.files = files
        self.name = name
        self.write = write
        for group in list.groups {
            for member in group.members {
                for evidence in list.findings[member].evidence {
                    let place = RecordPlace(source: evidence.record.source, line: evidence.record.line)
                    if labels[place]?.last != group.label { labels[place, default: []].append(group.label) }
                }
            }
        }
        self.export.begin(&output)
    }

    mutating func observe(_ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks)
    {
        if failure != nil || !filter.matches(batch, row: row, name: name) { return }
        count += 1
        let place = order.add(
            delivery, time: Timestamp(nanoseconds: batch.time[row]), actor: name(batch.actor[row]), clocks: clocks)
        let record = RecordPlace(source: delivery.source, line: batch.line(at: row))
        let event = ExportEvent(
            batch, row: row, delivery: delivery, name: name, file: files[Int(delivery.source.index)],
            findings: labels[record] ?? [], place: place)
        export.add(event, in: order, &output)
        if output.count >= 1 << 18 { flush() }
    }

    /// Writes what is left: how many events there were.
    mutating func end() throws -> Int {
        export.end(&output)
        flush()
        if let failure { throw failure }
        return count
    }

    private mutating func flush() {
        do { try write(output) } catch { failure = error }
        output.removeAll(keepingCapacity: true)
    }
}

/// Puts the events that are wanted into a database.
private struct DatabaseFilling: EventConsumer {
    private let database: ExportDatabase
    private var filter: EventFilter
    private let files: [String]
    private let name: (Symbol) -> String
    private var order = ExportOrder()
    private var events: [EventRecord] = []
    private var edges: [(cause: Int64, effect: Int64)] = []
    private var failure: EventStore.Failure?
    private var count = 0

    init(_ database: ExportDatabase, _ filter: EventFilter, files: [String], name: @escaping (Symbol) -> String) {
        self.database = database
        self.filter = filter
        self.files = files
        self.name = name
    }

    mutating func observe(_ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks)
    {
        if failure != nil || !filter.matches(batch, row: row, name: name) { return }
        count += 1
        let time = Timestamp(nanoseconds: batch.time[row])
        let place = order.add(delivery, time: time, actor: name(batch.actor[row]), clocks: clocks)
        let event = EventRecord(
            batch, row: row, delivery: delivery, name: name, file: files[Int(delivery.source.index)])
        for cause in place.causes {
            edges.append((EventRecord.seq(ofOrdinal: order.ordinal(of: cause)), event.seq))
        }
        events.append(event)
        if events.count >= 512 { flush() }
    }

    /// Puts in what is left, and the findings: how many events there were.
    mutating func end(_ report: Report) throws(Failure) -> Int {
        flush()
        if let failure { throw Failure(failure) }
        do throws(EventStore.Failure) {
            try database.finish(StoredTables(of: report), report.cascade)
        } catch {
            throw Failure(error)
        }
        return count
    }

    private mutating func flush() {
        do throws(EventStore.Failure) { try database.insert(events, edges: edges) } catch { failure = error }
        events.removeAll(keepingCapacity: true)
        edges.removeAll(keepingCapacity: true)
    }
}
