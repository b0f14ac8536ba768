import EventModel

/// Decodes a source's records by a profile straight into the columns of batches. One thread at a time may use it.
///
/// Where no record depends on those before it (``Plan/isInOrder``), several decoders share a source's blocks.
final class ProfileDecoder: @unchecked Sendable {
    // Unchecked: handed from thread to thread by the pipeline, which never lets two use one at a time.
    private let plan: Plan
    private var maker: RecordMaker
    private let maxLine: Int
    private let inflater: FrameInflater
    /// Of a source that is read by this decoder alone.
    private let cutter: RecordCutter
    private var cut = CutRecords()

    /// - Parameter path: the source's path, which fields may come from.
    init(_ plan: Plan, path: SourceName, _ options: ReadingOptions) {
        self.plan = plan
        maxLine = options.maxLineLength
        maker = RecordMaker(plan, path: path, options)
        inflater = FrameInflater(limit: options.maxLineLength)
        cutter = RecordCutter(plan, options)
    }

    /// Takes the next bytes of the source; what ends in them becomes a batch. A record that lies across the border of two blocks is decoded
    /// with the one in which it ends.
    /// - Parameter isLast: whether nothing follows.
    func decode(_ block: RawBlock, isLast: Bool, into batch: inout EventBatch, keepingText: Bool) {
        let isLast = isLast || block.isBroken
        block.bytes.withUnsafeBytes {
            cutter.cut(UnsafeRawBufferPointer(rebasing: $0[..<block.used]), isLast: isLast, into: &cut)
        }
        begin(cut, into: &batch, keepingText)
        cutter.withBytes { make(cut, $0, into: &batch) }
        let done = maker.end(at: cut.end, isLast: isLast, into: &batch)
        finish(bytes: done, lines: cutter.release(done, isLast: isLast), into: &batch)
    }

    /// Decodes records that were cut before.
    func decode(_ cut: CutRecords, into batch: inout EventBatch, keepingText: Bool) {
        begin(cut, into: &batch, keepingText)
        cut.bytes.withUnsafeBytes { make(cut, $0, into: &batch) }
        _ = maker.end(at: cut.end, isLast: true, into: &batch)
        finish(bytes: cut.end, lines: cut.lineCount, into: &batch)
    }

    private func begin(_ cut: CutRecords, into batch: inout EventBatch, _ keepsText: Bool) {
        batch.localSymbols = maker.freshSymbols()
        batch.textOffset = cut.offset
        maker.begin(keepingText: keepsText)
        if cut.holdsFrames { maker.numbersRecords = true }
    }

    private func finish(bytes: Int, lines: UInt64, into batch: inout EventBatch) {
        batch.byteCount = UInt64(bytes)
        batch.lineCount = maker.numbersRecords ? maker.records : lines
        maker.finish(lines: batch.lineCount, into: &batch)
    }

    /// Has the making of one record of the next batch, from 0, told field by field.
    func trace(_ record: UInt64) { maker.traced = (record, []) }

    /// What was told of it.
    var traced: [String] { maker.traced?.lines ?? [] }

    /// What a profile made of a log's first bytes.
    struct Survey {
        /// Records that were looked at, those of its form, and those that it recognises a log by.
        var records = 0
        var read = 0
        var recognised = 0
        /// Why the first that is not of its form is not.
        var reason: Decoding.Reason?
    }

    /// Looks at the first records without making events of them.
    func survey(_ head: UnsafeRawBufferPointer, isWhole: Bool, most: Int) -> Survey {
        var survey = Survey()
        cutter.cut(head, isLast: isWhole, most: most, into: &cut)
        cutter.withBytes { bytes in
            for record in cut.records where !record.isTooLong {
                if cut.holdsFrames {
                    inflater.inflate(bytes.part(record.range)) { text, _ in
                        if let text { maker.survey(text, isPadded: false, &survey) } else { survey.records += 1 }
                    }
                } else {
                    maker.survey(bytes.part(record.range), isPadded: true, &survey)
                }
            }
        }
        return survey
    }

    private func make(_ cut: CutRecords, _ bytes: UnsafeRawBufferPointer, into batch: inout EventBatch) {
        for record in cut.records {
            let place = LinePlace(
                line: maker.numbersRecords ? maker.records : record.line, byte: UInt64(record.range.lowerBound))
            if record.isTooLong {
                batch.writtenLineCount += 1
                batch.note(.lineTooLong, place) { "a record of more than the \(maxLine) bytes allowed" }
            } else if cut.holdsFrames {
                inflater.inflate(bytes.part(record.range)) { text, fault in
                    if let text {
                        maker.make(text, isPadded: false, place, at: record.range, into: &batch)
                    } else {
                        batch.writtenLineCount += 1
                        batch.note(.notJSON, place) { fault }
                    }
                }
            } else {
                maker.make(bytes.part(record.range), isPadded: true, place, at: record.range, into: &batch)
            }
        }
    }
}
