import EventModel

/// Puts a record's clock into its batch, entry by entry: the own one apart, of two for one actor the last.
struct ClockIntake: ~Copyable {
    /// By symbol: the clock that named it last, by number, and where its entry lies.
    private var marks = Column<Mark>()
    private var number: UInt64 = 0
    private var actor = Symbol.none
    /// Where its entries begin.
    private var first = 0
    private var own: Int64 = -1
    /// Whether all entries so far are counts.
    var isUsable = true

    struct Mark {
        var number: UInt64 = 0
        var place = 0
    }

    /// Makes room in a batch without clocks for about as many entries as the one before had.
    mutating func makeRoom(in batch: inout EventBatch) {
        let room = first + first / 8
        batch.clockActor.reserve(room)
        batch.clockCount.reserve(room)
    }

    /// Begins the clock of a record.
    @inline(__always)
    mutating func begin(_ actor: Symbol, into batch: borrowing EventBatch) {
        number &+= 1
        self.actor = actor
        first = batch.clockActor.count
        own = -1
        isUsable = true
    }

    @inline(__always)
    mutating func add(_ other: Symbol, _ count: Int64, into batch: inout EventBatch) {
        if other == actor {
            own = count
            return
        }
        let symbol = Int(other.index)
        marks.grow(toHold: symbol, with: Mark())
        if marks[symbol].number == number {
            batch.clockCount[marks[symbol].place] = count
        } else {
            marks[symbol] = Mark(number: number, place: batch.clockActor.count)
            batch.clockActor.append(other)
            batch.clockCount.append(count)
        }
    }

    /// The own count; nil, and no entry stays, where the clock cannot be used.
    @inline(__always)
    func finish(into batch: inout EventBatch) -> Int64? {
        if isUsable, own >= 0 { return own }
        batch.clockActor.truncate(to: first)
        batch.clockCount.truncate(to: first)
        return nil
    }
}
