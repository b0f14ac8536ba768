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
        var count: Int64
    }

    /// The keys of the line at hand, a bit each.
    private(set) var seen: UInt64 = 0
    /// The fields of the line at hand, a bit each.
    private(set) var fields: UInt64 = 0
    /// The strings by key, those of symbols and digests by field.
    let texts: UnsafeMutablePointer<Text>
    let fieldTexts: UnsafeMutablePointer<Text>
    /// The integers and numbers by field, as in a batch.
    let values: UnsafeMutablePointer<Int64>
    private(set) var clock: [ClockEntry] = []
    /// `ts` where it is an integer.
    private(set) var time: Int64?

    private let keys: KnownKeys
    private static let keyCount = Int(CSJ_KEY_COUNT.rawValue)

    init() {
        texts = .allocate(capacity: FastScanner.keyCount)
        texts.initialize(repeating: Text(), count: FastScanner.keyCount)
        fieldTexts = .allocate(capacity: Field.allCases.count)
        fieldTexts.initialize(repeating: Text(), count: Field.allCases.count)
        values = .allocate(capacity: Field.allCases.count)
        values.initialize(repeating: 0, count: Field.allCases.count)
        keys = KnownKeys(RecordKeys.fast)
    }

    deinit {
        texts.deallocate()
        fieldTexts.deallocate()
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
        seen = 0
        fields = 0
        time = nil
        clock.removeAll(keepingCapacity: true)
        var next = cursor
        var at = start
        guard bytes[at] == UInt8(ascii: "{") else { return nil }
        at &+= 1
        while true {
            // The index names quotes, line ends and odd bytes in their order: an entry that is a quote, and the next one too,
            // hold an ordinary string between them.
            guard Int(places[next]) == at, bytes[at] == quote else { return nil }
            let keyEnd = Int(places[next &+ 1])
            guard bytes[keyEnd] == quote else { return nil }
            next &+= 2
            let key = keys.find(UnsafeRawPointer(bytes + at + 1), keyEnd &- at &- 1)
            at = keyEnd &+ 1
            guard bytes[at] == UInt8(ascii: ":") else { return nil }
            at &+= 1
            if bytes[at] == space { at &+= 1 }
            if key.form != .unknown {
                let bit: UInt64 = 1 << UInt64(key.key)
                if seen & bit != 0 { return nil }
                seen |= bit
            }
            if bytes[at] == quote {
                guard Int(places[next]) == at else { return nil }
                let end = Int(places[next &+ 1])
                guard bytes[end] == quote else { return nil }
                next &+= 2
                guard take(Text(start: UInt32(at &+ 1), count: UInt32(end &- at &- 1)), key) else { return nil }
                at = end &+ 1
            } else if key.form == .clock {
                guard takeClock(bytes, &at, places, &next) else { return nil }
            } else {
                guard takeScalar(bytes, &at, key) else { return nil }
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
        return next
    }

    @inline(__always)
    private mutating func take(_ text: Text, _ key: KnownKeys.Key) -> Bool {
        switch key.form {
        case .unknown, .error: return true
        case .time, .actor, .event, .endpoint, .outcome, .reason:
            texts[Int(key.key)] = text
            return true
        case .symbol, .digest:
            fieldTexts[Int(key.field.rawValue)] = text
            fields |= 1 << UInt64(key.field.rawValue)
            return true
        case .clock, .integer, .number, .other: return false
        }
    }

    @inline(__always)
    private mutating func takeScalar(_ bytes: UnsafePointer<UInt8>, _ at: inout Int, _ key: KnownKeys.Key) -> Bool {
        switch key.form {
        case .integer:
            guard let value = FastNumber.integer(bytes, &at), value >= (key.field == .attempt ? 1 : 0) else {
                return false
            }
            values[Int(key.field.rawValue)] = value
            fields |= 1 << UInt64(key.field.rawValue)
            return true
        case .number:
            guard let value = FastNumber.decimal(bytes, &at) else { return false }
            values[Int(key.field.rawValue)] = Int64(bitPattern: value.bitPattern)
            fields |= 1 << UInt64(key.field.rawValue)
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
        while true {
            guard Int(places[next]) == at, bytes[at] == quote else { return false }
            let end = Int(places[next &+ 1])
            guard bytes[end] == quote else { return false }
            next &+= 2
            let name = Text(start: UInt32(at &+ 1), count: UInt32(end &- at &- 1))
            at = end &+ 1
            guard bytes[at] == UInt8(ascii: ":") else { return false }
            at &+= 1
            if bytes[at] == space { at &+= 1 }
            guard let count = FastNumber.integer(bytes, &at) else { return false }
            clock.append(ClockEntry(name: name, count: count))
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
