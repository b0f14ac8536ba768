import EventModel

/// The table of safeguards against findings in a timeline.
struct MarkdownSafeguards {
    private let groups: [FindingGroup]
    private let list: FindingList
    private let report: Report
    private let times: TimeStyle

    /// So many findings get a column.
    private static let columns = 8

    init(_ groups: [FindingGroup], _ report: Report, _ list: FindingList, _ times: TimeStyle) {
        self.report = report
        self.times = times
        self.groups = groups.filter { !list.representative($0).safeguards.isEmpty }
        self.list = list
    }

    func blocks() -> [MarkdownPages.Block] {
        if groups.isEmpty { return [] }
        let shown = groups.prefix(Self.columns)
        var head: [MarkdownPages.Piece] = [.text("\n## What would have prevented it\n\n| safeguard |")]
        for group in shown { head += [.text(" "), .link(label: group.label, anchor: group.anchor), .text(" |")] }
        head.append(.text("\n| --- |" + String(repeating: " --- |", count: shown.count) + "\n"))
        var pieces = head
        for safeguard in Finding.Safeguard.allCases {
            let cells = shown.map { MarkdownText.inline(SafeguardWords.verdicts(safeguard, $0, list)) }
            pieces.append(.text("| " + safeguard.words + " | " + cells.joined(separator: " | ") + " |\n"))
        }
        let more = groups.count - shown.count
        pieces.append(.text("\n" + SafeguardWords.caveat))
        if more > 0 { pieces.append(.text(" " + Figures.count(more, "more finding") + ": see findings.json.")) }
        pieces.append(.text("\n"))
        for group in shown {
            guard let line = LastChanceWords(list.representative(group), report, times).line else { continue }
            pieces += [
                .text("\n- "), .link(label: group.label, anchor: group.anchor),
                .text(": " + MarkdownText.inline(line, limit: 600)),
            ]
        }
        if shown.contains(where: { !list.representative($0).lastChances.isEmpty }) { pieces.append(.text("\n")) }
        return [MarkdownPages.Block(pieces: pieces)]
    }
}
