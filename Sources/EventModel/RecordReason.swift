extension EventBatch {
    /// Longer lines are not looked into for a reason.
    private static let longestLine = 65_536

    /// The record's `reason`, else its `error`, which no column holds; nil where the batch has no text.
    package func reason(at row: Int) -> String? {
        let range = textRange(at: row)
        if range.count > Self.longestLine || range.upperBound > text.count { return nil }
        let line = text[range]
        if !Self.mayHaveReason(line) { return nil }
        let members = RecordMembers(Array(line))
        return members.string("reason") ?? members.string("error")
    }

    /// Whether a line has one of the keys, or an escape in which one may be spelled: cutting a line into members takes long, and most lines
    /// have neither.
    private static func mayHaveReason(_ line: ArraySlice<UInt8>) -> Bool {
        line.withUnsafeBytes { bytes in
            for at in bytes.indices {
                if bytes[at] == UInt8(ascii: "\\") { return true }
                if bytes[at] == UInt8(ascii: "\""), ends(bytes[..<at], "reason") || ends(bytes[..<at], "error") {
                    return true
                }
            }
            return false
        }
    }

    private static func ends(_ bytes: Slice<UnsafeRawBufferPointer>, _ word: StaticString) -> Bool {
        word.withUTF8Buffer { bytes.suffix($0.count).elementsEqual($0) }
    }
}
