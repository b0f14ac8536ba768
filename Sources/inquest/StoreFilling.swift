import CausalAnalysis
import EventIndex
import EventModel
import Reporting

/// Holds tables that cannot be copied, so that a consumer can be made around them.
final class StoreBox {
    var store: EventStore?

    init(_ store: consuming EventStore) {
        self.store = consume store
    }
}

/// Puts events into the tables as they come in causal order, some hundreds at a time.
struct StoreFilling: EventConsumer {
    private let box: StoreBox
    private let files: [String]
    private let name: (Symbol) -> String
    private var waiting: [EventRecord] = []
    private var failure: EventStore.Failure?

    init(_ box: StoreBox, files: [String], name: @escaping (Symbol) -> String) {
        self.box = box
        self.files = files
        self.name = name
    }

    mutating func observe(_ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks)
    {
        if failure != nil { return }
        let line = Array(batch.text[batch.textRange(at: row)])
        var record = EventRecord(
            seq: Int64(clamping: delivery.ordinal) + 1, ts: batch.time[row], actor: name(batch.actor[row]),
            event: name(batch.event[row]), inferred: !delivery.hasClock, file: files[Int(delivery.source.index)],
            line: Int64(clamping: batch.line(at: row)), raw: String(decoding: line, as: UTF8.self))
        func text(_ field: Field) -> String? { batch.has(field, at: row) ? name(batch.symbol(field, at: row)) : nil }
        record.role = text(.role)
        record.endpoint = batch.endpoint[row] == .none ? nil : name(batch.endpoint[row])
        record.plan = batch.integer(.plan, at: row)
        record.active = batch.integer(.active, at: row)
        record.replaces = batch.integer(.replaces, at: row)
        record.commitNo = batch.integer(.commit, at: row)
        record.store = text(.store)
        record.records = batch.integer(.records, at: row)
        record.attempt = batch.integer(.attempt, at: row)
        record.queue = text(.queue)
        record.depth = batch.integer(.depth, at: row)
        record.oldestMs = batch.number(.oldestMs, at: row)
        record.latencyMs = batch.number(.latencyMs, at: row)
        record.arrived = batch.integer(.arrived, at: row)
        record.completed = batch.integer(.completed, at: row)
        record.failed = batch.integer(.failed, at: row)
        record.service = text(.service)
        record.requests = batch.integer(.requests, at: row)
        record.errors = batch.integer(.errors, at: row)
        record.throttles = batch.integer(.throttles, at: row)
        record.state = text(.state)
        record.by = text(.by)
        record.outcome = batch.outcome[row].name
        // What is not interned is cut out of the line.
        let members = RecordMembers(line)
        record.outcome = members.string("outcome") ?? record.outcome
        record.error = members.string("error")
        record.item = members.string("item")
        record.reason = members.string("reason")
        if delivery.hasClock {
            record.counter = delivery.stamp.counter
            record.clock = members.text("vc")
        }
        waiting.append(record)
        if waiting.count >= 512 { flush() }
    }

    /// Ends the filling.
    mutating func seal() throws(Failure) -> EventDatabase {
        flush()
        if let failure { throw Failure(failure) }
        guard let store = box.store.take() else {
            throw Failure("the tables were sealed before", status: .nothingUsable)
        }
        do throws(EventStore.Failure) { return try store.seal() } catch { throw Failure(error) }
    }

    private mutating func flush() {
        do throws(EventStore.Failure) {
            try box.store?.insert(waiting)
        } catch {
            failure = error
        }
        waiting.removeAll(keepingCapacity: true)
    }
}
