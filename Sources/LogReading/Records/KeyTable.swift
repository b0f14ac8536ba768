import CSimdjson
import EventModel

/// What the value of a key is to the fast path.
enum KeyForm: UInt8 {
    /// No key of EVENTS.md: any value will do.
    case unknown
    /// A string that is kept: of a record's own members, or of a field.
    case text
    /// A string, or an integer.
    case time
    case clock
    case integer, number
    /// Left to the slow path.
    case other
}

/// Keys of objects, each with a number: those of EVENTS.md, and others as they are met, while there is room.
///
/// Lines of one kind have their keys in one order, so each key remembers which ones came behind it. The next line's is compared with
/// those as it stands there, quotes and colon included, a word at a time, and is looked up only where it is another.
struct KeyTable: ~Copyable {
    /// A key, by how it stands in a line.
    struct Key {
        /// The key with quotes and colon, and which bits of the words are its: the first sixteen bytes, and the rest.
        fileprivate var words = (SIMD2<UInt64>(repeating: 1), SIMD2<UInt64>(repeating: 0))
        fileprivate var masks = (SIMD2<UInt64>(repeating: 0), SIMD2<UInt64>(repeating: 0))
        /// How many bytes. 0, and nothing is alike, where there is none.
        fileprivate var width: UInt32 = 0
        /// The name's symbol once it has been interned.
        var symbol = Symbol.none
        /// Those that came behind it of late, since lines of several kinds may take turns.
        fileprivate var followers = (
            KeyTable.nameless, KeyTable.nameless, KeyTable.nameless, KeyTable.nameless
        )
        /// As EVENTS.md has it, and its field's bit; 0 for a key that is not there, and without a field.
        let key: UInt8
        /// The key's bit in what a line has; 0 too.
        let bit: UInt64
        let fieldBit: UInt64
        let field: Field
        let form: KeyForm

        init(_ key: csj_key = CSJ_KEY_OTHER, _ form: KeyForm = .unknown, _ field: Field? = nil) {
            self.key = UInt8(key.rawValue)
            self.form = form
            self.field = field ?? .plan
            bit = key == CSJ_KEY_OTHER ? 0 : 1 << UInt64(key.rawValue)
            fieldBit = field?.bit ?? 0
        }

        func isNamed(_ known: csj_key) -> Bool { key == UInt8(known.rawValue) }

        fileprivate mutating func setName(_ bytes: UnsafeRawBufferPointer) {
            let text = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\""), UInt8(ascii: ":")]
            width = UInt32(text.count)
            words = KeyTable.words(of: text)
            masks = KeyTable.words(of: Array(repeating: 0xFF, count: text.count))
        }
    }

    /// Stands for what comes before a first key, and for every key that is in no other way known.
    static let start: UInt32 = 0
    static let nameless: UInt32 = 1
    private static let reserved = 2
    /// How long a name may be that is told from others.
    private static let longest = 29
    private let size: Int
    /// The reserved ones, then an open hash table, at most half full.
    ///
    /// Keys are mutated through `pointee`: for `keys[at].mutate()` the compiler cannot emit what ThreadSanitizer needs (Swift 6.3).
    private let keys: UnsafeMutablePointer<Key>
    private var room: Int

    /// - Parameter size: a power of two.
    init(_ known: [(name: String, key: Key)], size: Int) {
        self.size = size
        keys = .allocate(capacity: KeyTable.reserved + size)
        keys.initialize(repeating: Key(), count: KeyTable.reserved + size)
        room = size / 2 - known.count
        for (name, key) in known {
            Array(name.utf8).withUnsafeBytes { name in
                var at = slot(of: name)
                while keys[at].width != 0 { at = following(at) }
                keys[at] = key
                (keys + at).pointee.setName(name)
            }
        }
    }

    deinit { keys.deallocate() }

    @inline(__always)
    subscript(number: UInt32) -> Key {
        _read { yield keys[Int(number)] }
        _modify { yield &(keys + Int(number)).pointee }
    }

    /// Forgets the symbols of names.
    mutating func forgetSymbols() {
        for number in 0..<(KeyTable.reserved + size) { keys[number].symbol = .none }
    }

    /// The key that stands at `text`, quotes and colon included, if it is one that came behind `key` of late. Reads 32 bytes.
    @inline(__always)
    func follower(of key: UInt32, at text: UnsafeRawPointer) -> UInt32? {
        let followers = keys[Int(key)].followers
        if stands(followers.0, at: text) { return followers.0 }
        if stands(followers.1, at: text) { return followers.1 }
        if stands(followers.2, at: text) { return followers.2 }
        return stands(followers.3, at: text) ? followers.3 : nil
    }

    /// The number of a key that stands at `text`, quotes and colon included, behind another. Reads 32 bytes.
    @inline(never)
    mutating func find(_ text: UnsafeRawPointer, length: Int, behind key: UInt32) -> UInt32 {
        let number = find(text, length)
        let followers = keys[Int(key)].followers
        keys[Int(key)].followers = (number, followers.0, followers.1, followers.2)
        return number
    }

    @inline(__always)
    private func stands(_ number: UInt32, at text: UnsafeRawPointer) -> Bool {
        let key = keys + Int(number)
        let first = text.loadUnaligned(as: SIMD2<UInt64>.self) & key.pointee.masks.0
        if first != key.pointee.words.0 { return false }
        if key.pointee.width <= 16 { return true }
        let second = text.loadUnaligned(fromByteOffset: 16, as: SIMD2<UInt64>.self) & key.pointee.masks.1
        return second == key.pointee.words.1
    }

    private mutating func find(_ text: UnsafeRawPointer, _ length: Int) -> UInt32 {
        if length == 0 || length > KeyTable.longest { return KeyTable.nameless }
        let name = UnsafeRawBufferPointer(start: text + 1, count: length)
        var at = slot(of: name)
        while keys[at].width != 0 {
            if stands(UInt32(at), at: text) { return UInt32(at) }
            at = following(at)
        }
        if room == 0 { return KeyTable.nameless }
        room -= 1
        (keys + at).pointee.setName(name)
        return UInt32(at)
    }

    private func slot(of name: UnsafeRawBufferPointer) -> Int {
        KeyTable.reserved + Int(truncatingIfNeeded: Digest.of(name)) & (size - 1)
    }

    private func following(_ at: Int) -> Int {
        KeyTable.reserved + (at - KeyTable.reserved + 1) & (size - 1)
    }

    private static func words(of text: [UInt8]) -> (SIMD2<UInt64>, SIMD2<UInt64>) {
        (text + Array(repeating: 0, count: 32 - text.count)).withUnsafeBytes { bytes in
            (
                bytes.loadUnaligned(as: SIMD2<UInt64>.self),
                bytes.loadUnaligned(fromByteOffset: 16, as: SIMD2<UInt64>.self)
            )
        }
    }
}
