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

    /// Ends the filling.
    func seal() throws(Failure) -> EventDatabase {
        guard let store = store.take() else {
            throw Failure("the tables were sealed before", status: .unfinished)
        }
        do throws(EventStore.Failure) { return try store.seal() } catch { throw Failure(error) }
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
        waiting.append(
            EventRecord(batch, row: row, delivery: delivery, name: name, file: files[Int(delivery.source.index)]))
        if waiting.count >= 512 { flush() }
    }

    /// Ends the filling.
    mutating func seal() throws(Failure) -> EventDatabase {
        flush()
        if let failure { throw Failure(failure) }
        return try box.seal()
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
