import CZstd
import EventModel

/// Decodes a source by a profile, block after block, straight into the columns of batches. One thread at a time may use it.
///
/// Blocks are any bytes: a record that lies across their border is decoded with the block in which it ends.
final class ProfileDecoder: @unchecked Sendable {
    // Unchecked: handed from thread to thread by the pipeline, which never lets two use one at a time.
    private let plan: Plan
    private var maker: RecordMaker
    private var framer: Framer
    private let maxLine: Int
    /// What was read and not yet decoded, with room for the parser to read past it.
    private var buffer: [UInt8] = []
    private var filled = 0
    /// Where `buffer` begins in the source.
    private var offset: UInt64 = 0
    /// How much of `buffer` the framer has gone through already without finding an end.
    private var linesBefore: UInt64 = 0
    private var recordsBefore: UInt64 = 0
    private let inflater: FrameInflater

    /// - Parameter path: the source's path, which fields may come from.
    init(_ plan: Plan, path: SourceName, _ options: ReadingOptions) {
        self.plan = plan
        maxLine = options.maxLineLength
        maker = RecordMaker(plan, path: path, options)
        framer = Framer(plan, options)
        inflater = FrameInflater(limit: options.maxLineLength)
    }

    /// Takes the next bytes of the source; what ends in them becomes a batch.
    /// - Parameter isLast: whether nothing follows.
    func decode(_ block: RawBlock, isLast: Bool, into batch: inout EventBatch, keepingText: Bool) {
        block.bytes.withUnsafeBytes { take(UnsafeRawBufferPointer(rebasing: $0[..<block.used])) }
        let isLast = isLast || block.isBroken
        batch.localSymbols = maker.freshSymbols()
        batch.textOffset = offset
        maker.begin(keepingText: keepingText)
        var done = 0
        buffer.withUnsafeBytes { all in
            let bytes = UnsafeRawBufferPointer(rebasing: all[..<filled])
            done = decode(bytes, isLast, into: &batch)
        }
        batch.byteCount = UInt64(done)
        batch.lineCount = maker.numbersRecords ? maker.records : lines(before: done, isLast: isLast)
        linesBefore += batch.lineCount
        framer.rewind(to: linesBefore)
        maker.finish(lines: batch.lineCount, into: &batch)
        buffer.removeSubrange(..<done)
        filled -= done
        offset += UInt64(done)
    }

    /// How many lines of the buffer end ahead of an index.
    private func lines(before end: Int, isLast: Bool) -> UInt64 {
        let count = UInt64(LineCount.of(buffer[..<end]))
        return end > 0 && buffer[end - 1] != 0x0A && !isLast ? count - 1 : count
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
    }

    /// Looks at the first records without making events of them.
    func survey(_ head: UnsafeRawBufferPointer, isWhole: Bool, most: Int) -> Survey {
        take(head)
        var survey = Survey()
        buffer.withUnsafeBytes { all in
            let bytes = UnsafeRawBufferPointer(rebasing: all[..<filled])
            var at = 0
            walk: while survey.records < most {
                switch framer.next(bytes, from: at, isLast: isWhole) {
                case .skip(let next): at = next
                case .more: break walk
                case .tooLong(let range, _): at = after(range, bytes)
                case .record(let range, _):
                    at = after(range, bytes)
                    if case .frames = framer.container {
                        inflater.inflate(bytes.part(range)) { text, _ in
                            if let text { maker.survey(text, isPadded: false, &survey) } else { survey.records += 1 }
                        }
                    } else {
                        maker.survey(bytes.part(range), isPadded: true, &survey)
                    }
                    if at >= bytes.count { break walk }
                }
            }
        }
        return survey
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        let padding = RawBlock.padding
        buffer.removeLast(buffer.count - filled)
        buffer.append(contentsOf: bytes)
        filled = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: padding))
    }

    /// Decodes what is whole; returns how much that is.
    private func decode(_ bytes: UnsafeRawBufferPointer, _ isLast: Bool, into batch: inout EventBatch) -> Int {
        var at = 0
        while true {
            let step = framer.next(bytes, from: at, isLast: isLast)
            if case .frames = framer.container { maker.numbersRecords = true }
            switch step {
            case .skip(let next): at = next
            case .more(let from):
                if isLast { return maker.end(at: bytes.count, isLast: true, into: &batch) }
                return maker.end(at: from, isLast: false, into: &batch)
            case .tooLong(let range, let line):
                let place = place(line, range.lowerBound)
                batch.writtenLineCount += 1
                batch.note(.lineTooLong, place) { "a record of more than the \(maxLine) bytes allowed" }
                at = after(range, bytes)
            case .record(let range, let line):
                record(bytes, range, line, into: &batch)
                at = after(range, bytes)
                if at >= bytes.count, isLast { return maker.end(at: bytes.count, isLast: true, into: &batch) }
            }
        }
    }

    private func after(_ range: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> Int {
        if case .lines = framer.container { return min(range.upperBound + 1, bytes.count) }
        return range.upperBound
    }

    /// Where a record stands in its batch.
    private func place(_ line: UInt64, _ byte: Int) -> LinePlace {
        LinePlace(line: maker.numbersRecords ? maker.records : line - linesBefore, byte: UInt64(byte))
    }

    private func record(
        _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ line: UInt64, into batch: inout EventBatch
    ) {
        let place = place(line, range.lowerBound)
        if case .frames = framer.container {
            inflater.inflate(bytes.part(range)) { text, fault in
                if let text {
                    maker.make(text, isPadded: false, place, at: range, into: &batch)
                } else {
                    batch.writtenLineCount += 1
                    batch.note(.notJSON, place) { fault }
                }
            }
        } else {
            maker.make(bytes.part(range), isPadded: true, place, at: range, into: &batch)
        }
    }
}

/// A source's name, as fields may come from it.
struct SourceName: Sendable {
    /// The path below the bundle.
    var path: String
    /// The folder that the file lies in, where the path does not tell.
    var parent: String?

    /// The file's name without what rotation, compression and custom put behind it: `kube-proxy` of `kube-proxy.log.1.gz`.
    var file: String {
        var name = String(path.split(whereSeparator: { $0 == "/" || $0 == "!" }).last ?? "")
        while let dot = name.lastIndex(of: "."), dot != name.startIndex {
            let end = name[name.index(after: dot)...]
            guard end.allSatisfy(\.isNumber) || SourceName.endings.contains(end.lowercased()) else { break }
            name = String(name[..<dot])
        }
        return name
    }

    /// The name of the folder that it lies in.
    var folder: String? {
        let parts = path.split(whereSeparator: { $0 == "/" || $0 == "!" })
        return parts.count > 1 ? String(parts[parts.count - 2]) : parent
    }

    private static let endings: Set<String> = [
        "log", "txt", "json", "jsonl", "ndjson", "csv", "tsv", "out", "err", "gz", "zst", "bz2", "xz", "lz4", "frames",
    ]
}

/// Inflates single zstd frames behind their lengths.
final class FrameInflater {
    private let context = ZSTD_createDCtx()
    private var text: [UInt8] = []
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    deinit { ZSTD_freeDCtx(context) }

    /// Hands on what a frame holds, or why it cannot be read.
    func inflate(_ frame: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer?, String) -> Void) {
        let stored = frame.count > 4 ? frame.part(from: 4) : UnsafeRawBufferPointer(start: nil, count: 0)
        if stored.isEmpty { return body(nil, "a frame is cut off") }
        if text.isEmpty { text = Array(repeating: 0, count: 256 << 10) }
        while true {
            let count = text.withUnsafeMutableBytes {
                ZSTD_decompressDCtx(context, $0.baseAddress, $0.count, stored.baseAddress, stored.count)
            }
            if ZSTD_isError(count) == 0 {
                return text.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<count]), "") }
            }
            guard ZSTD_getErrorCode(count) == ZSTD_error_dstSize_tooSmall, text.count < limit else {
                return body(nil, "a zstd frame cannot be inflated: \(String(cString: ZSTD_getErrorName(count)))")
            }
            text = Array(repeating: 0, count: min(limit, 4 * text.count))
        }
    }
}
