import EventModel

/// What is known of a finding before its sentence is written: names are still symbols.
struct PlanFacts: Sendable {
    var endpoint: Symbol = .none
    var actor: Symbol = .none
    /// Whose write ended it, and of which generation.
    var endedBy: Symbol = .none
    var endedPlan: Int64 = -1
    /// How many different actors took part.
    var actors = 0
    /// Whether its check is only the start of the run.
    var checkIsRunStart = false
    /// The plan whose deletion emptied the endpoint, where one did.
    var deleted: Int64 = -1
}

/// A question that the records leave open.
struct OpenQuestion: Sendable {
    var endpoint: Symbol
    var plan: Int64
    var question: String
    var evidence: [Finding.Evidence]
}

/// What was concluded from the histories of some endpoints. Those of several parts are merged into the same, whatever the parts.
struct PlanVerdicts: Sendable {
    struct Run: Hashable, Sendable {
        var writer: UInt32
        var plan: Int64
    }

    /// The writes of one run that were newer than what was active, though that had changed since its check.
    struct NearMiss: Sendable {
        var finding: Finding
        var actor: Symbol
        var endpoint: Symbol
    }

    /// The findings, without names and sentences, and of each what these are made of.
    var findings: [Finding] = []
    var facts: [PlanFacts] = []
    var questions: [OpenQuestion] = []
    var droppedConstraints: UInt64 = 0
    private var nearMisses: [Run: NearMiss] = [:]

    /// Takes a finding; its index.
    mutating func add(_ finding: Finding, _ known: PlanFacts) -> Int {
        findings.append(finding)
        facts.append(known)
        return findings.count - 1
    }

    /// Counts a near miss in the finding of its run.
    mutating func add(_ miss: NearMiss, of run: Run, _ symbols: SymbolTable) {
        guard let known = nearMisses[run] else {
            nearMisses[run] = miss
            return
        }
        // The first by its time is told of; of several at once that of the smallest name.
        let isFirst =
            miss.finding.at != known.finding.at
            ? miss.finding.at < known.finding.at : symbols.isOrdered(miss.endpoint, before: known.endpoint)
        var (told, other) = isFirst ? (miss, known) : (known, miss)
        told.finding.count = (told.finding.count ?? 0) + (other.finding.count ?? 0)
        if other.finding.confidence > told.finding.confidence {
            swap(&told.finding.confidence, &other.finding.confidence)
            swap(&told.finding.missing, &other.finding.missing)
        }
        nearMisses[run] = told
    }

    /// Takes over what was concluded of other endpoints.
    mutating func merge(_ other: consuming PlanVerdicts, _ symbols: SymbolTable) {
        findings += other.findings
        facts += other.facts
        questions += other.questions
        droppedConstraints &+= other.droppedConstraints
        for (run, miss) in other.nearMisses { add(miss, of: run, symbols) }
    }

    /// All findings with their sentences, and the questions, in an order that depends on the events alone.
    consuming func finish(_ sentences: PlanSentences) -> PlanFindings {
        for miss in nearMisses.values { _ = add(miss.finding, PlanFacts(actor: miss.actor)) }
        for at in findings.indices { sentences.complete(&findings[at], facts[at]) }
        findings.sort(by: PlanVerdicts.precedes)
        let undecided = questions.map(sentences.undecided).sorted {
            ($0.endpoint, $0.plan ?? -1, $0.question) < ($1.endpoint, $1.plan ?? -1, $1.question)
        }
        return PlanFindings(findings: findings, undecided: undecided, droppedConstraints: droppedConstraints)
    }

    /// By endpoint, as each endpoint's history has them; near misses of no endpoint come last.
    private static func precedes(_ a: Finding, _ b: Finding) -> Bool {
        if a.endpoint != b.endpoint {
            guard let x = a.endpoint, let y = b.endpoint else { return a.endpoint != nil }
            return x < y
        }
        if a.endpoint == nil { return (a.actor ?? "", a.plan ?? -1) < (b.actor ?? "", b.plan ?? -1) }
        return false
    }
}

/// What the plan detector found.
package struct PlanFindings: Sendable {
    package var findings: [Finding]
    package var undecided: [Quality.Undecided]
    /// Constraints of endpoints' orders that contradicted stronger ones.
    package var droppedConstraints: UInt64
}
