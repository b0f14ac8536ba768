import EventModel

/// Where a record lies: its frame and its row there.
struct RecordSpot: Hashable, BitwiseCopyable, Sendable {
    var frame: Int32
    var row: Int32
}

/// A record in its place in its actor's order.
struct SettledRecord: BitwiseCopyable, Sendable {
    let spot: RecordSpot
    /// Its time, or of a record without one that of its predecessor.
    var time: Int64
    /// The own counter that it bears or, without a clock, the one that it must have had; −1 where neither is known.
    var counter: Int64
    /// The smallest entry for its actor with which a clock knows it; `.max` where no clock can.
    var knownAt: Int64
    /// Whether the record bears its counter.
    let hasClock: Bool
}

/// The records of one actor, or of one of several processes of one name, in their own order.
///
/// Mostly they are in order as they stand: then the sequence is that of some streams, and is read as it goes. Else the records are listed.
struct ActorSequence: ~Copyable, Sendable {
    let actor: Symbol
    /// The streams that hold it, in their order.
    let streams: [Int32]
    /// The records, where they do not stand in order; empty otherwise.
    var records: [SettledRecord] = []
    /// Of listed records.
    var incarnations: [Incarnation] = []
    /// Stretches of listed records in which their order does not hold.
    var loose: [LooseRange] = []
    /// The records in the order in which they are shown, once the merge has settled that of loose ranges; empty where it is theirs.
    var shown: [Int32] = []
    /// The most that may be said of what rests on its order.
    var cap = Finding.Confidence.proven
    /// Whether any of its records bears a counter.
    var hasCounters: Bool
    /// Whether it is one of several processes of its actor's name, which entries of clocks do not tell apart.
    var isOneOfSeveral = false
    /// Records whose clocks contradict those of their neighbours.
    var faulty: Set<RecordSpot> = []
    /// By actor name, then by file.
    var rank: Int32 = 0
    private let place = LentByAddress()

    var isListed: Bool { !records.isEmpty }

    /// The record that is shown at a place.
    @inline(__always)
    func shown(_ at: Int) -> SettledRecord { records[shown.isEmpty ? at : Int(shown[at])] }

    /// Settles in which order the records of loose ranges are shown.
    mutating func show(_ loose: [Int32]) {
        if loose.isEmpty { return }
        shown = records.indices.map { Int32($0) }
        var next = 0
        for range in self.loose {
            for at in range.records {
                shown[at] = loose[next]
                next += 1
            }
        }
    }

    /// A stretch of records between two restarts.
    struct Incarnation: Sendable {
        /// Its first record.
        var start: Int
        /// The highest counter in it, and in it or any before it.
        var most: Int64
        var mostSoFar: Int64
    }

    /// Records next to one another whose order is disputed.
    struct LooseRange: Sendable {
        var records: Range<Int>
        /// Which cycle it belongs to; nil of an ambiguous range: there records are ordered where line and time agree, or both bear counters.
        var cycle: Int32?
    }

    init(actor: Symbol, streams: [Int32], hasCounters: Bool) {
        self.actor = actor
        self.streams = streams
        self.hasCounters = hasCounters
    }

    /// The earliest incarnation that reaches a counter, else the first; by number.
    func incarnation(reaching counter: Int64) -> Int {
        var low = 0
        var high = incarnations.count
        while low < high {
            let middle = (low + high) / 2
            if incarnations[middle].mostSoFar < counter { low = middle + 1 } else { high = middle }
        }
        return low < incarnations.count ? low : 0
    }

    /// The records of an incarnation.
    func records(of incarnation: Int) -> Range<Int> {
        let end = incarnation + 1 < incarnations.count ? incarnations[incarnation + 1].start : records.count
        return incarnations[incarnation].start..<end
    }

    /// The first record of an incarnation, or behind it, that a clock with this entry does not know.
    func firstUnknown(to counter: Int64, in incarnation: Int) -> Int {
        let range = records(of: incarnation)
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = (low + high) / 2
            if records[middle].knownAt <= counter { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
