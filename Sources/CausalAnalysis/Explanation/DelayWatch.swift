import EventModel

/// Follows a writer from its check to its write: what it tried, what failed, where it paused.
struct DelayWatch {
    private let plan: Generation?
    private let check: RecordPlace?
    private let write: RecordPlace?
    private var last: Timestamp?
    private var isOver = false
    private var delay = WriterDelay()

    init(plan: Generation?, check: RecordRef?, write: RecordRef?) {
        self.plan = plan
        self.check = check.map { RecordPlace($0) }
        self.write = write.map { RecordPlace($0) }
    }

    /// What was seen; nil where check or write are not to be had.
    var result: WriterDelay? { isOver ? delay : nil }

    /// Takes an event of the writer.
    mutating func observe(_ batch: borrowing EventBatch, row: Int, delivery: Delivery, name: (Symbol) -> String) {
        if isOver { return }
        let place = RecordPlace(source: delivery.source, line: batch.line(at: row))
        let time = Timestamp(nanoseconds: batch.time[row])
        guard let before = last else {
            if place == check { last = time }
            return
        }
        last = time
        if time.since(before) > delay.longestPause {
            delay.longestPause = time.since(before)
            delay.afterPause = delivery.reference(batch, row: row)
        }
        if place == write {
            isOver = true
            return
        }
        guard let plan, batch.kind[row] == .planApplied, batch.generation(.plan, at: row, name: name) == plan
        else { return }
        delay.writes += 1
        if batch.outcome[row] == .ok, batch.integer(.attempt, at: row) ?? 1 <= 1 { return }
        delay.troubled += 1
        let record = delivery.reference(batch, row: row)
        if delay.firstTroubled == nil { delay.firstTroubled = record }
        delay.lastTroubled = record
    }
}
