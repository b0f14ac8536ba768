import EventModel

/// What to log next time: what would have decided the findings that are not proven and the questions that are open, what settles most first.
struct LoggingAdvice {
    /// One thing to log, and what it would have settled.
    struct Item {
        let evidence: MissingEvidence
        /// Indices of the findings.
        var findings: [Int] = []
        /// How many open questions.
        var questions: UInt64 = 0

        /// How many findings and questions.
        var count: UInt64 { UInt64(findings.count) + questions }
    }

    /// Ranked; of equal weight by their words.
    let items: [Item]

    init(_ report: Report) {
        var items: [MissingEvidence: Item] = [:]
        for (index, finding) in report.findings.enumerated() {
            guard let evidence = finding.missingEvidence(among: report.findings) else { continue }
            items[evidence, default: Item(evidence: evidence)].findings.append(index)
        }
        for question in report.quality.undecided {
            let evidence = question.missingEvidence
            items[evidence, default: Item(evidence: evidence)].questions += UInt64(question.count)
        }
        self.items = items.values.sorted { a, b in
            a.count != b.count ? a.count > b.count : a.evidence.words < b.evidence.words
        }
    }
}

extension MissingEvidence {
    /// Writes the members `field`, `event` and `log`, as far as they apply.
    func write(to json: inout JSONWriter) {
        switch self {
        case .field(let name, let event):
            json.field("field", name)
            json.field("event", event.name)
        case .event(let event): json.field("event", event.name)
        case .log(let actor): json.field("log", actor)
        }
    }
}
