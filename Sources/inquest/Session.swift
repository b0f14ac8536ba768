import CausalAnalysis
import EventIndex
import EventModel
import LogReading
import Reporting

/// One bundle under analysis: read once, its events served in their settled order as often as a command needs.
struct Session {
    let arguments: BundleArguments
    /// What is read.
    let bundle: Bundle
    private let options: ReadingOptions
    private let opened = Opened()

    /// What a command has made of the bundle so far.
    private final class Opened {
        var settled: Settled?
    }

    /// Holds an order, which cannot be copied.
    private final class Settled {
        var order: SettledOrder

        init(_ order: consuming SettledOrder) {
            self.order = order
        }
    }

    init(_ arguments: BundleArguments) throws(Failure) {
        self.arguments = arguments
        options = try arguments.readingOptions()
        do throws(BundleError) {
            bundle = try Bundle.open(paths: arguments.bundle, options: options)
        } catch {
            throw Failure(error)
        }
    }

    /// A reader at the bundle's beginning. Every reader gives the same sources and names the same numbers.
    func reader(keepsText: Bool) throws(Failure) -> BundleReader {
        let line = arguments.quiet ? nil : ProgressLine(Console.standard)
        let cap = arguments.limits.memory
        let isWatched = line != nil || cap != nil
        do throws(BundleError) {
            return try BundleReader(
                bundle, options: options, threads: arguments.threadCount, keepsText: keepsText,
                onProgress: isWatched
                    ? { progress in
                        line?.show(progress)
                        cap?.note(progress)
                    } : nil)
        } catch {
            throw Failure(error)
        }
    }

    /// Reads the bundle and settles its order.
    private func settle(_ reader: BundleReader) throws(Failure) {
        var supply = reader
        opened.settled = try Failure.of { () throws(SpillFailure) in
            Settled(try SettledOrder(&supply, options: arguments.orderOptions))
        }
        ProgressLine.clear(arguments)
    }

    /// Does something with the settled order.
    private func serve<T>(
        _ body: (inout SettledOrder) throws(SpillFailure) -> T
    ) throws(Failure) -> T {
        guard let settled = opened.settled else { throw Failure("the bundle has not been read") }
        return try Failure.of { () throws(SpillFailure) in try body(&settled.order) }
    }

    /// Analyzes the whole bundle; with the cascade, which takes a second pass over its events where there is something to join.
    /// - Parameter keepsText: whether a later pass needs the lines' bytes.
    func analyze(withCascade: Bool = false, keepsText: Bool = false) throws(Failure) -> Report {
        let reader = try reader(keepsText: keepsText)
        let options = try arguments.analysisOptions
        try settle(reader)
        let result = try serve { order throws(SpillFailure) in try Analysis.run(&order, options: options) }
        return try finish(result, reader, withCascade: withCascade)
    }

    /// The same with somebody who takes the events, with their lines' bytes, in the same pass.
    /// - Parameters:
    ///   - needsFindings: without them the report has none, and the pass takes less.
    ///   - make: gets the reader before it reads.
    func analyze<Companion: EventConsumer>(
        withCascade: Bool = false, needsFindings: Bool = true,
        beside make: (BundleReader) throws(Failure) -> Companion
    ) throws(Failure) -> (report: Report, companion: Companion) {
        let reader = try reader(keepsText: true)
        let options = try arguments.analysisOptions
        var companion = try make(reader)
        // Who looks at the batches as they are read is held by the companion alone from then on.
        defer { reader.onBatch = nil }
        try settle(reader)
        let result = try serve { order throws(SpillFailure) in
            needsFindings
                ? try Analysis.run(&order, options: options, beside: &companion)
                : try Analysis.survey(&order, beside: &companion)
        }
        return (try finish(result, reader, withCascade: withCascade), companion)
    }

    private func finish(
        _ result: Analysis.Result, _ reader: BundleReader, withCascade: Bool
    ) throws(Failure) -> Report {
        var report = try report(on: result, reader)
        if withCascade, CascadeBuilder.isNeeded(for: report) {
            let built = try pass { CascadePass(report, name: $0) }
            built.finish(&report, unaffected: result.unaffected)
        }
        Session.tell(Session.notes(report), arguments)
        tellUnread(report.bundle)
        return report
    }

    /// Shows how logs of an unknown form begin, and what to do about them.
    private func tellUnread(_ summary: BundleSummary) {
        if arguments.quiet { return }
        let unknown = summary.passedOver.filter(\.isUnknownLog)
        for log in unknown.prefix(3) {
            Console.standard.note(
                log.path, "note", "no profile reads it; it begins: " + log.firstLines.joined(separator: " ⏎ "),
                hint: "inquest profile draft \(log.path) writes a first profile for it")
        }
    }

    /// Reads the whole bundle and looks at the logs themselves; the report has no findings.
    func check() throws(Failure) -> (report: Report, trust: TrustReport) {
        let reader = try reader(keepsText: false)
        try settle(reader)
        var (result, trust) = try serve { order throws(SpillFailure) in try TrustCheck.run(&order) }
        trust.nameMissing { reader.cause($0, namedBy: $1) }
        return (try report(on: result, reader), trust)
    }

    /// What a pass brought to light, with what its reader knows.
    private func report(on result: Analysis.Result, _ reader: BundleReader) throws(Failure) -> Report {
        var counts = reader.counts
        counts.actors = result.actors
        counts.endpoints = result.eventsOfEndpoint.count { $0 > 0 }
        counts.duplicates = result.duplicates
        counts.withClock = result.withClock
        var quality = result.quality
        quality.faults = reader.faultGroups
        var report = Report(
            bundle: reader.summary, span: result.span, counts: counts, findings: result.findings, quality: quality,
            symbols: reader.symbols)
        report.eventsOfEndpoint = result.eventsOfEndpoint
        report.tally = result.tally
        if report.counts.events == 0 {
            for note in Session.notes(report) { Console.standard.tell(note) }
            throw Failure(
                "no usable record in \(bundle.name): \(Figures.count(counts.lines, "line")) read, none of them an event",
                hint: "a record is a JSON object with ts, actor and event; see README.md", status: .nothingUsable)
        }
        return report
    }

    /// Gives all events in causal order to a consumer, with their lines' bytes where the analysis kept them. `make` gets a way to look up symbols.
    func pass<Consumer: EventConsumer>(
        _ make: (@escaping (Symbol) -> String) -> Consumer
    ) throws(Failure) -> Consumer {
        try serve { order throws(SpillFailure) in
            let symbols = order.symbols
            var consumer = make { symbols[$0] }
            try order.run(&consumer)
            return consumer
        }
    }

    /// The exit status that what was read deserves.
    /// - Parameter hasFound: whether there is a finding of a kind or severity named by `--fail-on`.
    func status(_ report: Report, hasFound: Bool = false) -> ExitStatus {
        ExitStatus(
            isDamaged: !report.bundle.damage.isEmpty, malformed: report.counts.malformed, hasFound: hasFound, arguments)
    }

    /// What was left out and why.
    static func notes(_ report: Report) -> [IndexSummary.Note] {
        var notes: [IndexSummary.Note] = []
        for fault in report.quality.faults
        where fault.kind.effect != .kept || fault.kind == .noTime || fault.kind == .earlyTime
            || fault.kind == .unknownOutcome
        {
            let source = report.bundle.sources[Int(fault.source.index)]
            let more = fault.count > 1 ? "; \(Figures.count(fault.count - 1, "line")) more like it" : ""
            let of = Figures.count(source.events, "event")
            notes.append(
                IndexSummary.Note(
                    place: "\(source.path):\(fault.first.line):\(fault.first.byte)",
                    kind: fault.kind.isMalformed ? .malformed : .droppedField, text: fault.first.detail + more,
                    hint: fault.kind.isMalformed ? fault.kind.hint(rest: of) : nil))
        }
        for damage in report.bundle.damage {
            let place = damage.path + (damage.byte.map { ":\($0)" } ?? "")
            notes.append(IndexSummary.Note(place: place, kind: .damage, text: damage.message, hint: damage.hint))
        }
        return notes
    }

    /// Names what was left out and why, on standard error. `--quiet` hides what is not damage.
    static func tell(_ notes: [IndexSummary.Note], _ arguments: BundleArguments) {
        for note in notes {
            let isDamage = note.kind == .damage || (note.kind == .malformed && arguments.reading.strict)
            if isDamage || !arguments.quiet { Console.standard.tell(note) }
        }
    }
}

extension RecordFault.Kind {
    /// What a malformed line may come from, and what became of the rest.
    fileprivate func hint(rest: String) -> String {
        let cause =
            switch self {
            case .notJSON: "the line may have been cut by a rotation"
            case .notAnObject: "a record is one JSON object a line"
            case .invalidUTF8: "logs are read as UTF-8"
            case .lineTooLong: "--max-line allows longer ones"
            case .nestedTooDeep: "--max-depth allows deeper ones"
            case .missingField, .wrongRequiredType: "ts, actor and event are required"
            case .badTime: "ts is RFC 3339, or a count since 1970 in seconds, milliseconds, microseconds or nanoseconds"
            case .timeWithoutZone: "--assume-tz names the zone of such times"
            case .timeWithoutYear: "--assume-year names the year of such times"
            case .wrongType, .outOfRange: "the rest of the record was kept"
            case .unknownOutcome, .noTime, .earlyTime, .unixSeconds, .unixMilliseconds, .unixMicroseconds,
                .unixNanoseconds:
                "the record was kept"
            }
        return "\(cause); the rest was read: \(rest)"
    }
}
