import EventModel

/// Finds reads that show less than their reader knew: `stale-read`, one finding for each reader and endpoint.
///
/// Definition: a `plan.checked` with an `endpoint`, whose `active` is older than a generation whose write took effect
/// there and that its actor had written itself or that → puts before the read, while no write of the older one, no
/// restoration and no emptied record can lie between the two. `medium`, `likely`. What it cannot see: checks of whole
/// runs, which name no endpoint; readers whose clocks are lost; what was read where no `active` is recorded; writes of
/// logs that are missing; generations of 2⁶² and more; what lies ahead of the first such check.
struct StaleReadDetector: Detector {
    private struct Write {
        var record: RecordRef
        var plan: Int64
        /// Generations written here that are not known to lie before it.
        var beside: [Int64]
    }

    private struct Read {
        var record: RecordRef
        var plan: Int64
        var known: Write
    }

    private struct Endpoint {
        var writes: [Write] = []
        var reads: [Read] = []
    }

    private var endpoints: [Symbol: Endpoint] = [:]
    /// Whether any check names an endpoint and what it saw there: else nothing is remembered.
    private var seesReads = false

    private static let limit = 65_536
    /// The latest writes of an endpoint that are remembered; a read that knows none of them is not judged.
    private static let remembered = 8
    private static let reads = 256

    static let interest = EventInterest.timed(
        .planChecked, .planApplied, .changeCommitted, .recordRestored, .recordEmptied)

    init(shards: Int) {}

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let endpoint = batch.endpoint[row]
        if endpoint == .none { return }
        let isRead = batch.kind[row] == .planChecked
        guard isRead ? batch.has(.active, at: row) : seesReads else { return }
        seesReads = true
        let known = endpoints[endpoint] != nil
        switch batch.kind[row] {
        case .planChecked:
            guard known else { return }
            read(batch, row: row, delivery.reference(batch, row: row), clocks)
        case .planApplied, .changeCommitted:
            if !known, endpoints.count >= StaleReadDetector.limit { return }
            write(batch, row: row, delivery.reference(batch, row: row), clocks)
        default:
            // Whatever was active before, it need not be any more.
            if known { endpoints[endpoint] = Endpoint(reads: endpoints[endpoint]?.reads ?? []) }
        }
    }

    private mutating func read(
        _ batch: borrowing EventBatch, row: Int, _ record: RecordRef, _ clocks: borrowing ProcessClocks
    ) {
        let endpoint = batch.endpoint[row]
        guard let plan = StaleReadDetector.plan(batch, .active, row), plan > 0, let state = endpoints[endpoint],
            state.reads.count < StaleReadDetector.reads
        else { return }
        guard
            let index = state.writes.lastIndex(where: { write in
                write.plan > plan
                    && (write.record.process == record.process
                        || clocks[record.process, write.record.process] >= write.record.stamp)
            })
        else { return }
        let known = state.writes[index]
        let isReplaced =
            known.beside.contains { $0 <= plan } || state.writes[(index + 1)...].contains { $0.plan <= plan }
        if !isReplaced { endpoints[endpoint]?.reads.append(Read(record: record, plan: plan, known: known)) }
    }

    private mutating func write(
        _ batch: borrowing EventBatch, row: Int, _ record: RecordRef, _ clocks: borrowing ProcessClocks
    ) {
        let endpoint = batch.endpoint[row]
        guard let plan = StaleReadDetector.plan(batch, .plan, row) else {
            endpoints[endpoint] = Endpoint(reads: endpoints[endpoint]?.reads ?? [])
            return
        }
        switch batch.outcome[row] {
        case .refused, .throttled: return
        default: break
        }
        var state = endpoints[endpoint] ?? Endpoint()
        // A write whose answer comes after a read may have taken effect before it.
        state.reads.removeAll { read in
            plan <= read.plan && clocks[record.process, read.record.process] < read.record.stamp
        }
        let beside = state.writes.filter {
            $0.plan != plan && $0.record.process != record.process
                && clocks[record.process, $0.record.process] < $0.record.stamp
        }.map(\.plan)
        // What may have taken effect replaces, but nobody knows that it did.
        if batch.outcome[row] == .ok {
            state.writes.append(Write(record: record, plan: plan, beside: beside))
        } else {
            for index in state.writes.indices { state.writes[index].beside.append(plan) }
        }
        if state.writes.count > StaleReadDetector.remembered { state.writes.removeFirst() }
        endpoints[endpoint] = state
    }

    /// A generation whose code is its number.
    private static func plan(_ batch: borrowing EventBatch, _ field: Field, _ row: Int) -> Int64? {
        batch.integer(field, at: row).flatMap { $0 < Generation.firstLarge ? $0 : nil }
    }

    mutating func finish(_ log: WholeLog) -> Detections {
        var findings: [Finding] = []
        for (endpoint, state) in endpoints {
            let byReader = Dictionary(grouping: state.reads, by: \.record.actor)
            for (actor, reads) in byReader {
                guard let first = reads.first, let last = reads.last else { continue }
                var finding = Finding(
                    kind: .staleRead, severity: .medium, confidence: .likely, at: first.record.time,
                    until: reads.count > 1 ? last.record.time : nil, isWindow: reads.count > 1,
                    detail: .staleReads(
                        read: Generation(first.plan), known: Generation(first.known.plan),
                        byItself: first.known.record.actor == actor),
                    evidence: [
                        Finding.Evidence(part: Finding.Part.staleRead, record: first.record),
                        Finding.Evidence(part: Finding.Part.known, record: first.known.record),
                    ])
                finding.endpoint = log.symbols[endpoint]
                finding.actor = log.symbols[actor]
                finding.plan = Generation(first.plan)
                finding.count = Int64(reads.count)
                findings.append(finding)
            }
        }
        findings.sort(by: Finding.precedes)
        return Detections(findings)
    }
}
