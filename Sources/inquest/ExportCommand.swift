import ArgumentParser
import CausalAnalysis
import EventIndex
import EventModel
import LogReading
import Reporting

extension ExportFormat: ExpressibleByArgument {}

/// `inquest export`: events in causal order for other tools.
struct ExportCommand: BundleCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write events in causal order for ShiViz, Perfetto, spreadsheets, OpenTelemetry, SQLite or TLA+.",
        discussion: """
            shiviz: a space-time diagram, at https://bestchai.bitbucket.io/shiviz. perfetto: a trace with flows for \
            happened-before, at https://ui.perfetto.dev. csv: a row an event, safe for spreadsheets. otlp: OpenTelemetry logs in JSON. sqlite: tables events, \
            happened_before, findings, evidence, windows, edges and views; the table guide explains them. tla: a trace that \
            PlanTrace.tla, written beside it, lets TLC check.

            EXAMPLES
              inquest export SampleLogs/us-east-1-2025-10-20 --to shiviz --event 'plan.*' --until 06:49
              inquest export SampleLogs/us-east-1-2025-10-20 --to sqlite -o events.db --force
            """)

    @Option(help: "The form: shiviz, perfetto, csv, otlp, sqlite, tla.")
    var to: ExportFormat
    @Option(
        name: [.short, .customLong("output")],
        help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"))
    var output = "-"
    @OptionGroup var overwriting: OverwriteArguments
    @OptionGroup var events: EventArguments
    @OptionGroup var input: BundleArguments

    func validate() throws { _ = try events.filter(window: .all) }

    func run() throws {
        if to.isBinary, output == "-", Console.standard.isTerminal {
            throw Failure("a database is not shown on a terminal", hint: "name a file with -o")
        }
        let outputGuard = OutputGuard(input)
        // The specification stands beside its trace.
        let specification =
            to == .tla && output != "-"
            ? TLAExport.specification.map { (path: OutputPath(output).folder + $0.name, bytes: $0.bytes) } : []
        try OutputFile.check([output] + specification.map(\.path), overwriting, sparing: outputGuard)
        let session = try Session(input)
        let report = try session.analyze(withCascade: true, keepsText: true)
        let run = ExportRun(
            to, session, report, filter: try events.filter(window: try input.window(of: report.span)),
            temporaryFolder: try input.readingOptions().temporaryFolder)
        let copies = specification.map { file in (file.path, { try $0(file.bytes) }) as (String, OutputFile.Body) }
        try OutputFile.writeAll([(output, { try run.write($0) })] + copies, overwriting, sparing: outputGuard)
        if !input.quiet {
            let to = output == "-" ? "" : ": " + VisibleText.cell(output)
            Console.standard.error("\(Figures.count(run.exported, "event")) exported\(to)")
        }
        let status = session.status(report)
        if status != .done { throw ExitCode(status.rawValue) }
    }
}
