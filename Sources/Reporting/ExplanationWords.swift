import CausalAnalysis
import EventModel

/// What an explanation says of findings of every kind.
struct ExplanationWords {
    let explanation: Explanation
    let report: Report
    let times: TimeStyle

    var finding: Finding { explanation.finding }

    /// `a.log:12`.
    func place(_ record: RecordRef) -> String { report.path(of: record.source) + ":\(record.line)" }

    /// `#8841`; where the clock was inferred `#10+3 (inferred)`.
    static func count(_ stamp: Stamp) -> String {
        if stamp.position == 0 { return "#\(stamp.counter)" }
        return "#\(stamp.counter)+\(stamp.position) (inferred)"
    }

    // MARK: What

    func what(_ group: FindingGroup, _ list: FindingList) -> [String] {
        var lines = [FindingWords.sentence(finding) + "."]
        if let until = finding.until, until > finding.at {
            lines.append(
                "It lasted \(Nanoseconds.words(until.since(finding.at))), from \(times.clock(finding.at)) to "
                    + "\(times.clock(until)).")
        } else if finding.lasts {
            lines.append("It lasts to the end of the logs.")
        }
        if group.members.count > 1 {
            lines.append(
                "\(group.label) stands for \(Figures.count(group.members.count, "such finding")) on "
                    + "\(Figures.count(group.endpoints, FindingWords.noun(group, list))); this is one of them.")
        }
        return lines
    }

    // MARK: Numbers

    /// The finding's figures, each with what it stands for.
    func numbers() -> [[String]] {
        if finding.figures.isEmpty { return [] }
        return [["number", "value", "stands for"]]
            + finding.figures.map { [$0.name, FindingWords.value($0), $0.scope] }
    }

    // MARK: Safeguards

    func safeguards() -> [[String]] {
        if finding.safeguards.isEmpty { return [] }
        return [["safeguard", "would have", "because"]]
            + finding.safeguards.map { [$0.safeguard.words, SafeguardWords.verdict($0.verdict), $0.because] }
    }

    func safeguardNotes(_ list: FindingList) -> [String] {
        var lines: [String] = []
        if !finding.safeguards.isEmpty { lines.append(SafeguardWords.caveat) }
        lines += LastChanceWords(finding, report, times).lines()
        if let misses = SafeguardWords.nearMisses(of: finding, list.findings) { lines.append(misses) }
        if let limit = explanation.curve?.rateLimit, let wait = explanation.curve?.boundedWait {
            let bound = Nanoseconds.words(Int64(min(wait, 1e9) * 1e9))
            lines.append(
                limit > 0
                    ? "A limit of \(Figures.exact(limit)) arrivals/s from the alarm on would have drained it within \(bound), "
                        + "ten times the usual wait."
                    : "From the alarm on no limit would have drained it within \(bound), ten times the usual wait: what was "
                        + "waiting by then took longer at the greatest rate seen.")
        }
        return lines
    }

    // MARK: Evidence

    func restsOn() -> [String] {
        let records = finding.evidence.count
        var lines = ["\(Figures.count(records, "record")), \(finding.confidence.name)."]
        let given = explanation.witnesses.count { $0.record.hasClock }
        if given < explanation.witnesses.count {
            lines.append(
                given == 0
                    ? "None of them carries a clock: their clocks were inferred."
                    : "\(Figures.count(explanation.witnesses.count - given, "clock")) of them \(explanation.witnesses.count - given == 1 ? "was" : "were") inferred."
            )
        }
        if explanation.witnesses.contains(where: \.record.hasClock) {
            lines.append(
                finding.missing.isEmpty
                    ? "No own counter is missing between them in the logs of those concerned."
                    : "Records that could change it are in no log; see below.")
        }
        if let skew = skew() { lines.append(skew) }
        return lines
    }

    /// How far the clocks of the two sides stand apart.
    private func skew() -> String? {
        guard let pair = explanation.pair, pair.later.actor != pair.earlier.actor else { return nil }
        let (a, b) = (pair.later.actor, pair.earlier.actor)
        for skew in report.quality.skews {
            let names = (report.symbols[skew.a], report.symbols[skew.b])
            guard names == (a, b) || names == (b, a) else { continue }
            return
                "The clock of \(names.0) less that of \(names.1) lies between \(Nanoseconds.words(skew.bounds.lowerBound)) "
                + "and \(Nanoseconds.words(skew.bounds.upperBound))."
        }
        return "How far the clocks of \(a) and \(b) stand apart no message tells; --max-skew is assumed."
    }

    func records() -> [[String]] {
        if finding.evidence.isEmpty { return [] }
        return [["part", "actor", "count", times.zoneName, "record"]]
            + finding.evidence.map { item in
                [
                    item.part, report.symbols[item.record.actor], Self.count(item.record.stamp),
                    times.bare(item.record.time), place(item.record),
                ]
            }
    }
}
