import ArgumentParser
import CausalAnalysis
import EventModel
import Reporting

/// `inquest explain`: why a finding holds.
struct ExplainCommand: BundleCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say why a finding holds: the chain of records, who knew what, what would have prevented it.",
        usage: "inquest explain <bundle> ... <id> [<options>]",
        discussion: """
            The id is the last argument: F1, or an id of findings.json or its beginning.

            EXAMPLES
              inquest explain SampleLogs/us-east-1-2025-10-20 F1
              inquest explain SampleLogs/us-east-1-2025-10-20 F1 --format markdown
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, markdown, json
    }

    @Option(help: "What is printed: text, markdown or json (schema inquest.explanation/1).")
    var format = Format.text

    @OptionGroup var input: BundleArguments

    /// The arguments are bundles but for the last one, which names the finding: a list of bundles takes all that there are.
    func validate() throws {
        guard input.bundle.count >= 2 else {
            throw ValidationError("explain needs a bundle and the finding: inquest explain BUNDLE F1")
        }
    }

    func run() throws {
        var input = input
        let id = input.bundle.removeLast()
        let session = try Session(input)
        let report = try session.analyze(withCascade: true)
        let list = FindingList(report.findings)
        let found = try FindingNames.find(id, list)
        guard let first = found.first else { return }
        let index = found.count == 1 ? first : list.groups[list.groupOf[first]].representative
        let pass = try session.pass { ExplanationPass(report.findings[index], span: report.span, name: $0) }
        let explanation = pass.finish()
        let times = TimeStyle(offset: try input.offset, span: report.span)
        let page = ExplanationPage(explanation, index, list, report, times)
        switch format {
        case .text: try Console.standard.output(page.text(width: min(Console.standard.width ?? 100, 120)))
        case .markdown: try Console.standard.output(page.markdown())
        case .json:
            try ExplanationJSON.write(explanation, page, index, list, report) { try Console.standard.output($0) }
        }
        let status = session.status(report)
        if status != .done { throw ExitCode(status.rawValue) }
    }
}
