import CSimdjson
import Testing

/// The index of the bytes that cut lines into pieces, written by whichever registers this machine has.
struct ByteIndexTests {
    /// Blocks of every length around a register's, from none to all of whose bytes are marked.
    @Test(arguments: [0, 1, 2, 3, 7, 64])
    func everyMarkedByteAndNothingBeyondItsRoom(oneIn step: Int) {
        for length in Array(0...200) + [4095, 4096, 4097] {
            var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: length + 64)
            var marked: [UInt32] = []
            if step > 0 {
                for at in stride(from: 0, to: length, by: step) {
                    bytes[at] = [UInt8(ascii: "\""), 0x0A, 0x5C, 0x00, 0xC3, 0x1B][at % 6]
                    marked.append(UInt32(at))
                }
            }
            let room = length + CBI_OFFSETS_BEYOND
            var places = [UInt32](repeating: .max, count: room + 64)
            let count = cbi_index(bytes, length, &places)
            #expect(Array(places[..<count]) == marked, "\(length) bytes, one in \(step) marked")
            #expect(
                places[count...].prefix(CBI_SENTINELS).allSatisfy { $0 == UInt32(length) },
                "\(length) bytes, one in \(step) marked: no sentinels behind the last offset")
            #expect(places[room...].allSatisfy { $0 == .max }, "\(length) bytes overrun the room for their offsets")
        }
    }
}
