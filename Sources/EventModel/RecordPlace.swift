/// A record by its place in the bundle, the same in every pass.
package struct RecordPlace: Hashable, Sendable {
    /// The log that holds it.
    package var source: SourceID
    /// The line's number, from 1.
    package var line: UInt64

    /// The place of a line.
    package init(source: SourceID, line: UInt64) {
        self.source = source
        self.line = line
    }

    /// The place of a record.
    package init(_ record: RecordRef) {
        self.init(source: record.source, line: record.line)
    }
}
