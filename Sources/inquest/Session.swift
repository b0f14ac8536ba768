import CausalAnalysis
import EventIndex
import EventModel
import LogReading
import Reporting

/// One bundle under analysis: opened once, read as often as a command needs.
struct Session {
    let arguments: BundleArguments
    private let options: ReadingOptions
    private let opened: Opened

    /// The bundle as it is read: an analysis may find that some logs must be read by one source for each actor.
    var bundle: Bundle { opened.bundle }

    private final class Opened {
        var bundle: Bundle
        /// What the first whole pass read: every further one must read the same.
        var read: (counts: Report.Counts, damage: [BundleSummary.Damage])?

        init(_ bundle: Bundle) {
            self.bundle = bundle
        }
    }

    init(_ arguments: BundleArguments) throws(Failure) {
        self.arguments = arguments
        options = try arguments.readingOptions()
        do throws(BundleError) {
            opened = Opened(try Bundle.open(paths: arguments.bundle, options: options))
        } catch {
            throw Failure(error)
        }
    }

    /// A reader at the bundle's beginning. Every reader gives the same sources and names the same numbers.
    func reader(keepsText: Bool) throws(Failure) -> BundleReader {
        let line = arguments.quiet ? nil : ProgressLine(Console.standard)
        let cap = arguments.memory
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

    /// Analyzes the whole bundle; with the cascade, which takes a second pass where there is something to join.
    func analyze(withCascade: Bool = false) throws(Failure) -> Report {
        try analyze(withCascade: withCascade, keepsText: false) { reader, options in
            (Analysis.run(reader, options: options), ())
        }.0
    }

    /// The same with somebody who takes the events, with their lines' bytes, in the same pass.
    /// - Parameters:
    ///   - needsFindings: without them the report has none, and the pass takes less.
    ///   - make: asked again where the bundle turns out to be one that must be read in another way: the last one made is the one that
    ///     counts, and any before it is gone by then.
    func analyze<Companion: EventConsumer>(
        withCascade: Bool = false, needsFindings: Bool = true,
        beside make: (BundleReader) throws(Failure) -> Companion
    ) throws(Failure) -> (report: Report, companion: Companion) {
        try analyze(withCascade: withCascade, keepsText: true) { reader, options throws(Failure) in
            var companion = try make(reader)
            // Who looks at the batches as they are read is held by the companion alone from then on.
            defer { reader.onBatch = nil }
            let result =
                needsFindings
                ? Analysis.run(reader, options: options, beside: &companion)
                : Analysis.survey(reader, options: options, beside: &companion)
            return (result, companion)
        }
    }

    private func analyze<Companion>(
        withCascade: Bool, keepsText: Bool,
        pass: (BundleReader, AnalysisOptions) throws(Failure) -> (Analysis.Result, Companion)
    ) throws(Failure) -> (report: Report, companion: Companion) {
        var isSplit = false
        while true {
            let reader = try reader(keepsText: keepsText)
            let (result, companion) = try pass(reader, try arguments.analysisOptions)
            if !isSplit, !result.scattered.isEmpty {
                opened.bundle = bundle.splitting(result.scattered)
                isSplit = true
                continue
            }
            opened.read = (reader.counts, reader.summary.damage)
            var report = try report(on: result, reader)
            if withCascade, CascadeBuilder.isNeeded(for: report) {
                report.cascade = try self.pass(keepsText: false) { CascadeBuilder(report, name: $0) }
                    .finish(unaffected: result.unaffected)
            }
            Session.tell(Session.notes(report), arguments)
            return (report, companion)
        }
    }

    /// Reads the whole bundle and looks at the logs themselves; the report has no findings.
    func check() throws(Failure) -> (report: Report, trust: TrustReport) {
        let reader = try reader(keepsText: false)
        let (result, trust) = TrustCheck.run(reader, options: try arguments.analysisOptions)
        return (try report(on: result, reader), trust)
    }

    /// What a pass brought to light, with what its reader knows.
    private func report(on result: Analysis.Result, _ reader: BundleReader) throws(Failure) -> Report {
        ProgressLine.clear(arguments)
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

    /// Gives all events in causal order to a consumer, with their lines' bytes if so asked. `make` gets a way to look up symbols: they are those
    /// of this pass alone, since threads number names as they meet them.
    ///
    /// Fails where the pass read something else than the analysis did: what is made of both would be of no one bundle.
    func pass<Consumer: EventConsumer>(
        keepsText: Bool = true, _ make: (@escaping (Symbol) -> String) -> Consumer
    ) throws(Failure) -> Consumer {
        let reader = try reader(keepsText: keepsText)
        var order = CausalOrder(reader, options: arguments.orderOptions)
        var consumer = make { reader.symbols[$0] }
        order.run(&consumer)
        ProgressLine.clear(arguments)
        if let read = opened.read, read.counts != reader.counts || read.damage != reader.summary.damage {
            let news = reader.summary.damage.first { !read.damage.contains($0) }
            throw Failure(
                "\(bundle.name) has changed while it was read" + (news.map { ": \($0.path) \($0.message)" } ?? ""),
                hint: "run it again once nothing writes to the bundle, or on a copy", status: .unfinished)
        }
        return consumer
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
        where fault.kind.effect != .kept || fault.kind == .noTime || fault.kind == .earlyTime {
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
            let isDamage = note.kind == .damage || (note.kind == .malformed && arguments.strict)
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
            case .wrongType, .outOfRange: "the rest of the record was kept"
            case .noTime, .earlyTime, .unixSeconds, .unixMilliseconds, .unixMicroseconds, .unixNanoseconds:
                "the record was kept"
            }
        return "\(cause); the rest was read: \(rest)"
    }
}
