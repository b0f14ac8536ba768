import EventModel

/// Until when something would still have prevented a finding, in words.
struct LastChanceWords {
    private let finding: Finding
    private let symbols: SymbolTable
    private let times: TimeStyle

    init(_ finding: Finding, _ report: Report, _ times: TimeStyle) {
        self.finding = finding
        symbols = report.symbols
        self.times = times
    }

    /// A line for the point of no return, then one for each chance; none where no record dates any.
    func lines() -> [String] {
        guard let last = finding.pointOfNoReturn else { return [] }
        let chances = finding.lastChances.sorted { $0.step > $1.step }
        return ["Point of no return: \(times.clock(last.record.time)), when \(step(last))."]
            + chances.map { "Still in time: \(means($0)), until \(times.clock($0.record.time)), when \(step($0))." }
    }

    /// The same in one line, beginning with the moment.
    var line: String? {
        guard let last = finding.pointOfNoReturn else { return nil }
        let chances = finding.lastChances.sorted { $0.step > $1.step }
            .map { "\(means($0)) until \(times.clock($0.record.time))" }
        return "\(times.clock(last.record.time)), when \(step(last)); in time were "
            + chances.joined(separator: ", ")
    }

    private func means(_ chance: Finding.LastChance) -> String {
        switch chance.means {
        case .safeguard(let safeguard): safeguard.words
        case .pause: "an operator pausing \(symbols[chance.actor])"
        }
    }

    private func step(_ chance: Finding.LastChance) -> String {
        let who = symbols[chance.record.actor]
        let plan = finding.plan.map { "plan \($0)" } ?? "the plan"
        return switch chance.step {
        case .newerWrite: "the newer plan was written"
        case .sending: "\(symbols[chance.actor]) sent the write"
        case .effect: chance.record.kind == .changeCommitted ? "\(who) took the write" : "the write took effect"
        case .deletion: "\(symbols[chance.actor]) deleted \(plan)"
        }
    }
}
