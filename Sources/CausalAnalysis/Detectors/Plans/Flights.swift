import EventModel

/// A write on its way: from its sending to its answer.
struct Flight: Sendable {
    var writer: Symbol
    var plan: Int64
    var sending: Moment
    var check: Check?
    /// The sending's place in the causal order.
    var ordinal: UInt64

    /// The record of a write that never was answered.
    var unanswered: PlanRecord {
        PlanRecord(
            form: .unanswered, moment: sending, ordinal: ordinal, outcome: .unknown, plan: plan, writer: writer,
            sending: sending, check: check)
    }
}

/// The writes on their way, at most one for each writer and endpoint.
///
/// Beside the ledgers, not in them: few are on their way at a time, and these few stay in the processor's cache.
struct Flights: Sendable {
    private struct Key: Hashable {
        var slot: Int
        var writer: Symbol
    }

    private var open: [Key: Flight] = [:]

    /// Begins a write; the same writer's write of this endpoint before it, if that never was answered.
    mutating func begin(_ flight: Flight, slot: Int) -> Flight? {
        open.updateValue(flight, forKey: Key(slot: slot, writer: flight.writer))
    }

    /// Ends the writer's write of a generation.
    mutating func end(_ writer: Symbol, plan: Int64, slot: Int) -> Flight? {
        let key = Key(slot: slot, writer: writer)
        guard let at = open.index(forKey: key), open.values[at].plan == plan else { return nil }
        return open.remove(at: at).value
    }

    /// Takes all that never were answered, in the order of their sending.
    mutating func takeAll() -> [(slot: Int, flight: Flight)] {
        let all = open.map { (slot: $0.key.slot, flight: $0.value) }
        open.removeAll()
        return all.sorted { $0.flight.ordinal < $1.flight.ordinal }
    }
}
