import EventModel

/// Collects what was done to the system and what its operators noted, in a pass over the bundle; like acts in a row are one.
///
/// Memory is bounded: after `limit` acts no new one is begun, and those left out are counted.
package struct ActCollector: EventConsumer {
    /// What records of one act have in common.
    private struct Key: Hashable {
        var event: Symbol
        /// Of machines any does: it is the fleet that restarts.
        var actor: Symbol?
        var target: String?
        var reason: String?
    }

    private let name: (Symbol) -> String
    private var latest: [Key: Int] = [:]
    /// In causal order.
    package private(set) var acts: [Act] = []
    /// Records of acts that there was no room for.
    package private(set) var omitted: UInt64 = 0

    private static let limit = 512
    /// A pause longer than this ends a run of like acts.
    private static let pause = 10 * Nanoseconds.minute

    /// Prepares the pass.
    ///
    /// - Parameter name: the text of a symbol of this pass.
    package init(name: @escaping (Symbol) -> String) {
        self.name = name
    }

    /// Takes one event in causal order.
    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let kind = batch.kind[row]
        let isByOperator = batch.fields[row].contains(.byOperator)
        guard kind.isIntervention || isByOperator, !kind.isObservation else { return }
        let record = delivery.reference(batch, row: row)
        let target = target(batch, row)
        let reason = batch.reason(at: row)
        let key = Key(
            event: batch.event[row], actor: isByOperator ? batch.actor[row] : nil, target: isByOperator ? target : nil,
            reason: isByOperator ? reason : nil)
        if let index = latest[key], record.time.since(acts[index].last.time) <= Self.pause {
            acts[index].count &+= 1
            acts[index].last = record
            let actor = name(batch.actor[row])
            if acts[index].actors.count < Act.actorLimit, !acts[index].actors.contains(actor) {
                acts[index].actors.append(actor)
            }
            if acts[index].target != target { acts[index].target = nil }
            return
        }
        guard acts.count < Self.limit else {
            omitted &+= 1
            return
        }
        latest[key] = acts.count
        acts.append(
            Act(
                kind: kind, event: name(batch.event[row]), actor: name(batch.actor[row]), record: record,
                ordinal: delivery.ordinal, target: target, plan: batch.generation(.plan, at: row, name: name),
                reason: reason, outcome: batch.outcome[row], isByOperator: isByOperator))
    }

    private func target(_ batch: borrowing EventBatch, _ row: Int) -> String? {
        for symbol in [batch.endpoint[row], batch.symbol(.service, at: row), batch.symbol(.queue, at: row)]
        where symbol != .none {
            return name(symbol)
        }
        return nil
    }
}

/// A cascade and the acts of one pass.
package struct CascadePass: EventConsumer {
    private var cascade: CascadeBuilder
    private var acts: ActCollector

    /// Prepares the pass for a report of the first one.
    package init(_ report: Report, name: @escaping (Symbol) -> String) {
        cascade = CascadeBuilder(report, name: name)
        acts = ActCollector(name: name)
    }

    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        cascade.observe(batch, row: row, delivery: delivery, clocks: clocks)
        acts.observe(batch, row: row, delivery: delivery, clocks: clocks)
    }

    /// Adds to the report what the pass brought to light.
    package consuming func finish(_ report: inout Report, unaffected: [String]) {
        report.acts = acts.acts
        report.cascade = cascade.finish(unaffected: unaffected)
    }
}
