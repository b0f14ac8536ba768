import ArgumentParser
import EventModel
import Reporting

/// `inquest timeline`: what happened, as Markdown.
struct TimelineCommand: BundleCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline",
        abstract: "Write the causal timeline as Markdown that renders on GitHub as it is.")

    @OptionGroup var input: BundleArguments
    @Option(help: ArgumentHelp("Only this endpoint, with the runs behind its writes.", valueName: "name"))
    var endpoint: String?
    @Flag(help: "Also what is far from any finding.")
    var all = false
    @Option(help: ArgumentHelp("Split into files of at most so many bytes (with -o).", valueName: "bytes"))
    var maxBytes: Int?
    @Option(
        name: [.short, .customLong("output")],
        help: ArgumentHelp("The file to write; further pages get -2, -3 …; - is standard output.", valueName: "file"))
    var output: String?
    @OptionGroup var overwriting: OverwriteArguments

    func validate() throws {
        if let maxBytes, maxBytes < 8192 { throw ValidationError("--max-bytes must be at least 8192") }
        if maxBytes != nil, output == nil || output == OutputFile.standardOutput {
            throw ValidationError("--max-bytes needs -o: it makes several files")
        }
    }

    func run() throws {
        let output = output == OutputFile.standardOutput ? nil : output
        let outputGuard = output.map { _ in OutputGuard(input) }
        if let output { try OutputFile.check([output], overwriting, sparing: outputGuard) }
        let session = try Session(input)
        let report = try session.analyze(withCascade: true, keepsText: true)
        if let endpoint { try NameCheck.endpoint(endpoint, report) }
        var options = TimelineOptions()
        options.endpoint = endpoint
        options.all = all
        options.within = try input.window(of: report.span).range
        let path = output.map(OutputPath.init)
        let list = FindingList(report.findings)
        let builder = try session.pass { TimelineBuilder(report, list, options, name: $0) }
        let rendered = TimelinePages(
            builder, report, list, offset: try input.offset, maxBytes: maxBytes, name: path?.stem ?? "timeline")
        if let output, let path {
            // One page goes to the file named, whatever it is called; several are numbered.
            let isOne = rendered.pages.count == 1
            try OutputFile.writeAll(
                rendered.pages.map { page in
                    (isOne ? output : path.folder + page.name, { try $0(Array(page.text.utf8)) })
                }, overwriting, sparing: outputGuard)
        } else {
            for page in rendered.pages { try Console.standard.output(page.text) }
        }
        let status = session.status(report)
        if status != .done { throw ExitCode(status.rawValue) }
    }
}

/// A timeline's pages.
struct TimelinePages {
    let pages: [(name: String, text: String)]

    /// - Parameter builder: what a pass over the bundle gathered.
    init(
        _ builder: consuming TimelineBuilder, _ report: Report, _ list: FindingList, offset: Int, maxBytes: Int?,
        name: String
    ) {
        var markdown = MarkdownTimeline.Options()
        markdown.offset = offset
        markdown.maxBytes = maxBytes
        markdown.name = name
        let texts = MarkdownTimeline.render(builder.finish(), report, list, markdown)
        pages = texts.enumerated().map { (markdown.fileName($0.offset + 1), $0.element) }
    }
}

/// An output path cut into its folder (with the slash) and the file's name without `.md`.
struct OutputPath {
    var folder = ""
    var stem: String

    init(_ path: String) {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? path
        folder = String(path.dropLast(name.count))
        stem = name.hasSuffix(".md") ? String(name.dropLast(3)) : name
    }
}
