import ArgumentParser
import CausalAnalysis
import EventIndex
import EventModel
import LogReading
import Reporting

extension EventTableFormat: ExpressibleByArgument {}
extension CSVForm: ExpressibleByArgument {}

/// `inquest query`: the events that satisfy conditions, or what a saved query answers.
struct QueryCommand: BundleCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Show events by endpoint, actor, event, plan and time, in causal order; or run a saved query.",
        discussion: """
            NAMEs are globs: * ? [a-z]. Conditions of different kinds must all hold; of one kind any may. For people (table, \
            markdown) a query by endpoint also shows the runs, checks and deletions that are evidence of its findings.
            """)

    @OptionGroup var input: BundleArguments
    @OptionGroup var events: EventArguments
    @Option(help: ArgumentHelp("Only the evidence of this finding: F1, or an id from findings.json.", valueName: "id"))
    var finding: String?
    @Option(help: ArgumentHelp("Show so many at most.", valueName: "count"))
    var limit: Int?
    @Option(help: "How events are shown: table, jsonl (the records' own bytes), csv, markdown.")
    var format = EventTableFormat.table
    @Option(
        help: ArgumentHelp(
            "How CSV writes a text that a spreadsheet would take for a formula, since it begins with =, +, -, @, a tab or "
                + "a carriage return: safe puts ' ahead of it, exact leaves it as it is.",
            valueName: "safe|exact"))
    var csv = CSVForm.safe
    @Option(help: ArgumentHelp("Run a query of Queries/ by its name, or an .sql file.", valueName: "name"))
    var saved: String?
    @OptionGroup var place: IndexArguments
    @Flag(help: "Read the logs even where there is an index.")
    var noIndex = false
    @Option(help: ArgumentHelp("A parameter of the saved query; repeatable.", valueName: "name=value"))
    var param: [String] = []
    @Option(
        help: ArgumentHelp(
            "Maximum time for the saved query's SQL; default: 30. A query that takes longer ends with status 5.",
            valueName: "seconds"))
    var maxTime: Int?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1") }
        if let maxTime {
            guard saved != nil else { throw ValidationError("--max-time belongs to --saved") }
            guard (1...86_400).contains(maxTime) else {
                throw ValidationError("--max-time must lie between 1 and 86400 seconds")
            }
        }
        if saved == nil, !param.isEmpty { throw ValidationError("--param belongs to --saved") }
        if saved != nil, !events.isEmpty || finding != nil {
            throw ValidationError("--saved takes its conditions as --param name=value")
        }
        if saved != nil, input.since != nil || input.until != nil {
            throw ValidationError("--saved takes times as the query's parameters, such as --param since=…")
        }
        for text in param where !text.contains("=") { throw ValidationError("--param \(text): write name=value") }
        _ = try events.filter(window: .all)
    }

    func run() throws {
        let status: ExitStatus
        if let saved {
            status = try SavedQueryRun(saved, self).run()
        } else {
            status = try EventQueryRun(self).run()
        }
        if status != .done { throw ExitCode(status.rawValue) }
    }
}

extension QueryCommand {
    var isForPeople: Bool { format == .table || format == .markdown }

    /// Whether the answer says anything of findings: the records' own bytes say nothing.
    var needsFindings: Bool { format != .jsonl || finding != nil }

    /// Whether the runs, checks and deletions behind an endpoint's findings are shown with its events, since they do not name it.
    var showsRuns: Bool {
        isForPeople && finding == nil && !events.endpoint.isEmpty && events.actor.isEmpty && events.event.isEmpty
            && events.plan == nil
    }

    /// The events that the answer may need, as far as that is known before the bundle is read.
    var wanted: KeptEvents.Wanted {
        get throws(Failure) {
            let (window, last) = try input.windowAhead
            var wanted = KeptEvents.Wanted(try events.filter(window: window))
            wanted.last = last
            if showsRuns { wanted.besides = [.runStarted, .planChecked, .planDeleted] }
            // Which events are the first is known where nothing else counts.
            if let limit, !showsRuns, try !input.countsFromEnd { wanted.limit = limit }
            return wanted
        }
    }

    /// The bundle's index; nil where there is none, or none that may be used, which people are told.
    func openIndex() -> BundleIndex? {
        guard !noIndex, let location = place.location(input),
            let reading = try? input.readingOptions()
        else { return nil }
        do throws(BundleIndex.Refusal) {
            return try BundleIndex.open(location, reading: reading, options: input.indexOptions)
        } catch {
            switch error {
            case .stale(let how): tell("the index is not used, since the bundle is not as it was: \(how)")
            case .otherOptions: tell("the index is not used: it was made with other options")
            case .fault(let fault): tell(fault.message, hint: fault.hint)
            }
            return nil
        }
    }

    /// Says what of the bundle was left out and why, and gives the status that this deserves.
    @discardableResult
    func tell(_ summary: IndexSummary) -> ExitStatus {
        Session.tell(summary.notes, input)
        return ExitStatus(isDamaged: summary.isDamaged, malformed: summary.malformed, input)
    }

    /// Says why an index is not used, or what else people should know.
    func tell(_ text: String, hint: String? = "run inquest index again") {
        if input.quiet { return }
        Console.standard.note("inquest", "note", text, hint: hint)
    }
}
