import CSimdjson

/// A parser of JSON whose last document can be walked.
final class JSONParser {
    private let parser: OpaquePointer
    /// A copy of a text that nothing readable follows.
    private var padded: [UInt8] = []

    /// Why a text is not JSON.
    struct Fault: Error {
        var reason: Decoding.Reason
    }

    /// - Returns: nil where there is no memory.
    init?(capacity: Int, depth: Int) {
        guard let parser = csj_create(capacity, depth) else { return nil }
        self.parser = parser
    }

    deinit { csj_destroy(parser) }

    /// Parses one value. The document before is gone.
    func parse(_ text: UnsafeRawBufferPointer, isPadded: Bool) -> Result<csj_value, Fault> {
        var root = csj_value()
        var error = isPadded ? parse(text, &root) : parseCopy(of: text, &root)
        if error == CSJ_NUMBER, let (bytes, count) = OversizedNumbers.readable(text, padding: RawBlock.padding) {
            error = bytes.withUnsafeBytes { parse(UnsafeRawBufferPointer(rebasing: $0[..<count]), &root) }
        }
        switch error {
        case CSJ_OK: return .success(root)
        case CSJ_UTF8: return .failure(Fault(reason: .notUTF8))
        case CSJ_DEPTH: return .failure(Fault(reason: .tooDeep))
        default: return .failure(Fault(reason: .notJSON))
        }
    }

    private func parse(_ text: UnsafeRawBufferPointer, _ root: inout csj_value) -> csj_error {
        csj_parse_value(parser, text.characters, text.count, &root)
    }

    private func parseCopy(of text: UnsafeRawBufferPointer, _ root: inout csj_value) -> csj_error {
        padded.removeAll(keepingCapacity: true)
        padded.append(contentsOf: text)
        padded.append(contentsOf: repeatElement(0x20, count: RawBlock.padding))
        return padded.withUnsafeBytes { parse(UnsafeRawBufferPointer(rebasing: $0[..<text.count]), &root) }
    }

    /// A value of any of this thread's documents as compact JSON.
    func compact(_ value: csj_value) -> [UInt8] {
        var length = 0
        guard let text = csj_compact(parser, value, &length) else { return [] }
        return Array(UnsafeRawBufferPointer(start: text, count: length))
    }
}
