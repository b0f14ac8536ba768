import EventModel

/// The overwrites of an endpoint that no newer write has mended.
struct OpenOverwrites: Sendable {
    /// The finding's number, and the write.
    private var open: [(finding: Int, step: PlanStep, displaced: Int64)] = []

    mutating func add(_ finding: Int, _ step: PlanStep, over displaced: Int64) {
        open.append((finding, step, displaced))
    }

    /// Notes that the endpoint lost its addresses meanwhile, or that the log ended.
    func becomeCritical(_ verdicts: inout PlanVerdicts) {
        for overwrite in open { verdicts.findings[overwrite.finding].severity = .critical }
    }

    /// Ends the overwrites that this write mends: by a generation as new as the one lost, or on purpose.
    mutating func mend(by step: PlanStep, _ records: inout EndpointRecords, _ verdicts: inout PlanVerdicts) {
        if open.isEmpty { return }
        let at = records.at(step)
        open.removeAll { overwrite, writing, displaced in
            let finding = verdicts.findings[overwrite]
            guard step.plan >= displaced || step.isDeliberate else { return false }
            verdicts.findings[overwrite].until = max(at, finding.at)
            if finding.severity != .critical {
                let lasted = records.clocks.span(from: records.moment(writing.shown), to: records.moment(step.shown))
                verdicts.findings[overwrite].severity = lasted.lowerBound > Nanoseconds.minute ? .high : .medium
            }
            return true
        }
    }
}
