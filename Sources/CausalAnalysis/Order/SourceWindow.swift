import DequeModule
import EventModel

/// How far one source has been read: the batch at hand, and what was released from it that has not been given out.
///
/// A source in which one actor writes releases a record when its lane asks for one. A source in which many write is read
/// ahead, since its records stand in no useful order: until what was released spans `span` of log time or `bytes` of lines
/// beyond the oldest record not yet given out.
struct SourceWindow {
    enum State {
        case dormant, open, ended
    }

    var state = State.dormant
    /// The slot of the batch at hand and the next row in it.
    private(set) var slot: Int32 = -1
    private(set) var next = 0
    /// The first actor met; a second one makes the source shared.
    var firstActor: Symbol?
    var isShared = false
    /// The newest time released.
    private(set) var frontier: Int64 = .min

    private var lastActor = Symbol.none
    /// The slots of batches that are not given out whole, in the order of the source, and a row of the first ahead of which all is.
    private var slots: Deque<Int32> = []
    private var oldestRow = 0
    /// The lengths of the rows released, from that one on.
    private var bytes = 0

    /// Goes on to the next batch.
    mutating func begin(_ slot: Int32) {
        self.slot = slot
        next = 0
        slots.append(slot)
    }

    /// Ends the source.
    mutating func end() {
        state = .ended
        slot = -1
    }

    /// Notes the next row as released.
    mutating func release(time: Int64, length: UInt32) {
        if time > frontier { frontier = time }
        bytes += Int(length)
        next += 1
    }

    /// Gives batches back that are given out whole, of which `slot` is one.
    mutating func release(_ slot: Int32, in batches: inout HeldBatches) {
        guard slot == slots.first else { return }
        while let first = slots.first, batches[first].isFinished {
            pass(batches[first], upTo: batches[first].events.count)
            slots.removeFirst()
            batches.release(first)
            if first == self.slot { self.slot = -1 }
            oldestRow = 0
        }
    }

    /// Goes on to a row of the oldest batch.
    private mutating func pass(_ batch: HeldBatch, upTo row: Int) {
        while oldestRow < row {
            bytes -= Int(batch.events.textLength[oldestRow])
            oldestRow += 1
        }
    }

    /// Whether a record of another actor than the one before goes back by more than `span`: then processes stand one after the other in
    /// the source, and no look-ahead within the bounds brings them in order.
    mutating func isScattered(by actor: Symbol, at time: Int64, span: Int64) -> Bool {
        if actor == lastActor { return false }
        let isFirst = lastActor == .none
        lastActor = actor
        if isFirst || frontier == .min { return false }
        let (back, overflow) = frontier.subtractingReportingOverflow(time)
        return overflow ? frontier > time : back > span
    }

    /// Whether a shared source may be read further ahead.
    mutating func mayRelease(span: Int64, bytes limit: Int, _ batches: HeldBatches) -> Bool {
        guard let first = slots.first else { return true }
        let batch = batches[first]
        let end = first == slot ? next : batch.events.count
        while oldestRow < end, batch.isFinished(oldestRow) { pass(batch, upTo: oldestRow + 1) }
        // All that was released has been given out.
        if oldestRow == end { return true }
        let oldest = batch.events.time[oldestRow]
        return bytes < limit && frontier.subtractingReportingOverflow(oldest).partialValue < span
    }
}
