import EventModel
#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads single frames of re-framed logs back into batches. The symbols of all its batches are its own.
package final class FrameReader {
    private let decoder: RecordDecoder
    private let codec: FrameCodec
    private var symbols = SymbolTable()

    /// - Parameter options: those with which the index was made, so that every line means the same again.
    package init(options: ReadingOptions) throws(IndexFault) {
        guard let decoder = RecordDecoder(options) else { throw .noMemory }
        self.decoder = decoder
        codec = try FrameCodec()
    }

    /// The name behind a symbol.
    package func name(_ symbol: Symbol) -> String { symbols[symbol] }

    /// Which lines of a frame are decoded.
    package enum Selection {
        case all
        /// Those that hold one of these names, and these (from 0, ascending). Lines with a backslash are decoded too: a name may
        /// stand in them in another form. All others cannot have one of the names as a field.
        case lines(holding: [[UInt8]], besides: [UInt32])
    }

    /// The events of a frame.
    /// - Parameters:
    ///   - stored: the frame's bytes.
    ///   - count: how many bytes of lines it holds.
    ///   - lines: how many lines these are.
    ///   - firstLine: the number of the first, from 1.
    package func batch(
        _ stored: [UInt8], count: Int, lines: Int, firstLine: UInt64, selecting selection: Selection
    ) throws(IndexFault) -> EventBatch {
        var block = RawBlock()
        block.bytes = try codec.bytes(of: stored, count: count, padding: RawBlock.padding)
        block.used = count
        var batch = EventBatch()
        var numbers: [UInt32]?
        if case .lines(let names, let besides) = selection {
            numbers = FrameReader.reduce(&block, names, besides)
        }
        decoder.decode(&block, into: &batch, keepingText: true)
        if numbers == nil, batch.lineCount != UInt64(lines) { throw .damaged("a frame has other lines than it should") }
        batch.firstLine = firstLine
        batch.moveSymbols(to: &symbols)
        for row in 0..<batch.count {
            if let numbers { batch.lineInBatch[row] = numbers[Int(batch.lineInBatch[row])] }
            guard Int(batch.lineInBatch[row]) < lines else { throw .damaged("a frame has more lines than it should") }
        }
        return batch
    }

    /// Leaves only the selected lines in a block; their numbers.
    private static func reduce(_ block: inout RawBlock, _ names: [[UInt8]], _ besides: [UInt32]) -> [UInt32] {
        var numbers: [UInt32] = []
        var used = 0
        let end = block.used
        block.bytes.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            let sample = UnsafeRawBufferPointer(start: base, count: min(end, 4096))
            let needles = names.map { Needle($0, among: sample) }
            var others = besides[...]
            var line: UInt32 = 0
            var start = 0
            while start < end {
                let found = memchr(base + start, 0x0A, end - start)
                let next = found.map { base.distance(to: $0) + 1 } ?? end
                let isNamed = others.first == line
                if isNamed { others.removeFirst() }
                if isNamed || holds(base + start, next - start, needles) {
                    memmove(base + used, base + start, next - start)
                    used += next - start
                    numbers.append(line)
                }
                line &+= 1
                start = next
            }
            // The parser's padding follows what is left.
            memset(base + used, 0, min(RawBlock.padding, bytes.count - used))
        }
        block.used = used
        return numbers
    }

    private static func holds(_ line: UnsafeRawPointer, _ count: Int, _ needles: [Needle]) -> Bool {
        memchr(line, 0x5C, count) != nil || needles.contains { $0.isIn(line, count) }
    }
}

/// A name to look for in many lines: by the one of its bytes that is rarest in them.
private struct Needle {
    let bytes: [UInt8]
    private let at: Int

    init(_ bytes: [UInt8], among sample: UnsafeRawBufferPointer) {
        var counts = [Int](repeating: 0, count: 256)
        for byte in sample { counts[Int(byte)] += 1 }
        self.bytes = bytes
        at = bytes.indices.min { counts[Int(bytes[$0])] < counts[Int(bytes[$1])] } ?? 0
    }

    func isIn(_ line: UnsafeRawPointer, _ count: Int) -> Bool {
        if bytes.isEmpty || bytes.count > count { return bytes.isEmpty }
        return bytes.withUnsafeBytes { name in
            guard let first = name.baseAddress else { return true }
            // Where the rare byte may stand, so that the whole name lies in the line.
            var from = at
            let end = count - bytes.count + at + 1
            while from < end, let found = memchr(line + from, Int32(bytes[at]), end - from) {
                let place = line.distance(to: UnsafeRawPointer(found))
                if memcmp(line + (place - at), first, bytes.count) == 0 { return true }
                from = place + 1
            }
            return false
        }
    }
}
