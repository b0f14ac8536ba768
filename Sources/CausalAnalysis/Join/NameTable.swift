import EventModel

/// What others refer to an event by: its `id`, the creation of a generation, or the enqueueing of an item.
enum NameKey {
    /// An event by the digest of its `id`.
    @inline(__always)
    static func event(_ digest: UInt64) -> UInt64 { mix(digest, 0x9E37_79B9_7F4A_7C15) }

    /// The creation of a generation for an endpoint, or for all.
    @inline(__always)
    static func creation(_ plan: Int64, _ endpoint: Symbol) -> UInt64 {
        mix(mix(UInt64(bitPattern: plan), 0xC2B2_AE3D_27D4_EB4F), UInt64(endpoint.index) ^ 0x1656_67B1_9E37_79F9)
    }

    /// The item of work that a row is about; nil without one.
    static func item(_ batch: borrowing EventBatch, _ row: Int) -> UInt64? {
        guard let digest = batch.digest(.item, at: row) ?? batch.digest(.id, at: row) else { return nil }
        return mix(
            mix(digest, 0x9FB2_1C65_1E98_DF25), UInt64(batch.symbol(.queue, at: row).index) ^ 0x6C62_272E_07BB_0142)
    }

    private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = (a ^ 0xABC9_8388_FB8F_AC03).multipliedFullWidth(by: b | 1)
        let key = product.high ^ product.low
        // 0 marks a free seat.
        return key == 0 ? 1 : key
    }
}

/// The names that records refer to, and which sequence's record bears each.
///
/// Open addressing with linear probing, at most half full.
struct NameTable: ~Copyable {
    private var keys = Column<UInt64>()
    private var entries = Column<Entry>()
    private(set) var count = 0

    /// Whose record bears a name.
    struct Entry: BitwiseCopyable {
        /// The sequence; `nobody`, or `several`.
        var bearer = Int32(-1)
        /// How many references there are that have not been followed.
        var references: Int32 = 0
        /// Whether the record has been passed, and its time.
        var isPassed = false
        var time: Int64 = 0
    }

    static let nobody = Int32(-1)
    static let several = Int32(-2)

    init() {
        keys.grow(toHold: 63, with: 0)
        entries.grow(toHold: 63, with: Entry())
    }

    /// The seat of a name; nil where nobody refers to it.
    @inline(__always)
    func find(_ key: UInt64) -> Int? {
        let seat = seat(key)
        return keys[seat] == key ? seat : nil
    }

    subscript(seat: Int) -> Entry {
        @inline(__always) get { entries[seat] }
        @inline(__always) set { entries[seat] = newValue }
    }

    /// Notes that a record refers to a name.
    mutating func want(_ key: UInt64) {
        let seat = add(key)
        entries[seat].references &+= 1
    }

    /// Notes that a record of a sequence bears a name.
    mutating func bear(_ key: UInt64, _ sequence: Int32) {
        let seat = add(key)
        let bearer = entries[seat].bearer
        if bearer == Self.nobody {
            entries[seat].bearer = sequence
        } else if bearer != sequence {
            entries[seat].bearer = Self.several
        }
    }

    /// Forgets which records have been passed.
    mutating func rewind() {
        for seat in entries.indices { entries[seat].isPassed = false }
    }

    /// The number of names that records of several actors bear.
    var ambiguous: Int {
        var count = 0
        for seat in entries.indices where entries[seat].bearer == Self.several { count += 1 }
        return count
    }

    private mutating func add(_ key: UInt64) -> Int {
        let found = seat(key)
        if keys[found] == key { return found }
        count += 1
        if 2 * count > keys.count { grow() }
        let seat = seat(key)
        keys[seat] = key
        return seat
    }

    @inline(__always)
    private func seat(_ key: UInt64) -> Int {
        var at = Int(truncatingIfNeeded: key) & (keys.count - 1)
        while keys[at] != 0, keys[at] != key { at = (at + 1) & (keys.count - 1) }
        return at
    }

    private mutating func grow() {
        var larger = Column<UInt64>(capacity: 2 * keys.count)
        larger.grow(toHold: 2 * keys.count - 1, with: 0)
        var moved = Column<Entry>(capacity: 2 * keys.count)
        moved.grow(toHold: 2 * keys.count - 1, with: Entry())
        for at in keys.indices where keys[at] != 0 {
            var seat = Int(truncatingIfNeeded: keys[at]) & (larger.count - 1)
            while larger[seat] != 0 { seat = (seat + 1) & (larger.count - 1) }
            larger[seat] = keys[at]
            moved[seat] = entries[at]
        }
        keys = larger
        entries = moved
    }
}
