import EventModel

/// The facts of some endpoints in the order in which they were delivered, as bytes: some 12 to 20 for each.
///
/// A fact is a group of numbers (`NumberTape`): its shape, then differences to the fact of the same process ahead of it, so that what hardly
/// changes takes no byte or one. The tape is only ever read from its beginning to its end.
struct FactTape: ~Copyable, Sendable {
    private var numbers = NumberTape()
    private var states = TapeStates()
    private(set) var count = 0

    /// How many bytes it takes.
    var size: Int { numbers.count }

    mutating func append(_ fact: Fact) {
        count += 1
        let moment = fact.moment
        let process = Int(moment.process.index)
        var state = states[process]
        let line = Int64(bitPattern: moment.line) &- state.line
        let counter = moment.counter &- state.counter
        numbers.append { out in
            out.put(UInt64(TapeShape(fact).rawValue))
            out.put(UInt64(process))
            out.put(signed: Int64(fact.endpoint) &- state.endpoint)
            out.put(UInt64(moment.index &- state.index))
            out.put(signed: counter)
            out.put(UInt64(moment.position))
            Self.put(time: moment.time &- state.time, &out)
            out.put(signed: Int64(moment.source.index) &- Int64(state.source.index))
            // Mostly a log's lines are its actor's events.
            out.put(signed: line &- counter)
            out.put(signed: Int64(bitPattern: moment.byte) &- state.byte(after: line))
            out.put(signed: Int64(moment.length) &- state.length)
            out.put(signed: fact.plan >= 0 ? fact.plan &- state.plan : 0)
            out.put(signed: fact.seen >= 0 ? fact.plan &- fact.seen : 0)
            out.put(signed: fact.commit >= 0 ? fact.commit &- state.commit : 0)
            out.put(fact.writer != moment.actor ? UInt64(fact.writer.index) + 1 : 0)
            out.put(UInt64(fact.store.index))
            out.put(fact.hasStoreTime ? UInt64(fact.storeTime.store.index ^ state.store.index) : 0)
            out.put(fact.hasStoreTime ? UInt64(UInt32(bitPattern: fact.storeTime.incarnation)) : 0)
            out.put(signed: fact.hasStoreTime ? fact.storeTime.counter &- state.storeCounter : 0)
        }
        state.move(to: fact, line: line)
        states[process] = state
    }

    /// All facts, behind those that `facts` has. `actors` are those of the processes, by number.
    func read(into facts: inout Column<Fact>, actors: [Symbol]) {
        var place = 0
        var states = TapeStates()
        for _ in 0..<count {
            let fact = numbers.read(at: &place) { numbers in
                let shape = TapeShape(rawValue: UInt32(truncatingIfNeeded: numbers.next()))
                let process = Int(truncatingIfNeeded: numbers.next())
                var state = states[process]
                var fact = shape.fact(of: ProcessID(index: UInt32(truncatingIfNeeded: process)), actors[process])
                fact.endpoint = UInt32(truncatingIfNeeded: state.endpoint &+ numbers.signed())
                fact.moment.index = state.index &+ UInt32(truncatingIfNeeded: numbers.next())
                let counter = numbers.signed()
                fact.moment.counter = state.counter &+ counter
                fact.moment.position = UInt32(truncatingIfNeeded: numbers.next())
                fact.moment.time = state.time &+ Self.time(&numbers)
                fact.moment.source = SourceID(
                    index: UInt32(truncatingIfNeeded: Int64(state.source.index) &+ numbers.signed()))
                let line = counter &+ numbers.signed()
                fact.moment.line = UInt64(bitPattern: state.line &+ line)
                fact.moment.byte = UInt64(bitPattern: state.byte(after: line) &+ numbers.signed())
                fact.moment.length = UInt32(truncatingIfNeeded: state.length &+ numbers.signed())
                let (plan, seen, commit) = (numbers.signed(), numbers.signed(), numbers.signed())
                if shape.has(.plan) { fact.plan = state.plan &+ plan }
                if shape.has(.seen) { fact.seen = fact.plan &- seen }
                if shape.has(.commit) { fact.commit = state.commit &+ commit }
                let writer = numbers.next()
                if writer > 0 { fact.writer = Symbol(index: UInt32(truncatingIfNeeded: writer - 1)) }
                fact.store = Symbol(index: UInt32(truncatingIfNeeded: numbers.next()))
                let (store, incarnation, stored) = (numbers.next(), numbers.next(), numbers.signed())
                if shape.has(.storeTime) {
                    fact.hasStoreTime = true
                    fact.storeTime = StoreTime(
                        store: Symbol(index: UInt32(truncatingIfNeeded: store) ^ state.store.index),
                        incarnation: Int32(truncatingIfNeeded: incarnation), counter: state.storeCounter &+ stored,
                        position: fact.form == .stored ? fact.moment.position : 0)
                }
                state.move(to: fact, line: line)
                states[process] = state
                return fact
            }
            facts.append(fact)
        }
    }

    // MARK: Times

    /// Times are mostly whole milliseconds or microseconds: one number says of which unit, the next how many.
    @inline(__always)
    private static func put(time span: Int64, _ out: inout NumberTape.Writer) {
        let (micros, rest) = span.quotientAndRemainder(dividingBy: 1000)
        if rest != 0 {
            out.put(signed: span)
            out.put(2)
            return
        }
        let (millis, left) = micros.quotientAndRemainder(dividingBy: 1000)
        out.put(signed: left == 0 ? millis : micros)
        out.put(left == 0 ? 0 : 1)
    }

    @inline(__always)
    private static func time(_ numbers: inout NumberTape.Reader) -> Int64 {
        let span = numbers.signed()
        switch numbers.next() {
        case 0: return span &* Nanoseconds.millisecond
        case 1: return span &* 1000
        default: return span
        }
    }
}
