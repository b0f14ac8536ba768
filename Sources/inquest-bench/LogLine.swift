/// Builds one record's line, member by member.
struct LogLine {
    private(set) var bytes: [UInt8] = []

    /// Begins a line with what every record has.
    mutating func begin(nanoseconds: Int64, actor: StaticString, role: StaticString) {
        bytes.removeAll(keepingCapacity: true)
        append("{\"ts\":\"2025-10-")
        // The logs begin on the 20th and last less than ten days.
        let microseconds = nanoseconds / 1000
        let seconds = microseconds / 1_000_000
        append(20 + seconds / 86_400, digits: 2)
        append("T")
        append(seconds / 3600 % 24, digits: 2)
        append(":")
        append(seconds / 60 % 60, digits: 2)
        append(":")
        append(seconds % 60, digits: 2)
        append(".")
        append(microseconds % 1_000_000, digits: 6)
        append("Z\",\"actor\":\"")
        append(actor)
        append("\",\"role\":\"")
        append(role)
        append("\"")
    }

    mutating func member(_ key: StaticString, _ value: StaticString) {
        name(key)
        append("\"")
        append(value)
        append("\"")
    }

    mutating func member(_ key: StaticString, text: [UInt8]) {
        name(key)
        append("\"")
        bytes.append(contentsOf: text)
        append("\"")
    }

    mutating func member(_ key: StaticString, _ value: Int64) {
        name(key)
        append(value)
    }

    /// A number with two decimals.
    mutating func member(_ key: StaticString, hundredths: Int64) {
        name(key)
        append(hundredths / 100)
        append(".")
        append(hundredths % 100, digits: 2)
    }

    mutating func clock(_ names: [StaticString], _ counts: [Int64]) {
        name("vc")
        append("{")
        var isFirst = true
        for (name, count) in zip(names, counts) where count > 0 {
            append(isFirst ? "\"" : ",\"")
            append(name)
            append("\":")
            append(count)
            isFirst = false
        }
        append("}")
    }

    mutating func end() {
        append("}\n")
    }

    private mutating func name(_ key: StaticString) {
        append(",\"")
        append(key)
        append("\":")
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ value: Int64) {
        var digits = 1
        var rest = value
        while rest >= 10 {
            digits += 1
            rest /= 10
        }
        append(value, digits: digits)
    }

    private mutating func append(_ value: Int64, digits: Int) {
        var power: Int64 = 1
        for _ in 1..<digits { power *= 10 }
        while power > 0 {
            bytes.append(UInt8(48 + value / power % 10))
            power /= 10
        }
    }
}
