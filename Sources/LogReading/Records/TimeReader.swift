import EventModel

/// Reads `ts` in any of the forms of EVENTS.md, "Times"; remembers the last minute, since neighbours in a log share it.
struct TimeReader {
    private var minute: (UInt64, UInt64) = (0, 0)
    private var hasMinute = false
    private var minuteStart: Int64 = 0
    private let assumedZone: Int?

    /// - Parameter assumedZone: seconds east of UTC for times without a zone; nil refuses them.
    init(assumedZone: Int?) {
        self.assumedZone = assumedZone
    }

    enum Result: Equatable {
        case time(Int64)
        /// A time with a second of 60: the beginning of the minute that follows.
        case leapSecond(Int64)
        /// A count, of a unit that its size told.
        case counted(UnixTime)
        /// A value that stands for no time; see `NoTime`.
        case absent
        case withoutZone
        case invalid
    }

    mutating func read(_ text: UnsafeRawBufferPointer) -> Result {
        if text.count >= 20, text.count <= 30, let base = text.baseAddress, text[text.count - 1] == UInt8(ascii: "Z") {
            let prefix = (
                base.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
                base.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            )
            if prefix == minute, let second = TimeReader.seconds(text) { return .time(minuteStart &+ second) }
            let result = slow(text)
            // Minutes at the ends of the range are not remembered: a later second of theirs may lie outside it.
            if case .time(let time) = result, let second = TimeReader.seconds(text),
                time.magnitude < UInt64(Int64.max - Nanoseconds.hour)
            {
                minute = prefix
                hasMinute = true
                minuteStart = time &- second
            }
            return result
        }
        return slow(text)
    }

    /// Reads a time in the minute that was read last, which `text` begins with, and how long it is; nil for anything else. Reads 32 bytes.
    @inline(__always)
    func sameMinute(_ text: UnsafePointer<UInt8>) -> (time: Int64, length: Int)? {
        let raw = UnsafeRawPointer(text)
        guard hasMinute, raw.loadUnaligned(as: UInt64.self) == minute.0,
            raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self) == minute.1, text[16] == UInt8(ascii: ":")
        else { return nil }
        let (tens, ones) = (text[17] &- 48, text[18] &- 48)
        guard tens < 6, ones < 10 else { return nil }
        let time = minuteStart &+ Int64(tens &* 10 &+ ones) &* Nanoseconds.second
        if text[19] == UInt8(ascii: "Z") { return (time, 20) }
        let (digits, first) = FastNumber.eight(text + 20)
        var count = first
        guard text[19] == UInt8(ascii: "."), count > 0 else { return nil }
        var fraction = FastNumber.value(digits, count)
        if count == 8, text[28] &- 48 < 10 {
            fraction = fraction &* 10 &+ UInt64(text[28] &- 48)
            count = 9
        }
        guard text[20 &+ count] == UInt8(ascii: "Z") else { return nil }
        return (time &+ Int64(fraction) &* TimeReader.scale[count], 21 &+ count)
    }

    /// Nanoseconds from `:SS[.f…]Z` at byte 16; nil for anything odd, a second of 60 included.
    @inline(__always)
    private static func seconds(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard text[16] == UInt8(ascii: ":") else { return nil }
        let tens = Int64(text[17]) &- 48
        let ones = Int64(text[18]) &- 48
        guard tens >= 0, tens < 6, ones >= 0, ones < 10 else { return nil }
        var value = tens &* 10 &+ ones
        let end = text.count &- 1
        if end == 19 { return value &* Nanoseconds.second }
        guard text[19] == UInt8(ascii: "."), end > 20 else { return nil }
        for i in 20..<end {
            let digit = Int64(text[i]) &- 48
            guard digit >= 0, digit < 10 else { return nil }
            value = value &* 10 &+ digit
        }
        return value &* TimeReader.scale[end &- 20]
    }

    private static let scale: [Int64] = [
        1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1000, 100, 10, 1,
    ]

    /// Reads a number, which `text` is as it stands in the line.
    func read(number text: UnsafeRawBufferPointer) -> Result {
        guard let count = UnixTime(text) else { return .invalid }
        return count.time.isAbsent ? .absent : .counted(count)
    }

    private func slow(_ text: UnsafeRawBufferPointer) -> Result {
        let time: Int64
        switch RFC3339.read(text.bindMemory(to: UInt8.self).span) {
        case .moment(let moment):
            if NoTime.isPlaceholder(moment) { return .absent }
            time = moment.nanoseconds
        case .withoutZone(let moment):
            if NoTime.isPlaceholder(moment) { return .absent }
            guard let zone = assumedZone else { return .withoutZone }
            time = moment.advanced(by: -Int64(zone) * Nanoseconds.second).nanoseconds
        case .none: return NoTime.isPlaceholder(text) ? .absent : read(number: text)
        }
        // Whatever is a time has the tens of its second here.
        return text[17] == UInt8(ascii: "6") ? .leapSecond(time) : .time(time)
    }
}

/// How many records of a block have a number as their time, by its unit, and the first of each.
struct UnixTimeTally {
    private(set) var counts = SIMD4<UInt64>(repeating: 0)
    private(set) var first = Array(repeating: LinePlace(line: 0, byte: 0), count: 4)

    mutating func add(_ unit: UnixTime.Unit, line: UInt32, byte: Int) {
        let at = unit.rawValue
        if counts[at] == 0 { first[at] = LinePlace(line: UInt64(line), byte: UInt64(byte)) }
        counts[at] &+= 1
    }

    mutating func removeAll() { counts = SIMD4(repeating: 0) }
}

extension UnixTime.Unit {
    var note: RecordFault.Kind {
        switch self {
        case .seconds: .unixSeconds
        case .milliseconds: .unixMilliseconds
        case .microseconds: .unixMicroseconds
        case .nanoseconds: .unixNanoseconds
        }
    }

    var words: String { "ts counts \(self) since 1970" }
}
