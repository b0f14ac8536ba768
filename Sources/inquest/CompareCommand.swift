import ArgumentParser
import CausalAnalysis
import EventModel
import LogReading
import Reporting

/// `inquest compare`: what two bundles differ in.
struct CompareCommand: BundleCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Say in what two bundles differ: findings, figures, and where histories part.",
        usage: "inquest compare <a> <b> [<options>]",
        discussion: """
            For a good day and a bad one, or before and after a change. Findings are the same by their lasting identity. Figures \
            (rates, failures, latencies, depths) differ where a permutation test over blocks of ten minutes says so, with \
            p < 0.001 after correction for all comparisons. Histories are compared of what the findings are about that only \
            one bundle has, and of each --key.

            EXAMPLES
              inquest compare SampleLogs/us-east-1-2025-10-20 SampleLogs/us-east-1-2025-10-20
              inquest compare before after --key dynamodb.us-east-1.amazonaws.com --format json -o comparison.json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @Option(help: "What is printed: text, or json (schema inquest.comparison/1).")
    var format = Format.text
    @Option(
        help: ArgumentHelp(
            "Also compare the history of this endpoint, queue or service; repeatable.", valueName: "name"))
    var key: [String] = []
    @Option(
        name: [.short, .customLong("output")],
        help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"))
    var output = OutputFile.standardOutput
    @OptionGroup var overwriting: OverwriteArguments
    @OptionGroup var input: BundleArguments

    func validate() throws {
        guard input.bundle.count == 2 else {
            throw ValidationError("compare needs two bundles: inquest compare A B")
        }
        if input.since != nil || input.until != nil {
            throw ValidationError("compare looks at whole bundles: --since and --until have no meaning here")
        }
        if input.bundle == ["-", "-"] { throw ValidationError("only one of the bundles can be standard input") }
    }

    /// So many histories are compared where none are named.
    private static let histories = 6

    func run() throws {
        try OutputFile.check([output], overwriting, sparing: OutputGuard(input))
        let (a, b) = (try Half(input, 0), try Half(input, 1))
        let findings = FindingsComparison(a.side.list, b.side.list)
        let keys =
            try key.map { name throws(Failure) in try Half.key(name, a, b) }
            + (key.isEmpty ? BundleComparison.keys(a.side, b.side, findings, atMost: Self.histories) : [])
        let (x, y) = (try a.histories(keys), try b.histories(keys))
        let comparison = BundleComparison(
            a.side, b.side, findings, SeriesComparison(a.tally, b.tally),
            keys.indices.map { HistoryComparison(keys[$0], x[$0], y[$0]) })
        let text = ComparisonText(
            comparison, offset: try input.offset, width: min(Console.standard.width ?? 100, 140),
            color: output == OutputFile.standardOutput && Console.standard.usesColor(input.color))
        try OutputFile.writeAll(
            [
                (
                    output,
                    { emit in
                        switch format {
                        case .text: try emit(Array(text.text().utf8))
                        case .json: try ComparisonJSON.write(comparison, emit: emit)
                        }
                    }
                )
            ], overwriting, sparing: OutputGuard(input))
        let status = max(a.status.rawValue, b.status.rawValue)
        if status != ExitStatus.done.rawValue { throw ExitCode(status) }
    }
}

/// One of the bundles that are compared.
private struct Half {
    let session: Session
    let side: BundleComparison.Side
    let tally: SeriesTally

    init(_ input: BundleArguments, _ index: Int) throws(Failure) {
        var input = input
        input.bundle = [input.bundle[index]]
        session = try Session(input)
        let report = try session.analyze(keepsText: true)
        side = BundleComparison.Side(report)
        tally = try session.pass { SeriesTally(report.span, name: $0) }
    }

    var status: ExitStatus { session.status(side.report) }

    func histories(_ keys: [HistoryKey]) throws(Failure) -> [[KeyHistories.Event]] {
        if keys.isEmpty { return [] }
        let files = side.report.bundle.sources.map(\.path)
        return try session.pass { KeyHistories(keys, files: files, name: $0) }.events
    }

    /// What a name is in either bundle: an endpoint, a queue or a service.
    static func key(_ name: String, _ a: Half, _ b: Half) throws(Failure) -> HistoryKey {
        var known: [(name: String, count: UInt64)] = []
        for half in [a, b] {
            let names = try half.session.pass { _ in KeyNames() }
            if let key = names.key(name, half.side.report.symbols) { return key }
            known += names.all(half.side.report.symbols)
        }
        let meant = Suggestion.nearest(name, among: known).map { " Did you mean \($0.name)?" } ?? ""
        throw Failure("no endpoint, queue or service is called '\(name)' in either bundle.\(meant)")
    }
}
