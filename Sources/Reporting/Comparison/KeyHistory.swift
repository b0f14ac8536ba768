import CausalAnalysis
import EventModel

/// What an endpoint, a queue or a service can be compared by.
package enum HistoryKey: Hashable, Comparable, Sendable {
    case endpoint(String)
    case queue(String)
    case service(String)

    package var name: String {
        switch self {
        case .endpoint(let name), .queue(let name), .service(let name): name
        }
    }

    package var sort: String {
        switch self {
        case .endpoint: "endpoint"
        case .queue: "queue"
        case .service: "service"
        }
    }
}

/// The events about some keys, each with which of the key's events happened before it.
package struct KeyHistories: EventConsumer {
    /// An event of a key.
    package struct Event: Sendable {
        /// What both bundles must have in common: who, what, and all that its record says but times, latencies and numbers that depend on
        /// other keys.
        package var act: String
        /// Of each actor the last event of the key that happened before it, or is it.
        package var past: [String: Int]
        package var time: Timestamp
        package var actor: String
        package var record: String
    }

    private let keys: [HistoryKey]
    private let files: [String]
    private let name: (Symbol) -> String
    private var orders: [ExportOrder]
    package private(set) var events: [[Event]]

    /// - Parameter keys: whose events are gathered; in the order of `events`.
    package init(_ keys: [HistoryKey], files: [String], name: @escaping (Symbol) -> String) {
        self.keys = keys
        self.files = files
        self.name = name
        orders = keys.map { _ in ExportOrder() }
        events = keys.map { _ in [] }
    }

    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        for (index, key) in keys.enumerated() {
            let symbol =
                switch key {
                case .endpoint: batch.endpoint[row]
                case .queue: batch.symbol(.queue, at: row)
                case .service: batch.symbol(.service, at: row)
                }
            if symbol == .none || name(symbol) != key.name { continue }
            let time = Timestamp(nanoseconds: batch.time[row])
            let actor = name(batch.actor[row])
            let place = orders[index].add(delivery, time: time, actor: actor, clocks: clocks)
            let file = files[Int(delivery.source.index)]
            let event = EventRow(batch, row: row, delivery: delivery, name: name, file: file)
            let names = orders[index].hostNames
            events[index].append(
                Event(
                    act: Self.act(event),
                    past: Dictionary(
                        place.clock.map { (names[$0.host], $0.position) }, uniquingKeysWith: { first, _ in first }),
                    time: time, actor: actor, record: "\(file):\(event.line)"))
        }
    }

    /// Fields that say when, how long, or count over all keys.
    private static let left: Set = ["latency_ms", "oldest_ms", "commit", "id", "causes", "role"]

    private static func act(_ event: EventRow) -> String {
        var words = [event.event]
        if let plan = event.plan { words.append("plan \(plan)") }
        if let outcome = event.outcome { words.append(outcome) }
        words += event.fields.filter { !left.contains($0.key) }.map { "\($0.key) \($0.value)" }
        return words.joined(separator: " ")
    }
}

/// Where two histories of one key part.
package struct HistoryComparison: Sendable {
    package let key: HistoryKey
    /// How many events both begin with.
    package let common: Int
    /// The first event of each that the other's history does not have there; nil where it ends before.
    package let a: KeyHistories.Event?
    package let b: KeyHistories.Event?
    /// How many events each has.
    package let counts: (a: Int, b: Int)

    /// Whether they part at all.
    package var isSame: Bool { a == nil && b == nil }

    /// Compares events by their actor's count, their act and their past, so that the order in which concurrent events are shown does not
    /// matter.
    package init(_ key: HistoryKey, _ a: [KeyHistories.Event], _ b: [KeyHistories.Event]) {
        self.key = key
        counts = (a.count, b.count)
        func first(of events: [KeyHistories.Event], missingIn others: [KeyHistories.Event]) -> Int? {
            let known = Set(others.map(Identity.init))
            return events.firstIndex { !known.contains(Identity($0)) }
        }
        let (x, y) = (first(of: a, missingIn: b), first(of: b, missingIn: a))
        self.a = x.map { a[$0] }
        self.b = y.map { b[$0] }
        common = min(x ?? a.count, y ?? b.count)
    }

    /// An event's own count is part of its past.
    private struct Identity: Hashable {
        var actor: String
        var act: String
        var past: [String: Int]

        init(_ event: KeyHistories.Event) { (actor, act, past) = (event.actor, event.act, event.past) }
    }
}
