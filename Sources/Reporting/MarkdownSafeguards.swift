import EventModel

/// The table of safeguards against findings in a timeline.
struct MarkdownSafeguards {
    private let groups: [FindingGroup]
    private let list: FindingList

    /// So many findings get a column.
    private static let columns = 8

    init(_ groups: [FindingGroup], _ list: FindingList) {
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
        return [MarkdownPages.Block(pieces: pieces)]
    }
}
