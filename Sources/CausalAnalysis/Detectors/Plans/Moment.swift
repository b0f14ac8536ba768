import EventModel

/// An event that the plan detector keeps: its place in the bundle, in its process and in time, and the clock that it had.
///
/// Plain memory and a cache line long, since there are many: what `RecordRef` says, closer together, and the clock's row.
struct Moment: Sendable {
    private let line: UInt64
    private let byte: UInt64
    /// The wall clock, in nanoseconds.
    let time: Int64
    private let counter: Int64
    private let position: UInt32
    private let length: UInt32
    private let source: SourceID
    let process: ProcessID
    let actor: Symbol
    /// The clock's row in `ClockRows`, which this moment holds.
    let row: Int32
    private let kind: EventKind
    let hasClock: Bool
    /// Whether the process began by a fall of its actor's counter: its orders are at most likely.
    let restarted: Bool

    init(_ batch: borrowing EventBatch, at index: Int, _ delivery: Delivery, row: Int32) {
        line = batch.line(at: index)
        byte = batch.byteOffset(at: index)
        time = batch.time[index]
        counter = delivery.stamp.counter
        position = UInt32(clamping: delivery.stamp.position)
        length = batch.textLength[index]
        source = delivery.source
        process = delivery.process
        actor = batch.actor[index]
        self.row = row
        kind = batch.kind[index]
        hasClock = delivery.hasClock
        restarted = delivery.inRestartedProcess
    }

    /// Its place in its process.
    var stamp: Stamp { Stamp(counter: counter, position: Int64(position)) }

    /// The record, to show.
    var ref: RecordRef {
        RecordRef(
            source: source, line: line, byte: byte, length: length, time: Timestamp(nanoseconds: time), actor: actor,
            process: process, stamp: stamp, kind: kind, hasClock: hasClock)
    }
}
