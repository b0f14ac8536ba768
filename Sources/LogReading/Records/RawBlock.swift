/// Whole lines of one source as they were read, before anything is known of them.
struct RawBlock: Sendable {
    /// The lines with their ends, then padding for the parser.
    var bytes: [UInt8] = []
    /// How many of `bytes` are lines.
    var used = 0
    /// Where the block begins in the source, in inflated bytes.
    var offset: UInt64 = 0
    /// Lines left out before the block's first line because they were too long: how many, and where the first began.
    var tooLong: UInt64 = 0
    var firstTooLong: UInt64 = 0
}
