import EventModel

/// Cuts a source's bytes, which come in blocks of any size, into whole records. One thread at a time may use it.
///
/// Cutting needs what came before; what a record means mostly does not. So blocks are cut one after the other, and the records of each
/// can be decoded by anybody.
final class RecordCutter: @unchecked Sendable {
    // Unchecked: handed from thread to thread by the pipeline, which never lets two use one at a time.
    private var framer: Framer
    /// What was read and not yet given away, with room for the parser to read past it.
    private var buffer: [UInt8] = []
    private var filled = 0
    /// Where `buffer` begins in the source.
    private var offset: UInt64 = 0
    private var linesBefore: UInt64 = 0

    init(_ plan: Plan, _ options: ReadingOptions) {
        framer = Framer(plan, options)
    }

    /// Whether records are zstd frames behind their lengths, which the first bytes tell.
    var cutsFrames: Bool { if case .frames = framer.container { true } else { false } }

    /// Takes the next bytes of the source and cuts what is whole.
    /// - Parameters:
    ///   - block: the bytes; they are copied.
    ///   - isLast: whether nothing follows.
    ///   - most: how many records are wanted.
    func cut(_ block: UnsafeRawBufferPointer, isLast: Bool, most: Int = .max, into cut: inout CutRecords) {
        buffer.removeLast(buffer.count - filled)
        buffer.append(contentsOf: block)
        filled = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: RawBlock.padding))
        cut.offset = offset
        cut.records.removeAll(keepingCapacity: true)
        cut.end = buffer.withUnsafeBytes { all in
            walk(UnsafeRawBufferPointer(rebasing: all[..<filled]), isLast, most, &cut.records)
        }
        cut.holdsFrames = cutsFrames
    }

    private func walk(
        _ bytes: UnsafeRawBufferPointer, _ isLast: Bool, _ most: Int, _ records: inout [CutRecords.Record]
    ) -> Int {
        var at = 0
        while records.count < most {
            switch framer.next(bytes, from: at, isLast: isLast) {
            case .skip(let next): at = next
            case .more(let from): return isLast ? bytes.count : from
            case .tooLong(let range, let line): at = add(range, line, isTooLong: true, bytes.count, &records)
            case .record(let range, let line): at = add(range, line, isTooLong: false, bytes.count, &records)
            }
            if at >= bytes.count, isLast { return bytes.count }
        }
        return at
    }

    /// Adds a record; returns where the next one begins.
    private func add(
        _ range: Range<Int>, _ line: UInt64, isTooLong: Bool, _ count: Int, _ records: inout [CutRecords.Record]
    ) -> Int {
        records.append(CutRecords.Record(range: range, line: line &- linesBefore, isTooLong: isTooLong))
        if case .lines = framer.container { return min(range.upperBound + 1, count) }
        return range.upperBound
    }

    /// The bytes that the last cut is of.
    func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        buffer.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<filled])) }
    }

    /// Forgets the bytes ahead of an index, whose records are done with; those behind it are cut again with what follows.
    /// - Returns: how many lines end there.
    func release(_ end: Int, isLast: Bool) -> UInt64 {
        let count = pass(end, isLast)
        buffer.removeSubrange(..<end)
        filled -= end
        return count
    }

    /// Gives the bytes of the last cut away with it.
    func detach(into cut: inout CutRecords, isLast: Bool) {
        let end = cut.end
        cut.lineCount = pass(end, isLast)
        swap(&cut.bytes, &buffer)
        buffer.removeAll(keepingCapacity: true)
        buffer.append(contentsOf: cut.bytes[end..<filled])
        filled -= end
    }

    private func pass(_ end: Int, _ isLast: Bool) -> UInt64 {
        var count = UInt64(LineCount.of(buffer[..<end]))
        if end > 0, buffer[end - 1] != 0x0A, !isLast { count -= 1 }
        linesBefore += count
        framer.rewind(to: linesBefore)
        offset += UInt64(end)
        return count
    }
}

/// Some bytes of a source, and the records that they hold.
struct CutRecords: Sendable {
    /// One record.
    struct Record: Sendable {
        var range: Range<Int>
        /// The line that it begins at, from 0 in these bytes.
        var line: UInt64
        /// Whether it is longer than allowed, so that its bytes need not all be there.
        var isTooLong: Bool
    }

    var bytes: [UInt8] = []
    /// Where the bytes behind the last record begin.
    var end = 0
    var records: [Record] = []
    /// Where the bytes begin in the source.
    var offset: UInt64 = 0
    /// How many lines they are.
    var lineCount: UInt64 = 0
    var holdsFrames = false
}
