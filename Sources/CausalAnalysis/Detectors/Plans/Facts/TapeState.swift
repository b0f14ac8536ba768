import EventModel

/// What the facts of one process are told as differences to.
struct TapeState: BitwiseCopyable, Sendable {
    var endpoint: Int64 = 0
    var line: Int64 = 0
    var byte: Int64 = 0
    var time: Int64 = 0
    var counter: Int64 = 0
    var length: Int64 = 0
    var plan: Int64 = 0
    var commit: Int64 = 0
    var storeCounter: Int64 = 0
    /// Bytes from one line to the next, of late.
    var pace: Int64 = 0
    var index: UInt32 = 0
    var source = SourceID(index: 0)
    var store = Symbol.none

    /// Where a line so many behind the last should begin.
    @inline(__always)
    func byte(after lines: Int64) -> Int64 { byte &+ pace &* lines }

    @inline(__always)
    mutating func move(to fact: Fact, line lines: Int64) {
        let moment = fact.moment
        let span = Int64(bitPattern: moment.byte) &- byte
        if lines > 0 { pace = span / lines }
        endpoint = Int64(fact.endpoint)
        line = Int64(bitPattern: moment.line)
        byte = Int64(bitPattern: moment.byte)
        time = moment.time
        counter = moment.counter
        length = Int64(moment.length)
        if fact.plan >= 0 { plan = fact.plan }
        if fact.commit >= 0 { commit = fact.commit }
        if fact.hasStoreTime {
            storeCounter = fact.storeTime.counter
            store = fact.storeTime.store
        }
        index = moment.index
        source = moment.source
    }
}

/// The states of the processes that have facts on a tape.
struct TapeStates: ~Copyable, Sendable {
    private var numbers = Column<Int32>()
    private var states = Column<TapeState>()

    subscript(process: Int) -> TapeState {
        @inline(__always) mutating get {
            numbers.grow(toHold: process, with: -1)
            if numbers[process] < 0 {
                numbers[process] = Int32(truncatingIfNeeded: states.count)
                states.append(TapeState())
            }
            return states[Int(numbers[process])]
        }
        @inline(__always) set { states[Int(numbers[process])] = newValue }
    }
}
