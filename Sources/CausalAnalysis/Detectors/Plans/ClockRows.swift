import EventModel

/// The vector clocks of kept events: rows of one table, shared by neighbouring events of a process that know the same.
///
/// Only processes whose events are kept have a column, in the order of their first such event. That loses nothing: events
/// come in a linear extension of happened-before, so no clock that was kept earlier can cover an event of a column to come.
/// What a clock says of the event's own process is left to the event, so that neighbours can share a row.
struct ClockRows: ~Copyable, Sendable {
    /// Stamps in a row; a power of two.
    private(set) var width = 4
    private var stamps = StampColumn()
    /// How many events have the row.
    private var holders = Column<Int32>()
    private var free = Column<Int32>()
    /// By process; −1 without one.
    private var columns = Column<Int32>()
    /// By column: whose it is, and the row of its event kept last, which that holds too; −1 before the first.
    private var processes = Column<ProcessID>()
    private var newest = Column<Int32>()

    /// Keeps the clock of the newest event of `process`; the row, held once more. O(columns).
    mutating func keep(_ process: ProcessID, _ clocks: borrowing ProcessClocks) -> Int32 {
        let own = column(of: process)
        let known = newest[own]
        if known >= 0, isCurrent(known, own: own, process, clocks) {
            holders[Int(known)] += 1
            return known
        }
        let row = take()
        if known >= 0 { release(known) }
        let first = Int(row) * width
        // What lies beyond the columns stays zero.
        for column in processes.indices { stamps[first + column] = clocks[process, processes[column]] }
        stamps[first + own] = .zero
        newest[own] = row
        return row
    }

    /// Gives a process a column from now on, though none of its events is kept with a clock.
    mutating func follow(_ process: ProcessID) { _ = column(of: process) }

    /// Holds a row once more.
    mutating func hold(_ row: Int32) { holders[Int(row)] += 1 }

    /// Gives a row back that `keep` gave.
    mutating func release(_ row: Int32) {
        let at = Int(row)
        holders[at] -= 1
        if holders[at] == 0 {
            free.append(row)
            // The next to be kept takes it.
            stamps.prefetch(at * width)
        }
    }

    /// See `Column.prefetch`.
    func prefetch(holdersOf row: Int32) { holders.prefetch(Int(row)) }

    /// Has what a clock says brought near.
    func prefetch(_ row: Int32) { stamps.prefetch(Int(row) * width) }

    /// What the clock says of a process.
    @inline(__always)
    func entry(_ row: Int32, _ process: ProcessID) -> Stamp {
        let p = Int(process.index)
        guard p < columns.count, columns[p] >= 0 else { return .zero }
        return stamps[Int(row) * width + Int(columns[p])]
    }

    private func isCurrent(
        _ row: Int32, own: Int, _ process: ProcessID, _ clocks: borrowing ProcessClocks
    ) -> Bool {
        let first = Int(row) * width
        for column in processes.indices where column != own {
            if stamps[first + column] != clocks[process, processes[column]] { return false }
        }
        return true
    }

    /// A row, held by its event and as the newest of its process.
    private mutating func take() -> Int32 {
        if free.count > 0 {
            let row = free.removeLast()
            holders[Int(row)] = 2
            return row
        }
        holders.append(2)
        for _ in 0..<width { stamps.append(.zero) }
        return Int32(truncatingIfNeeded: holders.count - 1)
    }

    private mutating func column(of process: ProcessID) -> Int {
        let p = Int(process.index)
        columns.grow(toHold: p, with: -1)
        if columns[p] < 0 {
            if processes.count == width { widen() }
            columns[p] = Int32(truncatingIfNeeded: processes.count)
            processes.append(process)
            newest.append(-1)
        }
        return Int(columns[p])
    }

    private mutating func widen() {
        var wide = StampColumn(capacity: 2 * stamps.count)
        for row in holders.indices {
            for at in row * width..<(row + 1) * width { wide.append(stamps[at]) }
            for _ in 0..<width { wide.append(.zero) }
        }
        stamps = wide
        width *= 2
    }
}
