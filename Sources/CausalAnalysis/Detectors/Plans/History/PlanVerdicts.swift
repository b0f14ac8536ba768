import EventModel

/// What was concluded from the histories of some endpoints. Those of several parts are merged into the same, whatever the parts.
struct PlanVerdicts: Sendable {
    struct Run: Hashable, Sendable {
        var writer: UInt32
        var plan: Int64
    }

    /// The writes of one run that were newer than what was active, though that had changed since its check.
    struct NearMiss: Sendable {
        var finding: Finding
        var endpoint: Symbol
    }

    /// The findings; what ends one is told to it later.
    var findings: [Finding] = []
    var droppedConstraints: UInt64 = 0
    private var undecided: [Quality.Undecided] = []
    private var nearMisses: [Run: NearMiss] = [:]

    /// Takes a finding about an endpoint; its index.
    mutating func add(_ finding: consuming Finding, by actor: Symbol, _ records: EndpointRecords) -> Int {
        finding.endpoint = records.name(records.endpoint)
        finding.actor = records.name(actor)
        findings.append(finding)
        return findings.count - 1
    }

    /// Takes a question that the records leave open.
    mutating func ask(
        _ question: Quality.Undecided.Question, of plan: Int64, _ evidence: [Finding.Evidence],
        _ records: EndpointRecords
    ) {
        undecided.append(
            Quality.Undecided(
                endpoint: records.name(records.endpoint) ?? "", plan: plan, question: question, evidence: evidence))
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
        undecided += other.undecided
        droppedConstraints &+= other.droppedConstraints
        for (run, miss) in other.nearMisses { add(miss, of: run, symbols) }
    }

    /// All findings and questions, in an order that depends on the events alone.
    consuming func finish() -> Detections {
        var found = Detections()
        swap(&found.findings, &findings)
        found.findings += nearMisses.values.map(\.finding)
        found.findings.sort(by: PlanVerdicts.precedes)
        found.undecided = undecided.sorted(by: PlanVerdicts.precedes)
        found.droppedConstraints = droppedConstraints
        return found
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

    /// By endpoint and generation, then by what is asked.
    private static func precedes(_ a: Quality.Undecided, _ b: Quality.Undecided) -> Bool {
        (a.endpoint, a.plan ?? -1, a.question) < (b.endpoint, b.plan ?? -1, b.question)
    }
}

extension EndpointRecords {
    /// A name; nil for none.
    func name(_ symbol: Symbol) -> String? { symbol == .none ? nil : clocks.settled.symbols[symbol] }

    /// A write as the end of something.
    func ending(_ step: PlanStep) -> Finding.Ending? {
        name(step.writer).map { Finding.Ending(actor: $0, plan: step.plan >= 0 ? step.plan : nil) }
    }
}
