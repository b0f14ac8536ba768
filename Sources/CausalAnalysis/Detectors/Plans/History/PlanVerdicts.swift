import EventModel

/// What was concluded from the histories of some endpoints. Those of several parts are merged into the same, whatever the parts.
struct PlanVerdicts: Sendable {
    /// The writes of one run that were newer than what was active, though that had changed since its check.
    struct NearMiss: Sendable {
        /// The first of them by its time; of several at once that of the smallest name.
        var first: Finding
        var endpoint: Symbol
        /// The surest of them, of equally sure ones the first.
        var surest: Finding
        var endpointOfSurest: Symbol
        var count: Int64 = 1
        /// The writes that are counted.
        var counted: [RecordPlace]

        init(_ finding: Finding, at endpoint: Symbol) {
            first = finding
            self.endpoint = endpoint
            surest = finding
            endpointOfSurest = endpoint
            counted = finding.evidence.prefix(1).map { RecordPlace($0.record) }
        }

        /// Takes over others of the same run, whichever were counted first.
        mutating func merge(_ other: NearMiss, _ symbols: SymbolTable) {
            func isFirst(_ a: Finding, _ x: Symbol, _ b: Finding, _ y: Symbol) -> Bool {
                a.at != b.at ? a.at < b.at : symbols.isOrdered(x, before: y)
            }
            if isFirst(other.first, other.endpoint, first, endpoint) {
                (first, endpoint) = (other.first, other.endpoint)
            }
            let isSurer =
                other.surest.confidence != surest.confidence
                ? other.surest.confidence > surest.confidence
                : isFirst(other.surest, other.endpointOfSurest, surest, endpointOfSurest)
            if isSurer { (surest, endpointOfSurest) = (other.surest, other.endpointOfSurest) }
            count += other.count
            counted += other.counted
        }

        var finding: Finding {
            var finding = first
            finding.count = count
            finding.confidence = surest.confidence
            finding.missing = surest.missing
            if surest.confidence == .proven {
                let places = counted.sorted { ($0.source, $0.line) < ($1.source, $1.line) }
                finding.proof = surest.proof + [.counts(places)]
            }
            return finding
        }
    }

    /// The findings; what ends one is told to it later.
    var findings: [Finding] = []
    var droppedConstraints: UInt64 = 0
    private var undecided: [Quality.Undecided] = []
    /// Of the endpoint that is judged, the places of its questions by what they ask.
    private var asked: (endpoint: Symbol, places: [Int: Int]) = (.none, [:])
    private var nearMisses: [PlanRun: NearMiss] = [:]

    /// Takes a finding about an endpoint; its index.
    mutating func add(_ finding: consuming Finding, by actor: Symbol, _ records: EndpointRecords) -> Int {
        finding.endpoint = records.name(records.endpoint)
        finding.actor = records.name(actor)
        findings.append(finding)
        return findings.count - 1
    }

    /// Takes a question that the records leave open. Of writes, those of an endpoint are counted.
    mutating func ask(
        _ question: Quality.Undecided.Question, of plan: Int64, _ evidence: [Finding.Evidence],
        _ records: EndpointRecords
    ) {
        if asked.endpoint != records.endpoint { asked = (records.endpoint, [:]) }
        if let kind = question.countedKind {
            if let at = asked.places[kind] {
                undecided[at].count += 1
                return
            }
            asked.places[kind] = undecided.count
        }
        undecided.append(
            Quality.Undecided(
                endpoint: records.name(records.endpoint) ?? "", plan: records.generation(plan), question: question,
                evidence: evidence))
    }

    /// Counts a near miss in the finding of its run.
    mutating func add(_ miss: NearMiss, of run: PlanRun, _ symbols: SymbolTable) {
        if nearMisses[run]?.merge(miss, symbols) == nil { nearMisses[run] = miss }
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
        if a.endpoint == nil {
            return a.actor != b.actor ? a.actor ?? "" < b.actor ?? "" : Generation.precedes(a.plan, b.plan)
        }
        return false
    }

    /// By endpoint and generation, then by what is asked.
    private static func precedes(_ a: Quality.Undecided, _ b: Quality.Undecided) -> Bool {
        if a.endpoint != b.endpoint { return a.endpoint < b.endpoint }
        return a.plan != b.plan ? Generation.precedes(a.plan, b.plan) : a.question < b.question
    }
}

extension Quality.Undecided.Question {
    /// What is asked, where such questions are counted.
    fileprivate var countedKind: Int? {
        switch self {
        case .effect: 0
        case .order: 1
        case .missingWrites: 2
        case .deletedWhileActive, .deletionsEffect: nil
        }
    }
}

extension EndpointRecords {
    /// A name; nil for none.
    func name(_ symbol: Symbol) -> String? { symbol == .none ? nil : clocks.settled.symbols[symbol] }

    /// The generation, or the commit, of a rank.
    func generation(_ rank: Int64) -> Generation { clocks.settled.ranks.generation(rank) }

    /// A write as the end of something.
    func ending(_ step: PlanStep) -> Finding.Ending? {
        name(step.writer).map { Finding.Ending(actor: $0, plan: step.plan >= 0 ? generation(step.plan) : nil) }
    }
}
