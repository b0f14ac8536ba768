import CausalAnalysis
import EventIndex
import EventModel
import Foundation
import LogReading
import Reporting

/// Runs a saved query: over the bundle's index where there is one, else over one that is made for this query alone and is gone with it.
struct SavedQueryRun {
    private let command: QueryCommand
    private let query: SavedQuery
    private let parameters: [(name: String, value: String)]
    /// The time for SQL in all, in whatever way the query is asked.
    private let clock: QueryClock

    /// How many bytes of an answer are held back: while the index may give up, and so that a query that is ended at a limit has mostly
    /// printed nothing.
    private static let held = 4 << 20

    private let write: ([UInt8]) throws -> Void

    /// - Parameter write: takes the answer's bytes.
    init(_ name: String, _ command: QueryCommand, _ write: @escaping ([UInt8]) throws -> Void) throws(Failure) {
        self.command = command
        self.write = write
        do { query = try SavedQueryRun.folders.query(name) } catch { throw Failure(error) }
        parameters = command.param.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
        clock = QueryClock(command.maxTime.map { .seconds($0) } ?? SQLLimits.usualTime) { [query] clock in
            // A function inside SQLite is still running: only the process's end can end it.
            Console.standard.report(Failure(SavedQueryError.tooLate(query: query.name, limit: clock.limit)))
            Leftovers.ofThisRun.exit(with: .unfinished)
        }
    }

    func run() throws(Failure) -> ExitStatus {
        if let index = command.openIndex() {
            do throws(Obstacle) {
                try answer(from: index)
                return command.tell(index.summary)
            } catch {
                switch error {
                case .command(let failure):
                    command.tell(index.summary)
                    throw failure
                case .index(let fault): command.tell(fault.message, hint: fault.hint)
                }
            }
        }
        let session = try Session(command.input)
        let reading = try command.input.readingOptions()
        let (report, companion) = try session.analyze { reader throws(Failure) in
            try Failure.of { () throws(IndexFault) in
                IndexCompanion(try IndexWriter(temporary: reading, of: reader.bundle), of: reader)
            }
        }
        do throws(Obstacle) {
            try answer(
                from: try Obstacle.reading { () throws(IndexFault) in
                    try companion.writer.open(
                        IndexSummary(report), tables: StoredTables(of: report), symbols: report.symbols,
                        reading: reading)
                })
        } catch {
            switch error {
            case .command(let failure): throw failure
            case .index(let fault): throw Failure(fault)
            }
        }
        return session.status(report)
    }

    // MARK: Index

    /// Why an index gives no answer: because of the query or of where the answer goes, or because of itself, and then the logs may.
    private enum Obstacle: Error {
        case command(Failure)
        case index(IndexFault)

        static func reading<T>(_ body: () throws(IndexFault) -> T) throws(Obstacle) -> T {
            do throws(IndexFault) { return try body() } catch { throw .index(error) }
        }

        static func asking<T>(_ body: () throws(Failure) -> T) throws(Obstacle) -> T {
            do throws(Failure) { return try body() } catch { throw .command(error) }
        }
    }

    /// Reads through the index what the query asks for; all of it into tables where that is cheaper.
    private func answer(from index: BundleIndex) throws(Obstacle) {
        let tables = try Obstacle.reading { () throws(IndexFault) in try index.tables() }
        let events = try Obstacle.reading { () throws(IndexFault) in try IndexedEvents(index) }
        var rows = try Obstacle.asking { () throws(Failure) in try ask(tables, reading: events) }
        if rows == nil {
            if case .fault(let fault)? = events.stop { throw .index(fault) }
            let empty = try Obstacle.asking { () throws(Failure) in try store(tables) }
            var filling = StoreFilling(empty, files: index.summary.sources, name: { index.name($0) })
            try Obstacle.reading { () throws(IndexFault) in try index.run(EventFilter(), to: &filling) }
            rows = try Obstacle.asking { () throws(Failure) in try ask(try filling.seal(), of: nil) }
        }
        if rows == 0 {
            try Obstacle.reading { () throws(IndexFault) in try tellOfNames(index) }
        }
    }

    private func store(_ tables: StoredTables, reading events: IndexedEvents? = nil) throws(Failure) -> StoreBox {
        do throws(EventStore.Failure) {
            let store = try EventStore(
                reading: events, cacheBytes: command.input.limits.memory?.tableBytes ?? EventStore.usualCache)
            try store.insert(tables)
            return StoreBox(store)
        } catch {
            throw Failure(error)
        }
    }

    // MARK: Asking

    private func ask(_ tables: StoredTables, reading events: IndexedEvents) throws(Failure) -> Int? {
        try ask(try store(tables, reading: events).seal(), of: events)
    }

    /// Asks, and writes the answer: how many rows that had; nil where the index gave up before any of it went out.
    private func ask(_ database: EventDatabase, of events: IndexedEvents?) throws(Failure) -> Int? {
        var table = ResultTable(command.format, limit: command.limit ?? .max, csv: command.csv, cuts: command.isShown)
        var output: [UInt8] = []
        var failure: Failure?
        let offset = try command.input.offset
        do throws(SavedQueryError) {
            try database.run(
                query, parameters: parameters, offset: offset, within: clock,
                header: { table.begin($0, &output) },
                row: { values in
                    let goesOn = table.row(values.map(\.cell), &output)
                    if output.count < SavedQueryRun.held { return goesOn }
                    events?.isPatient = true
                    do throws(Failure) {
                        try clock.pause { () throws(Failure) in try give(output) }
                    } catch {
                        failure = error
                    }
                    output.removeAll(keepingCapacity: true)
                    return goesOn && failure == nil
                })
        } catch {
            if let events, !events.isPatient, events.stop != nil, !error.isOfLimits { return nil }
            if case .fault(let fault)? = events?.stop {
                throw Failure(fault)
            }
            throw Failure(error)
        }
        if let failure { throw failure }
        table.end(&output)
        try give(output)
        return table.count
    }

    private func give(_ bytes: [UInt8]) throws(Failure) {
        do { try write(bytes) } catch { throw Failure(ofWriting: error) }
    }

    /// Where nothing was answered: says which name among the parameters is in no log, and which was probably meant.
    private func tellOfNames(_ index: BundleIndex) throws(IndexFault) {
        for (name, value) in parameters {
            guard let criterion = EventFilter.Criterion(rawValue: name), let glob = try? Glob(value) else { continue }
            let known = try index.names(criterion)
            if known.contains(where: { $0.name == value || glob.matches($0.name) }) { continue }
            let missing = NameCheck.missing(criterion, value, among: known)
            command.tell(missing.message, hint: missing.hint)
        }
    }
}

extension SavedQueryRun {
    /// One's own: Queries/ in the working folder, then the user's. The built-in ones come behind them.
    static var folders: QueryFolders {
        let environment = ProcessInfo.processInfo.environment
        let settings = environment["XDG_CONFIG_HOME"] ?? environment["HOME"].map { $0 + "/.config" }
        return QueryFolders(["Queries"] + (settings.map { [$0 + "/inquest/queries"] } ?? []))
    }

    /// The names of the built-in ones, for help.
    static var builtInNames: String { BuiltInQueries.names.joined(separator: ", ") }
}

extension SQLValue {
    fileprivate var cell: ResultTable.Value {
        switch self {
        case .null: .null
        case .integer(let value): .integer(value)
        case .number(let value): .number(value)
        case .text(let value): .text(value)
        case .bytes(let value): .text(String(decoding: value, as: UTF8.self))
        }
    }
}
