import EventModel

/// Findings for a pipeline: which of them fail it, and where their records stand.
package struct PipelineReport: Sendable {
    package let report: Report
    package let list: FindingList
    /// The program's version.
    package let version: String
    /// The exit status.
    package let exit: Int32
    /// The rows shown, in the order of reports.
    package let groups: [FindingGroup]
    /// Whether a finding of a kind and severity fails the pipeline.
    package let fails: @Sendable (FindingGroup) -> Bool

    package init(
        _ report: Report, _ list: FindingList, version: String, exit: Int32, groups: [FindingGroup],
        fails: @escaping @Sendable (FindingGroup) -> Bool
    ) {
        (self.report, self.list, self.version, self.exit) = (report, list, version, exit)
        (self.groups, self.fails) = (groups, fails)
    }

    /// The first record of a finding's proof that is its cause: where a reader should look.
    func place(_ group: FindingGroup) -> (file: String, line: UInt64)? {
        let finding = list.representative(group)
        guard let record = finding.record(Finding.Part.write) ?? finding.evidence.first?.record else { return nil }
        return (report.bundle.sources[Int(record.source.index)].path, record.line)
    }

    /// `F1 dynamodb.us-east-1 at 2025-10-20T06:47:58.622Z: enactor-az1 wrote …`.
    func sentence(_ group: FindingGroup) -> String {
        let (name, more) = FindingWords.subject(group, list)
        let extra = more > 0 ? " and \(Figures.grouped(more)) more" : ""
        return VisibleText.cell(
            "\(group.label) \(name)\(extra) at \(group.at.rfc3339()): \(FindingWords.sentence(group, list))")
    }
}
