import EventModel
import Testing

@testable import CausalAnalysis

@Suite struct BitColumnTests {
    @Test(arguments: UInt64(1)...8) func columnsAreReadBackAsTheyWereWritten(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var writer = BitWriter()
        var written: [[Int64]] = []
        for _ in 0..<60 {
            let width = Int.random(in: 0...64, using: &random)
            let base = Int64.random(in: .min ... .max, using: &random)
            let values = (0..<[1, 2, 3, 5, 255, 256, 257, 700][Int.random(in: 0..<8, using: &random)]).map { _ in
                base &+ Int64(bitPattern: width == 0 ? 0 : random.next() >> UInt64(64 - width))
            }
            var column = Column<Int64>()
            for value in values { column.append(value) }
            writer.put(signed: base)
            writer.put(column)
            written.append(values)
        }
        writer.finish()
        var reader = BitReader()
        reader.words.append(writer.words.indices, of: writer.words)
        for values in written {
            _ = reader.getSigned()
            var column = Column<Int64>()
            let position = reader.position
            reader.get(values.count, into: &column)
            let end = reader.position
            #expect(column.indices.map { column[$0] } == values, "seed \(seed): a column of \(values.count)")
            reader.position = position
            reader.skip(values.count)
            #expect(reader.position == end, "seed \(seed): a column is passed over to another place")
        }
    }
}
