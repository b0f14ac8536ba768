import CausalAnalysis
import EventModel

/// An event as the page shows it. Names are symbols of the pass until the page is written.
struct PageEvent {
    /// Why an event is in the page; what comes first is kept first. The page's script has the same numbers.
    enum Reason: UInt8, CaseIterable {
        /// Evidence of a finding, of the cascade, or drawn beside it in a space-time diagram.
        case evidence
        /// An intervention, or anything an operator did.
        case act
        case failure
        /// About the subject of a finding while that lasts.
        case concerned
        case other

        /// For the note of what was left out.
        var words: String {
            switch self {
            case .evidence: "evidence of further findings"
            case .act: "acts of operators"
            case .failure: "failures"
            case .concerned: "events about the subject of a finding while that lasted"
            case .other: "events far from every finding"
            }
        }
    }

    var ordinal: UInt64
    var time: Timestamp
    var actor: Symbol
    var event: Symbol
    var endpoint: Symbol
    var outcome: Outcome
    var plan: Generation?
    /// What it did, in words.
    var text: String
    var place: RecordPlace
    /// The actor's own counter; nil where its clock was inferred.
    var counter: Int64?
    var reason: Reason

    init(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, reason: Reason, name: (Symbol) -> String
    ) {
        ordinal = delivery.ordinal
        time = Timestamp(nanoseconds: batch.time[row])
        actor = batch.actor[row]
        event = batch.event[row]
        endpoint = batch.endpoint[row]
        outcome = batch.outcome[row]
        plan = batch.generation(.plan, at: row, name: name)
        place = RecordPlace(source: delivery.source, line: batch.line(at: row))
        counter = delivery.hasClock ? delivery.stamp.counter : nil
        self.reason = reason
        text = EventWords.single(EventWords.Subject(batch, row: row, name: name))
    }
}

extension EventKind {
    /// What went wrong by its name alone, whatever its outcome.
    var isFailure: Bool {
        switch self {
        case .resolveFailed, .workFailed, .leaseExpired, .leaseFailed, .stateDelayed, .launchFailed, .recordEmptied:
            true
        default: false
        }
    }
}

extension EventWords.Subject {
    /// What a single record says.
    init(_ batch: borrowing EventBatch, row: Int, name: (Symbol) -> String) {
        self.init(
            kind: batch.kind[row], name: name(batch.event[row]), outcome: batch.outcome[row],
            plan: batch.generation(.plan, at: row, name: name), active: batch.generation(.active, at: row, name: name),
            replaces: batch.generation(.replaces, at: row, name: name),
            commit: batch.generation(.commit, at: row, name: name),
            records: batch.integer(.records, at: row), attempt: batch.integer(.attempt, at: row),
            depth: batch.number(.depth, at: row), requests: batch.integer(.requests, at: row),
            errors: batch.integer(.errors, at: row), throttles: batch.integer(.throttles, at: row))
        by = Self.text(batch.symbol(.by, at: row), name)
        queue = Self.text(batch.symbol(.queue, at: row), name)
        state = Self.text(batch.symbol(.state, at: row), name)
        reason = batch.reason(at: row)
    }

    private static func text(_ symbol: Symbol, _ name: (Symbol) -> String) -> String? {
        symbol == .none ? nil : name(symbol)
    }
}
