import EventModel

/// What the kept events knew of other processes: for each pair of processes when the one learned of the other's events.
///
/// A vector clock is not kept for each event, since hardly anything of it changes from one event to the next. For each pair there is a chain
/// of blocks of some 40 bytes with differences: at which kept event of the one its entry for the other rose, and to what. What an event knew is
/// found by a binary search among the blocks of the pair, in O(log events). Entries are kept for processes whose events are kept, which
/// loses nothing: events come in a linear extension of happened-before, so no clock that was kept earlier can cover an event to come.
struct ClockHistory: ~Copyable, Sendable {
    private static let blockSize = 40
    /// Where a raise is told, at most: a number of 33 bits, a counter, a position.
    private static let longest = 5 + 10 + 5

    /// What is known of a pair as of the last raise.
    struct Pair: BitwiseCopyable, Sendable {
        var counter: Int64 = 0
        var position: UInt32 = 0
        var index: UInt32 = 0
        /// The block with room; −1 before the first.
        var block: Int32 = -1
        /// Whether the entry may have risen since the one's last kept event.
        var isPending = false
    }

    struct Block: BitwiseCopyable, Sendable {
        /// The raise that the block begins with.
        var counter: Int64
        var position: UInt32
        var index: UInt32
        var pair: Int32
        var used: Int32 = 0
    }

    private var places = SparsePlaces()
    private var pairs = Column<Pair>()
    private var blocks = Column<Block>()
    private var bytes = Column<UInt8>()
    /// How many events of each lineage are kept; the lineage of each process.
    private var kept = Column<UInt32>()
    private var lineages = Column<Int32>()
    /// By lineage: the processes whose entries may have risen since its last kept event.
    private var pending = Table<Column<ProcessID>>()
    /// By process.
    private var followed = Column<Bool>()
    /// By a process that is not followed: the lineages whose entries for it have risen.
    private var unfollowed: [ProcessID: [Int]] = [:]
    /// Once sealed: the blocks of each pair side by side, and where they begin.
    private var order = Column<Int32>()
    private var starts = Column<Int32>()
    private let anchor = LentByAddress()

    /// How many bytes it takes, about.
    var size: Int { blocks.count * (Self.blockSize + MemoryLayout<Block>.stride) }

    // MARK: Taking events

    /// Notes what became of the clocks by an event, whether that is kept or not.
    @inline(__always)
    mutating func note(_ clocks: borrowing ProcessClocks) {
        for at in clocks.changes.indices {
            switch clocks.changes[at] {
            case .begin(_, let predecessor):
                if let predecessor { note(predecessor, risenFor: clocks.lineage(of: predecessor)) }
            case .raise(let process, let other, _):
                if other != process { note(other, risenFor: clocks.lineage(of: process)) }
            }
        }
    }

    private mutating func note(_ other: ProcessID, risenFor lineage: Int) {
        // The first event that is kept looks at the whole clock.
        if lineage >= kept.count || kept[lineage] == 0 { return }
        let place = place(lineage, other)
        if pairs[place].isPending { return }
        pairs[place].isPending = true
        pending[lineage].append(other)
    }

    /// Keeps the clock of the newest event of a process; the event's number in its lineage. O(entries that rose since the one before).
    mutating func keep(_ process: ProcessID, _ clocks: borrowing ProcessClocks) -> UInt32 {
        follow(process)
        let own = clocks.lineage(of: process)
        lineages.grow(toHold: Int(process.index), with: -1)
        lineages[Int(process.index)] = Int32(truncatingIfNeeded: own)
        while kept.count <= own {
            kept.append(0)
            places.addRow()
            pending.append(Column())
        }
        let index = kept[own]
        kept[own] = index &+ 1
        if index == 0 {
            clocks.forEachEntry(process) { other, _ in
                if other != process { note(other, risenFor: own) }
            }
        }
        for at in pending[own].indices {
            let other = pending[own][at]
            if !isFollowed(other) {
                unfollowed[other, default: []].append(own)
                continue
            }
            let place = place(own, other)
            let stamp = clocks[process, other]
            pairs[place].isPending = false
            if stamp.counter != pairs[place].counter || UInt32(clamping: stamp.position) != pairs[place].position {
                raise(place, to: stamp, at: index)
            }
        }
        pending[own].truncate(to: 0)
        return index
    }

    /// Lets clocks say from now on what they know of a process, though none of its events is kept.
    mutating func follow(_ process: ProcessID) {
        if isFollowed(process) { return }
        followed.grow(toHold: Int(process.index), with: false)
        followed[Int(process.index)] = true
        for lineage in unfollowed.removeValue(forKey: process) ?? [] { pending[lineage].append(process) }
    }

    private func isFollowed(_ process: ProcessID) -> Bool {
        Int(process.index) < followed.count && followed[Int(process.index)]
    }

    /// The place of a pair, a new one where there is none.
    private mutating func place(_ lineage: Int, _ other: ProcessID) -> Int {
        let place = places.place(lineage, Int(other.index))
        if place >= 0 { return place }
        let added = places.add(lineage, Int(other.index))
        pairs.grow(toHold: places.count - 1, with: Pair())
        return added
    }

    /// Notes that a pair's entry rose with an event.
    private mutating func raise(_ place: Int, to stamp: Stamp, at index: UInt32) {
        var pair = pairs[place]
        let position = UInt32(clamping: stamp.position)
        if pair.block >= 0, Self.blockSize - Int(blocks[Int(pair.block)].used) >= Self.longest {
            let at = Int(pair.block)
            var end = at * Self.blockSize + Int(blocks[at].used)
            put(UInt64(index &- pair.index) << 1 | (position > 0 ? 1 : 0), &end)
            put(UInt64(bitPattern: stamp.counter &- pair.counter), &end)
            if position > 0 { put(UInt64(position), &end) }
            blocks[at].used = Int32(truncatingIfNeeded: end - at * Self.blockSize)
        } else {
            pair.block = Int32(truncatingIfNeeded: blocks.count)
            blocks.append(
                Block(
                    counter: stamp.counter, position: position, index: index, pair: Int32(truncatingIfNeeded: place)))
            bytes.grow(toHold: blocks.count * Self.blockSize - 1, with: 0)
        }
        pair.counter = stamp.counter
        pair.position = position
        pair.index = index
        pairs[place] = pair
    }

    private mutating func put(_ value: UInt64, _ end: inout Int) {
        var left = value
        while left >= 0x80 {
            bytes[end] = UInt8(truncatingIfNeeded: left) | 0x80
            end += 1
            left >>= 7
        }
        bytes[end] = UInt8(truncatingIfNeeded: left)
        end += 1
    }

    // MARK: Asking

    /// Prepares for questions, once all events have been kept. O(blocks + pairs).
    mutating func seal() {
        starts.grow(toHold: pairs.count, with: 0)
        for at in blocks.indices { starts[Int(blocks[at].pair) + 1] += 1 }
        for place in pairs.indices { starts[place + 1] += starts[place] }
        order.grow(toHold: max(0, blocks.count - 1), with: 0)
        // Backwards, each pair's end moves to its beginning.
        var ends = Column<Int32>(capacity: pairs.count)
        for place in pairs.indices { ends.append(starts[place + 1]) }
        for at in blocks.indices.reversed() {
            let pair = Int(blocks[at].pair)
            ends[pair] -= 1
            order[Int(ends[pair])] = Int32(truncatingIfNeeded: at)
        }
    }

    /// The number that a process shares with its actor's other incarnations.
    func lineage(of process: ProcessID) -> Int32 { lineages[Int(process.index)] }

    /// The latest event of `other` that happened before the kept event of `process` with that number.
    func entry(_ process: ProcessID, _ index: UInt32, of other: ProcessID) -> Stamp {
        let place = places.place(Int(lineages[Int(process.index)]), Int(other.index))
        if place < 0 { return .zero }
        var low = Int(starts[place])
        var high = Int(starts[place + 1])
        let first = low
        while low < high {
            let middle = (low + high) / 2
            if blocks[Int(order[middle])].index <= index { low = middle + 1 } else { high = middle }
        }
        if low == first { return .zero }
        return entry(in: Int(order[low - 1]), at: index)
    }

    private func entry(in number: Int, at index: UInt32) -> Stamp {
        let block = blocks[number]
        var stamp = Stamp(counter: block.counter, position: Int64(block.position))
        var at = number * Self.blockSize
        let end = at + Int(block.used)
        var reached = block.index
        while at < end {
            let head = bytes.variableLength(at: &at)
            reached &+= UInt32(truncatingIfNeeded: head >> 1)
            let counter = stamp.counter &+ Int64(bitPattern: bytes.variableLength(at: &at))
            let position = head & 1 == 0 ? 0 : Int64(truncatingIfNeeded: bytes.variableLength(at: &at))
            if reached > index { break }
            stamp = Stamp(counter: counter, position: position)
        }
        return stamp
    }
}
