import EventModel

/// The findings of a timeline, each with its anchor, what it says, why to believe it, and the records that prove it.
struct MarkdownFindings {
    private let groups: [FindingGroup]
    private let report: Report
    private let list: FindingList
    private let times: TimeStyle

    /// So many endpoints of a finding are named.
    private static let namedEndpoints = 10
    /// So many pieces of evidence are named.
    private static let namedEvidence = 20

    init(_ groups: [FindingGroup], _ report: Report, _ list: FindingList, _ times: TimeStyle) {
        self.groups = groups
        self.report = report
        self.list = list
        self.times = times
    }

    func blocks() -> [MarkdownPages.Block] {
        let folded = FindingWords.folded(list.groups, list)
        if groups.isEmpty, folded.isEmpty { return [] }
        let blocks = [MarkdownPages.Block("\n## Findings\n")] + groups.flatMap(blocks)
        if folded.isEmpty { return blocks }
        return blocks + [
            .init("\nWithout harm, but to be known: " + MarkdownText.inline(folded.joined(separator: ", ")) + ".\n")
        ]
    }

    private func blocks(_ group: FindingGroup) -> [MarkdownPages.Block] {
        let finding = list.representative(group)
        let (name, more) = FindingWords.subject(group, list)
        var head = "\n### <a id=\"\(group.anchor)\"></a>\(group.label) \(group.kind.rawValue)"
        if !name.isEmpty { head += ": " + MarkdownText.inline(name, limit: 200) }
        if more > 0 { head += " and " + Figures.count(more, "more " + FindingWords.noun(group, list)) }
        head += "\n\n**" + group.severity.name + "** · " + times.full(group.at, digits: 3)
        let extent = FindingWords.extent(group)
        if !extent.isEmpty { head += " · " + (group.lasts ? "lasts to the end of the logs" : "for " + extent) }
        head += " · id `" + list.ids[group.representative] + "`\n\n"
        head += MarkdownText.inline(FindingWords.sentence(group, list), limit: 600) + "\n\n"
        head += MarkdownText.inline(FindingWords.trust(group, list), limit: 400) + "\n\n"
        var blocks = [MarkdownPages.Block(pieces: [.text(head)], anchors: [group.anchor])]
        blocks += finding.evidence.prefix(Self.namedEvidence).map(evidence)
        if finding.evidence.count > Self.namedEvidence {
            let left = Figures.count(finding.evidence.count - Self.namedEvidence, "more record")
            blocks.append(.init("- " + left + ": see findings.json\n"))
        }
        if more > 0 { blocks.append(endpoints(of: group)) }
        return blocks
    }

    private func evidence(_ item: Finding.Evidence) -> MarkdownPages.Block {
        let record = item.record
        let actor = report.symbols[record.actor]
        var text = "- " + MarkdownText.inline(item.part.isEmpty ? "record" : item.part) + ": "
        text += MarkdownText.inline(actor, limit: 200) + " at " + times.full(record.time, digits: 3) + ", "
        text += MarkdownText.inline("\(report.path(of: record.source)):\(record.line)")
        text += record.hasClock ? ", own count \(record.stamp.counter)" : ", clock inferred"
        return .init(text + "\n")
    }

    private func endpoints(of group: FindingGroup) -> MarkdownPages.Block {
        var names: [String] = []
        for member in group.members where names.count < Self.namedEndpoints {
            if let name = list.findings[member].endpoint ?? list.findings[member].actor, !names.contains(name) {
                names.append(name)
            }
        }
        var text =
            "\nThe " + FindingWords.noun(group, list) + "s: "
            + names.map { MarkdownText.inline($0, limit: 200) }.joined(separator: ", ")
        if group.endpoints > names.count {
            text += " and " + Figures.grouped(group.endpoints - names.count) + " more (findings.json names all)"
        }
        return .init(text + "\n")
    }
}
