import CSimdjson

/// Where in a block of lines the quotes and line ends stand, and the bytes that ordinary lines have none of. Reused from block
/// to block.
struct ByteIndex: ~Copyable {
    /// Offsets into the block, ascending; the last is the end of its last line. Behind it stand `CBI_SENTINELS` more, which lead to
    /// the byte behind the block's last.
    private(set) var places: UnsafeMutablePointer<UInt32>
    private(set) var capacity: Int

    init() {
        capacity = 1 << 16
        places = .allocate(capacity: capacity)
    }

    deinit {
        places.deallocate()
    }

    /// Makes room for the offsets of a block of so many bytes; what was indexed before is gone.
    mutating func reserve(byteCount: Int) {
        let room = byteCount + CBI_OFFSETS_BEYOND
        if room <= capacity { return }
        places.deallocate()
        capacity = room
        places = .allocate(capacity: capacity)
    }

    /// Indexes bytes that end with a line end and are readable for `CBI_BYTES_BEYOND` past it.
    mutating func build(_ bytes: UnsafeRawBufferPointer) {
        reserve(byteCount: bytes.count)
        guard let base = bytes.baseAddress else { return }
        _ = cbi_index(base.assumingMemoryBound(to: UInt8.self), bytes.count, places)
    }
}
