import CZlib

/// Writes zips byte by byte, as libarchive does not: with and without descriptors, and with headers that say what a test wants.
struct ZipInput {
    struct Member {
        var name: [UInt8]
        var bytes: [UInt8]
        var isDeflated = true
        /// Whether size and checksum follow the data.
        var hasDescriptor = false
        var usesZip64 = false
        var flags: UInt64 = 0

        init(_ name: String, _ bytes: [UInt8], isDeflated: Bool = true, hasDescriptor: Bool = false) {
            self.name = Array(name.utf8)
            self.bytes = bytes
            self.isDeflated = isDeflated
            self.hasDescriptor = hasDescriptor
        }
    }

    private(set) var bytes: [UInt8] = []
    /// Where each member's header, and its data, begin; and the central directory.
    private(set) var headers: [Int] = []
    private(set) var data: [Int] = []
    private(set) var directory = 0

    init(_ members: [Member]) {
        var central: [UInt8] = []
        for member in members {
            let stored = member.isDeflated ? Self.deflated(member.bytes) : member.bytes
            let crc = UInt64(crc32(0, member.bytes, UInt32(member.bytes.count)))
            let flags = member.flags | (member.hasDescriptor ? 8 : 0)
            headers.append(bytes.count)
            bytes += head([0x50, 0x4B, 3, 4, 45, 0], member, flags, member.hasDescriptor ? 0 : crc, stored.count)
            data.append(bytes.count)
            bytes += stored
            if member.hasDescriptor {
                bytes += [0x50, 0x4B, 7, 8] + Self.number(crc, 4) + Self.number(stored.count, 4)
                bytes += Self.number(member.bytes.count, 4)
            }
            central += head([0x50, 0x4B, 1, 2, 45, 0, 45, 0], member, flags, crc, stored.count, at: headers.last)
        }
        directory = bytes.count
        bytes += central + [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
        bytes += Self.number(members.count, 2) + Self.number(members.count, 2)
        bytes += Self.number(central.count, 4) + Self.number(directory, 4) + [0, 0]
    }

    private func head(
        _ start: [UInt8], _ member: Member, _ flags: UInt64, _ crc: UInt64, _ stored: Int, at offset: Int? = nil
    ) -> [UInt8] {
        let isUnknown = offset == nil && member.hasDescriptor
        let sizes = isUnknown ? [0, 0] : [stored, member.bytes.count]
        let isLarge = member.usesZip64 && !isUnknown
        let extra = isLarge ? [1, 0, 16, 0] + Self.number(sizes[1], 8) + Self.number(sizes[0], 8) : []
        var bytes = start + Self.number(flags, 2) + Self.number(member.isDeflated ? 8 : 0, 2) + [0, 0, 0x21, 0x50]
        bytes += Self.number(crc, 4)
        for size in sizes { bytes += isLarge ? Self.number(0xFFFF_FFFF, 4) : Self.number(size, 4) }
        bytes += Self.number(member.name.count, 2) + Self.number(extra.count, 2)
        if let offset { bytes += [0, 0, 0, 0, 0, 0, 0, 0, 0xA4, 0x81] + Self.number(offset, 4) }
        return bytes + member.name + extra
    }

    static func number(_ value: some BinaryInteger, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        deflateInit2_(
            &stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(&stream) }
        var input = bytes
        return [UInt8](unsafeUninitializedCapacity: bytes.count + 1000) { output, count in
            input.withUnsafeMutableBufferPointer { source in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                deflate(&stream, Z_FINISH)
            }
            count = output.count - Int(stream.avail_out)
        }
    }
}
