import EventModel

/// A block of facts as columns of numbers, on its way to a tape or from one.
struct FactColumns: ~Copyable, Sendable {
    /// The numbers, column by column.
    private var values = Column<Int64>()

    /// So many facts are a block.
    static let rows = 128

    private enum Number: Int, CaseIterable {
        case shape, process, endpoint, index, counter, position, time, source, line, byte, length, plan, seen, commit
        case writer, store, timeStore, timeIncarnation, timeCounter
    }

    /// Wall clocks mostly count whole milliseconds or microseconds.
    private static let units: [Int64] = [Nanoseconds.millisecond, 1000, 1]

    private subscript(number: Number, row: Int) -> Int64 {
        @inline(__always) get { values[number.rawValue &* Self.rows &+ row] }
        @inline(__always) set { values[number.rawValue &* Self.rows &+ row] = newValue }
    }

    // MARK: Writing

    /// Takes a whole block of facts; `states` are those of the processes as of the fact ahead of it.
    mutating func take(_ facts: borrowing Column<Fact>, _ states: inout TapeStates) {
        values.grow(toHold: Number.allCases.count * Self.rows - 1, with: 0)
        for row in 0..<Self.rows { take(facts[row], at: row, &states) }
    }

    @inline(__always)
    private mutating func take(_ fact: Fact, at row: Int, _ states: inout TapeStates) {
        let moment = fact.moment
        let process = Int(moment.process.index)
        var state = states[process]
        let line = Int64(bitPattern: moment.line) &- state.line
        let counter = moment.counter &- state.counter
        self[.shape, row] = Int64(TapeShape(fact).rawValue)
        self[.process, row] = Int64(process)
        self[.endpoint, row] = Int64(fact.endpoint) &- state.endpoint
        self[.index, row] = Int64(moment.index &- state.index)
        self[.counter, row] = counter
        self[.position, row] = Int64(moment.position)
        self[.time, row] = moment.time &- state.time
        self[.source, row] = Int64(moment.source.index) &- Int64(state.source.index)
        // Mostly a log's lines are its actor's events.
        self[.line, row] = line &- counter
        self[.byte, row] = Int64(bitPattern: moment.byte) &- state.byte(after: line)
        self[.length, row] = Int64(moment.length) &- state.length
        self[.plan, row] = fact.plan >= 0 ? fact.plan &- state.plan : 0
        self[.seen, row] = fact.seen >= 0 ? fact.plan &- fact.seen : 0
        self[.commit, row] = fact.commit >= 0 ? fact.commit &- state.commit : 0
        self[.writer, row] = fact.writer != moment.actor ? Int64(fact.writer.index) + 1 : 0
        self[.store, row] = Int64(fact.store.index)
        self[.timeStore, row] = fact.hasStoreTime ? Int64(fact.storeTime.store.index ^ state.store.index) : 0
        self[.timeIncarnation, row] = fact.hasStoreTime ? Int64(fact.storeTime.incarnation) : 0
        self[.timeCounter, row] = fact.hasStoreTime ? fact.storeTime.counter &- state.storeCounter : 0
        state.move(to: fact, line: line)
        states[process] = state
    }

    /// Writes the block, in whole words.
    mutating func write(to output: inout BitWriter) {
        let first = Number.time.rawValue * Self.rows
        let range = first..<first + Self.rows
        var unit = 0
        while range.contains(where: { values[$0] % Self.units[unit] != 0 }) { unit += 1 }
        for at in range { values[at] /= Self.units[unit] }
        output.put(UInt64(unit), 2)
        for number in 0..<Number.allCases.count {
            output.put(block: number * Self.rows..<(number + 1) * Self.rows, of: values)
        }
        output.finish()
    }

    // MARK: Reading

    /// Reads the next block.
    mutating func read(from input: inout BitReader) {
        let unit = Self.units[min(Int(input.get(2)), Self.units.count - 1)]
        values.truncate(to: 0)
        for _ in Number.allCases { input.get(Self.rows, behind: &values) }
        input.finish()
        for row in 0..<Self.rows { self[.time, row] &*= unit }
    }

    /// A fact of the block; rows are asked for in their order.
    @inline(__always)
    mutating func fact(_ row: Int, _ states: inout TapeStates, _ actors: [Symbol]) -> Fact {
        let shape = TapeShape(rawValue: UInt32(truncatingIfNeeded: self[.shape, row]))
        let process = Int(self[.process, row])
        var state = states[process]
        var fact = shape.fact(of: ProcessID(index: UInt32(truncatingIfNeeded: process)), actors[process])
        fact.endpoint = UInt32(truncatingIfNeeded: state.endpoint &+ self[.endpoint, row])
        fact.moment.index = state.index &+ UInt32(truncatingIfNeeded: self[.index, row])
        let counter = self[.counter, row]
        fact.moment.counter = state.counter &+ counter
        fact.moment.position = UInt32(truncatingIfNeeded: self[.position, row])
        fact.moment.time = state.time &+ self[.time, row]
        fact.moment.source = SourceID(
            index: UInt32(truncatingIfNeeded: Int64(state.source.index) &+ self[.source, row]))
        let line = counter &+ self[.line, row]
        fact.moment.line = UInt64(bitPattern: state.line &+ line)
        fact.moment.byte = UInt64(bitPattern: state.byte(after: line) &+ self[.byte, row])
        fact.moment.length = UInt32(truncatingIfNeeded: state.length &+ self[.length, row])
        if shape.has(.plan) { fact.plan = state.plan &+ self[.plan, row] }
        if shape.has(.seen) { fact.seen = fact.plan &- self[.seen, row] }
        if shape.has(.commit) { fact.commit = state.commit &+ self[.commit, row] }
        let writer = self[.writer, row]
        if writer > 0 { fact.writer = Symbol(index: UInt32(truncatingIfNeeded: writer - 1)) }
        fact.store = Symbol(index: UInt32(truncatingIfNeeded: self[.store, row]))
        if shape.has(.storeTime) {
            fact.hasStoreTime = true
            fact.storeTime = StoreTime(
                store: Symbol(index: UInt32(truncatingIfNeeded: self[.timeStore, row]) ^ state.store.index),
                incarnation: Int32(truncatingIfNeeded: self[.timeIncarnation, row]),
                counter: state.storeCounter &+ self[.timeCounter, row],
                position: fact.form == .stored ? fact.moment.position : 0)
        }
        state.move(to: fact, line: line)
        states[process] = state
        return fact
    }
}
