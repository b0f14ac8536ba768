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
    private let hasClock: Bool
    /// Whether the process began by a fall of its actor's counter: its orders are at most likely.
    let restarted: Bool

    init(_ ref: RecordRef, row: Int32, restarted: Bool) {
        line = ref.line
        byte = ref.byte
        time = ref.time.nanoseconds
        counter = ref.stamp.counter
        position = UInt32(clamping: ref.stamp.position)
        length = ref.length
        source = ref.source
        process = ref.process
        actor = ref.actor
        self.row = row
        kind = ref.kind
        hasClock = ref.hasClock
        self.restarted = restarted
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
