import CausalAnalysis
import EventModel

/// The endpoints, queues and services that a bundle's events name.
package struct KeyNames: EventConsumer {
    private var endpoints: Set<Symbol> = []
    private var queues: Set<Symbol> = []
    private var services: Set<Symbol> = []

    package init() {}

    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        if batch.endpoint[row] != .none { endpoints.insert(batch.endpoint[row]) }
        if batch.has(.queue, at: row) { queues.insert(batch.symbol(.queue, at: row)) }
        if batch.has(.service, at: row) { services.insert(batch.symbol(.service, at: row)) }
    }

    /// What a name is; nil where it is none of these.
    package func key(_ name: String, _ symbols: SymbolTable) -> HistoryKey? {
        guard let symbol = symbols.find(name) else { return nil }
        if endpoints.contains(symbol) { return .endpoint(name) }
        if queues.contains(symbol) { return .queue(name) }
        return services.contains(symbol) ? .service(name) : nil
    }

    /// All names, sorted.
    package func all(_ symbols: SymbolTable) -> [(name: String, count: UInt64)] {
        endpoints.union(queues).union(services).map { (symbols[$0], 1) }.sorted { $0.name < $1.name }
    }
}
