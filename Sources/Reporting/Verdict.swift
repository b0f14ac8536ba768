import EventModel

/// What may be said where nothing was found, and what could not be judged: never an all-clear for what nobody looked at.
struct Verdict {
    private let report: Report
    private let tally: EventTally

    /// Names that no rule knows that are listed; the rest is counted.
    private static let named = 6

    init(_ report: Report) {
        self.report = report
        tally = report.tally
    }

    /// What was looked for and not found; only of what there are records of.
    func nothingFound() -> String {
        var looked: [String] = []
        let writes = tally.count(.planApplied, .changeCommitted)
        if writes > tally.writesWithoutPlan, tally.writesOfUnknownOutcome == 0 {
            looked.append("no plan was overwritten by an older one")
        }
        if tally.count(.planDeleted) > 0 { looked.append("no active plan deleted") }
        if writes > 0 || tally.count(.recordEmptied, .planDeleted) > 0 {
            looked.append("no endpoint left without addresses")
        }
        if writes > 0 { looked.append("no automation wedged") }
        if tally.count(.queueSampled, .workEnqueued, .workCompleted, .workFailed) > 0 {
            looked.append("no queue fell behind")
        }
        if Self.windows.contains(where: { tally.count($0) > 0 }) { looked.append("nothing out of its usual range") }
        if looked.isEmpty {
            return
                "Nothing was judged: Inquest has no rule for any of the \(Figures.count(report.counts.events, "event"))."
        }
        return "Nothing found above info: \(looked.joined(separator: ", ")). Looked at "
            + Figures.count(report.counts.events, "event") + " on " + Figures.count(report.counts.endpoints, "endpoint")
            + "."
    }

    /// What could not be judged, a sentence each; empty on a log that is understood whole.
    func notJudged() -> [String] {
        var sentences: [String] = []
        if let notRead = ReadingWords.notRead(report) { sentences.append(notRead) }
        if tally.writesWithoutPlan > 0 {
            sentences.append(
                "Not judged: whether \(Figures.count(tally.writesWithoutPlan, "write")) without a generation (plan) put an"
                    + " older state over a newer one.")
        }
        if tally.writesOfUnknownOutcome > 0 {
            let first = report.quality.faults.first { $0.kind == .unknownOutcome }?.first.detail
            sentences.append(
                "Uncertain: \(Figures.count(tally.writesOfUnknownOutcome, "write")) of which it is not known whether it took"
                    + " effect" + (first.map { ": \($0)" } ?? "") + ".")
        }
        let unknown = tally.unknownNames(report.symbols)
        if !unknown.isEmpty {
            let count = unknown.reduce(0) { $0 &+ $1.count }
            let names = unknown.prefix(Self.named).map(Self.words)
            let more =
                unknown.count > Self.named ? " and \(Figures.count(unknown.count - Self.named, "more name"))" : ""
            sentences.append(
                "No rule knows \(Figures.grouped(count)) of \(Figures.count(report.counts.events, "event")), by name: "
                    + names.joined(separator: ", ") + more + ".")
        }
        if let without = kindsWithoutRecords() {
            sentences.append("No records of \(without): whether anything was wrong there is unknown.")
        }
        return sentences
    }

    /// A name with its count, and the word of the vocabulary that it resembles.
    private static func words(_ unknown: (name: String, count: UInt64)) -> String {
        let meant = suggestion(unknown.name).map { " (did you mean \($0)?)" } ?? ""
        return "\(VisibleText.cell(unknown.name)) \(Figures.grouped(unknown.count))" + meant
    }

    /// The event of the vocabulary that a name was meant to be, where one is near.
    static func suggestion(_ name: String) -> String? {
        let vocabulary = EventKind.allCases.lazy.filter { $0 != .other }.map { (name: $0.name, count: UInt64(0)) }
        return Suggestion.nearest(name, among: Array(vocabulary))?.name
    }

    /// The subjects of which a verdict over nothing but names that no rule knows can say nothing.
    private func kindsWithoutRecords() -> String? {
        guard tally.count(.other) > 0 else { return nil }
        var without: [String] = []
        if tally.count(.planApplied, .changeCommitted) == 0 { without.append("writes") }
        if tally.count(.queueSampled, .workEnqueued, .workCompleted) == 0 { without.append("queues") }
        if tally.count(.serviceSampled) == 0 { without.append("services") }
        return without.isEmpty ? nil : without.joined(separator: ", ")
    }

    /// What the detectors of windows look at.
    private static let windows: [EventKind] = [
        .leaseRenewed, .leaseExpired, .leaseFailed, .launchOK, .launchFailed, .statePropagated, .stateDelayed,
        .targetHealth, .serviceSampled,
    ]
}
