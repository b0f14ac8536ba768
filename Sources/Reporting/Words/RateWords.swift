import EventModel

/// The sentence of events that came at an unusual rate.
struct RateWords {
    private let finding: Finding
    private let rate: Finding.Rate

    init(_ finding: Finding, _ rate: Finding.Rate) {
        self.finding = finding
        self.rate = rate
    }

    var sentence: String {
        let name = finding.event ?? "events"
        let until = finding.until.map { "to \($0.clock)" } ?? "to the end of the log"
        let expected = rate.expected < 0.5 ? "none" : "about " + Figures.short(rate.expected)
        if rate.isSilence {
            return "no \(name) from \(finding.at.clock) \(until), though the log goes on; "
                + "at the rate of the rest of the log \(expected) were to be expected"
        }
        return "\(name) \(Figures.grouped(rate.count)) times from \(finding.at.clock) \(until); "
            + "at the rate of the rest of the log, \(expected)"
    }
}
