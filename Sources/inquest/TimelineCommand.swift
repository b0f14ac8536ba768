import ArgumentParser
import EventModel
import LogReading
import Reporting

/// `inquest timeline`: what happened, as Markdown.
struct TimelineCommand: BundleCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline",
        abstract: "Write what happened, as text that can be pasted into a postmortem as it is.",
        discussion: """
            The first page tells the story: impact, trigger, why it was possible, detection, repair, mitigations with \
            their effect, what outlived the repair, what would have prevented it, what is not known. The milestones \
            and the findings follow it.

            EXAMPLES
              inquest timeline SampleLogs/us-east-1-2025-10-20 -o timeline.md
              inquest timeline SampleLogs/us-east-1-2025-10-20 --endpoint dynamodb.us-east-1.amazonaws.com
            """)

    @Option(
        help: ArgumentHelp(
            "Only findings and events of this endpoint, with the runs behind its writes (globs; repeatable).",
            valueName: "name"))
    var endpoint: [String] = []
    @Flag(help: "Add the table of all events that matter for the findings, their evidence, and what joins them.")
    var detail = false
    @Flag(help: "As --detail, with what is far from any finding too.")
    var all = false
    @Option(
        name: .customLong("for"),
        help: "Where it is pasted: github, gitlab, slack, docs. It is cut to what the place takes, and says so.")
    var place: TimelinePlace?
    @Option(help: ArgumentHelp("Split into files of at most so many bytes (with -o).", valueName: "bytes"))
    var maxBytes: Int?
    @OptionGroup var notes: AnnotationArguments
    @Option(
        help: ArgumentHelp(
            "Hide what this pattern (PCRE) matches; repeatable. The text says how much was hidden.",
            valueName: "pattern"))
    var redact: [String] = []
    @Flag(help: "Put a number in place of each actor's name.")
    var redactActors = false
    @Option(
        help: ArgumentHelp(
            "Link evidence: https://logs.example/{file}#L{line}. Only http and https.", valueName: "address"))
    var linkTemplate: String?
    @Option(
        name: [.short, .customLong("output")],
        help: ArgumentHelp("The file to write; further pages get -2, -3 …; - is standard output.", valueName: "file"))
    var output: String?
    @OptionGroup var overwriting: OverwriteArguments

    @OptionGroup var input: BundleArguments

    func validate() throws {
        if let maxBytes, maxBytes < 8192 { throw ValidationError("--max-bytes must be at least 8192") }
        if maxBytes != nil, output == nil || output == OutputFile.standardOutput {
            throw ValidationError("--max-bytes needs -o: it makes several files")
        }
        if maxBytes != nil, place != nil { throw ValidationError("--max-bytes and --for exclude each other") }
        _ = try (links, redaction)
    }

    func run() throws {
        let output = output == OutputFile.standardOutput ? nil : output
        let outputGuard = output.map { _ in OutputGuard(input) }
        if let output { try OutputFile.check([output], overwriting, sparing: outputGuard) }
        let annotations = try notes.read(input)
        let session = try Session(input)
        let report = try session.analyze(withCascade: true, keepsText: true)
        let list = FindingList(report.findings, annotations)
        AnnotationArguments.tell(list, annotations, input)
        var choice = TimelineOptions()
        choice.endpoints = try NameCheck.endpoints(endpoint, report)
        choice.all = all
        choice.within = try input.window(of: report.span).range
        let wantsDetail = detail || all
        let groups = list.groups(within: choice.within, endpoints: choice.endpoints)
        let built = try session.pass { name in
            TimelineBuilders(
                story: StoryBuilder(report, list, groups, name: name),
                detail: wantsDetail ? TimelineBuilder(report, list, choice, name: name) : nil)
        }
        let path = output.map(OutputPath.init)
        let options = try options(path)
        let pages = TimelineText.render(built.story.finish(), built.detail?.finish(), options)
        if let output, let path {
            // One page goes to the file named, whatever it is called; several are numbered.
            let isOne = pages.count == 1
            try OutputFile.writeAll(
                pages.enumerated().map { number, page in
                    let name = isOne ? output : path.folder + options.fileName(number + 1)
                    return (name, { try $0(Array(page.utf8)) })
                }, overwriting, sparing: outputGuard)
        } else {
            for page in pages { try Console.standard.output(page) }
        }
        let status = session.status(report)
        if status != .done { throw ExitCode(status.rawValue) }
    }

    private func options(_ path: OutputPath?) throws(Failure) -> TimelineText.Options {
        var options = TimelineText.Options()
        options.offset = try input.offset
        options.maxBytes = maxBytes
        options.name = path?.stem ?? "timeline"
        options.place = place
        options.links = try links
        options.redaction = try redaction
        options.bundle = input.bundle
        return options
    }

    private var links: LinkTemplate? {
        get throws(Failure) {
            guard let linkTemplate else { return nil }
            do throws(LinkTemplate.Failure) {
                return try LinkTemplate(linkTemplate)
            } catch {
                let reason =
                    switch error {
                    case .scheme: "it does not begin with http:// or https:// and a host"
                    case .character(let character):
                        "it holds \(VisibleText.cell(String(character))), which could end a link"
                    case .placeholders: "it has neither {file} nor {line}"
                    }
                throw Failure("--link-template: \(reason)", hint: "write it as https://logs.example/{file}#L{line}")
            }
        }
    }

    private var redaction: Redaction? {
        get throws(Failure) {
            if redact.isEmpty, !redactActors { return nil }
            var patterns: [TextPattern] = []
            for source in redact {
                do throws(TextPattern.Fault) {
                    patterns.append(try TextPattern(source))
                } catch {
                    throw Failure("--redact '\(VisibleText.cell(source))': \(error.message) at byte \(error.offset)")
                }
            }
            return Redaction(patterns: patterns, hidesActors: redactActors)
        }
    }
}

extension TimelinePlace: ExpressibleByArgument {}

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
