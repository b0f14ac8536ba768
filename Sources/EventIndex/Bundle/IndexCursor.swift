import CausalAnalysis
import EventModel
import LogReading

/// A batch that rows share.
final class BatchBox {
    let value: EventBatch

    init(_ value: consuming EventBatch) {
        self.value = value
    }
}

/// A frame that was read.
struct IndexedFrame {
    let batch: BatchBox
    let order: OrderBlock
    let source: SourceID
}

/// An event as an index gives it.
struct IndexedRow {
    let batch: BatchBox
    let row: Int
    let delivery: Delivery
}

/// Goes through the events of a plan in causal order, reading frames as it comes to them. Memory: the rows of frames that overlap.
struct IndexCursor {
    private let index: BundleIndex
    private let plan: QueryPlan
    private let steps: [QueryPlan.Step]
    private var nextStep = 0
    private var filter: EventFilter
    private var waiting = WaitingRows()

    /// - Parameter filter: what an event must satisfy; records that the plan names one by one need not.
    init(_ index: BundleIndex, _ plan: QueryPlan, _ filter: EventFilter = EventFilter()) {
        self.index = index
        self.plan = plan
        self.filter = filter
        steps = plan.steps
    }

    /// The next event; nil after the last.
    mutating func next() throws(IndexFault) -> IndexedRow? {
        while nextStep < steps.count {
            // What is read already goes first as long as no frame to come can hold anything before it.
            if let row = waiting.next(before: steps[nextStep].firstOrdinal) { return row }
            try read(steps[nextStep])
            nextStep += 1
        }
        return waiting.next(before: .max)
    }

    private mutating func read(_ step: QueryPlan.Step) throws(IndexFault) {
        let frame = try index.read(step.frame, step.selection)
        let named = plan.lines(step.frame)
        for row in 0..<frame.batch.value.count {
            let line = frame.batch.value.lineInBatch[row]
            let counter = frame.batch.value.counter[row]
            guard let delivery = frame.order.delivery(line, counter: counter, source: frame.source),
                plan.takes(delivery.ordinal),
                filter.matches(frame.batch.value, row: row, name: { index.name($0) }) || named.contains(line)
            else { continue }
            waiting.add(IndexedRow(batch: frame.batch, row: row, delivery: delivery))
        }
    }
}

/// Rows that were read and may have others before them: latest first.
private struct WaitingRows {
    private var rows: [IndexedRow] = []
    private var isSorted = true

    mutating func add(_ row: IndexedRow) {
        rows.append(row)
        isSorted = false
    }

    /// The first row, if its ordinal is below a bound.
    mutating func next(before bound: UInt64) -> IndexedRow? {
        if !isSorted {
            rows.sort { $0.delivery.ordinal > $1.delivery.ordinal }
            isSorted = true
        }
        guard let last = rows.last, last.delivery.ordinal < bound else { return nil }
        return rows.removeLast()
    }
}
