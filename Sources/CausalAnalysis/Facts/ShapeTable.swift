import EventModel

/// The shapes of a frame's records, numbered as they are met.
struct ShapeTable: ~Copyable {
    private var events = Column<Symbol>()
    private var kinds = Column<EventKind>()
    private var outcomes = Column<Outcome>()
    private var sets = Column<FieldSet>()
    private var valueCounts = Column<Int32>()
    private var causes = Column<Int32>()
    /// Whether any shape has causes.
    private(set) var hasCauses = false
    /// Where a shape's actors begin; one more than there are shapes.
    private var starts = Column<Int32>()
    private var actors = Column<Symbol>()
    /// Beside `actors`: which of the frame's actors it is.
    private var slots = Column<Int32>()
    /// The last count of each of the frame's actors.
    private var counts = Column<Int64>()
    private var slotActors = Column<Symbol>()
    /// Open addressing: a shape's number and 1; 0 where no shape sits.
    private var seats = Column<Int32>()
    private var taken = Column<Int32>()
    private var slotSeats = Column<Int32>()
    private var slotTaken = Column<Int32>()
    private let place = LentByAddress()

    init() {
        starts.append(0)
        seats.grow(toHold: 4 * FrameWriter.most - 1, with: 0)
        slotSeats.grow(toHold: 255, with: 0)
    }

    /// The number of shapes.
    var count: Int { events.count }

    mutating func reset() {
        for at in taken.indices { seats[Int(taken[at])] = 0 }
        for at in slotTaken.indices { slotSeats[Int(slotTaken[at])] = 0 }
        taken.truncate(to: 0)
        slotTaken.truncate(to: 0)
        events.truncate(to: 0)
        kinds.truncate(to: 0)
        outcomes.truncate(to: 0)
        sets.truncate(to: 0)
        valueCounts.truncate(to: 0)
        causes.truncate(to: 0)
        hasCauses = false
        starts.truncate(to: 1)
        actors.truncate(to: 0)
        slots.truncate(to: 0)
        counts.truncate(to: 0)
        slotActors.truncate(to: 0)
    }

    /// The number of a row's shape.
    @inline(__always)
    mutating func shape(of batch: borrowing EventBatch, _ row: Int) -> Int32 {
        let entries = batch.clockEntries(at: row)
        var hash = UInt64(batch.event[row].index) &* 0x9E37_79B9_7F4A_7C15
        hash ^= batch.fields[row].rawValue &* 0xC2B2_AE3D_27D4_EB4F
        hash ^= UInt64(batch.outcome[row].rawValue) &* 0x1656_67B1_9E37_79F9
        for entry in entries { hash = (hash ^ UInt64(batch.clockActor[entry].index)) &* 0x9FB2_1C65_1E98_DF25 }
        var seat = Int(truncatingIfNeeded: (hash ^ hash &>> 29 ^ hash &>> 47)) & (seats.count - 1)
        while seats[seat] != 0 {
            let shape = Int(seats[seat]) - 1
            if matches(shape, batch, row, entries) { return Int32(truncatingIfNeeded: shape) }
            seat = (seat + 1) & (seats.count - 1)
        }
        return add(batch, row, entries, seat)
    }

    @inline(__always)
    private func matches(_ shape: Int, _ batch: borrowing EventBatch, _ row: Int, _ entries: Range<Int>) -> Bool {
        guard events[shape] == batch.event[row], sets[shape] == batch.fields[row],
            outcomes[shape] == batch.outcome[row], Int(causes[shape]) == batch.causes(at: row).count
        else { return false }
        var at = Int(starts[shape])
        if Int(starts[shape + 1]) - at != entries.count { return false }
        for entry in entries {
            if actors[at] != batch.clockActor[entry] { return false }
            at += 1
        }
        return true
    }

    @inline(never)
    private mutating func add(_ batch: borrowing EventBatch, _ row: Int, _ entries: Range<Int>, _ seat: Int) -> Int32 {
        seats[seat] = Int32(count + 1)
        taken.append(Int32(seat))
        events.append(batch.event[row])
        kinds.append(batch.kind[row])
        outcomes.append(batch.outcome[row])
        sets.append(batch.fields[row])
        causes.append(Int32(batch.causes(at: row).count))
        for entry in entries {
            actors.append(batch.clockActor[entry])
            slots.append(slot(of: batch.clockActor[entry]))
        }
        starts.append(Int32(actors.count))
        return Int32(count - 1)
    }

    private mutating func slot(of actor: Symbol) -> Int32 {
        if 2 * slotActors.count >= slotSeats.count { widen() }
        var seat = Int(actor.index &* 0x9E37_79B1) & (slotSeats.count - 1)
        while slotSeats[seat] != 0 {
            if slotActors[Int(slotSeats[seat]) - 1] == actor { return slotSeats[seat] - 1 }
            seat = (seat + 1) & (slotSeats.count - 1)
        }
        slotActors.append(actor)
        counts.append(0)
        slotSeats[seat] = Int32(slotActors.count)
        slotTaken.append(Int32(seat))
        return Int32(slotActors.count - 1)
    }

    private mutating func widen() {
        let size = 4 * slotSeats.count
        slotSeats = Column(capacity: size)
        slotSeats.grow(toHold: size - 1, with: 0)
        slotTaken.truncate(to: 0)
        for at in slotActors.indices {
            var seat = Int(slotActors[at].index &* 0x9E37_79B1) & (size - 1)
            while slotSeats[seat] != 0 { seat = (seat + 1) & (size - 1) }
            slotSeats[seat] = Int32(at + 1)
            slotTaken.append(Int32(seat))
        }
    }

    /// Where the slots of a shape's entries begin.
    @inline(__always)
    func firstSlot(of shape: Int32) -> Int { Int(starts[Int(shape)]) }

    /// How much a count is above the last one of the same actor, which it becomes.
    @inline(__always)
    mutating func step(_ slot: Int, to count: Int64) -> Int64 {
        let actor = Int(slots[slot])
        let step = count &- counts[actor]
        counts[actor] = count
        return step
    }

    /// The count that is so much above the last one of the same actor.
    @inline(__always)
    mutating func count(_ slot: Int, by step: Int64) -> Int64 {
        let actor = Int(slots[slot])
        counts[actor] &+= step
        return counts[actor]
    }

    /// Writes all shapes.
    func write(to output: inout BitWriter) {
        for shape in events.indices {
            output.put(UInt64(events[shape].index), 32)
            output.put(UInt64(kinds[shape].rawValue), 8)
            output.put(UInt64(outcomes[shape].rawValue), 8)
            output.put(sets[shape].rawValue, 64)
            output.put(UInt64(causes[shape]), 32)
            let entries = Int(starts[shape])..<Int(starts[shape + 1])
            output.put(UInt64(entries.count), 32)
            for at in entries { output.put(UInt64(actors[at].index), 32) }
        }
    }

    /// Reads so many shapes.
    mutating func read(_ count: Int, from input: inout BitReader) {
        reset()
        for _ in 0..<count {
            events.append(Symbol(index: UInt32(input.get(32))))
            kinds.append(EventKind(rawValue: UInt8(input.get(8))) ?? .other)
            outcomes.append(Outcome(rawValue: UInt8(input.get(8))) ?? .unknown)
            let set = FieldSet(rawValue: input.get(64))
            sets.append(set)
            valueCounts.append(Int32(set.valueCount))
            let causeCount = Int32(truncatingIfNeeded: input.get(32))
            causes.append(causeCount)
            if causeCount > 0 { hasCauses = true }
            for _ in 0..<Int(input.get(32)) {
                let actor = Symbol(index: UInt32(input.get(32)))
                actors.append(actor)
                slots.append(slot(of: actor))
            }
            starts.append(Int32(actors.count))
        }
    }

    // MARK: Unpacking

    /// Appends what the shapes of some rows say to a batch: event, kind, outcome and fields.
    func append(_ rows: borrowing Column<Int64>, to batch: inout EventBatch) {
        Self.fill(&batch.event, rows, events)
        Self.fill(&batch.kind, rows, kinds)
        Self.fill(&batch.outcome, rows, outcomes)
        Self.fill(&batch.fields, rows, sets)
    }

    @inline(__always)
    private static func fill<Value>(
        _ column: inout Column<Value>, _ rows: borrowing Column<Int64>, _ values: borrowing Column<Value>
    ) {
        column.append(rows.count) { column in
            rows.withPointer { shapes in
                for row in rows.indices { column[row] = values[Int(shapes[row])] }
            }
        }
    }

    /// The number of entries of clocks that some rows have.
    func entryCount(_ rows: borrowing Column<Int64>) -> Int {
        var count = 0
        for row in rows.indices { count &+= entries(Int(rows[row])).count }
        return count
    }

    /// Appends the clocks of some rows to a batch, each count so much above the last one of the same actor.
    mutating func appendClocks(
        _ rows: borrowing Column<Int64>, steps: borrowing Column<Int64>, to batch: inout EventBatch
    ) {
        var actors = Column<Symbol>(capacity: steps.count)
        var counts = Column<Int64>(capacity: steps.count)
        batch.clockStart.reserve(rows.count + 1)
        var at = 0
        for row in rows.indices {
            let entries = entries(Int(rows[row]))
            precondition(at + entries.count <= steps.count, "no such entries")
            actors.append(entries.count) { [entries] actors in
                self.actors.withPointer { own in
                    for entry in 0..<entries.count { actors[entry] = own[entries.lowerBound &+ entry] }
                }
            }
            for slot in entries {
                counts.append(count(slot, by: steps[at]))
                at &+= 1
            }
            batch.clockStart.append(UInt32(truncatingIfNeeded: at))
        }
        batch.clockActor = actors
        batch.clockCount = counts
    }

    @inline(__always)
    func fields(_ shape: Int) -> FieldSet { sets[shape] }
    /// The number of packed values of a row.
    @inline(__always)
    func valueCount(_ shape: Int) -> Int { Int(valueCounts[shape]) }
    @inline(__always)
    func causeCount(_ shape: Int) -> Int { Int(causes[shape]) }
    @inline(__always)
    func entries(_ shape: Int) -> Range<Int> { Int(starts[shape])..<Int(starts[shape + 1]) }
}
