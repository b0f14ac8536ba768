import EventModel

/// Own counters that the logs lack, each with what is known of its place: what its actor knew before it, and when.
///
/// Of a process so many gaps are kept apart, fewer where their clocks are long; beyond that neighbours are joined, so that nothing lost is
/// forgotten and memory stays bounded.
package struct LostRecords: Sendable {
    /// Counters that a process's log lacks between two records, at its beginning or behind its end.
    package struct Gap: Sendable {
        package var actor: Symbol
        package var process: ProcessID
        /// The counters; joined gaps have records in between.
        package var counters: ClosedRange<Int64>
        package var count: Int64
        /// The clock of the record ahead of it; empty at the beginning.
        package var known: VectorClock
        /// The actor's wall clock on either side, in nanoseconds; `.min` and `.max` where there is no record.
        package var from: Int64
        package var to: Int64
        /// The record behind it.
        package var next: RecordRef?
        /// Whether an operator's log lacks them.
        package var isOperators: Bool

        /// Whether all of it happened after the event at `stamp` of `process`.
        package func isAfter(_ process: ProcessID, _ stamp: Stamp) -> Bool {
            known[process] != .zero && known.covers(process, stamp)
        }
    }

    private static let kept = 256
    /// With more entries than this in the clocks of all gaps, a process keeps few, and the clock of a new one names few.
    private static let entriesKept = 1 << 20
    private static let few = 8
    private static let fewEntries = 64
    /// So many gaps of one process are named one by one for one finding; the last has the rest too.
    private static let named = 8

    /// By process, each in the order of its counters.
    package private(set) var gaps: [[Gap]] = []
    /// How many entries the clocks of all gaps have.
    private var entries = 0

    /// How many entries the clock of a new gap may have, those of the processes that began last.
    var room: Int { entries > Self.entriesKept ? Self.fewEntries : .max }

    mutating func add(_ gap: Gap) {
        let process = Int(gap.process.index)
        gaps.grow(toHold: process, with: [])
        if gaps[process].count >= (entries > Self.entriesKept ? Self.few : Self.kept) {
            entries -= Self.entries(of: gaps[process])
            gaps[process] = Self.joined(gaps[process])
            entries += Self.entries(of: gaps[process])
        }
        gaps[process].append(gap)
        entries += gap.known.entries.count
    }

    private static func entries(of gaps: [Gap]) -> Int { gaps.reduce(0) { $0 + $1.known.entries.count } }

    /// Gaps of one process as a finding names them.
    static func named(_ gaps: some Sequence<Gap>, _ doubt: MissingRecords.Doubt) -> [MissingRecords] {
        var found: [MissingRecords] = []
        for gap in gaps {
            var records = MissingRecords(
                actor: gap.actor, counters: gap.counters, count: gap.count, before: gap.next, doubt: doubt)
            if found.count == named, let last = found.popLast() {
                records.counters = last.counters.map { $0.lowerBound...max($0.upperBound, gap.counters.upperBound) }
                records.count = last.count.addingReportingOverflow(gap.count).overflow ? .max : last.count + gap.count
                records.before = last.before
            }
            found.append(records)
        }
        return found
    }

    /// What the logs of those whose records prove a window lack of its time, by their own clocks.
    func missing(during window: Finding) -> [MissingRecords] {
        let since = window.at.nanoseconds
        let until = window.until?.nanoseconds ?? .max
        return Set(window.evidence.map(\.record.process)).sorted().flatMap { process in
            let at = Int(process.index)
            return at < gaps.count ? Self.named(gaps[at].filter { $0.to > since && $0.from < until }, .extent) : []
        }
    }

    /// Every two neighbours made one.
    private static func joined(_ gaps: [Gap]) -> [Gap] {
        stride(from: 0, to: gaps.count, by: 2).map { at in
            var gap = gaps[at]
            guard at + 1 < gaps.count else { return gap }
            let other = gaps[at + 1]
            gap.counters = gap.counters.lowerBound...max(gap.counters.upperBound, other.counters.upperBound)
            gap.count = gap.count.addingReportingOverflow(other.count).overflow ? .max : gap.count + other.count
            gap.to = other.to
            return gap
        }
    }
}
