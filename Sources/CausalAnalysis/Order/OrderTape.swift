import EventModel

/// The settled order: for each event in turn the number of the sequence whose next record it is. Packed in frames of 4,096.
struct OrderTape: ~Copyable {
    private var places = Column<FramePlace>()
    private var column = Column<Int64>()
    private var writer = BitWriter()
    private(set) var count: Int64 = 0

    static let block = 4096

    mutating func append(_ sequence: Int32, _ facts: inout Facts) throws(SpillFailure) {
        column.append(Int64(sequence))
        count += 1
        if column.count == Self.block { try flush(&facts) }
    }

    /// Writes what is left.
    mutating func finish(_ facts: inout Facts) throws(SpillFailure) {
        if column.count > 0 { try flush(&facts) }
    }

    private mutating func flush(_ facts: inout Facts) throws(SpillFailure) {
        writer.beginFrame()
        writer.put(column)
        writer.finishFrame(FrameHeader(.order, source: 0, events: column.count, actor: .none, shapes: 0))
        places.append(try facts.append(writer.words))
        column.truncate(to: 0)
    }

    /// The number of blocks.
    var blocks: Int { places.count }

    /// Reads a block.
    func read(
        _ block: Int, _ facts: inout Facts, _ reader: inout BitReader, into sequences: inout Column<Int64>
    ) throws(SpillFailure) {
        let isChecked = try facts.read(places[block], into: &reader.words)
        guard let header = FrameHeader(reader.words, .order, isChecked: isChecked) else {
            throw SpillFailure("temporary data were damaged on the way", hint: "the disk under TMPDIR may be failing")
        }
        reader.position = 64 * FrameHeader.words
        reader.get(header.events, into: &sequences)
    }
}
