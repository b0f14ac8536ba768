import ArgumentParser
import EventIndex
import EventModel
import Foundation
import LogReading
import Reporting

/// `inquest index`: makes queries take milliseconds.
struct IndexCommand: BundleCommand {
    static let configuration = CommandConfiguration(
        commandName: "index",
        abstract: "Make an index beside the bundle, with which queries take milliseconds.",
        discussion: """
            The index is a folder, BUNDLE.inquest: each log once more as a zstd file that can be read from many places, \
            and where every endpoint, actor and event stands in it. The bundle is never changed. query uses the index while \
            the bundle's files are as they were.

            EXAMPLES
              inquest index SampleLogs/us-east-1-2025-10-20 --index-dir indexes
              inquest query SampleLogs/us-east-1-2025-10-20 --index-dir indexes --event plan.created -n 3
            """)

    @OptionGroup var place: IndexArguments

    @OptionGroup var input: BundleArguments

    func run() throws {
        // Before anything is read: what comes to a file after this look makes the index stale.
        let before = BundleInventory(paths: input.bundle)
        let session = try Session(input)
        let report = try IndexRun(session, place, before).analyze()
        let status = session.status(report)
        if status != .done { throw ExitCode(status.rawValue) }
    }
}

/// Where an index lies.
struct IndexArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder under which the bundle's index lies; without it, beside the bundle.", valueName: "folder"))
    var indexDir: String?

    /// The index's place; nil where a bundle can have none.
    func location(_ input: BundleArguments) -> IndexLocation? {
        IndexLocation(bundle: input.bundle, directory: indexDir)
    }
}

extension BundleArguments {
    /// The options that decide what the analysis says of the same bytes: an index made with others is not used.
    var indexOptions: String {
        [
            // Another version may find other things.
            "version=\(Inquest.configuration.version)",
            "baseline=\(reading.baseline ?? "")", reading.baseline == nil ? "" : "tz=\(tz)",
            "assume-tz=\(reading.assumeTz ?? "")", "max-skew=\(reading.maxSkew)", "max-line=\(limits.maxLine)",
            "max-depth=\(limits.maxDepth)", "max-window=\(limits.maxWindow)", "max-size=\(limits.maxSize)",
            "profiles=\(((try? profiles.plans()) ?? []).map(\.fingerprint))", "assume-year=\(profiles.assumeYear ?? 0)",
            profiles.execution.map { "execution=\($0)" } ?? "",
            // Several arguments give their logs names that depend on how they were written.
            bundle.count > 1 ? "bundle=\(bundle)" : "",
        ].joined(separator: " ")
    }
}

/// Analyzes a bundle and makes its index in the same pass.
struct IndexRun {
    private let session: Session
    private let location: IndexLocation
    private let before: BundleInventory?

    /// - Parameter before: the bundle's files as they were before the session opened them.
    init(_ session: Session, _ place: IndexArguments, _ before: BundleInventory?) throws(Failure) {
        self.session = session
        self.before = before
        guard let location = place.location(session.arguments) else {
            throw Failure(
                "where should the index lie?",
                hint: session.arguments.bundle.contains("-")
                    ? "standard input has no index: copy it to a file" : "name a folder with --index-dir")
        }
        self.location = location
    }

    func analyze(withCascade: Bool = false) throws(Failure) -> Report {
        let input = session.arguments
        guard let before else {
            guard BundleInventory.isPossible(of: input.bundle) else {
                throw Failure("\(session.bundle.name) is not a file or folder, and cannot have an index")
            }
            throw Failure(
                "cannot look at every file of \(session.bundle.name), which its index has to be compared with",
                hint: "run it again, or without an index", status: .unfinished)
        }
        let started = Date()
        let (report, companion) = try session.analyze(withCascade: withCascade) { reader throws(Failure) in
            try Failure.of { () throws(IndexFault) in
                let writer = try IndexWriter(location, of: reader.bundle)
                if let folder = writer.unfinishedFolder { Leftovers.ofThisRun.add(folder) }
                return IndexCompanion(writer, of: reader)
            }
        }
        guard BundleInventory(paths: input.bundle) == before else {
            throw Failure(
                "\(session.bundle.name) has changed while it was read",
                hint: "the index would not be of what is there now: run it again once nothing writes to the bundle",
                status: .unfinished)
        }
        try Failure.of { () throws(IndexFault) in
            try companion.writer.finish(
                IndexSummary(report), findings: IndexSummary.findings(of: report), tables: StoredTables(of: report),
                symbols: report.symbols, inventory: before, options: input.indexOptions)
        }
        if let folder = companion.writer.unfinishedFolder { Leftovers.ofThisRun.forget(folder) }
        if !input.quiet {
            let seconds = Date().timeIntervalSince(started)
            Console.standard.error(
                "\(Figures.count(report.counts.events, "event")) indexed in \(String(format: "%.1f", seconds)) s: "
                    + VisibleText.cell(location.folder))
        }
        return report
    }
}

extension Failure {
    /// Does something with an index, whose failure is the command's.
    static func of<T>(_ body: () throws(IndexFault) -> T) throws(Failure) -> T {
        do throws(IndexFault) {
            return try body()
        } catch {
            throw Failure(error)
        }
    }
}

extension IndexSummary {
    /// What a query says of a bundle.
    init(_ report: Report) {
        self.init()
        sources = report.bundle.sources.map(\.path)
        span = report.span
        isDamaged = !report.bundle.damage.isEmpty
        malformed = report.counts.malformed
        notes = Session.notes(report)
    }

    /// A report's findings as an index keeps them.
    static func findings(of report: Report) -> [StoredFinding] {
        let list = FindingList(report.findings)
        return report.findings.enumerated().map { index, finding in
            StoredFinding(
                id: list.ids[index], number: list.groups[list.groupOf[index]].number, endpoint: finding.endpoint,
                evidence: finding.evidence.map { ($0.record.source.index, $0.record.line) })
        }
    }
}

extension StoredTables {
    /// A report's findings as saved queries see them.
    init(of report: Report) {
        let list = FindingList(report.findings)
        let records = report.findings.indices.map {
            FindingRecord(
                id: list.ids[$0], label: list.groups[list.groupOf[$0]].label, summary: report.findings[$0].summary,
                finding: report.findings[$0])
        }
        self.init(records, symbols: report.symbols, files: report.bundle.sources.map(\.path))
    }
}
