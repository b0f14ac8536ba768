import DequeModule
import EventModel

/// How far one source has been read: the batch at hand, and the records released from it that have not been given out.
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
    var slot: Int32 = -1
    var next = 0
    /// The first actor met; a second one makes the source shared.
    var firstActor: Symbol?
    var isShared = false
    /// The newest time released.
    private(set) var frontier: Int64 = .min

    private var lastActor: Symbol?
    private var records: Deque<Record> = []
    private var first: Int64 = 0
    private(set) var bytes = 0

    private struct Record {
        var time: Int64
        var length: Int32
        var isDone = false
    }

    /// The time of the oldest record released and not yet given out.
    var oldest: Int64? { records.first?.time }

    /// Notes a record as released; returns its place in the window.
    mutating func release(time: Int64, length: Int) -> Int64 {
        frontier = max(frontier, time)
        bytes += length
        records.append(Record(time: time, length: Int32(truncatingIfNeeded: length)))
        return first + Int64(records.count - 1)
    }

    /// Notes a record as given out, or dropped.
    mutating func finish(_ place: Int64) {
        records[Int(place - first)].isDone = true
        while let record = records.first, record.isDone {
            bytes -= Int(record.length)
            records.removeFirst()
            first += 1
        }
    }

    /// Whether a record of another actor than the one before goes back by more than `span`: then processes stand one after the other in
    /// the source, and no look-ahead within the bounds brings them in order.
    mutating func isScattered(by actor: Symbol, at time: Int64, span: Int64) -> Bool {
        defer { lastActor = actor }
        guard let lastActor, lastActor != actor, frontier > .min else { return false }
        let (back, overflow) = frontier.subtractingReportingOverflow(time)
        return overflow ? frontier > time : back > span
    }

    /// Whether a shared source may be read further ahead.
    func mayRelease(span: Int64, bytes limit: Int) -> Bool {
        guard let oldest else { return true }
        return bytes < limit && frontier.subtractingReportingOverflow(oldest).partialValue < span
    }
}
