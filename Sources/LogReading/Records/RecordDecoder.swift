import CSimdjson
import EventModel

/// Decodes blocks of lines into batches of events. One decoder is used by one thread at a time.
///
/// A malformed line costs itself alone.
final class RecordDecoder: @unchecked Sendable {
    // Unchecked: handed from thread to thread by the pipeline, which never lets two use one at a time.
    var lines: LineDecoder
    private let maxLine: Int

    /// - Returns: nil where there is no memory for a parser.
    init?(_ options: ReadingOptions) {
        guard let parser = csj_create(options.maxLineLength + 64, options.maxDepth) else { return nil }
        maxLine = options.maxLineLength
        lines = LineDecoder(parser, options)
    }

    /// Decodes all lines of a block into an empty batch. The batch takes the block's bytes over if `keepingText`; else the block keeps them.
    func decode(_ block: inout RawBlock, into batch: inout EventBatch, keepingText: Bool) {
        batch.localSymbols = lines.freshSymbols()
        batch.textOffset = block.offset
        batch.byteCount = block.tooLong ?? UInt64(block.used)
        if let length = block.tooLong {
            batch.lineCount = 1
            batch.writtenLineCount = 1
            return batch.note(.lineTooLong, LinePlace(line: 0, byte: 0)) {
                "a line of \(length) bytes, longer than the \(maxLine) allowed"
            }
        }
        if block.used > 0 {
            // A last line without its end gets one, behind what is used of the block.
            let end = block.bytes[block.used - 1] == 0x0A ? block.used : block.used + 1
            block.bytes[end - 1] = 0x0A
            let used = block.used
            block.bytes.withUnsafeBytes { bytes in
                lines.decode(UnsafeRawBufferPointer(rebasing: bytes[..<end]), ofLength: used, into: &batch)
            }
        }
        if keepingText {
            batch.textCount = block.used
            swap(&batch.text, &block.bytes)
        }
    }
}
