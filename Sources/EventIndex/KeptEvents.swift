import CausalAnalysis
import EventModel

/// Keeps, while a bundle is analyzed, the events that an answer may need, so that the logs need not be read again for them.
///
/// Up to a budget: what needs more keeps nothing. Also counts the names that there are, for whoever asks for one that is not.
package struct KeptEvents: EventConsumer {
    /// Which events are kept.
    package struct Wanted {
        /// Those that satisfy it.
        package var filter: EventFilter
        /// The last so many nanoseconds, counted from the last event, which is known only at the end.
        package var last: Int64?
        /// Events of these kinds too, as far as the filter's window allows: the findings may rest on them.
        package var besides: [EventKind] = []
        /// Of those that satisfy the filter the first so many; the others are counted.
        package var limit = Int.max

        package init(_ filter: EventFilter) {
            self.filter = filter
        }
    }

    private var wanted: Wanted
    private let budget: Int
    private let name: (Symbol) -> String
    private var counts = NameCounts()
    private var latest = Timestamp(nanoseconds: .min)
    /// Nil once they were more than the budget allows.
    private var rows: KeptRows? = KeptRows()
    /// How many events satisfy the filter but came behind the limit.
    package private(set) var behindLimit = 0

    /// - Parameters:
    ///   - budget: how many bytes may be kept.
    ///   - name: the name behind a symbol of the events.
    package init(_ wanted: Wanted, budget: Int, name: @escaping (Symbol) -> String) {
        self.wanted = wanted
        self.budget = budget
        self.name = name
    }

    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        counts.add(batch, row: row)
        guard let rows else { return }
        let time = Timestamp(nanoseconds: batch.time[row])
        latest = max(latest, time)
        if let first = earliest, time < first { return }
        if wanted.filter.matches(batch, row: row, name: name) {
            if rows.count >= wanted.limit {
                behindLimit += 1
                return
            }
        } else if !wanted.besides.contains(batch.kind[row]) || !wanted.filter.window.contains(time) {
            return
        }
        rows.add(batch, row, line: batch.line(at: row), delivery)
        if rows.byteCount > budget { self.rows = rows.from(earliest, upTo: budget) }
    }

    /// From when on events count, as far as is known so far.
    private var earliest: Timestamp? { wanted.last.map { latest.advanced(by: -$0) } }

    /// Gives the events to a consumer in causal order, without clocks that know anything.
    /// - Parameter records: what it may need whether it satisfies the filter or not.
    /// - Returns: false where some of what it needs was not kept; the consumer then gets nothing.
    package func give(to consumer: inout some EventConsumer, with records: Set<RecordPlace>) -> Bool {
        guard let rows, records.isSubset(of: rows.places) else { return false }
        rows.give(to: &consumer)
        return true
    }

    /// The names of one sort that events have, whether they were kept or not, with how many have it.
    package func names(_ criterion: EventFilter.Criterion, _ symbols: SymbolTable) -> [(name: String, count: UInt64)] {
        counts.names(criterion, symbols)
    }
}

/// Events in the order in which they came: of each what stands in its columns for everybody, its plan, and its line.
private final class KeptRows {
    private var batch = EventBatch()
    private var deliveries: [Delivery] = []
    private var lines: [UInt64] = []

    var count: Int { deliveries.count }

    /// About how much memory they take.
    var byteCount: Int { batch.text.count + count * KeptRows.rowSize }
    private static let rowSize = MemoryLayout<EventBatch.Row>.stride + MemoryLayout<Delivery>.stride + 16

    var places: Set<RecordPlace> {
        Set(zip(deliveries, lines).map { RecordPlace(source: $0.source, line: $1) })
    }

    func add(_ other: borrowing EventBatch, _ row: Int, line: UInt64, _ delivery: Delivery) {
        let start = batch.text.count
        batch.text.append(contentsOf: other.text[other.textRange(at: row)])
        let plan = other.integer(.plan, at: row)
        if let plan { batch.values.append(plan) }
        batch.append(
            EventBatch.Row(
                time: other.time[row], actor: other.actor[row], event: other.event[row], kind: other.kind[row],
                endpoint: other.endpoint[row], fields: plan == nil ? [] : FieldSet(.plan),
                textStart: UInt32(start), textLength: UInt32(batch.text.count - start)))
        deliveries.append(delivery)
        lines.append(line)
    }

    /// Those from a time on; nil where that would soon be too many again.
    func from(_ time: Timestamp?, upTo budget: Int) -> KeptRows? {
        guard let time else { return nil }
        let rest = KeptRows()
        for row in deliveries.indices where batch.time[row] >= time.nanoseconds {
            rest.add(batch, row, line: lines[row], deliveries[row])
        }
        return rest.byteCount > budget / 2 ? nil : rest
    }

    func give(to consumer: inout some EventConsumer) {
        let clocks = ProcessClocks()
        for row in deliveries.indices {
            // All rows are of the batch's first line, whichever that is.
            batch.firstLine = lines[row]
            consumer.observe(batch, row: row, delivery: deliveries[row], clocks: clocks)
        }
    }
}
