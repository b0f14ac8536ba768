import EventModel

/// The vector clocks of all processes as they stand at the event given out last: row p is the clock of p's newest event.
///
/// Dense, one stamp for each pair of processes that were seen; n processes take n² · 16 bytes at most.
package struct ProcessClocks: Sendable {
    /// What became of the clocks: enough to follow them elsewhere.
    enum Change: Sendable {
        case begin(Symbol, after: ProcessID?)
        case raise(ProcessID, ProcessID, Stamp)
    }

    private var rows: [[Stamp]] = []
    private var actors: [Symbol] = []
    /// What has changed since `forgetChanges`.
    private(set) var changes: [Change] = []

    package init() {}

    mutating func forgetChanges() { changes.removeAll(keepingCapacity: true) }

    /// Does what was done to other clocks.
    mutating func follow(_ changes: ArraySlice<Change>) {
        for change in changes {
            switch change {
            case .begin(let actor, let predecessor): _ = begin(actor: actor, after: predecessor)
            case .raise(let process, let other, let stamp): raise(process, entry: other, to: stamp)
            }
        }
        forgetChanges()
    }

    /// The number of processes.
    package var count: Int { rows.count }

    /// The actor whose life a process is.
    package func actor(of process: ProcessID) -> Symbol { actors[Int(process.index)] }

    /// The clock of the newest event of `process`, by process; short where the last ones are not known to it. O(1), a copy only once
    /// either goes on.
    package func row(_ process: ProcessID) -> [Stamp] { rows[Int(process.index)] }

    /// A new process, with the clock of `predecessor`, its actor's life before, if it has one.
    package mutating func begin(actor: Symbol, after predecessor: ProcessID? = nil) -> ProcessID {
        let process = ProcessID(index: UInt32(rows.count))
        rows.append(predecessor.map { rows[Int($0.index)] } ?? [])
        actors.append(actor)
        changes.append(.begin(actor, after: predecessor))
        return process
    }

    /// The latest event of `other` that happened before the newest event of `process`. O(1).
    package subscript(process: ProcessID, other: ProcessID) -> Stamp {
        let row = rows[Int(process.index)]
        return Int(other.index) < row.count ? row[Int(other.index)] : .zero
    }

    /// The count of one entry; 0 where nothing is known, `other` below 0 included.
    func counter(_ process: ProcessID, of other: Int32) -> Int64 {
        let p = Int(process.index)
        let q = Int(other)
        return q >= 0 && q < rows[p].count ? rows[p][q].counter : 0
    }

    /// Raises one entry; whether that changed it.
    @discardableResult
    package mutating func raise(_ process: ProcessID, entry other: ProcessID, to stamp: Stamp) -> Bool {
        let p = Int(process.index)
        let q = Int(other.index)
        if q >= rows[p].count {
            if stamp == .zero { return false }
            rows[p].append(contentsOf: repeatElement(.zero, count: q + 1 - rows[p].count))
        }
        if rows[p][q] >= stamp { return false }
        rows[p][q] = stamp
        changes.append(.raise(process, other, stamp))
        return true
    }

    /// Raises all entries of `process` to those of `clock`, as a message with that clock would. O(entries).
    package mutating func merge(_ clock: VectorClock, into process: ProcessID) {
        for entry in clock.entries { raise(process, entry: entry.process, to: entry.stamp) }
    }

    /// The clock of the newest event of `process`, to keep. O(processes known to it).
    package func snapshot(_ process: ProcessID) -> VectorClock {
        var entries: [VectorClock.Entry] = []
        let row = rows[Int(process.index)]
        for q in row.indices where row[q] != .zero {
            entries.append(VectorClock.Entry(process: ProcessID(index: UInt32(q)), stamp: row[q]))
        }
        return VectorClock(entries: entries)
    }
}
