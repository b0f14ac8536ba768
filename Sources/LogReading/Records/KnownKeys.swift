import CSimdjson
import EventModel

/// What the value of a key is to the fast path.
enum KeyForm: UInt8 {
    /// No key of EVENTS.md: any value will do.
    case unknown
    case time, actor, event, endpoint, outcome, clock
    /// A string that no more is asked of than to be one, or `rollback`.
    case error, reason
    case integer, number, symbol, digest
    /// Left to the slow path.
    case other
}

/// The keys of EVENTS.md in a small hash table. A key of up to 16 bytes is compared as two words: its first eight bytes and
/// its last, which overlap where it is shorter.
struct KnownKeys: ~Copyable {
    struct Key {
        var first: UInt64 = 0
        var last: UInt64 = 0
        var length: UInt32 = 0
        var key: UInt8 = 0
        var form = KeyForm.unknown
        /// The field of an integer, number, symbol or digest.
        var field = Field.plan

        init() {}

        init(_ name: String, _ key: csj_key, _ form: KeyForm, _ field: Field = .plan) {
            let bytes = Array(name.utf8)
            (first, last) = bytes.withUnsafeBytes { $0.baseAddress.map { ShortText.words($0, bytes.count) } ?? (0, 0) }
            length = UInt32(bytes.count)
            self.key = UInt8(key.rawValue)
            self.form = form
            self.field = field
        }
    }

    private static let size = 256
    private let table: UnsafeMutablePointer<Key>
    private let unknown = Key()

    init(_ keys: [Key]) {
        table = .allocate(capacity: KnownKeys.size)
        table.initialize(repeating: Key(), count: KnownKeys.size)
        for key in keys {
            var at = KnownKeys.slot(key.first, key.last)
            while table[at].length != 0 { at = (at + 1) % KnownKeys.size }
            table[at] = key
        }
    }

    deinit {
        table.deallocate()
    }

    @inline(__always)
    func find(_ name: UnsafeRawPointer, _ length: Int) -> Key {
        if length > 16 || length == 0 { return unknown }
        let (first, last) = ShortText.words(name, length)
        var at = KnownKeys.slot(first, last)
        while table[at].length != 0 {
            if table[at].first == first, table[at].last == last, table[at].length == UInt32(length) { return table[at] }
            at = (at &+ 1) & (KnownKeys.size &- 1)
        }
        return unknown
    }

    @inline(__always)
    private static func slot(_ first: UInt64, _ last: UInt64) -> Int {
        Int(truncatingIfNeeded: ((first ^ (last &* 0x9E37_79B9_7F4A_7C15)) &* 0xD1B5_4A32_D192_ED03) >> 56)
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
