import EventModel

/// Finds endpoints that writers take from one another by turns: `contended-endpoint`, one finding an endpoint.
///
/// Definition: writes without a generation that took effect on one endpoint, where one writer's follow another's and that one's follow
/// again, for two rounds (A, B, A, B) or more; between two turns no more than an hour passes. `high` and `likely` where the writers leave
/// different numbers of `records`, each its own; else `medium` and `possible`, since healthy pairs write by turns too.
/// What it cannot see: what was written, beyond the count of records; writers that share one name. Writes with a generation are judged by
/// their order instead (<doc:PlanOrder>).
struct ContendedEndpointDetector: Detector {
    fileprivate struct Writer {
        var actor: Symbol
        var records: Int64?
        /// Whether all its writes left the same number of records.
        var isSteady = true
    }

    fileprivate struct Contest {
        var writers: [Writer] = []
        /// Whose turn it is, and how many turns there were.
        var turn = 0
        var turns = 0
        var first: RecordRef
        var second: RecordRef?
        var last: RecordRef
        /// Whether those whose turns follow each other left different numbers of records, each its own.
        var differs = false
    }

    private var contests: [Symbol: Contest] = [:]
    private var ended: [(endpoint: Symbol, contest: Contest)] = []

    fileprivate static let rounds = 2
    private static let pause = Nanoseconds.hour
    fileprivate static let writerLimit = 16
    /// Endpoints that are followed; past it new ones are not.
    private static let limit = 65_536

    static let interest = EventInterest.timed(.planApplied, .changeCommitted)

    init(shards: Int) {}

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        if batch.fields[row].contains(FieldSet(.plan)) || batch.fields[row].contains(.byOperator)
            || batch.outcome[row] != .ok
        {
            return
        }
        let endpoint = batch.endpoint[row]
        let by = batch.symbol(.by, at: row)
        let actor = batch.kind[row] == .changeCommitted && by != .none ? by : batch.actor[row]
        if endpoint == .none || actor == .none { return }
        let record = delivery.reference(batch, row: row)
        let records = batch.integer(.records, at: row)
        if let known = contests[endpoint], record.time.since(known.last.time) > ContendedEndpointDetector.pause {
            ended.append((endpoint, known))
            contests[endpoint] = nil
        }
        if contests[endpoint] == nil {
            if contests.count >= ContendedEndpointDetector.limit { return }
            contests[endpoint] = Contest(
                writers: [Writer(actor: actor, records: records)], turns: 1, first: record, last: record)
            return
        }
        contests[endpoint]?.write(by: actor, records: records, record)
    }

    mutating func finish(_ log: WholeLog) -> Detections {
        for (endpoint, contest) in contests { ended.append((endpoint, contest)) }
        var findings = ended.compactMap { $0.contest.finding(on: $0.endpoint, log) }
        findings.sort(by: Finding.precedes)
        return Detections(findings)
    }
}

extension ContendedEndpointDetector.Contest {
    mutating func write(by actor: Symbol, records: Int64?, _ record: RecordRef) {
        last = record
        if writers[turn].actor == actor {
            note(records)
            return
        }
        let before = writers[turn].records
        if let known = writers.firstIndex(where: { $0.actor == actor }) {
            turn = known
            note(records)
        } else {
            if writers.count >= ContendedEndpointDetector.writerLimit { return }
            writers.append(ContendedEndpointDetector.Writer(actor: actor, records: records))
            turn = writers.count - 1
        }
        turns += 1
        if turns == 2 { second = record }
        if let before, let records, before != records { differs = true }
    }

    private mutating func note(_ records: Int64?) {
        if writers[turn].records != records { writers[turn].isSteady = false }
    }

    func finding(on endpoint: Symbol, _ log: WholeLog) -> Finding? {
        let rounds = turns / 2
        guard rounds >= ContendedEndpointDetector.rounds, let second else { return nil }
        let isUndone = differs && writers.allSatisfy { $0.isSteady && $0.records != nil }
        // Whoever writes once in a while goes on, as far as the log tells.
        let turnLength = last.time.since(first.time) / Int64(max(1, turns - 1))
        let lasts = log.span.map { $0.upperBound.since(last.time) <= 2 * turnLength } ?? true
        var finding = Finding(
            kind: .contendedEndpoint, severity: isUndone ? .high : .medium,
            confidence: isUndone ? .likely : .possible, at: first.time, until: lasts ? nil : last.time,
            isWindow: true,
            evidence: [
                Finding.Evidence(part: Finding.Part.firstTurn, record: first),
                Finding.Evidence(part: Finding.Part.nextTurn, record: second),
                Finding.Evidence(part: Finding.Part.lastTurn, record: last),
            ])
        finding.endpoint = log.symbols[endpoint]
        finding.actors = writers.map { log.symbols[$0.actor] }.sorted()
        finding.count = Int64(rounds)
        return finding
    }
}
