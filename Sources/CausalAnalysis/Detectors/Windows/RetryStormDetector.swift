import EventModel

/// Finds the times in which the same work is tried over and over, or an actor's log explodes: `retry-storm`.
///
/// Definition, by attempts: of an actor's records of one kind (and queue) that carry `attempt`, those of a second or
/// later try are more than half, that is, every piece of work is tried more than twice, and out of their usual range
/// (`UsualRange`), three times the usual, ten or more in a span. Definition, by rate: the number of an actor's records
/// in a span of time is out of its usual range and at least ten times it; the usual must rest on 50 records, since an
/// actor that hardly wrote has no usual. Both for two minutes and for half of the window: runs, and single writes that
/// are refused, come in bursts. Always `high`. What it cannot see: retries that are neither numbered nor logged; an
/// actor that first wrote in the storm.
struct RetryStormDetector: Detector {
    private struct Span {
        var from = Int64.max
        var to = Int64.min
        var count = 0.0
        var last = Int64.min
        var first: RecordRef?
    }

    private var attempts = WindowSeries()
    private var rates = WindowSeries()
    /// What each actor, by symbol, wrote in the span that it is in.
    private var open: [Span] = []

    private static let span = 10 * Nanoseconds.second

    static let interest = EventInterest.everythingTimed

    init(shards: Int) {}

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        if count(batch.actor[row], at: batch.time[row]) { begin(delivery.reference(batch, row: row)) }
        guard let attempt = batch.integer(.attempt, at: row) else { return }
        let subject = WindowSubject(
            actor: batch.actor[row], name: batch.symbol(.queue, at: row), kind: batch.kind[row])
        if attempt > 1 {
            attempts.add(subject, tried: 1, bad: 1, delivery.reference(batch, row: row))
        } else {
            attempts.add(quiet: subject, at: Timestamp(nanoseconds: batch.time[row]))
        }
    }

    /// Counts any record; whether it is the first of its span, which `begin` then must name.
    @inline(__always)
    private mutating func count(_ actor: Symbol, at time: Int64) -> Bool {
        let index = Int(actor.index)
        if index < open.count, open[index].from <= time, time < open[index].to {
            open[index].count += 1
            open[index].last = time
            return false
        }
        return true
    }

    /// Begins a span of an actor with its first record.
    private mutating func begin(_ record: RecordRef) {
        let index = Int(record.actor.index)
        if index >= open.count { open += [Span](repeating: Span(), count: index + 1 - open.count) }
        close(index)
        let number = floorDivide(record.time.nanoseconds, RetryStormDetector.span)
        let from = number.multipliedReportingOverflow(by: RetryStormDetector.span)
        if from.overflow { return }
        open[index] = Span(
            from: from.partialValue,
            to: from.partialValue.addingReportingOverflow(RetryStormDetector.span).partialValue,
            count: 1, last: record.time.nanoseconds, first: record)
    }

    private mutating func close(_ index: Int) {
        guard let first = open[index].first else { return }
        rates.add(
            WindowSubject(actor: first.actor), tried: 0, bad: open[index].count, first,
            until: Timestamp(nanoseconds: open[index].last))
        open[index].first = nil
    }

    mutating func finish(_ log: WholeLog) -> Detections {
        for index in open.indices { close(index) }
        attempts.settleAll()
        let byAttempts = attempts.findings(
            .retryStorm, .shares, WindowRule(floor: 0.5, least: 10), log, where: \.isSustained
        ) { finding, _ in
            finding.severity = .high
        }
        let rule = WindowRule(isCount: true, factor: 10, least: 100, known: 50)
        let byRate = rates.findings(.retryStorm, .rates, rule, log, where: \.isSustained) { finding, span in
            finding.severity = .high
            finding.peak = span.peak.bad / (Double(span.width) / Double(Nanoseconds.second))
        }
        return Detections(byAttempts + byRate.filter { storm in !byAttempts.contains { $0.isStorm(with: storm) } })
    }
}

extension Finding {
    /// Whether two are of one actor at one time.
    fileprivate func isStorm(with other: Finding) -> Bool {
        actor == other.actor && at <= other.until ?? other.at && other.at <= until ?? at
    }
}
