import LogReading

/// Writes numbers and texts as bytes: integers by seven bits a byte, the lowest first.
struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func put(_ value: UInt64) {
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func put(_ value: Int) { put(UInt64(bitPattern: Int64(value))) }

    /// A number that may be negative: small either way means short.
    mutating func putSigned(_ value: Int64) { put(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

    mutating func put(_ data: [UInt8]) {
        put(data.count)
        bytes.append(contentsOf: data)
    }

    mutating func put(_ text: String) { put(Array(text.utf8)) }

    mutating func put(_ text: String?) {
        put(text == nil ? 0 : 1)
        if let text { put(text) }
    }

    mutating func put(_ flag: Bool) { put(flag ? 1 : 0) }
}

/// Reads what `ByteWriter` wrote. Everything is checked: bytes that say something impossible are damage.
struct ByteScanner {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func number() throws(IndexFault) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < bytes.count, shift < 64 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw .damaged("a number without an end")
    }

    mutating func signed() throws(IndexFault) -> Int64 {
        let value = try number()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// A number that counts things of at least one byte each in what is left, so that nobody reserves memory for more.
    mutating func count() throws(IndexFault) -> Int {
        let value = try number()
        guard value <= UInt64(bytes.count - position) else { throw .damaged("a count beyond its end") }
        return Int(value)
    }

    /// A number that fits an `Int` and is no larger than a limit.
    mutating func integer(upTo limit: Int = .max) throws(IndexFault) -> Int {
        let value = try number()
        guard value <= UInt64(limit) else { throw .damaged("a number beyond its range") }
        return Int(value)
    }

    mutating func data() throws(IndexFault) -> [UInt8] {
        let count = try count()
        position += count
        return Array(bytes[position - count..<position])
    }

    mutating func text() throws(IndexFault) -> String { String(decoding: try data(), as: UTF8.self) }

    mutating func optionalText() throws(IndexFault) -> String? { try flag() ? try text() : nil }

    mutating func flag() throws(IndexFault) -> Bool { try integer(upTo: 1) == 1 }
}
