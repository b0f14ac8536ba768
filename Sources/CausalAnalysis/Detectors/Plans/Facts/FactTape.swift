import EventModel

/// The facts of some endpoints in the order in which they were delivered, as bytes: some 12 to 18 for each.
///
/// A fact begins with its shape: the flags that say which fields follow, as a number in a table of the shapes met so far. The rest are
/// differences to the fact of the same process ahead of it, in seven bits a byte, so that what hardly changes takes one. The tape is only
/// ever read from its beginning to its end. It stands for itself but for the table of shapes, so a full one could be compressed and
/// written to a spool, and read again when its turn comes.
struct FactTape: ~Copyable, Sendable {
    private var bytes = Column<UInt8>()
    private var shapes = Column<UInt32>()
    private var writers = TapeStates()
    private(set) var count = 0

    /// How many bytes it takes.
    var size: Int { bytes.count }

    // MARK: Writing

    mutating func append(_ fact: Fact) {
        count += 1
        let moment = fact.moment
        let process = Int(moment.process.index)
        var state = writers[process]
        let line = Int64(bitPattern: moment.line) &- state.line
        let flags = TapeShape(fact, line: line, state)
        put(UInt64(number(of: flags.rawValue)))
        put(UInt64(process))
        put(signed: Int64(fact.endpoint) &- state.endpoint)
        put(UInt64(moment.index &- state.index))
        put(signed: moment.counter &- state.counter)
        if flags.has(.position) { put(UInt64(moment.position)) }
        putTime(moment.time &- state.time)
        if flags.has(.source) { put(UInt64(moment.source.index)) }
        if !flags.has(.lineAsCounter) { put(signed: line) }
        put(signed: Int64(bitPattern: moment.byte) &- state.byte(after: line))
        put(signed: Int64(moment.length) &- state.length)
        if flags.has(.plan), !flags.has(.samePlan) { put(signed: fact.plan &- state.plan) }
        if flags.has(.seen) { put(signed: fact.plan &- fact.seen) }
        if flags.has(.commit) { put(signed: fact.commit &- state.commit) }
        if flags.has(.by) { put(UInt64(fact.writer.index)) }
        if flags.has(.store) { put(UInt64(fact.store.index)) }
        if flags.has(.storeTime) {
            put(UInt64(fact.storeTime.store.index))
            put(UInt64(UInt32(bitPattern: fact.storeTime.incarnation)))
            put(signed: fact.storeTime.counter &- state.storeCounter)
        }
        state.move(to: fact, line: line)
        writers[process] = state
    }

    private mutating func number(of shape: UInt32) -> Int {
        for at in shapes.indices where shapes[at] == shape { return at }
        shapes.append(shape)
        return shapes.count - 1
    }

    private mutating func put(_ value: UInt64) {
        var left = value
        while left >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: left) | 0x80)
            left >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: left))
    }

    private mutating func put(signed value: Int64) { put(UInt64(bitPattern: value << 1 ^ value >> 63)) }

    /// Times are mostly whole seconds, milliseconds or microseconds: the lowest two bits say which.
    private mutating func putTime(_ span: Int64) {
        let (unit, code): (Int64, UInt64) =
            if span % Nanoseconds.second == 0 { (Nanoseconds.second, 3) } else if span % Nanoseconds.millisecond == 0 {
                (Nanoseconds.millisecond, 2)
            } else if span % 1000 == 0 { (1000, 1) } else { (1, 0) }
        if code > 0 {
            let whole = span / unit
            return put(UInt64(bitPattern: whole << 1 ^ whole >> 63) << 2 | code)
        }
        // 62 bits hold a difference of 70 years; beyond that the two ends stand apart.
        if span.magnitude < 1 << 60 { return put(UInt64(bitPattern: span << 1 ^ span >> 63) << 2) }
        put(UInt64.max)
        put(UInt64(bitPattern: span))
    }

    // MARK: Reading

    /// All facts, behind those that `facts` has. `actors` are those of the processes, by number.
    func read(into facts: inout Column<Fact>, actors: [Symbol]) {
        var reader = Reader(at: 0)
        var states = TapeStates()
        for _ in 0..<count {
            let flags = TapeShape(rawValue: shapes[Int(truncatingIfNeeded: reader.next(bytes))])
            let process = Int(truncatingIfNeeded: reader.next(bytes))
            var state = states[process]
            var fact = flags.fact(of: ProcessID(index: UInt32(truncatingIfNeeded: process)), actors[process])
            fact.endpoint = UInt32(truncatingIfNeeded: state.endpoint &+ reader.signed(bytes))
            fact.moment.index = state.index &+ UInt32(truncatingIfNeeded: reader.next(bytes))
            let counter = reader.signed(bytes)
            fact.moment.counter = state.counter &+ counter
            if flags.has(.position) { fact.moment.position = UInt32(truncatingIfNeeded: reader.next(bytes)) }
            fact.moment.time = state.time &+ reader.time(bytes)
            fact.moment.source = state.source
            if flags.has(.source) {
                fact.moment.source = SourceID(index: UInt32(truncatingIfNeeded: reader.next(bytes)))
            }
            let line = flags.has(.lineAsCounter) ? counter : reader.signed(bytes)
            fact.moment.line = UInt64(bitPattern: state.line &+ line)
            fact.moment.byte = UInt64(bitPattern: state.byte(after: line) &+ reader.signed(bytes))
            fact.moment.length = UInt32(truncatingIfNeeded: state.length &+ reader.signed(bytes))
            if flags.has(.plan) { fact.plan = flags.has(.samePlan) ? state.plan : state.plan &+ reader.signed(bytes) }
            if flags.has(.seen) { fact.seen = fact.plan &- reader.signed(bytes) }
            if flags.has(.commit) { fact.commit = state.commit &+ reader.signed(bytes) }
            if flags.has(.by) { fact.writer = Symbol(index: UInt32(truncatingIfNeeded: reader.next(bytes))) }
            if flags.has(.store) { fact.store = Symbol(index: UInt32(truncatingIfNeeded: reader.next(bytes))) }
            if flags.has(.storeTime) {
                fact.hasStoreTime = true
                fact.storeTime.store = Symbol(index: UInt32(truncatingIfNeeded: reader.next(bytes)))
                fact.storeTime.incarnation = Int32(truncatingIfNeeded: reader.next(bytes))
                fact.storeTime.counter = state.storeCounter &+ reader.signed(bytes)
                if fact.form == .stored { fact.storeTime.position = fact.moment.position }
            }
            state.move(to: fact, line: line)
            states[process] = state
            facts.append(fact)
        }
    }

    private struct Reader {
        var at: Int

        mutating func next(_ bytes: borrowing Column<UInt8>) -> UInt64 { bytes.variableLength(at: &at) }

        mutating func signed(_ bytes: borrowing Column<UInt8>) -> Int64 {
            let value = next(bytes)
            return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
        }

        mutating func time(_ bytes: borrowing Column<UInt8>) -> Int64 {
            let value = next(bytes)
            if value == .max { return Int64(bitPattern: next(bytes)) }
            let span = Int64(bitPattern: value >> 3) ^ -Int64(bitPattern: value >> 2 & 1)
            switch value & 3 {
            case 3: return span &* Nanoseconds.second
            case 2: return span &* Nanoseconds.millisecond
            case 1: return span &* 1000
            default: return span
            }
        }
    }
}

/// Which fields of a fact follow, and those that are a few bits.
struct TapeShape {
    enum Flag: UInt32 {
        case deliberate = 12
        case byOperator, hasClock
        case position, source, lineAsCounter, plan, samePlan, seen, commit, by, store, storeTime
    }

    var rawValue: UInt32

    init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    init(_ fact: Fact, line: Int64, _ state: TapeState) {
        rawValue =
            UInt32(fact.form.rawValue) | UInt32(fact.outcome.rawValue) << 3 | UInt32(fact.addresses + 1) << 6
            | UInt32(fact.moment.capValue) << 8
        set(.deliberate, fact.isDeliberate)
        set(.byOperator, fact.byOperator)
        set(.hasClock, fact.moment.hasClock)
        set(.position, fact.moment.position != 0)
        set(.source, fact.moment.source != state.source)
        set(.lineAsCounter, line == fact.moment.counter &- state.counter)
        set(.plan, fact.plan >= 0)
        set(.samePlan, fact.plan == state.plan)
        set(.seen, fact.seen >= 0)
        set(.commit, fact.commit >= 0)
        set(.by, fact.writer != fact.moment.actor)
        set(.store, fact.store != .none)
        set(.storeTime, fact.hasStoreTime)
    }

    private mutating func set(_ flag: Flag, _ isSet: Bool) {
        if isSet { rawValue |= 1 << flag.rawValue }
    }

    func has(_ flag: Flag) -> Bool { rawValue & 1 << flag.rawValue != 0 }

    /// A fact with all that the shape alone says.
    func fact(of process: ProcessID, _ actor: Symbol) -> Fact {
        let form = Fact.Form(rawValue: UInt8(rawValue & 7)) ?? .check
        return Fact(
            form: form, outcome: Outcome(rawValue: UInt8(rawValue >> 3 & 7)) ?? .unknown,
            addresses: Int8(rawValue >> 6 & 3) - 1, isDeliberate: has(.deliberate), byOperator: has(.byOperator),
            writer: actor,
            moment: Moment(
                line: 0, byte: 0, time: 0, counter: 0, position: 0, length: 0, source: SourceID(index: 0),
                process: process, actor: actor, index: 0, kind: form.kind, hasClock: has(.hasClock),
                capValue: UInt8(rawValue >> 8 & 3)))
    }
}

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

    /// Where a line so many behind the last should begin.
    func byte(after lines: Int64) -> Int64 { byte &+ pace &* lines }

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
        if fact.hasStoreTime { storeCounter = fact.storeTime.counter }
        index = moment.index
        source = moment.source
    }
}

/// The states of the processes that have facts on a tape.
struct TapeStates: ~Copyable, Sendable {
    private var numbers = Column<Int32>()
    private var states = Column<TapeState>()

    subscript(process: Int) -> TapeState {
        mutating get {
            numbers.grow(toHold: process, with: -1)
            if numbers[process] < 0 {
                numbers[process] = Int32(truncatingIfNeeded: states.count)
                states.append(TapeState())
            }
            return states[Int(numbers[process])]
        }
        set { states[Int(numbers[process])] = newValue }
    }
}
