/// What a header of a zip says of a member: the one ahead of its data, or the one in the central directory.
struct ZipEntry {
    var name: [UInt8]
    /// The version of the format that is needed to read it, times ten.
    var version: UInt8
    var flags: UInt16
    var method: UInt16
    var crc: UInt32
    var compressedSize: UInt64
    var size: UInt64
    /// Where the header ahead of the data lies, as the directory says.
    var offset: UInt64
    /// How many bytes the header at hand takes.
    var headerSize: Int

    var isEncrypted: Bool { flags & 1 != 0 || method == 99 }
    /// Whether size and checksum follow the data, and the header ahead of them need not know them.
    var hasDescriptor: Bool { flags & 8 != 0 }

    /// Of the flags, those that say that the data are something else than compressed: encrypted, a patch, or masked.
    var disguise: UInt16 { flags & 0x2061 }

    /// The newest version of the format.
    static let newestVersion: UInt8 = 63
    static let localMagic: [UInt8] = [0x50, 0x4B, 3, 4]
    static let centralMagic: [UInt8] = [0x50, 0x4B, 1, 2]
    static let descriptorMagic: [UInt8] = [0x50, 0x4B, 7, 8]
    static let localSize = 30
    static let centralSize = 46
    /// With a name, extra field and comment as long as they may be.
    static let largestLocal = localSize + 2 * 0xFFFF
    static let largestCentral = centralSize + 3 * 0xFFFF

    /// An entry of the central directory; nil where there is none.
    init?(central bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.centralSize, bytes.starts(with: Self.centralMagic) else { return nil }
        let (nameSize, extraSize) = (Int(bytes.number(at: 28, size: 2)), Int(bytes.number(at: 30, size: 2)))
        headerSize = Self.centralSize + nameSize + extraSize + Int(bytes.number(at: 32, size: 2))
        guard bytes.count >= Self.centralSize + nameSize + extraSize else { return nil }
        name = Array(bytes[Self.centralSize..<Self.centralSize + nameSize])
        version = bytes[6]
        flags = UInt16(bytes.number(at: 8, size: 2))
        method = UInt16(bytes.number(at: 10, size: 2))
        crc = UInt32(bytes.number(at: 16, size: 4))
        (compressedSize, size) = (bytes.number(at: 20, size: 4), bytes.number(at: 24, size: 4))
        offset = bytes.number(at: 42, size: 4)
        let extra = Self.centralSize + nameSize
        takeLargeNumbers(UnsafeRawBufferPointer(rebasing: bytes[extra..<extra + extraSize]), withOffset: true)
    }

    /// The header ahead of a member's data, whatever its magic is; nil where the bytes end in it.
    init?(local bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.localSize else { return nil }
        let (nameSize, extraSize) = (Int(bytes.number(at: 26, size: 2)), Int(bytes.number(at: 28, size: 2)))
        headerSize = Self.localSize + nameSize + extraSize
        guard bytes.count >= headerSize else { return nil }
        name = Array(bytes[Self.localSize..<Self.localSize + nameSize])
        version = bytes[4]
        flags = UInt16(bytes.number(at: 6, size: 2))
        method = UInt16(bytes.number(at: 8, size: 2))
        crc = UInt32(bytes.number(at: 14, size: 4))
        (compressedSize, size) = (bytes.number(at: 18, size: 4), bytes.number(at: 22, size: 4))
        offset = 0
        let extra = Self.localSize + nameSize
        takeLargeNumbers(UnsafeRawBufferPointer(rebasing: bytes[extra..<headerSize]), withOffset: false)
    }

    /// Whether a header that was found by its magic alone can be one.
    var isPlausible: Bool { !name.isEmpty && !name.contains(0) && (method <= 20 || (90...99).contains(method)) }

    /// Numbers beyond 32 bits stand in a field behind the name, in this order, as far as they are needed.
    private mutating func takeLargeNumbers(_ extra: UnsafeRawBufferPointer, withOffset: Bool) {
        var at = 0
        while at + 4 <= extra.count {
            let (id, count) = (extra.number(at: at, size: 2), Int(extra.number(at: at + 2, size: 2)))
            let end = min(at + 4 + count, extra.count)
            if id == 1 {
                var place = at + 4
                func take(_ value: inout UInt64) {
                    guard value == 0xFFFF_FFFF, place + 8 <= end else { return }
                    value = extra.number(at: place, size: 8)
                    place += 8
                }
                take(&size)
                take(&compressedSize)
                if withOffset { take(&offset) }
                return
            }
            at = end
        }
    }
}

extension UnsafeRawBufferPointer {
    /// A number in little-endian order.
    func number(at place: Int, size: Int) -> UInt64 {
        (0..<size).reduce(0) { $0 | UInt64(self[place + $1]) << UInt64(8 * $1) }
    }
}
