import EventModel

/// One event as the causal order gives it out: what the order knows of it beyond its columns. Plain memory.
///
/// Deliveries come in one linear extension of happened-before. Consumers get the batch, the row, the delivery and the
/// clocks, take what they need, and keep none of them: the batch is reused, and the clocks go on.
package struct Delivery: BitwiseCopyable, Sendable {
    /// The place in the causal order, from 0.
    package var ordinal: UInt64
    package var source: SourceID
    package var process: ProcessID
    /// The event's place in its process.
    package var stamp: Stamp
    /// Whether the record carried a usable clock; otherwise its clock was inferred.
    package var hasClock: Bool
    /// Whether the process began by a fall of its actor's counter, so that others' entries may have been taken for the wrong life.
    package var inRestartedProcess: Bool
    /// The most that may be said of what rests on the record's place in its actor's own order: `likely` in a file that was reversed or whose
    /// parts were swapped, in one of several processes of a name and behind a restart, `possible` in an ambiguous range.
    package var orderCap: Finding.Confidence

    package init(
        ordinal: UInt64, source: SourceID, process: ProcessID, stamp: Stamp, hasClock: Bool,
        inRestartedProcess: Bool = false, orderCap: Finding.Confidence = .proven
    ) {
        self.ordinal = ordinal
        self.source = source
        self.process = process
        self.stamp = stamp
        self.hasClock = hasClock
        self.inRestartedProcess = inRestartedProcess
        self.orderCap = orderCap
    }

    /// The event's place in the bundle.
    package func reference(_ batch: borrowing EventBatch, row: Int) -> RecordRef {
        RecordRef(
            source: source, line: batch.line(at: row), byte: batch.byteOffset(at: row), length: batch.textLength[row],
            time: Timestamp(nanoseconds: batch.time[row]), actor: batch.actor[row], process: process, stamp: stamp,
            kind: batch.kind[row], hasClock: hasClock)
    }
}

/// Whoever takes events in causal order: detectors, the timeline, a query.
package protocol EventConsumer: ~Copyable {
    /// Takes one event. `clocks` holds its clock as the row of `delivery.process`.
    mutating func observe(_ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks)
}
