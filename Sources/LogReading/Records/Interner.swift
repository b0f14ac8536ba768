import CPrefetch
import EventModel

/// Bytes to symbols for one decoder: a flat table with open addressing, no allocation for a name seen before.
///
/// A slot holds two words of its name: those of `ShortText`, which are all of a short one; of a longer one the first eight bytes
/// and the digest, and the rest is compared in the arena. Names beyond `limit` are not remembered beside the others: see `forget`.
struct Interner: ~Copyable {
    /// What the symbols given out stand for, to whoever takes them.
    private(set) var symbols = LocalSymbols()
    /// By symbol: what an event of that name says, once it has been asked.
    private var kinds: [EventKind?] = [.other]
    private var table: UnsafeMutablePointer<Slot>
    private var size = 1024
    private var count = 1
    private var arena: [UInt8] = [0]

    private struct Slot {
        var first: UInt64 = 0
        var last: UInt64 = 0
        /// Where the name begins in the arena.
        var start = 0
        var length: UInt32 = 0
        /// 0: free.
        var symbol: UInt32 = 0
    }

    /// What of a name is looked for.
    struct Search {
        fileprivate var first: UInt64 = 0
        fileprivate var last: UInt64 = 0
        fileprivate var hash = 0
    }

    private let limit: Int

    /// - Parameter limit: how many names are remembered at a time, about.
    init(limit: Int) {
        self.limit = limit
        table = .allocate(capacity: size)
        table.initialize(repeating: Slot(), count: size)
    }

    deinit {
        table.deallocate()
    }

    /// Whether it is time to forget.
    var isFull: Bool { count > limit }

    /// Begins anew: symbols given out from now on are others, of other `symbols`.
    mutating func forget() {
        symbols = LocalSymbols()
        kinds.removeSubrange(1...)
        arena.removeSubrange(1...)
        table.update(repeating: Slot(), count: size)
        count = 1
    }

    /// The symbol of a name; the empty name is `Symbol.none`. Bytes are valid UTF-8.
    @inline(__always)
    mutating func intern(_ name: UnsafeRawBufferPointer) -> Symbol { intern(name, search(name)) }

    /// What an event says whose name is that of a symbol.
    @inline(__always)
    mutating func kind(of event: Symbol, _ name: UnsafeRawBufferPointer) -> EventKind {
        if let kind = kinds[Int(event.index)] { return kind }
        let kind = EventKind(name: String(decoding: name, as: UTF8.self))
        kinds[Int(event.index)] = kind
        return kind
    }

    /// Begins to look for a name: what lies there is on its way from memory while other things are done.
    @inline(__always)
    func search(_ name: UnsafeRawBufferPointer) -> Search {
        guard let base = name.baseAddress, name.count > 0 else { return Search() }
        let isShort = name.count <= 16
        let (first, last) =
            isShort ? ShortText.words(base, name.count) : (base.loadUnaligned(as: UInt64.self), Digest.of(name))
        let hash = Interner.hash(first, last, name.count)
        prefetch_memory(table + hash & (size &- 1), MemoryLayout<Slot>.size)
        return Search(first: first, last: last, hash: hash)
    }

    /// Goes on to look for it.
    @inline(__always)
    func proceed(_ search: Search) {
        arena.withUnsafeBufferPointer { arena in
            let start = table[search.hash & (size &- 1)].start
            if let base = arena.baseAddress { prefetch_memory(base + start, 64) }
        }
    }

    @inline(__always)
    mutating func intern(_ name: UnsafeRawBufferPointer, _ search: Search) -> Symbol {
        if name.isEmpty { return .none }
        var at = search.hash & (size &- 1)
        while table[at].symbol != 0 {
            let slot = table[at]
            if slot.first == search.first, slot.last == search.last, Int(slot.length) == name.count,
                name.count <= 16 || holds(slot.start, name)
            {
                return Symbol(index: slot.symbol)
            }
            at = (at &+ 1) & (size &- 1)
        }
        return add(
            name,
            Slot(
                first: search.first, last: search.last, start: arena.count, length: UInt32(name.count),
                symbol: UInt32(count)), at)
    }

    private mutating func add(_ name: UnsafeRawBufferPointer, _ slot: Slot, _ at: Int) -> Symbol {
        table[at] = slot
        count += 1
        arena.append(contentsOf: name)
        kinds.append(nil)
        symbols.append(name)
        if count * 2 > size { grow() }
        return Symbol(index: slot.symbol)
    }

    private func holds(_ start: Int, _ name: UnsafeRawBufferPointer) -> Bool {
        arena.withUnsafeBytes { bytes in
            UnsafeRawBufferPointer(rebasing: bytes[start..<start + name.count]).equals(name)
        }
    }

    @inline(__always)
    private static func hash(_ first: UInt64, _ last: UInt64, _ length: Int) -> Int {
        // Folded, since the digits that tell numbered names apart stand high in a word, and a product's low half carries upwards only.
        let mixed = first ^ (last &* 0x9E37_79B9_7F4A_7C15) ^ UInt64(length)
        let (high, low) = mixed.multipliedFullWidth(by: 0xD1B5_4A32_D192_ED03)
        return Int(truncatingIfNeeded: high ^ low)
    }

    private mutating func grow() {
        let old = table
        let oldSize = size
        size *= 4
        table = .allocate(capacity: size)
        table.initialize(repeating: Slot(), count: size)
        for place in 0..<oldSize where old[place].symbol != 0 {
            var at = Interner.hash(old[place].first, old[place].last, Int(old[place].length)) & (size - 1)
            while table[at].symbol != 0 { at = (at + 1) & (size - 1) }
            table[at] = old[place]
        }
        old.deallocate()
    }
}

/// A text of up to 16 bytes as two words.
enum ShortText {
    /// With its length they tell it from every other. Reads nothing beyond the text.
    @inline(__always)
    static func words(_ text: UnsafeRawPointer, _ length: Int) -> (first: UInt64, last: UInt64) {
        if length >= 8 {
            return (
                text.loadUnaligned(as: UInt64.self),
                text.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
            )
        }
        if length >= 4 {
            return (
                UInt64(text.loadUnaligned(as: UInt32.self)),
                UInt64(text.loadUnaligned(fromByteOffset: length &- 4, as: UInt32.self))
            )
        }
        if length == 0 { return (0, 0) }
        let middle = text.load(fromByteOffset: length / 2, as: UInt8.self)
        let end = text.load(fromByteOffset: length &- 1, as: UInt8.self)
        return (UInt64(text.load(as: UInt8.self)) | UInt64(middle) << 8 | UInt64(end) << 16, 0)
    }
}
