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
        var number: UInt32
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
    /// Reads nothing behind the index's sentinels, and no byte behind the padding of the block (see `RawBlock.padding`).
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
        guard bytes[start] == UInt8(ascii: "{") else { return nil }
        var cursor = Cursor(at: start &+ 1, place: places + cursor)
        var number = KeyTable.start
        while true {
            number = FastScanner.key(&keys, behind: number, bytes, &cursor)
            if number == KeyTable.start { return nil }
            let (key, form) = (keys[number].key, keys[number].form)
            if seen & keys[number].bit != 0 { return nil }
            seen |= keys[number].bit
            if bytes[cursor.at] == quote {
                guard form == .text || form == .unknown || form == .time else { return nil }
                let end = Int(cursor.place[1])
                guard bytes[end] == quote else { return nil }
                texts[Int(key)] = Text(
                    start: UInt32(truncatingIfNeeded: cursor.at &+ 1),
                    count: UInt32(truncatingIfNeeded: end &- cursor.at &- 1))
                cursor = Cursor(at: end &+ 1, place: cursor.place + 2)
            } else if form == .integer {
                let field = keys[number].field
                // A large generation needs a symbol.
                guard let (value, end) = FastNumber.integer(bytes, cursor.at), value >= (field == .attempt ? 1 : 0),
                    value < Generation.firstLarge
                else { return nil }
                values[Int(field.rawValue)] = value
                cursor.at = end
            } else if form == .clock {
                guard let end = takeClock(bytes, cursor) else { return nil }
                cursor = end
            } else {
                guard let end = takeScalar(bytes, cursor.at, form, keys[number].field) else { return nil }
                cursor.at = end
            }
            fields |= keys[number].fieldBit
            if bytes[cursor.at] != UInt8(ascii: ",") { break }
            cursor.at &+= bytes[cursor.at &+ 1] == space ? 2 : 1
        }
        let end = Int(cursor.place[0])
        guard bytes[cursor.at] == UInt8(ascii: "}"), end == cursor.at &+ 1, bytes[end] == lineEnd else { return nil }
        self.seen = seen
        self.fields = fields
        return cursor.place - places
    }

    /// How far a line has been read: the next byte, and the next entry of the index.
    private struct Cursor {
        var at: Int
        var place: UnsafePointer<UInt32>
    }

    /// Takes the key that begins at the cursor, its colon and a space; returns its number, `KeyTable.start` where there is none.
    ///
    /// What stands before it holds no byte that the index names, so the next entry is a key's first quote wherever there is one. All places
    /// are taken from the index, not from what was read before, so that the processor need not be done with one member to begin the next.
    ///
    /// Where a line is cut behind `{` or a comma the next entry is its end, which may be the index's last: the one behind that is a
    /// sentinel, and leads to the padding. A step goes on only between two quotes, and behind them the line's end is still to come,
    /// so none begins behind the last entry.
    @inline(__always)
    private static func key(
        _ keys: inout KeyTable, behind number: UInt32, _ bytes: UnsafePointer<UInt8>, _ cursor: inout Cursor
    ) -> UInt32 {
        let (begin, end) = (Int(cursor.place[0]), Int(cursor.place[1]))
        if cursor.at != begin { return KeyTable.start }
        cursor.at = bytes[end &+ 2] == space ? end &+ 3 : end &+ 2
        cursor.place += 2
        if let follower = keys.follower(of: number, at: bytes + begin) { return follower }
        // The index names quotes, line ends and odd bytes in their order: an entry that is a quote, and the next one too, hold an
        // ordinary string between them.
        guard bytes[begin] == quote, bytes[end] == quote, bytes[end &+ 1] == UInt8(ascii: ":") else {
            return KeyTable.start
        }
        return keys.find(bytes + begin, length: end &- begin &- 1, behind: number)
    }

    /// A value that is no string, no clock and no ordinary integer; returns its end.
    @inline(never)
    private mutating func takeScalar(
        _ bytes: UnsafePointer<UInt8>, _ start: Int, _ form: KeyForm, _ field: Field
    ) -> Int? {
        switch form {
        case .number:
            guard let (value, end) = FastNumber.decimal(bytes, start) else { return nil }
            values[Int(field.rawValue)] = Int64(bitPattern: value.bitPattern)
            return end
        case .time:
            guard let (value, end) = FastNumber.integer(bytes, start) else { return nil }
            time = value
            return end
        case .unknown:
            switch bytes[start] {
            case UInt8(ascii: "t"): return FastScanner.end(of: "true", bytes, start)
            case UInt8(ascii: "f"): return FastScanner.end(of: "false", bytes, start)
            case UInt8(ascii: "n"): return FastScanner.end(of: "null", bytes, start)
            case UInt8(ascii: "-"): return FastNumber.decimal(bytes, start &+ 1)?.end
            default: return FastNumber.decimal(bytes, start)?.end
            }
        default: return nil
        }
    }

    /// An object of counts; returns where it ends.
    @inline(__always)
    private mutating func takeClock(_ bytes: UnsafePointer<UInt8>, _ start: Cursor) -> Cursor? {
        guard bytes[start.at] == UInt8(ascii: "{") else { return nil }
        var cursor = start
        cursor.at &+= 1
        var number = KeyTable.start
        while true {
            let places = cursor.place
            number = FastScanner.key(&names, behind: number, bytes, &cursor)
            if number == KeyTable.start { return nil }
            guard let (count, end) = FastNumber.integer(bytes, cursor.at) else { return nil }
            let name = Text(start: places[0] &+ 1, count: places[1] &- places[0] &- 1)
            clock.append(ClockEntry(name: name, number: number, count: count))
            cursor.at = end
            if bytes[end] != UInt8(ascii: ",") { break }
            cursor.at &+= bytes[end &+ 1] == space ? 2 : 1
        }
        guard bytes[cursor.at] == UInt8(ascii: "}") else { return nil }
        cursor.at &+= 1
        return cursor
    }

    private static func end(of word: StaticString, _ bytes: UnsafePointer<UInt8>, _ start: Int) -> Int? {
        for i in 0..<word.utf8CodeUnitCount where bytes[start &+ i] != word.utf8Start[i] { return nil }
        return start &+ word.utf8CodeUnitCount
    }
}

private let quote = UInt8(ascii: "\"")
private let space = UInt8(ascii: " ")
private let lineEnd = UInt8(ascii: "\n")
