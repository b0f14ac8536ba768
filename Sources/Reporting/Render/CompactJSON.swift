/// Writes JSON without blanks: for data that a program reads and people do not.
struct CompactJSON {
    private(set) var bytes: [UInt8] = []
    private var isFirst = true

    /// Writes `{ … }`.
    mutating func object(_ content: (inout CompactJSON) -> Void) { container("{", "}", content) }

    /// Writes `[ … ]`.
    mutating func array(_ content: (inout CompactJSON) -> Void) { container("[", "]", content) }

    /// Writes a key; its value comes next.
    mutating func key(_ name: String) {
        separate()
        bytes.append(contentsOf: "\"\(name)\":".utf8)
        isFirst = true
    }

    /// Writes a string, exact.
    mutating func value(_ text: String) {
        separate()
        bytes.append(contentsOf: JSONWriter.text(text).utf8)
    }

    /// Writes an integer; nil as null.
    mutating func value(_ integer: (some BinaryInteger)?) {
        separate()
        bytes.append(contentsOf: (integer.map { String($0) } ?? "null").utf8)
    }

    /// Writes a number in as few digits as keep its value; nil, and what JSON cannot say, as null.
    mutating func value(_ number: Double?) {
        separate()
        guard let number, number.isFinite else { return bytes.append(contentsOf: "null".utf8) }
        let whole = Int64(exactly: number)
        bytes.append(contentsOf: (whole.map { String($0) } ?? number.description).utf8)
    }

    /// Writes `true` or `false`.
    mutating func value(_ flag: Bool) {
        separate()
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    /// Writes a key and its column of integers.
    mutating func column(_ name: String, _ values: some Sequence<Int>) {
        key(name)
        array { json in for value in values { json.value(value) } }
    }

    /// Writes a key and its column of numbers, some of which may be missing.
    mutating func column(_ name: String, _ values: some Sequence<Double?>) {
        key(name)
        array { json in for value in values { json.value(value) } }
    }

    private mutating func container(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ content: (inout CompactJSON) -> Void
    ) {
        separate()
        bytes.append(UInt8(ascii: open))
        isFirst = true
        content(&self)
        bytes.append(UInt8(ascii: close))
        isFirst = false
    }

    private mutating func separate() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
    }
}
