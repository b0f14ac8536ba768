import EventModel

/// Checks one finding against the lines that it cites.
struct Check {
    let claim: Claim
    let relations: Relations
    let sources: [String: Int]

    var ledger: Ledger { relations.ledger }

    /// Refuses the finding unless its proof holds.
    func run() throws(Refusal) {
        for citation in claim.citations { _ = try record(citation) }
        switch claim.kind {
        case "stale-plan-overwrite", "rollback": try overwrite()
        case "stale-check": try nearMiss()
        case "active-plan-deleted": try deletion()
        case "endpoint-emptied": try emptied()
        case "automation-wedged": try wedge()
        default: try LogCheck(check: self).run()
        }
    }

    // MARK: Lines

    /// The line that is cited, once it is as the finding says.
    func record(_ citation: Citation) throws(Refusal) -> Record {
        let at = "\(citation.file):\(citation.line)"
        let source = try need(sources[citation.file], "the bundle has no log \(citation.file)")
        let record = try need(ledger.cited[Place(source: source, line: citation.line)], "\(at) is not a record")
        try require(citation.byte == nil || citation.byte == record.byte, "\(at) does not begin at the byte cited")
        try require(record.actor == citation.actor, "\(at) is of \(record.actor), not of \(citation.actor)")
        if let event = citation.event {
            try require(record.event == event, "\(at) is a \(record.event), not a \(event)")
        }
        try require(record.time == citation.time.flatMap(Check.time), "\(at) has another time")
        if let counter = citation.counter {
            try require(record.counter == counter, "\(at) is not event \(counter) of \(record.actor)")
        }
        return record
    }

    /// The record that plays a part in the evidence.
    func part(_ name: String) throws(Refusal) -> Record? {
        guard let citation = claim.evidence.first(where: { $0.part == name }) else { return nil }
        return try record(citation)
    }

    func cited(_ step: Step, _ key: String) throws(Refusal) -> Record {
        try record(try need(step.cited[key], "the step \(step.name) does not cite its \(key) record"))
    }

    func chain(_ step: Step) throws(Refusal) -> [Record] {
        var records: [Record] = []
        for citation in step.chain { records.append(try record(citation)) }
        return records
    }

    func step(_ name: String) -> Step? { claim.proof.first { $0.name == name } }

    /// The records that the finding counts, each once.
    func counted() throws(Refusal) -> [Record] {
        let step = try need(step("counts"), "the finding counts records that it does not cite")
        var records: [Record] = []
        for part in step.counted {
            let source = try need(sources[part.file], "the bundle has no log \(part.file)")
            for line in part.lines {
                let place = Place(source: source, line: line)
                records.append(try need(ledger.cited[place], "\(part.file):\(line) is not a record"))
            }
        }
        try require(Set(records.map(\.place)).count == records.count, "a line is counted twice")
        try require(
            claim.count == Int64(records.count), "\(records.count) records are cited, and \(claim.count ?? 0) counted")
        return records
    }

    static func time(_ text: String) -> Int64? {
        if case .moment(let time) = RFC3339.read(text) { time.nanoseconds } else { nil }
    }

    // MARK: What a finding says of itself

    /// Checks a time of the finding.
    func isAt(_ record: Record) throws(Refusal) {
        try require(record.time == Check.time(claim.at), "the finding's time is not that of \(relations.name(record))")
    }

    /// Checks that a window ended with a record, or where it began, if that is later.
    func ended(with record: Record) throws(Refusal) {
        let until = claim.until.flatMap(Check.time)
        let ends = [record.time, Check.time(claim.at)].compactMap { $0 }.max()
        try require(until == ends, "the finding's end is not the time of \(relations.name(record))")
    }

    func hasBasis(_ words: [String]) throws(Refusal) {
        let basis = claim.basis ?? ""
        try require(words.contains(basis), "it rests on '\(basis)', which its proof does not show")
    }

    /// Checks that the sentence names what the finding is about.
    func tells(_ words: [String]) throws(Refusal) {
        for word in words {
            try require(claim.summary.contains(word), "its sentence does not say '\(word)', which its records show")
        }
    }

    /// Checks that a record tells of the effect of a write.
    func isEffect(_ record: Record, on endpoint: String, of plan: Generation?, by writer: String?) throws(Refusal) {
        let name = relations.name(record)
        try require(record.endpoint == endpoint, "\(name) is not about \(endpoint)")
        if let plan { try require(record.plan == plan, "\(name) does not write plan \(plan)") }
        if let writer, let own = record.writer { try require(own == writer, "\(name) is not a write of \(writer)") }
        try require(record.isEffect || record.isInDoubt, "\(name) does not tell that a write took effect")
        if record.isInDoubt {
            let isStored = (ledger.onEndpoint[endpoint] ?? []).contains {
                $0.event == "change.committed" && $0.plan == record.plan && $0.by ?? record.actor == record.actor
            }
            try require(isStored, "\(name) leaves open whether the write took effect, and no store's record tells")
        }
    }
}
