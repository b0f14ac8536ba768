import CausalAnalysis
import EventModel

/// The events around a plan finding, with what happened directly before what.
struct Diagram {
    /// The index of the finding's group.
    var group: Int
    var events: [PageEvent]
    /// Pairs of events, as indices: the first happened directly before the second.
    var edges: [(from: Int, to: Int)]
    /// The place of the record that the finding is about.
    var pivot: RecordPlace?
    /// How many events of the same time and endpoint there was no room for.
    var omitted: UInt64
}

/// Gathers the events around a plan finding: its evidence, and what happened to plans of its endpoint meanwhile, the nearest
/// in time first.
struct DiagramDraft {
    private struct Candidate {
        var event: PageEvent
        var process: ProcessID
        var stamp: Stamp
        var clock: VectorClock
    }

    /// What is drawn at most.
    static let limit = 400
    /// What of the evidence lies further from the finding than this stretches the span no more.
    private static let reach = (before: 30 * Nanoseconds.minute, after: Nanoseconds.minute)
    private static let margin = (before: 2 * Nanoseconds.second, after: 20 * Nanoseconds.second)

    private let group: Int
    /// The number of the endpoint's name, as the page's builder gives it.
    private let endpoint: Int
    private let at: Timestamp
    private let span: ClosedRange<Timestamp>
    private let evidence: Set<RecordPlace>
    private let pivot: RecordPlace?
    private var candidates = Best<Candidate>(limit: Self.limit)
    private var seen: UInt64 = 0

    init(_ finding: Finding, group: Int, endpoint: Int) {
        self.group = group
        self.endpoint = endpoint
        at = finding.at
        evidence = Set(finding.evidence.map { RecordPlace($0.record) })
        pivot = (finding.evidence.first { $0.record.time == finding.at } ?? finding.evidence.first)
            .map { RecordPlace($0.record) }
        let near = finding.evidence.map(\.record.time).filter {
            $0 >= finding.at.advanced(by: -Self.reach.before) && $0 <= finding.at.advanced(by: Self.reach.after)
        }
        let from = min(finding.at, near.min() ?? finding.at).advanced(by: -Self.margin.before)
        let to = max(finding.at, near.max() ?? finding.at).advanced(by: Self.margin.after)
        span = from...to
    }

    /// Takes an event that is about the endpoint of that number, or about none.
    /// - Parameters:
    ///   - isMarked: whether any finding names the record.
    ///   - reason: why the event may be in the page without the diagram.
    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks, endpoint: Int?,
        isMarked: Bool, reason: PageEvent.Reason, name: (Symbol) -> String
    ) {
        let isEvidence =
            isMarked && evidence.contains(RecordPlace(source: delivery.source, line: batch.line(at: row)))
        let time = Timestamp(nanoseconds: batch.time[row])
        if !isEvidence {
            guard batch.kind[row].isOfPlans || batch.kind[row] == .planApplying || batch.kind[row] == .recordRestored,
                endpoint == self.endpoint || batch.endpoint[row] == .none, span.contains(time)
            else { return }
        }
        seen += 1
        let distance = isEvidence ? 0 : max(1, time.since(at).magnitude)
        let key = Best<Candidate>.Key(rank: distance, ordinal: delivery.ordinal)
        guard candidates.takes(key) else { return }
        candidates.add(
            key,
            Candidate(
                event: PageEvent(batch, row: row, delivery: delivery, reason: reason, name: name),
                process: delivery.process, stamp: delivery.stamp, clock: clocks.snapshot(delivery.process)))
    }

    /// The diagram, once all events have been taken.
    consuming func finish() -> Diagram {
        let (group, pivot, seen) = (group, pivot, seen)
        let chosen = candidates.finish()
        let causes = CausalLinks.directCauses(chosen.count) { earlier, later in
            chosen[later].clock.covers(chosen[earlier].process, chosen[earlier].stamp)
        }
        let edges = causes.enumerated().flatMap { later, earlier in earlier.map { (from: $0, to: later) } }
        return Diagram(
            group: group, events: chosen.map(\.event), edges: edges, pivot: pivot,
            omitted: seen - UInt64(chosen.count))
    }
}
