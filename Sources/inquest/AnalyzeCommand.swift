import ArgumentParser
import EventModel
import LogReading
import Reporting

/// `inquest analyze`: what was found, most severe first.
struct AnalyzeCommand: BundleCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze",
        abstract: "Find stale-plan overwrites, deleted plans, wedged automation and backlogs, and prove them.",
        discussion: """
            EXAMPLES
              inquest analyze SampleLogs/us-east-1-2025-10-20 --all
              inquest analyze SampleLogs/us-east-1-2025-10-20 --format sarif --fail-on critical > findings.sarif
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json, junit, sarif, github
    }

    @Option(
        help: """
            What is printed: text; json (schema inquest.findings/1); for pipelines junit, sarif (2.1.0), or github \
            (annotations). What junit takes for a failure is what --fail-on names, without it all above info.
            """)
    var format = Format.text
    @OptionGroup var selection: SelectionArguments
    @Option(
        name: [.short, .customLong("output")],
        help: ArgumentHelp(
            "Write report.html, timeline.md, findings.json and figures into this folder too.", valueName: "folder"))
    var output: String?
    @OptionGroup var overwriting: OverwriteArguments
    @Option(
        help: ArgumentHelp(
            "Exit with 1 if there is a finding of this kind (or severity), shown or not; repeatable. Damage is 3 all the same.",
            valueName: "kind"))
    var failOn: [String] = []

    @Flag(help: "Make the bundle's index in the same pass; see inquest index.")
    var index = false
    @OptionGroup var place: IndexArguments
    @OptionGroup var notes: AnnotationArguments
    @OptionGroup var input: BundleArguments

    func validate() throws {
        let known = Finding.Kind.allCases.map(\.rawValue) + Finding.Severity.allCases.map(\.name)
        for kind in failOn where !known.contains(kind) {
            throw NameCheck.unknown("--fail-on", kind, "kind or severity of finding", among: known)
        }
    }

    func run() throws {
        let outputGuard = output.map { _ in OutputGuard(input) }
        if let output {
            try outputGuard?.check(folder: output)
            try OutputFile.check(
                folder: output, ["findings.json", "timeline.md", "report.html"], overwriting, sparing: outputGuard)
        }
        let annotations = try notes.read(input)
        let before = index ? BundleInventory(paths: input.bundle) : nil
        let session = try Session(input)
        var report =
            index
            ? try IndexRun(session, place, before).analyze(withCascade: true)
            : try session.analyze(withCascade: true, keepsText: output != nil)
        let offset = try input.offset
        let window = try input.window(of: report.span)
        let list = FindingList(report.findings, annotations)
        AnnotationArguments.tell(list, annotations, input)
        let (status, facts) = outcome(session, report, list)
        if let output {
            try OutputFile.makeFolder(output)
            try write(to: output, session, report, list, window, facts, sparing: outputGuard)
        }
        switch format {
        case .json:
            if window != .all || selection.isNarrow {
                let kept = zip(report.findings, list.ids).filter { finding, _ in
                    finding.touches(window) && selection.selects(finding.kind, finding.severity)
                }
                report.findings = kept.map(\.0)
                report.cascade = report.cascade?.narrowed(to: Set(kept.map(\.1)))
            }
            try FindingsJSON.write(report, list, status: facts) { try Console.standard.output($0) }
        case .text:
            var options = TerminalSummary.Options()
            options.width = min(Console.standard.width ?? 100, 140)
            options.offset = offset
            options.color = Console.standard.usesColor(input.color)
            options.within = window.range
            options.bundle = input.bundle
            options.rows = selection.all ? .max : options.rows
            options.showsInfo = selection.all || selection.isNarrow
            options.selects = { [selects = selection.selects] in selects($0.kind, $0.severity) }
            options.isNarrow = selection.isNarrow
            options.toShowAll = "--all"
            try Console.standard.output(TerminalSummary(report, list, options).text())
        case .junit, .sarif, .github:
            let groups = list.groups(within: window.range).filter { selection.selects($0.kind, $0.severity) }
            let pipeline = PipelineReport(
                report, list, version: Inquest.configuration.version, exit: status.rawValue, groups: groups
            ) { [failOn] group in
                failOn.isEmpty
                    ? group.severity != .info
                    : failOn.contains(group.kind.rawValue) || failOn.contains(group.severity.name)
            }
            switch format {
            case .junit: try Console.standard.output(JUnitReport.text(pipeline))
            case .sarif: try SARIFReport.write(pipeline) { try Console.standard.output($0) }
            default: try Console.standard.output(GitHubAnnotations.text(pipeline))
            }
        }
        if status != .done { throw ExitCode(status.rawValue) }
    }

    /// Writes the files of a report's folder.
    private func write(
        to output: String, _ session: Session, _ report: Report, _ list: FindingList, _ window: TimeWindow,
        _ facts: RunStatus, sparing outputGuard: OutputGuard?
    ) throws {
        let offset = try input.offset
        var pageOptions = PageOptions()
        pageOptions.offset = offset
        pageOptions.within = window.range
        pageOptions.bundle = input.bundle
        let built = try session.pass { name in
            ReportBuilders(
                story: StoryBuilder(report, list, list.groups(within: window.range), name: name),
                page: PageBuilder(report, list, pageOptions, name: name))
        }
        let story = built.story.finish()
        var page = built.page.finish()
        page.story = story
        var options = TimelineText.Options()
        options.offset = offset
        let figures = ReportFigures.all(story, offset: offset)
        options.figures = figures.shown
        let timeline = TimelineText.render(story, nil, options).joined()
        try OutputFile.writeAll(
            [
                (
                    output + "/findings.json",
                    { emit in try FindingsJSON.write(report, list, status: facts, emit: emit) }
                ), (output + "/report.html", { [page] in try ReportPageFile.write(page, emit: $0) }),
                (output + "/timeline.md", { try $0(Array(timeline.utf8)) }),
            ]
                + figures.files.map { file in
                    (output + "/" + file.name, { try $0(Array(file.text.utf8)) })
                }, overwriting, sparing: outputGuard)
    }

    /// The exit status, and what it rests on: of all findings, whatever is shown.
    private func outcome(_ session: Session, _ report: Report, _ list: FindingList) -> (ExitStatus, RunStatus) {
        let matched = zip(report.findings, list.ids).filter { finding, _ in
            failOn.contains(finding.kind.rawValue) || failOn.contains(finding.severity.name)
        }
        let status = session.status(report, hasFound: !matched.isEmpty)
        return (
            status,
            RunStatus(
                exit: status.rawValue, isDamaged: status == .damaged, failOn: failOn, matched: matched.map(\.1))
        )
    }
}

extension Finding {
    /// Whether any of it lies in the window.
    func touches(_ window: TimeWindow) -> Bool {
        (window.until.map { at <= $0 } ?? true) && (window.since.map { lasts || max(until ?? at, at) >= $0 } ?? true)
    }
}
