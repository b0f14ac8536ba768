import HeapModule

/// Records that wait for others, by what they wait for.
struct WaitingRecords: ~Copyable {
    /// A record by its sequence and its number there.
    struct Record: BitwiseCopyable, Sendable {
        var sequence: Int32
        var index: Int32
    }

    /// How far a sequence has come: the incarnation of its first record left, and the smallest entry that knows that record.
    struct Reach: BitwiseCopyable, Sendable {
        var incarnation: Int32
        var knownAt: Int64

        static let end = Reach(incarnation: .max, knownAt: .max)

        /// Whether no record left is one of those that an entry knows.
        @inline(__always)
        func covers(_ incarnation: Int32, _ counter: Int64) -> Bool {
            self.incarnation == incarnation ? knownAt > counter : self.incarnation > incarnation
        }
    }

    struct Waiter: Comparable, Sendable {
        let incarnation: Int32
        let counter: Int64
        let record: Record

        static func < (a: Waiter, b: Waiter) -> Bool {
            (a.incarnation, a.counter) < (b.incarnation, b.counter)
        }
        static func == (a: Waiter, b: Waiter) -> Bool {
            (a.incarnation, a.counter) == (b.incarnation, b.counter)
        }
    }

    /// By sequence: those that wait for it to reach a counter.
    private var counters = Table<Heap<Waiter>>()
    /// By sequence: those that wait for the next records of a cycle's range.
    private var ranges: [Int: [Record]] = [:]
    /// By the name's seat: those that wait for a record that bears it.
    private var names: [Int: [Record]] = [:]
    private var woken: [Record] = []

    /// Begins with so many sequences.
    init(sequences: Int) {
        for _ in 0..<sequences { counters.append(Heap()) }
    }

    mutating func wait(_ record: Record, for sequence: Int, incarnation: Int32, counter: Int64) {
        counters[sequence].insert(Waiter(incarnation: incarnation, counter: counter, record: record))
    }

    mutating func wait(_ record: Record, forRangeOf sequence: Int) { ranges[sequence, default: []].append(record) }

    mutating func wait(_ record: Record, forName seat: Int) { names[seat, default: []].append(record) }

    /// Wakes those that waited for a sequence to come so far.
    @inline(__always)
    mutating func wake(_ sequence: Int, at reach: Reach) {
        while let waiter = counters[sequence].min, reach.covers(waiter.incarnation, waiter.counter) {
            woken.append(waiter.record)
            counters[sequence].removeMin()
        }
    }

    mutating func wakeForRange(of sequence: Int) {
        if let records = ranges.removeValue(forKey: sequence) { woken += records }
    }

    mutating func wakeForName(_ seat: Int) {
        if let records = names.removeValue(forKey: seat) { woken += records }
    }

    /// Wakes all.
    mutating func wakeAll() {
        for sequence in counters.indices {
            while let waiter = counters[sequence].popMin() { woken.append(waiter.record) }
        }
        for records in ranges.values { woken += records }
        for records in names.values { woken += records }
        ranges = [:]
        names = [:]
    }

    /// One of those that wait no more, which is forgotten here.
    @inline(__always)
    mutating func nextWoken() -> Record? { woken.popLast() }
}
