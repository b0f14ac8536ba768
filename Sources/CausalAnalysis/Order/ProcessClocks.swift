import EventModel

/// The vector clocks of all processes as they stand at the event given out last: row p is the clock of p's newest event.
///
/// The incarnations of an actor follow one another, and each knows what the one before it knew: they are one *lineage* and share one row, so
/// that a new one copies nothing. A row has memory only where something is known: 256 bytes for each 32 neighbouring processes of which
/// any has been heard of; twice as much where clocks were inferred.
package struct ProcessClocks: ~Copyable, Sendable {
    /// What became of a clock: enough to follow it elsewhere.
    enum Change: BitwiseCopyable, Sendable {
        case begin(Symbol, after: ProcessID?)
        case raise(ProcessID, ProcessID, Stamp)
    }

    /// By lineage and the process that it knows of.
    private var places = SparsePlaces()
    private var stamps = StampColumn()
    private var actors: [Symbol] = []
    /// By process.
    private var lineages = Column<Int32>()
    private var lineageCount = 0
    /// What became of the clocks by the newest event.
    private(set) var changes = Column<Change>()
    private let place = LentByAddress()

    package init() {}

    /// Begins an event: what becomes of the clocks from now on is its doing.
    package mutating func beginEvent() { changes.truncate(to: 0) }

    /// The number of processes.
    package var count: Int { actors.count }

    /// The actor whose incarnation a process is.
    package func actor(of process: ProcessID) -> Symbol { actors[Int(process.index)] }

    /// The number of the row that a process shares with its predecessors and successors.
    @inline(__always)
    func lineage(of process: ProcessID) -> Int { Int(lineages[Int(process.index)]) }

    /// Begins a process. With `predecessor`, its actor's incarnation before, it takes that one's clock over, which is its own from now on.
    package mutating func begin(actor: Symbol, after predecessor: ProcessID? = nil) -> ProcessID {
        changes.append(.begin(actor, after: predecessor))
        let process = ProcessID(index: UInt32(count))
        actors.append(actor)
        if let predecessor {
            lineages.append(lineages[Int(predecessor.index)])
        } else {
            lineages.append(Int32(lineageCount))
            lineageCount += 1
            places.addRow()
        }
        return process
    }

    /// The latest event of `other` that happened before the newest event of `process`. See `SparsePlaces.place`.
    package subscript(process: ProcessID, other: ProcessID) -> Stamp {
        @inline(__always) get {
            let at = places.place(lineage(of: process), Int(other.index))
            return at < 0 ? .zero : stamps[at]
        }
    }

    /// The clock of a process, of which many entries are asked for, in about their order.
    @inline(__always)
    func row(_ process: ProcessID) -> SparsePlaces.Row { SparsePlaces.Row(lineage(of: process)) }

    /// The count of one entry; 0 where nothing is known, `other` below 0 included.
    @inline(__always)
    func counter(_ row: inout SparsePlaces.Row, of other: Int32) -> Int64 {
        if other < 0 { return 0 }
        let at = places.place(&row, Int(other))
        return at < 0 ? 0 : stamps.counter(at)
    }

    /// Raises one entry; whether that changed it.
    @discardableResult
    package mutating func raise(_ process: ProcessID, entry other: ProcessID, to stamp: Stamp) -> Bool {
        let lineage = lineage(of: process)
        var at = places.place(lineage, Int(other.index))
        if at < 0 {
            if stamp == .zero { return false }
            at = places.add(lineage, Int(other.index))
            stamps.grow(to: places.count)
        }
        if stamps[at] >= stamp { return false }
        stamps[at] = stamp
        changes.append(.raise(process, other, stamp))
        return true
    }

    /// Raises all entries of `process` to those of `clock`, as a message with that clock would. O(entries).
    package mutating func merge(_ clock: VectorClock, into process: ProcessID) {
        for entry in clock.entries { raise(process, entry: entry.process, to: entry.stamp) }
    }

    /// Does what was done to other clocks.
    mutating func follow(_ change: Change) {
        switch change {
        case .begin(let actor, let predecessor): _ = begin(actor: actor, after: predecessor)
        case .raise(let process, let other, let stamp): raise(process, entry: other, to: stamp)
        }
    }

    /// The clock of the newest event of `process`, to keep. O(pages).
    package func snapshot(_ process: ProcessID) -> VectorClock {
        var known = 0
        forEachEntry(process) { _, _ in known += 1 }
        return clock(process, of: known, besides: nil)
    }

    /// Of the same clock the entries of so many processes at most, those that began last. O(pages looked at).
    func snapshot(_ process: ProcessID, latest most: Int) -> VectorClock {
        if most == .max { return snapshot(process) }
        var clock = VectorClock()
        places.forEachPageBackwards(of: lineage(of: process)) { first, place in
            for q in (0..<min(SparsePlaces.pageSize, count - first)).reversed() where clock.entries.count < most {
                let stamp = stamps[place + q]
                if stamp == .zero { continue }
                clock.entries.append(VectorClock.Entry(process: ProcessID(index: UInt32(first + q)), stamp: stamp))
            }
            return clock.entries.count < most
        }
        clock.entries.reverse()
        return clock
    }

    /// What the newest event of `process` knows of others; `last`, and no new memory, where that says the same. O(pages).
    func heard(by process: ProcessID, last: VectorClock) -> VectorClock {
        var known = 0
        var isLast = true
        forEachEntry(process) { other, stamp in
            if other == process { return }
            isLast =
                isLast && known < last.entries.count && last.entries[known].process == other
                && last.entries[known].stamp == stamp
            known += 1
        }
        return isLast && known == last.entries.count ? last : clock(process, of: known, besides: process)
    }

    /// The entries of a process but one, of which so many are there.
    private func clock(_ process: ProcessID, of count: Int, besides left: ProcessID?) -> VectorClock {
        var clock = VectorClock()
        clock.entries.reserveCapacity(count)
        forEachEntry(process) { other, stamp in
            if other != left { clock.entries.append(VectorClock.Entry(process: other, stamp: stamp)) }
        }
        return clock
    }

    /// Calls `body` with each process that the newest event of `process` knows of, itself included, and how far. O(pages).
    @inline(__always)
    func forEachEntry(_ process: ProcessID, _ body: (ProcessID, Stamp) -> Void) {
        places.forEachPage(of: lineage(of: process)) { first, place in
            for q in 0..<min(SparsePlaces.pageSize, count - first) {
                let stamp = stamps[place + q]
                if stamp != .zero { body(ProcessID(index: UInt32(first + q)), stamp) }
            }
        }
    }
}
