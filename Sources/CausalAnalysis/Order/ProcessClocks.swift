import EventModel

/// The vector clocks of all processes as they stand at the event given out last: row p is the clock of p's newest event.
///
/// Dense, one stamp for each pair of processes that were seen: 8 bytes times the square of their number, rounded up to a power of two; twice
/// as much where clocks were inferred.
package struct ProcessClocks: ~Copyable, Sendable {
    /// What became of the clocks: enough to follow them elsewhere.
    enum Change: BitwiseCopyable, Sendable {
        case begin(Symbol, after: ProcessID?)
        case raise(ProcessID, ProcessID, Stamp)
    }

    /// Row by row, `width` stamps each.
    private var stamps = StampColumn()
    private var width = 0
    private var actors: [Symbol] = []

    package init() {}

    /// The number of processes.
    package var count: Int { actors.count }

    /// The actor whose life a process is.
    package func actor(of process: ProcessID) -> Symbol { actors[Int(process.index)] }

    /// The clock of the newest event of `process`, by process. O(processes).
    package func row(_ process: ProcessID) -> [Stamp] {
        let first = Int(process.index) * width
        return (0..<count).map { stamps[first + $0] }
    }

    /// A new process, with the clock of `predecessor`, its actor's life before, if it has one.
    package mutating func begin(actor: Symbol, after predecessor: ProcessID? = nil) -> ProcessID {
        let process = ProcessID(index: UInt32(count))
        if count == width { widen() }
        for other in 0..<width {
            let known = predecessor.map { stamps[Int($0.index) * width + other] }
            stamps[count * width + other] = known ?? .zero
        }
        actors.append(actor)
        return process
    }

    /// The latest event of `other` that happened before the newest event of `process`. O(1).
    package subscript(process: ProcessID, other: ProcessID) -> Stamp {
        stamps[Int(process.index) * width + Int(other.index)]
    }

    /// The count of one entry; 0 where nothing is known, `other` below 0 included.
    func counter(_ process: ProcessID, of other: Int32) -> Int64 {
        other < 0 ? 0 : stamps.counter(Int(process.index) * width + Int(other))
    }

    /// Raises one entry; whether that changed it.
    @discardableResult
    package mutating func raise(_ process: ProcessID, entry other: ProcessID, to stamp: Stamp) -> Bool {
        let at = Int(process.index) * width + Int(other.index)
        if stamps[at] >= stamp { return false }
        stamps[at] = stamp
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

    /// The clock of the newest event of `process`, to keep. O(processes).
    package func snapshot(_ process: ProcessID) -> VectorClock {
        let first = Int(process.index) * width
        var entries: [VectorClock.Entry] = []
        for q in 0..<count where stamps[first + q] != .zero {
            entries.append(VectorClock.Entry(process: ProcessID(index: UInt32(q)), stamp: stamps[first + q]))
        }
        return VectorClock(entries: entries)
    }

    private mutating func widen() {
        let wide = max(4, 2 * width)
        var larger = StampColumn(capacity: wide * wide)
        for p in 0..<wide {
            for q in 0..<wide { larger.append(p < width && q < width ? stamps[p * width + q] : .zero) }
        }
        stamps = larger
        width = wide
    }
}
