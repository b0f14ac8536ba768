import CSimdjson
import EventModel

/// Reads the members of ordinary lines, and gives up on everything else: escapes, bytes that are no printable ASCII, known
/// keys twice or with values of another kind, nesting but in `vc`, numbers with exponents or of many digits. Whoever calls
/// then asks simdjson, the judge: on every line that this accepts both see the same.
///
/// The block's index says where the quotes are, so a string ends at the next entry; between them the grammar of JSON is
/// checked byte by byte. At most one space stands after a colon or a comma.
struct FastScanner: ~Copyable {
    /// Where a string stands in the block.
    struct Text {
        var start: UInt32 = 0
        var count: UInt32 = 0
    }

    /// An entry of `vc`.
    struct ClockEntry {
        var name: Text
        /// The name's number in `names`.
        var number: Int32
        var count: Int64
    }

    /// The keys of the line at hand, a bit each.
    private(set) var seen: UInt64 = 0
    /// The fields of the line at hand, a bit each.
    private(set) var fields: UInt64 = 0
    /// The strings by key; those of keys that are not known share one place.
    let texts: UnsafeMutablePointer<Text>
    /// The integers and numbers by field, as in a batch.
    let values: UnsafeMutablePointer<Int64>
    private(set) var clock = Column<ClockEntry>(capacity: 64)
    /// `ts` where it is an integer.
    private(set) var time: Int64?
    /// The names in clocks.
    var names = KeyTable([], size: 1024)

    private var keys = KeyTable(RecordKeys.fast, size: 256)
    private static let keyCount = Int(CSJ_KEY_COUNT.rawValue)

    init() {
        texts = .allocate(capacity: FastScanner.keyCount)
        texts.initialize(repeating: Text(), count: FastScanner.keyCount)
        values = .allocate(capacity: Field.allCases.count)
        values.initialize(repeating: 0, count: Field.allCases.count)
    }

    deinit {
        texts.deallocate()
        values.deallocate()
    }

    @inline(__always)
    func has(_ key: csj_key) -> Bool { seen & (1 << UInt64(key.rawValue)) != 0 }

    /// Scans the line that begins at `start`. `cursor` is the first index entry at or behind its beginning.
    ///
    /// - Returns: the entry of the line's end; nil for a line that is not ordinary.
    @inline(__always)
    mutating func scan(
        _ bytes: UnsafePointer<UInt8>, from start: Int, _ places: UnsafePointer<UInt32>, _ cursor: Int
    ) -> Int? {
        // In registers, as long as the line lasts.
        var seen: UInt64 = 0
        var fields: UInt64 = 0
        let texts = texts
        time = nil
        clock.truncate(to: 0)
        var next = cursor
        var at = start
        guard bytes[at] == UInt8(ascii: "{") else { return nil }
        at &+= 1
        var number = KeyTable.start
        while true {
            guard let found = FastScanner.key(&keys, behind: number, bytes, &at, places, &next) else { return nil }
            number = found
            let (key, form) = (keys[number].key, keys[number].form)
            if bytes[at] == space { at &+= 1 }
            if seen & keys[number].bit != 0 { return nil }
            seen |= keys[number].bit
            if bytes[at] == quote {
                guard form == .text || form == .unknown || form == .time else { return nil }
                let end = Int(places[next &+ 1])
                guard bytes[end] == quote else { return nil }
                next &+= 2
                texts[Int(key)] = Text(start: UInt32(at &+ 1), count: UInt32(end &- at &- 1))
                fields |= keys[number].fieldBit
                at = end &+ 1
            } else if form == .clock {
                guard takeClock(bytes, &at, places, &next) else { return nil }
            } else {
                guard takeScalar(bytes, &at, form, keys[number].field) else { return nil }
                fields |= keys[number].fieldBit
            }
            if bytes[at] == UInt8(ascii: ",") {
                at &+= 1
                if bytes[at] == space { at &+= 1 }
            } else {
                break
            }
        }
        guard bytes[at] == UInt8(ascii: "}"), Int(places[next]) == at &+ 1, bytes[at &+ 1] == lineEnd else {
            return nil
        }
        self.seen = seen
        self.fields = fields
        return next
    }

    /// Takes a key and its colon. What stood before it holds no byte that the index names, so the next entry is a key's first quote
    /// wherever there is one.
    @inline(__always)
    private static func key(
        _ keys: inout KeyTable, behind number: Int, _ bytes: UnsafePointer<UInt8>, _ at: inout Int,
        _ places: UnsafePointer<UInt32>, _ next: inout Int
    ) -> Int? {
        if let follower = keys.follower(of: number, at: bytes + at) {
            at &+= keys[follower].width
            next &+= 2
            return follower
        }
        // The index names quotes, line ends and odd bytes in their order: an entry that is a quote, and the next one too, hold an
        // ordinary string between them.
        guard Int(places[next]) == at, bytes[at] == quote else { return nil }
        let end = Int(places[next &+ 1])
        guard bytes[end] == quote, bytes[end &+ 1] == UInt8(ascii: ":") else { return nil }
        next &+= 2
        let found = keys.find(bytes + at, length: end &- at &- 1, behind: number)
        at = end &+ 2
        return found
    }

    @inline(__always)
    private mutating func takeScalar(
        _ bytes: UnsafePointer<UInt8>, _ at: inout Int, _ form: KeyForm, _ field: Field
    ) -> Bool {
        switch form {
        case .integer:
            guard let value = FastNumber.integer(bytes, &at), value >= (field == .attempt ? 1 : 0) else {
                return false
            }
            values[Int(field.rawValue)] = value
            return true
        case .number:
            guard let value = FastNumber.decimal(bytes, &at) else { return false }
            values[Int(field.rawValue)] = Int64(bitPattern: value.bitPattern)
            return true
        case .time:
            time = FastNumber.integer(bytes, &at)
            return time != nil
        case .unknown:
            switch bytes[at] {
            case UInt8(ascii: "t"): return FastScanner.word("true", bytes, &at)
            case UInt8(ascii: "f"): return FastScanner.word("false", bytes, &at)
            case UInt8(ascii: "n"): return FastScanner.word("null", bytes, &at)
            case UInt8(ascii: "-"):
                at &+= 1
                return FastNumber.decimal(bytes, &at) != nil
            default: return FastNumber.decimal(bytes, &at) != nil
            }
        default: return false
        }
    }

    /// An object of counts.
    @inline(__always)
    private mutating func takeClock(
        _ bytes: UnsafePointer<UInt8>, _ at: inout Int, _ places: UnsafePointer<UInt32>, _ next: inout Int
    ) -> Bool {
        guard bytes[at] == UInt8(ascii: "{") else { return false }
        at &+= 1
        var number = KeyTable.start
        while true {
            let start = at
            guard let found = FastScanner.key(&names, behind: number, bytes, &at, places, &next) else { return false }
            number = found
            let name = Text(start: UInt32(start &+ 1), count: UInt32(at &- start &- 3))
            if bytes[at] == space { at &+= 1 }
            guard let count = FastNumber.integer(bytes, &at) else { return false }
            clock.append(ClockEntry(name: name, number: Int32(number), count: count))
            if bytes[at] == UInt8(ascii: ",") {
                at &+= 1
                if bytes[at] == space { at &+= 1 }
            } else {
                break
            }
        }
        guard bytes[at] == UInt8(ascii: "}") else { return false }
        at &+= 1
        return true
    }

    private static func word(_ word: StaticString, _ bytes: UnsafePointer<UInt8>, _ at: inout Int) -> Bool {
        for i in 0..<word.utf8CodeUnitCount where bytes[at &+ i] != word.utf8Start[i] { return false }
        at &+= word.utf8CodeUnitCount
        return true
    }
}

private let quote = UInt8(ascii: "\"")
private let space = UInt8(ascii: " ")
private let lineEnd = UInt8(ascii: "\n")
