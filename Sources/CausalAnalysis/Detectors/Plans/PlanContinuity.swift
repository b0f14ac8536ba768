import EventModel

/// Says of each finding which records that no log holds could overturn it. A finding that some could is at most likely.
///
/// A lost record may lie between two events unless it happened before the first, or after the second, by the clocks of the
/// records around it. Where the store's log is whole between them nothing that matters is lost.
struct PlanContinuity: Sendable {
    /// So many counters of the store are looked at one by one.
    private static let storeReach: Int64 = 64

    let lost: LostRecords
    /// Actors without a log that may have written.
    let absent: [Symbol]
    /// How many processes an actor has had, by its symbol: counts of several lives cannot be compared.
    let lives: [Int32]

    /// Judges findings in the order in which they were made.
    func judge(_ verdicts: inout PlanVerdicts, _ broadcast: PlanBroadcast, _ clocks: borrowing EventClocks) {
        for (at, facts) in verdicts.facts.enumerated() {
            if let span = facts.span {
                let missing = writes(missingIn: span, broadcast, clocks)
                verdicts.findings[at].missing = missing
                if !missing.isEmpty { lower(&verdicts.findings[at], to: .likely) }
            }
            if let span = facts.checkSpan {
                verdicts.findings[at].missing += checks(missingIn: span, broadcast, clocks)
            }
            // No surer than that there were no addresses.
            if let emptied = facts.emptied {
                lower(&verdicts.findings[at], to: verdicts.findings[emptied].confidence)
            }
        }
    }

    private func lower(_ finding: inout Finding, to confidence: Finding.Confidence) {
        finding.confidence = min(finding.confidence, confidence)
    }

    /// Where writes may be among what is lost in the span.
    func writes(
        missingIn span: PlanSpan, _ broadcast: PlanBroadcast, _ clocks: borrowing EventClocks
    ) -> [MissingRecords] {
        if isWholeInStore(span, broadcast) { return [] }
        var found: [MissingRecords] = []
        for gaps in lost.gaps {
            guard let process = gaps.first?.process else { continue }
            guard broadcast.isWriter(process) || gaps.contains(where: \.isOperators) else { continue }
            found += records(gaps, in: span, .finding, clocks)
        }
        found += absent.map { MissingRecords(actor: $0, counters: nil, count: 0, before: nil, doubt: .finding) }
        return found
    }

    /// Where later checks of the writer, and newer plans, may be among what is lost between a check and its write.
    private func checks(
        missingIn span: PlanSpan, _ broadcast: PlanBroadcast, _ clocks: borrowing EventClocks
    ) -> [MissingRecords] {
        var found: [MissingRecords] = []
        for gaps in lost.gaps {
            guard let process = gaps.first?.process else { continue }
            if process == span.toProcess {
                found += records(gaps, in: span, .check, clocks)
            } else if broadcast.isPlanner(process) {
                found += records(gaps, in: span, .newerPlans, clocks)
            }
        }
        return found
    }

    private func records(
        _ gaps: [LostRecords.Gap], in span: PlanSpan, _ doubt: MissingRecords.Doubt, _ clocks: borrowing EventClocks
    ) -> [MissingRecords] {
        guard let process = gaps.first?.process else { return [] }
        let isOwn = process == span.fromProcess
        let known = isOwn ? span.from : clocks.rows.entry(span.fromRow, process)
        let open = gaps[Self.firstIndex(gaps, beyond: known.counter)...]
        return LostRecords.named(open.prefix { !$0.isAfter(span.toProcess, span.to) }, doubt)
    }

    /// The first gap that holds a counter above `known`. O(log n).
    private static func firstIndex(_ gaps: [LostRecords.Gap], beyond known: Int64) -> Int {
        var low = 0
        var high = gaps.count
        while low < high {
            let middle = (low + high) / 2
            if gaps[middle].counters.upperBound > known { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Whether the store's log lacks no record between the two effects, but for those that are a deletion's.
    private func isWholeInStore(_ span: PlanSpan, _ broadcast: PlanBroadcast) -> Bool {
        guard let from = span.fromStore, let to = span.toStore, from.sharesCount(with: to),
            broadcast.stores.contains(from.store), lives[Int(from.store.index)] == 1
        else { return false }
        guard let gaps = lost.gaps.first(where: { $0.first?.actor == from.store }) else { return true }
        for gap in gaps[Self.firstIndex(gaps, beyond: from.stamp.counter)...] {
            if gap.counters.lowerBound >= to.stamp.counter { break }
            let first = max(gap.counters.lowerBound, from.stamp.counter + 1)
            let last = min(gap.counters.upperBound, to.stamp.counter - 1)
            if first > last { continue }
            if last - first > Self.storeReach { return false }
            for counter in first...last where !broadcast.isDeletion(from.store, counter: counter) { return false }
        }
        return true
    }
}
