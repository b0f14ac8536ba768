import EventModel

/// The sentence of a contended endpoint.
struct ContentionWords {
    private let finding: Finding

    init(_ finding: Finding) { self.finding = finding }

    var sentence: String {
        let rounds = finding.count ?? 0
        let who = finding.actors.joined(separator: " and ")
        let until = finding.until.map { "the last write was at \($0.clock)" } ?? "it goes on to the end of the log"
        return "\(who) write by turns, \(Figures.exact(Double(rounds))) rounds since \(finding.at.clock)"
            + (finding.severity == .high ? ", each with other records" : "") + "; \(until)"
    }
}
