import CausalAnalysis
import EventIndex
import EventModel
import Foundation
import Reporting

/// Runs a saved query: puts all events in causal order and all findings into tables, then asks them.
struct SavedQueryRun {
    private let name: String
    private let parameters: [(name: String, value: String)]
    private let session: Session
    private let limit: Int?
    private let format: EventTableFormat

    init(_ name: String, _ parameters: [String], _ session: Session, limit: Int?, format: EventTableFormat) {
        self.name = name
        self.session = session
        self.limit = limit
        self.format = format
        self.parameters = parameters.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
    }

    func run() throws(Failure) -> ExitStatus {
        let query: SavedQuery
        do { query = try SavedQueryRun.folders.query(name) } catch { throw Failure(error) }
        let report = try session.analyze()
        let database = try database(report)
        var table = ResultTable(format, limit: limit ?? .max)
        var output: [UInt8] = []
        var failure: Failure?
        let offset = try session.arguments.offset
        do throws(SavedQueryError) {
            try database.run(
                query, parameters: parameters, offset: offset, header: { table.begin($0, &output) },
                row: { values in
                    let goesOn = table.row(values.map(\.cell), &output)
                    if output.count < 1 << 16 { return goesOn }
                    do throws(Failure) { try Console.standard.output(output) } catch { failure = error }
                    output.removeAll(keepingCapacity: true)
                    return goesOn && failure == nil
                })
        } catch {
            throw Failure(error)
        }
        if let failure { throw failure }
        table.end(&output)
        try Console.standard.output(output)
        return session.status(report)
    }

    /// Queries/ in the working folder, beside the executable's package, and where `make install` puts it.
    private static var folders: QueryFolders {
        let executable = URL(fileURLWithPath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
        let beside = executable.deletingLastPathComponent()
        let places = ["../share/inquest/Queries", "../../../Queries", "../../Queries"]
        return QueryFolders(["Queries"] + places.map { beside.appendingPathComponent($0).standardizedFileURL.path })
    }

    private func database(_ report: Report) throws(Failure) -> EventDatabase {
        let files = report.bundle.sources.map(\.path)
        let list = FindingList(report.findings)
        let records = report.findings.indices.map {
            FindingRecord(id: list.ids[$0], label: list.groups[list.groupOf[$0]].label, finding: report.findings[$0])
        }
        let box: StoreBox
        do throws(EventStore.Failure) {
            let store = try EventStore()
            try store.insert(records, symbols: report.symbols, files: files)
            box = StoreBox(store)
        } catch {
            throw Failure(error)
        }
        var filling = try session.pass { StoreFilling(box, files: files, name: $0) }
        return try filling.seal()
    }
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
