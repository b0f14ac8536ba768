import CausalAnalysis
import EventModel

/// How many events each endpoint, actor and kind of event has.
package struct NameCounts: EventConsumer {
    /// By symbol.
    private var endpoints: [UInt64] = []
    private var actors: [UInt64] = []
    private var events: [UInt64] = []

    package init() {}

    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        add(batch, row: row)
    }

    mutating func add(_ batch: borrowing EventBatch, row: Int) {
        Self.count(batch.endpoint[row], in: &endpoints)
        Self.count(batch.actor[row], in: &actors)
        Self.count(batch.event[row], in: &events)
    }

    private static func count(_ symbol: Symbol, in counts: inout [UInt64]) {
        let index = Int(symbol.index)
        counts.grow(toHold: index, with: 0)
        counts[index] += 1
    }

    /// The symbols of one sort that events have, ascending.
    func all(_ criterion: EventFilter.Criterion) -> [(symbol: Symbol, count: UInt64)] {
        let counts =
            switch criterion {
            case .endpoint: endpoints
            case .actor: actors
            case .event: events
            }
        return counts.indices.dropFirst().filter { counts[$0] > 0 }.map { (Symbol(index: UInt32($0)), counts[$0]) }
    }

    /// The names of one sort that events have, with how many.
    package func names(_ criterion: EventFilter.Criterion, _ symbols: SymbolTable) -> [(name: String, count: UInt64)] {
        all(criterion).map { (symbols[$0.symbol], $0.count) }
    }
}
