/// A run of consecutive events of one source, in columns.
///
/// What every event has stands in one column each; what only some have stands packed in `values` (see `Field`), clocks and
/// causes in columns of their own with a start for each event. Text that does not recur stays in the lines' bytes.
/// Symbols are the decoder's own until the reducer has replaced them; see `moveSymbols`.
///
/// A batch is lent and handed on, never copied: two dozen columns would cost as many reference counts each time. It is public since only
/// then other modules read a row's fields without a call for each.
public struct EventBatch: ~Copyable, Sendable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public var time = Column<Int64>()
    /// Who wrote it.
    public var actor = Column<Symbol>()
    /// The event's name.
    public var event = Column<Symbol>()
    /// What the event means to the analysis.
    public var kind = Column<EventKind>()
    /// `Symbol.none` without one.
    public var endpoint = Column<Symbol>()
    /// How it ended; `ok` where the record does not say.
    public var outcome = Column<Outcome>()
    /// Which fields it has.
    public var fields = Column<FieldSet>()
    /// Where an event's packed values begin in `values`.
    public var valueStart = Column<UInt32>()
    /// The values of all events, event by event; see `Field`.
    public var values = Column<Int64>()
    /// The actor's own entry in `vc`; −1 without a usable one.
    public var counter = Column<Int64>()
    /// Where an event's entries of `vc` for *other* actors begin; one more element than there are events.
    public var clockStart = Column<UInt32>()
    /// Of each entry of a clock, whose it is.
    public var clockActor = Column<Symbol>()
    /// Of each entry of a clock, the count.
    public var clockCount = Column<Int64>()
    /// Where an event's `causes` begin; one more element than there are events.
    public var causeStart = Column<UInt32>()
    /// Digests of the `id`s in `causes`.
    public var cause = Column<UInt64>()
    /// A digest of the line's bytes.
    public var digest = Column<UInt64>()
    /// The line's number in this batch, from 0; see `firstLine`.
    public var lineInBatch = Column<UInt32>()
    /// Where the line begins in `text`.
    public var textStart = Column<UInt32>()
    /// How long the line is without its end.
    public var textLength = Column<UInt32>()

    /// The bytes of the lines; empty where the reader was told not to keep them.
    public var text: [UInt8] = []
    /// Where the batch begins in its source, in inflated bytes.
    public var textOffset: UInt64 = 0
    /// The number of the batch's first line, from 1.
    public var firstLine: UInt64 = 1
    /// How many inflated bytes the batch was made of.
    package var byteCount: UInt64 = 0
    /// The number of lines in the batch, and of those that are not blank.
    package var lineCount: UInt64 = 0
    package var writtenLineCount: UInt64 = 0
    /// How many events have a time with a second of 60.
    package var leapSeconds: UInt64 = 0
    /// What was wrong with lines of this batch, the first of each kind in full. Lines and bytes are counted in the batch, lines from 0.
    public var faults: [RecordFault] = []
    /// How many faults there were of each kind.
    public var faultCounts: [RecordFault.Kind: UInt64] = [:]
    /// How many records a profile made no event of, and why.
    public var left: [LeaveReason: UInt64] = [:]
    /// How many bytes of `text` are lines; behind them is only room.
    package var textCount = 0
    /// Whether some generation in it is large, so that its code is a symbol.
    package var hasLargeGenerations = false
    /// What its symbols stand for, as long as they are a decoder's own.
    package var localSymbols: LocalSymbols?
    private let place = LentByAddress()

    /// An empty batch.
    public init() {
        clockStart.append(0)
        causeStart.append(0)
    }

    /// Makes room for so many events in all, with as many values and entries of clocks as such events mostly have.
    package mutating func reserve(_ events: Int) {
        time.reserve(events)
        actor.reserve(events)
        event.reserve(events)
        kind.reserve(events)
        endpoint.reserve(events)
        outcome.reserve(events)
        fields.reserve(events)
        valueStart.reserve(events)
        counter.reserve(events)
        clockStart.reserve(events + 1)
        causeStart.reserve(events + 1)
        digest.reserve(events)
        lineInBatch.reserve(events)
        textStart.reserve(events)
        textLength.reserve(events)
        values.reserve(8 * events)
        clockActor.reserve(4 * events)
        clockCount.reserve(4 * events)
    }

    /// The number of events.
    @inlinable @inline(__always) public var count: Int { time.count }

    /// Whether the event has the field.
    @inlinable @inline(__always) public func has(_ field: Field, at row: Int) -> Bool {
        fields[row].rawValue & field.bit != 0
    }

    /// An integer field's value.
    @inlinable @inline(__always) public func integer(_ field: Field, at row: Int) -> Int64? {
        let set = fields[row]
        if set.rawValue & field.bit == 0 { return nil }
        return values[Int(valueStart[row]) + set.rank(field)]
    }

    /// A number field's value.
    @inlinable @inline(__always) public func number(_ field: Field, at row: Int) -> Double? {
        guard let bits = integer(field, at: row) else { return nil }
        return Double(bitPattern: UInt64(bitPattern: bits))
    }

    /// A symbol field's value; `Symbol.none` without one.
    @inlinable @inline(__always) public func symbol(_ field: Field, at row: Int) -> Symbol {
        guard let index = integer(field, at: row) else { return .none }
        return Symbol(index: UInt32(truncatingIfNeeded: index))
    }

    /// The digest of `id` or `item`.
    @inlinable @inline(__always) public func digest(_ field: Field, at row: Int) -> UInt64? {
        guard let bits = integer(field, at: row) else { return nil }
        return UInt64(bitPattern: bits)
    }

    /// The row's entries of `vc` for other actors, as indices into `clockActor` and `clockCount`.
    @inlinable @inline(__always) public func clockEntries(at row: Int) -> Range<Int> {
        Int(clockStart[row])..<Int(clockStart[row + 1])
    }

    /// The row's causes, as indices into `cause`.
    @inlinable @inline(__always) public func causes(at row: Int) -> Range<Int> {
        Int(causeStart[row])..<Int(causeStart[row + 1])
    }

    /// The number of the row's line in its source, from 1.
    @inlinable @inline(__always) public func line(at row: Int) -> UInt64 { firstLine + UInt64(lineInBatch[row]) }

    /// The row's bytes, as a range of `text`.
    @inlinable @inline(__always) public func textRange(at row: Int) -> Range<Int> {
        Int(textStart[row])..<Int(textStart[row]) + Int(textLength[row])
    }

    /// Where the row's line begins in its source, counted in inflated bytes.
    @inlinable @inline(__always) public func byteOffset(at row: Int) -> UInt64 { textOffset + UInt64(textStart[row]) }

    /// How many rows `prefetch` is good for.
    package static let prefetchedRows = 8

    /// Has the columns of the rows from `row` on brought near, for a thread that did not fill them, and the values and clocks of those
    /// before, whose places are near by then.
    package func prefetch(_ row: Int) {
        let (first, end) = (row - EventBatch.prefetchedRows, min(row, count - 1))
        if first >= 0, first < end {
            values.prefetch(Int(valueStart[first])..<Int(valueStart[end]))
            clockActor.prefetch(Int(clockStart[first])..<Int(clockStart[end]))
            clockCount.prefetch(Int(clockStart[first])..<Int(clockStart[end]))
        }
        time.prefetch(row)
        actor.prefetch(row)
        kind.prefetch(row)
        endpoint.prefetch(row)
        fields.prefetch(row)
        valueStart.prefetch(row)
        counter.prefetch(row)
        clockStart.prefetch(row)
        lineInBatch.prefetch(row)
        textStart.prefetch(row)
        textLength.prefetch(row)
        digest.prefetch(row)
    }
}
