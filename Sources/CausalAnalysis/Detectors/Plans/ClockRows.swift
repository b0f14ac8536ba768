import EventModel

/// The vector clocks of kept events: rows, shared by neighbouring events of a process that know the same.
///
/// A row says only what it knows of processes whose events are kept, in the order of the processes: pages of four neighbours, each with
/// the number of the next. That loses nothing: events come in a linear extension of happened-before, so no clock that was kept earlier can
/// cover an event of a process to come. What a clock says of the event's own process is left to the event, so that neighbours can
/// share a row.
struct ClockRows: ~Copyable, Sendable {
    private static let pageBits: UInt32 = 2
    private static let pageSize = 1 << pageBits
    private static let pageBytes = pageSize * MemoryLayout<Int64>.stride + MemoryLayout<Page>.stride

    struct Page {
        /// Which neighbours: their numbers without the lowest bits.
        var block: UInt32
        /// The row's next page, or the next free one; −1 without one.
        var next: Int32
        /// Of a row's first page: how many events have the row.
        var holders: Int32 = 0
    }

    /// A row's number is that of its first page.
    private var pages = Column<Page>()
    private var stamps = StampColumn()
    private var free: Int32 = -1
    private var rowsInUse = 0
    private var pagesInUse = 0
    /// Whose events are kept; and of each process the row of the one kept last, which that holds too, −1 before the first.
    private var followed = ProcessSet()
    private var newest = Column<Int32>()
    /// What the event at hand knows of them.
    private var known = Column<VectorClock.Entry>()

    /// About how many bytes a row takes.
    var bytesPerRow: Int { rowsInUse == 0 ? Self.pageBytes : Self.pageBytes * pagesInUse / rowsInUse }

    /// Keeps the clock of the newest event of `process`; the row, held once more. O(processes that it knows of).
    mutating func keep(_ process: ProcessID, _ clocks: borrowing ProcessClocks) -> Int32 {
        follow(process)
        let own = Int(process.index)
        newest.grow(toHold: own, with: -1)
        clocks.heard(by: process, of: followed, into: &known)
        let last = newest[own]
        if last >= 0, saysWhatIsKnown(last) {
            pages[Int(last)].holders += 1
            return last
        }
        let row = rowOfWhatIsKnown()
        if last >= 0 { release(last) }
        newest[own] = row
        return row
    }

    /// Lets clocks say from now on what they know of a process, though none of its events is kept with a clock.
    mutating func follow(_ process: ProcessID) { followed.insert(process) }

    /// Holds a row once more.
    mutating func hold(_ row: Int32) { pages[Int(row)].holders += 1 }

    /// Gives a row back that `keep` gave.
    mutating func release(_ row: Int32) {
        pages[Int(row)].holders -= 1
        if pages[Int(row)].holders > 0 { return }
        rowsInUse -= 1
        var last = Int(row)
        pagesInUse -= 1
        while pages[last].next >= 0 {
            last = Int(pages[last].next)
            pagesInUse -= 1
        }
        pages[last].next = free
        free = row
        // The next to be kept takes it.
        stamps.prefetch(Int(row) * Self.pageSize)
    }

    /// See `Column.prefetch`.
    @inline(__always)
    func prefetch(holdersOf row: Int32) { pages.prefetch(Int(row)) }

    /// Has what a clock says brought near.
    @inline(__always)
    func prefetch(_ row: Int32) {
        pages.prefetch(Int(row))
        stamps.prefetch(Int(row) * Self.pageSize)
    }

    /// What the clock says of a process. O(pages).
    @inline(__always)
    func entry(_ row: Int32, _ process: ProcessID) -> Stamp {
        let page = page(for: process, from: row)
        return page < 0 ? .zero : stamps[Self.place(page, process)]
    }

    /// Whether a row knows all that another knows of processes besides one. O(pages). `mutating`, so that all this is looked at where it
    /// lies.
    mutating func covers(_ row: Int32, _ other: Int32, besides process: ProcessID) -> Bool {
        var (mine, its) = (row, other)
        while its >= 0 {
            let block = pages[Int(its)].block
            while mine >= 0, pages[Int(mine)].block < block { mine = pages[Int(mine)].next }
            let isThere = mine >= 0 && pages[Int(mine)].block == block
            for at in 0..<Self.pageSize where block << Self.pageBits | UInt32(at) != process.index {
                let known = isThere ? stamps[Int(mine) * Self.pageSize + at] : .zero
                if known < stamps[Int(its) * Self.pageSize + at] { return false }
            }
            its = pages[Int(its)].next
        }
        return true
    }

    /// The page for a process, from one of its row on that is not behind it; −1 without one.
    @inline(__always)
    private func page(for process: ProcessID, from page: Int32) -> Int32 {
        let block = process.index >> Self.pageBits
        var page = page
        while page >= 0, pages[Int(page)].block < block { page = pages[Int(page)].next }
        return page >= 0 && pages[Int(page)].block == block ? page : -1
    }

    @inline(__always)
    private static func place(_ page: Int32, _ process: ProcessID) -> Int {
        Int(page) << pageBits | Int(process.index) & (pageSize - 1)
    }

    /// Whether a row of the same process says all that is known; what it says is never taken back. `mutating`, so that all this is
    /// looked at where it lies.
    private mutating func saysWhatIsKnown(_ row: Int32) -> Bool {
        var page = row
        for at in known.indices {
            let entry = known[at]
            page = self.page(for: entry.process, from: page)
            if page < 0 || stamps[Self.place(page, entry.process)] != entry.stamp { return false }
        }
        return true
    }

    /// A row of what is known, held by its event and as the newest of its process.
    private mutating func rowOfWhatIsKnown() -> Int32 {
        rowsInUse += 1
        let row = take(known.first.map { $0.process.index >> Self.pageBits } ?? 0)
        pages[Int(row)].holders = 2
        var last = row
        for at in known.indices {
            let entry = known[at]
            let block = entry.process.index >> Self.pageBits
            if pages[Int(last)].block != block {
                let next = take(block)
                pages[Int(last)].next = next
                last = next
            }
            stamps[Self.place(last, entry.process)] = entry.stamp
        }
        return row
    }

    /// An empty page.
    private mutating func take(_ block: UInt32) -> Int32 {
        pagesInUse += 1
        let fresh = Page(block: block, next: -1)
        if free < 0 {
            pages.append(fresh)
            stamps.grow(to: pages.count << Self.pageBits)
            return Int32(truncatingIfNeeded: pages.count - 1)
        }
        let page = free
        free = pages[Int(page)].next
        pages[Int(page)] = fresh
        for at in 0..<Self.pageSize { stamps[Int(page) * Self.pageSize + at] = .zero }
        return page
    }
}
