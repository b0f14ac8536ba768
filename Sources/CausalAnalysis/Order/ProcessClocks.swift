import EventModel

/// The vector clocks of all processes as they stand at the event given out last: row p is the clock of p's newest event.
///
/// A row has memory only where something is known: a page for each 32 neighbouring processes of which any has been heard of, so that many
/// that keep to themselves take a page each, not the square of their number. 256 bytes a page; twice as much where clocks were inferred.
package struct ProcessClocks: ~Copyable, Sendable {
    /// What became of the clocks: enough to follow them elsewhere.
    enum Change: BitwiseCopyable, Sendable {
        case begin(Symbol, after: ProcessID?)
        case raise(ProcessID, ProcessID, Stamp)
    }

    /// Of each process its pages, by block.
    private var rows = Table<Column<Page>>()
    /// Page after page.
    private var stamps = StampColumn()
    private var actors: [Symbol] = []

    private static let pageBits = 5
    private static let pageSize = 1 << pageBits

    /// Where the stamps for a block of neighbours are.
    struct Page {
        let block: Int32
        let number: Int32
    }

    package init() {}

    /// The number of processes.
    package var count: Int { actors.count }

    /// The actor whose life a process is.
    package func actor(of process: ProcessID) -> Symbol { actors[Int(process.index)] }

    /// A new process, with the clock of `predecessor`, its actor's life before, if it has one.
    package mutating func begin(actor: Symbol, after predecessor: ProcessID? = nil) -> ProcessID {
        let process = ProcessID(index: UInt32(count))
        rows.append(Column())
        actors.append(actor)
        if let predecessor { merge(snapshot(predecessor), into: process) }
        return process
    }

    /// The latest event of `other` that happened before the newest event of `process`. O(1), O(log pages) for a process far away.
    package subscript(process: ProcessID, other: ProcessID) -> Stamp {
        @inline(__always) get {
            let at = place(process, Int(other.index))
            return at < 0 ? .zero : stamps[at]
        }
    }

    /// The count of one entry; 0 where nothing is known, `other` below 0 included.
    @inline(__always)
    func counter(_ process: ProcessID, of other: Int32) -> Int64 {
        if other < 0 { return 0 }
        let at = place(process, Int(other))
        return at < 0 ? 0 : stamps.counter(at)
    }

    /// Raises one entry; whether that changed it.
    @discardableResult
    package mutating func raise(_ process: ProcessID, entry other: ProcessID, to stamp: Stamp) -> Bool {
        var at = place(process, Int(other.index))
        if at < 0 {
            if stamp == .zero { return false }
            at = add(pageFor: Int(other.index), to: Int(process.index))
        }
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

    /// The clock of the newest event of `process`, to keep. O(pages).
    package func snapshot(_ process: ProcessID) -> VectorClock {
        var known = 0
        forEachEntry(process) { _, _ in known += 1 }
        var clock = VectorClock()
        clock.entries.reserveCapacity(known)
        forEachEntry(process) { clock.entries.append(VectorClock.Entry(process: $0, stamp: $1)) }
        return clock
    }

    /// What the newest event of `process` knows of others; `last`, and no new memory, where that says the same. O(pages).
    func heard(by process: ProcessID, last: VectorClock) -> VectorClock {
        var known = 0
        var isLast = true
        forEachEntry(process) { other, stamp in
            if other == process { return }
            isLast = isLast && known < last.entries.count && last.entries[known].process == other
                && last.entries[known].stamp == stamp
            known += 1
        }
        if isLast, known == last.entries.count { return last }
        var clock = VectorClock()
        clock.entries.reserveCapacity(known)
        forEachEntry(process) { other, stamp in
            if other != process { clock.entries.append(VectorClock.Entry(process: other, stamp: stamp)) }
        }
        return clock
    }

    @inline(__always)
    private func forEachEntry(_ process: ProcessID, _ body: (ProcessID, Stamp) -> Void) {
        let row = Int(process.index)
        for at in rows[row].indices {
            let page = rows[row][at]
            let (first, place) = (Int(page.block) << Self.pageBits, Int(page.number) << Self.pageBits)
            for q in 0..<min(Self.pageSize, count - first) {
                let stamp = stamps[place + q]
                if stamp != .zero { body(ProcessID(index: UInt32(first + q)), stamp) }
            }
        }
    }

    // MARK: Pages

    /// Where in `stamps` an entry is; −1 where its row has no page for it.
    @inline(__always)
    private func place(_ process: ProcessID, _ other: Int) -> Int {
        let row = Int(process.index)
        let block = other >> Self.pageBits
        // Where a row has all blocks up to this one, as in most logs, it is found at once.
        if block < rows[row].count {
            let page = rows[row][block]
            if Int(page.block) == block { return Int(page.number) << Self.pageBits | other & (Self.pageSize - 1) }
        }
        return search(row, other)
    }

    @inline(never)
    private func search(_ row: Int, _ other: Int) -> Int {
        let block = other >> Self.pageBits
        let at = firstIndex(of: row, from: block)
        guard at < rows[row].count, Int(rows[row][at].block) == block else { return -1 }
        return Int(rows[row][at].number) << Self.pageBits | other & (Self.pageSize - 1)
    }

    /// The first page of a row for a block or one behind it.
    private func firstIndex(of row: Int, from block: Int) -> Int {
        var low = 0
        var high = rows[row].count
        while low < high {
            let middle = (low + high) / 2
            if Int(rows[row][middle].block) < block { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Gives a row a page for an entry; where that is.
    private mutating func add(pageFor other: Int, to row: Int) -> Int {
        let number = stamps.count >> Self.pageBits
        for _ in 0..<Self.pageSize { stamps.append(.zero) }
        let page = Page(block: Int32(other >> Self.pageBits), number: Int32(number))
        rows[row].insert(page, at: firstIndex(of: row, from: Int(page.block)))
        return number << Self.pageBits | other & (Self.pageSize - 1)
    }
}
