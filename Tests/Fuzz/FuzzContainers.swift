import EventModel
import LogReading

/// The same as for any file, with what a mutation breaks first made right: magics, and the checksums of headers and members. So inputs get
/// past the doors of each container.
///
/// The first byte tells the container, the rest is what stands in it.
func fuzzContainers(_ input: UnsafeRawBufferPointer) {
    guard let first = input.first else { return }
    let rest = Array(input.dropFirst())
    switch first % 8 {
    case 0: checkReading([0x28, 0xB5, 0x2F, 0xFD] + rest)
    case 1: checkReading([0x1F, 0x8B, 8] + rest)
    case 2: checkReading(Array("BZh9".utf8) + rest)
    case 3: checkReading([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00] + rest)
    case 4: checkReading([0x04, 0x22, 0x4D, 0x18] + rest)
    case 5: checkReading([0x50, 0x4B, 3, 4] + rest)
    case 6: checkReading(withChecksums(rest))
    default: checkReading(stored(rest))
    }
}

/// A tar whose blocks all have a header's checksum that holds, but for those that begin as a log's lines do.
private func withChecksums(_ bytes: [UInt8]) -> [UInt8] {
    var tar = bytes
    for start in stride(from: 0, to: tar.count - 511, by: 512) where tar[start] != UInt8(ascii: "{") {
        let block = start..<start + 512
        if tar[block].allSatisfy({ $0 == 0 }) { continue }
        tar.replaceSubrange(start + 148..<start + 156, with: Array(repeating: 0x20, count: 8))
        let digits = String(tar[block].reduce(0) { $0 + Int($1) }, radix: 8)
        tar.replaceSubrange(start + 148..<start + 148 + digits.utf8.count, with: digits.utf8)
    }
    return tar
}

/// Zip members of a name and stored text, which NUL bytes cut the input into, with a directory that leads to them.
private func stored(_ bytes: [UInt8]) -> [UInt8] {
    var zip: [UInt8] = []
    var directory: [UInt8] = []
    let parts = bytes.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    for (name, text) in pairs(parts) {
        let fields =
            [0, 0, 0, 0, 0, 0, 0, 0] + number(crc(text), 4) + number(text.count, 4) + number(text.count, 4)
            + number(name.count, 2) + [0, 0]
        directory +=
            [0x50, 0x4B, 1, 2, 20, 0, 20, 0] + fields + Array(repeating: 0, count: 10) + number(zip.count, 4) + name
        zip += [0x50, 0x4B, 3, 4, 20, 0] + fields + name + text
    }
    let count = number(parts.count / 2, 2)
    return zip + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count + number(directory.count, 4)
        + number(zip.count, 4) + [0, 0]
}

private func pairs(_ parts: [[UInt8]]) -> [([UInt8], [UInt8])] {
    stride(from: 0, to: parts.count - 1, by: 2).map { (parts[$0], parts[$0 + 1]) }
}

private func number(_ value: some BinaryInteger, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

/// The checksum of zips, bit by bit.
private func crc(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { sum, byte in
        (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
}
