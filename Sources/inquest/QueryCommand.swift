import ArgumentParser
import CausalAnalysis
import EventIndex
import EventModel
import Foundation
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
            NAMEs are globs: * ? [a-z]. Conditions of different kinds must all hold; of one kind any may.

            EXAMPLES
              inquest query SampleLogs/us-east-1-2025-10-20 --endpoint 'dynamodb.*' --event plan.applied -n 5
              inquest query SampleLogs/us-east-1-2025-10-20 --saved deepest-backlogs --format json
            """)

    @OptionGroup var events: EventArguments
    @Option(
        help: ArgumentHelp("Only the evidence of this finding: F1, or an id from findings.json.", valueName: "id"),
        completion: BundleCompletions.findings)
    var finding: String?
    @Flag(
        help: """
            Mark events with the findings that they are evidence of (F1). For people (table, markdown) a query by endpoint \
            then also shows the runs, checks and deletions behind its findings, which name no endpoint.
            """)
    var markFindings = false
    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("Maximum number of events or rows to print.", valueName: "count"))
    var limit: Int?
    @Option(
        help:
            "How events are printed: table, jsonl (the records' own bytes, a line each), json (an array), csv, markdown."
    )
    var format = EventTableFormat.table
    @Option(
        help: ArgumentHelp(
            "Print only these fields, such as ts,actor,plan: names of the event format or of a record's other members, and "
                + "record (file:line), counter, findings.", valueName: "names"))
    var fields: String?
    @Option(
        name: [.short, .customLong("output")],
        help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"))
    var output = OutputFile.standardOutput
    @OptionGroup var overwriting: OverwriteArguments
    @Option(
        help: ArgumentHelp(
            "How CSV writes a text that a spreadsheet would take for a formula, since it begins with =, +, -, @, a tab or "
                + "a carriage return: safe puts ' ahead of it, exact leaves it as it is.",
            valueName: "safe|exact"))
    var csv = CSVForm.safe
    @Option(
        help: ArgumentHelp(
            "Run a saved query: one of your own in Queries/ or ~/.config/inquest/queries, a built-in one ("
                + SavedQueryRun.builtInNames + "), or an .sql file.", valueName: "name"),
        completion: BundleCompletions.saved)
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
    @OptionGroup var input: BundleArguments

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1") }
        if let maxTime {
            guard saved != nil else { throw ValidationError("--max-time belongs to --saved") }
            guard (1...86_400).contains(maxTime) else {
                throw ValidationError("--max-time must lie between 1 and 86400 seconds")
            }
        }
        if saved == nil, !param.isEmpty { throw ValidationError("--param belongs to --saved") }
        if saved != nil, fields != nil || markFindings {
            throw ValidationError("--fields and --mark-findings are not for --saved, which selects its own columns")
        }
        if fieldNames?.contains("") ?? false { throw ValidationError("--fields: write names with commas between") }
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
        try OutputFile.check([output], overwriting, sparing: OutputGuard(input))
        var status = ExitStatus.done
        let body: OutputFile.Body = { write in
            try withoutActuallyEscaping(write) { write in
                if let saved {
                    status = try SavedQueryRun(saved, self, write).run()
                } else {
                    status = try EventQueryRun(self, write).run()
                }
            }
        }
        try OutputFile.writeAll([(output, body)], overwriting, sparing: OutputGuard(input))
        if status != .done { throw ExitCode(status.rawValue) }
    }
}

extension QueryCommand {
    var isForPeople: Bool { format == .table || format == .markdown }

    /// Whether the answer goes to a terminal.
    var isShown: Bool { output == OutputFile.standardOutput && Console.standard.isTerminal }

    /// The names of `--fields`.
    var fieldNames: [String]? {
        fields?.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// Whether the answer says anything of findings.
    var needsFindings: Bool { markFindings || finding != nil || fieldNames?.contains("findings") ?? false }

    /// Whether the runs, checks and deletions behind an endpoint's findings are shown with its events, since they do not name it.
    var showsRuns: Bool {
        isForPeople && markFindings && finding == nil && !events.endpoint.isEmpty && events.actor.isEmpty
            && events.event.isEmpty
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
