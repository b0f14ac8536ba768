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
        /// The key with quotes and colon; which bits of the words are its; how many bytes. 0, and nothing is alike, where there is none.
        fileprivate var words = SIMD4<UInt64>(repeating: 1)
        fileprivate var masks = SIMD4<UInt64>(repeating: 0)
        fileprivate(set) var width = 0
        /// The two that came behind it last, since lines of two kinds may take turns.
        fileprivate var followers = (KeyTable.nameless, KeyTable.nameless)
        /// As EVENTS.md has it, and its field's bit; 0 for a key that is not there, and without a field.
        let key: UInt8
        /// The key's bit in what a line has; 0 too.
        let bit: UInt64
        let fieldBit: UInt64
        let field: Field
        let form: KeyForm
        /// The name's symbol once it has been interned.
        var symbol = Symbol.none

        init(_ key: csj_key = CSJ_KEY_OTHER, _ form: KeyForm = .unknown, _ field: Field? = nil) {
            self.key = UInt8(key.rawValue)
            self.form = form
            self.field = field ?? .plan
            bit = key == CSJ_KEY_OTHER ? 0 : 1 << UInt64(key.rawValue)
            fieldBit = field?.bit ?? 0
        }

        fileprivate mutating func setName(_ bytes: UnsafeRawBufferPointer) {
            let text = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\""), UInt8(ascii: ":")]
            width = text.count
            words = KeyTable.words(of: text)
            masks = KeyTable.words(of: Array(repeating: 0xFF, count: width))
        }
    }

    /// Stands for what comes before a first key, and for every key that is in no other way known.
    static let start = 0
    static let nameless = 1
    private static let reserved = 2
    /// How long a name may be that is told from others.
    private static let longest = 29
    private let size: Int
    /// The reserved ones, then an open hash table, at most half full.
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
                keys[at].setName(name)
            }
        }
    }

    deinit { keys.deallocate() }

    @inline(__always)
    subscript(number: Int) -> Key {
        _read { yield keys[number] }
        _modify { yield &keys[number] }
    }

    /// The key that stands at `text`, quotes and colon included, if it is one that came behind `key` of late. Reads 32 bytes.
    @inline(__always)
    func follower(of key: Int, at text: UnsafeRawPointer) -> Int? {
        let (last, other) = keys[key].followers
        if stands(last, at: text) { return last }
        return stands(other, at: text) ? other : nil
    }

    /// The number of a key that stands at `text`, quotes and colon included, behind another. Reads 32 bytes.
    mutating func find(_ text: UnsafeRawPointer, length: Int, behind key: Int) -> Int {
        let number = find(text, length)
        keys[key].followers = (number, keys[key].followers.0)
        return number
    }

    @inline(__always)
    private func stands(_ number: Int, at text: UnsafeRawPointer) -> Bool {
        let key = keys + number
        let first = text.loadUnaligned(as: UInt64.self) & key.pointee.masks[0] ^ key.pointee.words[0]
        let second =
            text.loadUnaligned(fromByteOffset: 8, as: UInt64.self) & key.pointee.masks[1] ^ key.pointee.words[1]
        if first | second != 0 { return false }
        if key.pointee.width <= 16 { return true }
        let third =
            text.loadUnaligned(fromByteOffset: 16, as: UInt64.self) & key.pointee.masks[2] ^ key.pointee.words[2]
        let fourth =
            text.loadUnaligned(fromByteOffset: 24, as: UInt64.self) & key.pointee.masks[3] ^ key.pointee.words[3]
        return third | fourth == 0
    }

    private mutating func find(_ text: UnsafeRawPointer, _ length: Int) -> Int {
        if length == 0 || length > KeyTable.longest { return KeyTable.nameless }
        let name = UnsafeRawBufferPointer(start: text + 1, count: length)
        var at = slot(of: name)
        while keys[at].width != 0 {
            if stands(at, at: text) { return at }
            at = following(at)
        }
        if room == 0 { return KeyTable.nameless }
        room -= 1
        keys[at].setName(name)
        return at
    }

    private func slot(of name: UnsafeRawBufferPointer) -> Int {
        KeyTable.reserved + Int(truncatingIfNeeded: Digest.of(name)) & (size - 1)
    }

    private func following(_ at: Int) -> Int {
        KeyTable.reserved + (at - KeyTable.reserved + 1) & (size - 1)
    }

    private static func words(of text: [UInt8]) -> SIMD4<UInt64> {
        (text + Array(repeating: 0, count: 32 - text.count)).withUnsafeBytes { bytes in
            SIMD4(bytes[0], bytes[1], bytes[2], bytes[3])
        }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate subscript(word: Int) -> UInt64 { loadUnaligned(fromByteOffset: 8 * word, as: UInt64.self) }
}
