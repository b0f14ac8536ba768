import EventModel

/// The facts of some endpoints in the order in which they were delivered, some 12 to 20 bytes each.
///
/// Whole blocks are packed as bits, a column for each number of a fact: its shape, then differences to the fact of the same process ahead of it,
/// so that what hardly changes takes hardly a bit. The tape is only ever read from its beginning to its end.
struct FactTape: ~Copyable, Sendable {
    private var output = BitWriter()
    private var states = TapeStates()
    private var blocks = 0
    /// The facts behind the last whole block.
    private var waiting = Column<Fact>()

    /// The number of facts.
    var count: Int { blocks * FactColumns.rows + waiting.count }

    /// How many bytes the packed blocks take.
    var size: Int { 8 * output.words.count }

    /// - Parameter columns: room to pack a block in.
    mutating func append(_ fact: Fact, _ columns: inout FactColumns) {
        waiting.append(fact)
        if waiting.count < FactColumns.rows { return }
        columns.take(waiting, &states)
        columns.write(to: &output)
        blocks += 1
        waiting.truncate(to: 0)
    }

    /// All facts, behind those that `facts` has. `actors` are those of the processes, by number.
    func read(into facts: inout Column<Fact>, actors: [Symbol]) {
        var reader = BitReader()
        reader.words.append(output.words.indices, of: output.words)
        var columns = FactColumns()
        var states = TapeStates()
        for _ in 0..<blocks {
            columns.read(from: &reader)
            for row in 0..<FactColumns.rows { facts.append(columns.fact(row, &states, actors)) }
        }
        facts.append(waiting.indices, of: waiting)
    }
}
