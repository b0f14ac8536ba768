import EventModel

/// A set of processes: a bit for each, in blocks as `SparsePlaces` has pages.
struct ProcessSet: ~Copyable, Sendable {
    static let blockBits = SparsePlaces.pageBits

    private var blocks = Column<UInt32>()

    mutating func insert(_ process: ProcessID) {
        let block = Int(process.index) >> Self.blockBits
        blocks.grow(toHold: block, with: 0)
        blocks[block] |= 1 << (process.index & (1 << Self.blockBits - 1))
    }

    /// The neighbours of one block, a bit for each.
    @inline(__always)
    func members(_ block: Int) -> UInt32 { block < blocks.count ? blocks[block] : 0 }
}
