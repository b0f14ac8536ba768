import EventModel

/// A place where a timeline is pasted, with what it takes.
package enum TimelinePlace: String, CaseIterable, Sendable {
    case github, gitlab, slack, docs

    /// Most bytes of one body. GitHub and GitLab count characters, of which none is less than a byte; Slack's clients split what is longer
    /// than 4,000 characters.
    var limit: Int {
        switch self {
        case .github: 65_536
        case .gitlab: 1_048_576
        case .slack: 4_000
        case .docs: 1_000_000
        }
    }

    /// Its name, for people.
    var name: String {
        switch self {
        case .github: "GitHub"
        case .gitlab: "GitLab"
        case .slack: "Slack"
        case .docs: "a document"
        }
    }
}

/// A timeline as text that can be pasted as it is, in one page or in several.
package enum TimelineText {
    /// How it is to be written.
    package struct Options: Sendable {
        /// Seconds east of UTC in which times are shown.
        package var offset = 0
        /// Most bytes of a page (no less than 8,192 are used); nil: one page.
        package var maxBytes: Int?
        /// The file's name without its extension, for links from page to page; `fileName(_:)` gives the pages' names.
        package var name = "timeline"
        /// Where it is pasted; nil for Markdown without a limit.
        package var place: TimelinePlace?
        /// Makes evidence clickable.
        package var links: LinkTemplate?
        /// Hides what must not leave the company.
        package var redaction: Redaction?
        /// Pictures that lie beside the text.
        package var figures: [(name: String, shows: String)] = []
        /// The bundle as the user typed it, for the command that writes what was cut.
        package var bundle: [String] = []

        /// UTC, one page.
        package init() {}

        /// The name of a page's file: `timeline.md`, then `timeline-2.md` and so on.
        package func fileName(_ page: Int) -> String { page == 1 ? name + ".md" : "\(name)-\(page).md" }
    }

    /// The pages of a story, with the detailed table where one is given. Pages end in a newline.
    package static func render(_ story: Story, _ timeline: Timeline? = nil, _ options: Options = Options()) -> [String]
    {
        let times = TimeStyle(offset: options.offset, span: story.incident.report.span)
        let isShort = options.place == .slack
        var document = TimelineDocument(story, timeline, times, lines: isShort ? 2 : 16)
            .document(figures: options.figures)
        options.redaction?.apply(to: &document, story)
        let links = options.links
        let records = { (target: Document.Target) -> String? in
            guard case .record(let file, let line) = target else { return nil }
            return links?.address(file: file, line: line)
        }
        let markdown = { (dialect: DocumentMarkdown.Dialect, finding: @escaping (Int) -> String?) in
            DocumentMarkdown(dialect: dialect, figures: options.figures.isEmpty ? nil : "") { target in
                if case .finding(let index) = target { finding(index) } else { records(target) }
            }
        }
        // Where findings do not stand nothing may lead to them.
        let anchors = Set(document.atoms.compactMap(\.finding))
        let here = { (index: Int) -> String? in anchors.contains(index) ? "#f\(index + 1)" : nil }
        if let place = options.place {
            let bundle = options.bundle.isEmpty ? "BUNDLE" : options.bundle.map(ShellWord.quote).joined(separator: " ")
            var command = "inquest timeline \(bundle)\(timeline == nil ? "" : " --detail") -o timeline.md"
            command = options.redaction?.hidden(command, story) ?? command
            let note = { [command] (losses: [DocumentCut.Loss]) in Self.note(losses, place, command) }
            switch place {
            case .slack:
                return [DocumentCut.fit(document, limit: place.limit, DocumentSlack(address: records), note: note)]
            case .docs:
                return [DocumentCut.fit(document, limit: place.limit, markdown(.plain) { _ in nil }, note: note)]
            case .github, .gitlab:
                return [DocumentCut.fit(document, limit: place.limit, markdown(.forge, here), note: note)]
            }
        }
        guard let limit = options.maxBytes else { return [markdown(.forge, here).render(document)] }
        return DocumentPages.lay(document, limit: limit, name: { LinkTemplate.encoded(options.fileName($0)) }) {
            finding in
            markdown(.forge) { anchors.contains($0) ? finding($0) : nil }
        }
    }

    /// Whether a file that begins with these bytes is a timeline, or a page of one.
    package static func begins(like bytes: some Sequence<UInt8>) -> Bool {
        let head = String(decoding: Array(bytes), as: UTF8.self)
        return head.hasPrefix("# " + TimelineDocument.title) || head.hasPrefix("*" + TimelineDocument.title)
            || head.hasPrefix("Page ") && head.contains(" · [")
    }

    private static func note(_ losses: [DocumentCut.Loss], _ place: TimelinePlace, _ command: String) -> Phrase {
        let parts = losses.map { loss in
            loss.isWhole ? loss.section : "\(Figures.grouped(loss.count)) more under \(loss.section)"
        }
        let shown = parts.prefix(8).map { Phrase(stringLiteral: $0) }
        return
            "Cut to fit \(place.name) (\(Figures.grouped(place.limit)) characters): \(shown.listed(8, separator: "; ")). The whole: \(code: command)"
    }
}
