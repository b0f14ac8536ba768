import LogReading

/// One log once more, as a zstd file of many frames: all its bytes, and behind them the table of the seekable format.
///
/// Several sources may read one log; whichever comes to a frame first writes it, and the others find it written.
struct ReframedLog {
    private let output: IndexOutput
    private var frames: [(offset: UInt64, stored: Int)] = []
    private var table: [(stored: UInt32, inflated: UInt32)] = []
    private var lacksLineEnd = false

    /// - Parameter output: where its frames go; of a temporary index all logs' do.
    init(_ output: IndexOutput) {
        self.output = output
    }

    /// Writes a frame unless it is there.
    /// - Parameter number: which of the log's frames this is, from 0; each before the next.
    /// - Returns: where it lies, and how many bytes it takes.
    mutating func write(
        _ number: Int, _ bytes: ArraySlice<UInt8>, _ codec: FrameCodec
    ) throws(IndexFault) -> (offset: UInt64, stored: Int) {
        if number < frames.count { return frames[number] }
        if lacksLineEnd {
            // Damage cut the last line short: here too, what follows is another line. The line's end is no part of any frame that is read.
            _ = try append(try codec.frame(of: [0x0A]), inflated: 1)
        }
        lacksLineEnd = bytes.last != 0x0A
        let frame = try codec.frame(of: bytes)
        let place = (offset: try append(frame, inflated: bytes.count), stored: frame.count)
        frames.append(place)
        return place
    }

    private mutating func append(_ frame: [UInt8], inflated: Int) throws(IndexFault) -> UInt64 {
        table.append((UInt32(clamping: frame.count), UInt32(clamping: inflated)))
        return try output.append(frame)
    }

    /// Ends the file and waits until it is on the disk. A log without a byte has none.
    func finish() throws(IndexFault) {
        if table.isEmpty { return }
        try output.append(FrameCodec.seekTable(table))
        try output.synchronize()
    }
}
