import ArgumentParser
import Reporting

/// `inquest check`: whether the logs can be trusted, and what is in doubt where they cannot.
struct CheckCommand: BundleCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Can these logs be trusted? Gaps, skew, wrong clocks, damage, and what each puts in doubt.",
        discussion: """
            With --strict any fault makes the exit status 3; what is only worth knowing does not.

            EXAMPLES
              inquest check SampleLogs/us-east-1-2025-10-20
              inquest check SampleLogs/us-east-1-2025-10-20 --format json --strict
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @Option(help: "What is printed: text, or json (schema inquest.check/1).")
    var format = Format.text

    @Flag(help: "Compare all pairs of events by the vector clocks of a log of ShiViz or GoVector.")
    var pairs = false

    @OptionGroup var input: BundleArguments

    func run() throws {
        if pairs { return try PairsRun(self).run() }
        let session = try Session(input)
        let (report, trust) = try session.check()
        var status = session.status(report)
        if input.reading.strict, TrustJSON.hasFaults(report, trust) { status = .damaged }
        switch format {
        case .json:
            let facts = RunStatus(exit: status.rawValue, isDamaged: status == .damaged)
            try TrustJSON.write(report, trust, status: facts) { try Console.standard.output($0) }
        case .text:
            let text = TrustText(
                report, trust, offset: try input.offset, width: min(Console.standard.width ?? 100, 140),
                color: Console.standard.usesColor(input.color), maxSkew: input.orderOptions.maxSkew)
            try Console.standard.output(text.text())
        }
        if status != .done { throw ExitCode(status.rawValue) }
    }
}
