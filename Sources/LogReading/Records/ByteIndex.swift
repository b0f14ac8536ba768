import CSimdjson

/// Where in a block of lines the quotes and line ends stand, and the bytes that ordinary lines have none of. Reused from block
/// to block.
struct ByteIndex: ~Copyable {
    /// Offsets into the block, ascending; the last is the end of its last line.
    private(set) var places: UnsafeMutablePointer<UInt32>
    private var capacity: Int

    init() {
        capacity = 1 << 16
        places = .allocate(capacity: capacity)
    }

    deinit {
        places.deallocate()
    }

    /// Indexes bytes that end with a line end and are readable for 63 bytes past it.
    mutating func build(_ bytes: UnsafeRawBufferPointer) {
        let room = bytes.count + CBI_OFFSETS_BEYOND
        if room > capacity {
            places.deallocate()
            capacity = room
            places = .allocate(capacity: capacity)
        }
        guard let base = bytes.baseAddress else { return }
        _ = cbi_index(base.assumingMemoryBound(to: UInt8.self), bytes.count, places)
    }
}
