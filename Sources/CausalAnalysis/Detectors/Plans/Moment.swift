import EventModel

/// An event that the plan detector keeps: its place in the bundle, in its process and in time, and the clock that it had.
///
/// Plain memory and a cache line long, since there are many: what `RecordRef` says, closer together, and the clock's row.
struct Moment: Sendable {
    let line: UInt64
    let byte: UInt64
    /// The wall clock, in nanoseconds.
    let time: Int64
    let counter: Int64
    let position: UInt32
    let length: UInt32
    let source: SourceID
    let process: ProcessID
    let actor: Symbol
    /// The clock's row in `ClockRows`, which this moment holds.
    let row: Int32
    let kind: EventKind
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

    /// That of a record, of which it is kept in two parts.
    init(_ head: PlanRecord.Head, _ rest: PlanRecord.Rest) {
        line = rest.line
        byte = rest.byte
        time = rest.time
        counter = head.counter >= 0 ? head.counter : -1 - head.counter
        position = rest.position
        length = rest.length
        source = rest.source
        process = head.process
        actor = rest.actor
        row = head.row
        kind = head.kind
        hasClock = head.hasClock
        restarted = head.restarted
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
