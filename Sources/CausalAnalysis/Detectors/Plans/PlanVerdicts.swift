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
    /// Between which events no lost write may lie for it to hold; nil where none could change it.
    var span: PlanSpan?
    /// From its check to its write.
    var checkSpan: PlanSpan?
    /// The finding of the empty endpoint that it is no surer than.
    var emptied: Int?
}

/// A question that the records leave open.
struct OpenQuestion: Sendable {
    var endpoint: Symbol
    var plan: Int64
    var question: String
    var evidence: [Finding.Evidence]
}

/// What the plan detector has concluded so far.
struct PlanVerdicts: Sendable {
    private struct Run: Hashable {
        var writer: UInt32
        var plan: Int64
    }

    /// The findings, without names and sentences, and of each what these are made of.
    var findings: [Finding] = []
    var facts: [PlanFacts] = []
    var questions: [OpenQuestion] = []
    var droppedConstraints: UInt64 = 0
    private var nearMisses: [Run: Int] = [:]
    private var lastNearMiss: [Int: Symbol] = [:]

    /// Takes a finding; its index.
    mutating func add(_ finding: Finding, _ known: PlanFacts) -> Int {
        findings.append(finding)
        facts.append(known)
        return findings.count - 1
    }

    /// Counts a near miss in the finding of its run.
    mutating func addNearMiss(
        _ step: PlanStep, over displaced: PlanStep, check: Check, endpoint: Symbol, confidence: Finding.Confidence,
        span: PlanSpan?
    ) {
        let run = Run(writer: step.writer.index, plan: step.plan)
        let write = Finding.Evidence(part: Finding.Part.nearMiss, record: step.shown)
        if let at = nearMisses[run] {
            if lastNearMiss[at] == endpoint { return }
            lastNearMiss[at] = endpoint
            findings[at].count = (findings[at].count ?? 0) + 1
            if confidence > findings[at].confidence {
                findings[at].confidence = confidence
                facts[at].span = span
            }
            if step.at < findings[at].at { findings[at].at = step.at }
            return
        }
        var finding = Finding(kind: .staleCheck, severity: .info, confidence: confidence, at: step.at)
        finding.plan = step.plan
        finding.count = 1
        finding.evidence = [
            write, Finding.Evidence(part: Finding.Part.check, record: check.moment.ref),
            Finding.Evidence(part: Finding.Part.displaced, record: displaced.shown),
        ]
        nearMisses[run] = add(finding, PlanFacts(actor: step.writer, span: span))
        lastNearMiss[findings.count - 1] = endpoint
    }
}
