import EventModel

/// A timeline as GitHub Markdown that can be pasted as it is, in one page or in several.
package struct MarkdownTimeline: Sendable {
    /// How it is to be written.
    package struct Options: Sendable {
        /// Seconds east of UTC in which times are shown.
        package var offset = 0
        /// Most bytes of a page (no less than 8,192 are used); nil: one page.
        package var maxBytes: Int?
        /// The file's name without its extension, for links from page to page; `fileName(_:of:)` gives the pages' names.
        package var name = "timeline"

        /// UTC, one page.
        package init() {}

        /// The name of a page's file: `timeline.md`, then `timeline-2.md` and so on.
        package func fileName(_ page: Int) -> String { page == 1 ? name + ".md" : "\(name)-\(page).md" }
    }

    private let timeline: Timeline
    private let report: Report
    private let list: FindingList
    private let options: Options
    private let times: TimeStyle

    /// Renders `timeline` of `report`, whose findings `list` numbers. Pages end in a newline.
    package static func render(
        _ timeline: Timeline, _ report: Report, _ list: FindingList, _ options: Options = Options()
    ) -> [String] {
        let renderer = MarkdownTimeline(timeline, report, list, options)
        return MarkdownPages.lay(renderer.blocks(), limit: options.maxBytes) { page in
            linkTarget(options.fileName(page))
        }
    }

    private init(_ timeline: Timeline, _ report: Report, _ list: FindingList, _ options: Options) {
        self.timeline = timeline
        self.report = report
        self.list = list
        self.options = options
        times = TimeStyle(offset: options.offset, span: report.span)
    }

    private func blocks() -> [MarkdownPages.Block] {
        var blocks = head() + story()
        blocks += MarkdownFindings(timeline.groups, report, list, times).blocks()
        blocks += MarkdownCascade(report, list, times).blocks()
        blocks += MarkdownSafeguards(timeline.groups, report, list, times).blocks()
        blocks.append(.init("\n## Timeline\n"))
        if timeline.rows.isEmpty { blocks.append(.init("\nNo event belongs here.\n")) }
        let table = MarkdownTable(timeline, report, list, times)
        blocks += timeline.rows.indices.map(table.row)
        blocks.append(.init(Self.legend))
        return blocks + MarkdownNotes(timeline, report, times).blocks()
    }

    private static let title = "# What happened: "

    /// Whether a file that begins with these bytes is a timeline, or a page of one.
    package static func begins(like bytes: some Sequence<UInt8>) -> Bool {
        let head = String(decoding: Array(bytes), as: UTF8.self)
        return head.hasPrefix(title) || head.hasPrefix("Page ") && head.contains(" · [")
    }

    private static let legend = """

        Rows stand in causal order, not in that of the clocks. *Because of* names the rows that happened directly before; ∥ marks \
        rows near by that no message connects with this one, so that their times may stand in either order. Several like events \
        stand in one row, at the place of the first.

        """

    private func head() -> [MarkdownPages.Block] {
        let text = { (text: String, limit: Int) in MarkdownText.inline(text, limit: limit) }
        var head = Self.title + text(report.bundle.name, 200) + "\n\n"
        head += text(SummaryHead.volume(report), 400) + "  \n"
        head += text(SummaryHead.span(report, times), 400) + " · "
        head += text(SummaryHead.trust(report).joined(separator: " · "), 400) + "\n"
        return [.init(head)]
    }

    private func story() -> [MarkdownPages.Block] {
        var blocks = [MarkdownPages.Block("\n## In short\n\n")]
        for (index, line) in Story(report, list, times).lines(timeline.groups).enumerated() {
            var pieces: [MarkdownPages.Piece] = [.text("\(index + 1). ")]
            if let group = line.group {
                pieces += [.link(label: group.label, anchor: group.anchor), .text(" ")]
            }
            pieces.append(.text(MarkdownText.inline(line.text, limit: 600) + "\n"))
            blocks.append(.init(pieces: pieces))
        }
        return blocks
    }

    /// A file name as a link's relative target: what is not plain is written in percents.
    private static func linkTarget(_ name: String) -> String {
        var result = ""
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}

extension FindingGroup {
    /// The place of the finding on its page: `f3`.
    var anchor: String { "f\(number)" }
}
