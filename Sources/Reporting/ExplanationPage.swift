import CausalAnalysis
import EventModel

/// The proof of a finding in words, for any form of text: sections of sentences, tables and plots, in the order of reading.
///
/// Exact text: whoever shows it escapes it.
package struct ExplanationPage: Sendable {
    /// A part with a title: sentences first, then a table or a plot.
    struct Section: Sendable {
        var title: String
        var lines: [String] = []
        /// Rows of as many cells each; the first row is the head.
        var table: [[String]] = []
        /// Lines whose characters stand below one another.
        var plot: [String] = []

        var isEmpty: Bool { lines.isEmpty && table.isEmpty && plot.isEmpty }
    }

    /// `F1 stale-plan-overwrite`.
    let title: String
    /// What it is about, when it was, how bad and how sure it is.
    let head: [String]
    let sections: [Section]

    /// The page for an explanation of a finding of `report`, the one at `index` of `list`.
    package init(
        _ explanation: Explanation, _ index: Int, _ list: FindingList, _ report: Report, _ times: TimeStyle
    ) {
        let finding = explanation.finding
        let group = list.groups[list.groupOf[index]]
        title = group.label + " " + finding.kind.rawValue
        head = [
            finding.subject, times.full(finding.at, digits: 3), finding.severity.name, finding.confidence.name,
        ].filter { !$0.isEmpty }
        let words = ExplanationWords(explanation: explanation, report: report, times: times)
        var sections = [Section(title: "what", lines: words.what(group, list))]
        if explanation.pair != nil || finding.kind == .stalePlanOverwrite {
            let plan = PlanExplanationWords(words)
            sections += [
                Section(title: "order", lines: plan.order()), Section(title: "why", lines: plan.why()),
                Section(title: "knew?", lines: plan.knew(), table: plan.knowledge()),
                Section(title: "clocks", lines: plan.clocks()), Section(title: "chain", lines: plan.chain()),
            ]
        } else {
            let basis = finding.basisWords
            sections.append(Section(title: "basis", lines: basis.isEmpty ? [] : [basis + "."]))
        }
        sections.append(Section(title: "numbers", table: words.numbers()))
        if let curve = explanation.curve {
            let plot = QueuePlot(curve, finding, times)
            sections.append(Section(title: "queue", lines: plot.sentences(), plot: plot.lines()))
        }
        if let cascade = ExplanationCascade(list.ids[index], list, report, times) {
            sections += [
                Section(title: "because", lines: cascade.causes()), Section(title: "led to", lines: cascade.effects()),
                Section(title: "ended", lines: cascade.ending()),
            ]
        }
        sections += [
            Section(
                title: "would have prevented it", lines: words.safeguardNotes(list), table: words.safeguards()),
            Section(title: "rests on", lines: words.restsOn(), table: words.records()),
            Section(title: "not known", lines: ExplanationDoubts(words).lines()),
        ]
        self.sections = sections.filter { !$0.isEmpty }
    }
}
