import CausalAnalysis
import EventModel

extension EventRecord {
    /// The row of an event as the causal order, or an index, gives it; its line's bytes must be there.
    /// - Parameter file: the source's path in the bundle.
    package init(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, name: (Symbol) -> String, file: String
    ) {
        let line = Array(batch.text[batch.textRange(at: row)])
        self.init(
            seq: EventRecord.seq(delivery), ts: batch.time[row], actor: name(batch.actor[row]),
            event: name(batch.event[row]), inferred: !delivery.hasClock, file: file,
            line: Int64(clamping: batch.line(at: row)), raw: String(decoding: line, as: UTF8.self))
        func text(_ field: Field) -> String? { batch.has(field, at: row) ? name(batch.symbol(field, at: row)) : nil }
        role = text(.role)
        endpoint = batch.endpoint[row] == .none ? nil : name(batch.endpoint[row])
        plan = batch.generation(.plan, at: row, name: name)
        active = batch.generation(.active, at: row, name: name)
        replaces = batch.generation(.replaces, at: row, name: name)
        commitNo = batch.generation(.commit, at: row, name: name)
        store = text(.store)
        records = batch.integer(.records, at: row)
        attempt = batch.integer(.attempt, at: row)
        queue = text(.queue)
        depth = batch.number(.depth, at: row)
        oldestMs = batch.number(.oldestMs, at: row)
        latencyMs = batch.number(.latencyMs, at: row)
        arrived = batch.integer(.arrived, at: row)
        completed = batch.integer(.completed, at: row)
        failed = batch.integer(.failed, at: row)
        service = text(.service)
        requests = batch.integer(.requests, at: row)
        errors = batch.integer(.errors, at: row)
        throttles = batch.integer(.throttles, at: row)
        state = text(.state)
        by = text(.by)
        // What is not interned is cut out of the line.
        let members = RecordMembers(line)
        outcome = members.string("outcome")
        error = members.string("error")
        item = members.string("item")
        reason = members.string("reason")
        if delivery.hasClock {
            counter = delivery.stamp.counter
            clock = members.text("vc")
        }
    }

    /// The place in the causal order, as SQL counts.
    static func seq(_ delivery: Delivery) -> Int64 { seq(ofOrdinal: delivery.ordinal) }

    /// The same of a place from 0.
    package static func seq(ofOrdinal ordinal: UInt64) -> Int64 { Int64(clamping: ordinal) + 1 }
}
