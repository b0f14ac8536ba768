import CausalAnalysis
import EventModel

/// The page's texts as documents: what happened, why a finding holds, how good the logs are.
extension ReportPage {
    /// What happened, in short: the first page of the timeline, and its milestones.
    func summary() -> Document {
        var document = Document()
        guard let story else { return document }
        document.facts(StoryWords(story, times).facts())
        let words = MilestoneWords(story, times)
        let chosen = Milestones(story.milestones)
        if !chosen.rows.isEmpty {
            document.heading("Milestones")
            document.table(head: words.head, chosen.rows.map(words.cells))
            if !chosen.cut.isEmpty { document.blocks.append(.paragraph(words.cut(chosen.cut).runs)) }
        }
        let info = FindingWords.folded(list.groups, list)
        if !info.isEmpty { document.paragraph(.text("For information: " + info.joined(separator: ", ") + ".")) }
        return document
    }

    /// Why a finding holds, but for what the page draws or lists itself.
    func explanation(_ group: Int) -> Document {
        let index = list.groups[group].representative
        let finding = list.findings[index]
        var document = Document()
        guard group < Self.explained, let explanation = explanations[group] ?? unread(finding) else {
            document.paragraph(
                .text("Why it holds: "), .code(command("explain") + " " + list.groups[group].label))
            return document
        }
        return ExplanationPage(explanation, index, list, report, times).parts(without: Self.shownElsewhere)
    }

    /// So many findings are explained; of the others the page names the command that does.
    private static let explained = 200
    /// Sections whose content the page has in a form of its own.
    private static let shownElsewhere: Set = ["what", "basis", "numbers", "queue", "rests on"]

    /// What can be said of a finding without its records; nil where its sentences need them.
    private func unread(_ finding: Finding) -> Explanation? {
        finding.isDrawn ? nil : ExplanationPass(finding, span: report.span, name: name).finish()
    }

    /// How good the logs are, and what they leave open.
    func quality() -> Document {
        var document = Document()
        document.heading("How good the logs are")
        document.list(QualityWords(report).lines() + list.annotations.remarks)
        let notJudged = Verdict(report).notJudged()
        if !notJudged.isEmpty {
            document.heading("What was not judged")
            document.list(notJudged)
        }
        return document
    }
}
