/// One record being written: bytes of JSON appended in place, no string made.
struct Line: Sendable {
    private(set) var bytes: [UInt8] = []
    /// The value of `commit`, where the record has one: also where it is left out.
    private(set) var commit: Int64?
    private let omitted: [String]

    /// A line from which fields of the given names are left out.
    init(omitting omitted: [String] = []) {
        self.omitted = omitted
        bytes.reserveCapacity(2048)
    }

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        commit = nil
    }

    /// Appends bytes as they are.
    mutating func raw(_ part: [UInt8]) { bytes.append(contentsOf: part) }

    /// Appends text as it is: JSON's own marks, names that need no escape.
    mutating func raw(_ part: String) { bytes.append(contentsOf: part.utf8) }

    /// Appends one byte.
    mutating func raw(_ byte: UInt8) { bytes.append(byte) }

    /// A field with a number: `,"plan":110`.
    mutating func field(_ key: String, _ value: Int64) {
        if key == "commit" { commit = value }
        if !omitted.isEmpty, omitted.contains(key) { return }
        open(key)
        decimal(value)
    }

    /// A field with a number.
    mutating func field(_ key: String, _ value: Int) { field(key, Int64(value)) }

    /// A field with a span in milliseconds, to the microsecond: `,"latency_ms":3.125`.
    mutating func milliseconds(_ key: String, _ nanoseconds: Int64) {
        open(key)
        let microseconds = nanoseconds / 1000
        decimal(microseconds / 1000)
        let part = microseconds % 1000
        if part > 0 {
            bytes.append(0x2E)
            bytes.append(UInt8(0x30 + part / 100))
            if part % 100 > 0 { bytes.append(UInt8(0x30 + part / 10 % 10)) }
            if part % 10 > 0 { bytes.append(UInt8(0x30 + part % 10)) }
        }
    }

    /// A field with a word of the vocabulary or a name that needs no escape.
    mutating func field(_ key: String, _ value: String) {
        open(key)
        bytes.append(0x22)
        raw(value)
        bytes.append(0x22)
    }

    /// A field with a name kept as bytes.
    mutating func field(_ key: String, _ value: [UInt8]) {
        if !omitted.isEmpty, omitted.contains(key) { return }
        open(key)
        bytes.append(0x22)
        raw(value)
        bytes.append(0x22)
    }

    /// A field with a numbered name: `,"endpoint":"i-4711"`.
    mutating func field(_ key: String, _ prefix: [UInt8], numbered number: Int64) {
        open(key)
        bytes.append(0x22)
        raw(prefix)
        decimal(number)
        bytes.append(0x22)
    }

    /// Digits of a number; a minus sign before a negative one.
    mutating func decimal(_ value: Int64) {
        if value < 0 { bytes.append(0x2D) }
        var rest = value.magnitude
        if rest < 10 {
            bytes.append(0x30 + UInt8(rest))
            return
        }
        let start = bytes.count
        while rest > 0 {
            bytes.append(0x30 + UInt8(rest % 10))
            rest /= 10
        }
        var low = start
        var high = bytes.count - 1
        while low < high {
            bytes.swapAt(low, high)
            low += 1
            high -= 1
        }
    }

    private mutating func open(_ key: String) {
        bytes.append(0x2C)
        bytes.append(0x22)
        raw(key)
        bytes.append(0x22)
        bytes.append(0x3A)
    }
}
