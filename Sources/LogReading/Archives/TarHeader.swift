/// The block of 512 bytes ahead of each member of a tar: of the old kind (v7), of POSIX's (ustar, pax) or of GNU's.
struct TarHeader {
    static let size = 512

    /// With the prefix that POSIX's kind has for long names.
    let name: [UInt8]
    /// How many bytes follow the header, up to the next multiple of 512.
    let dataSize: UInt64
    /// The kind of member: `0` for files, and others.
    let type: UInt8
    /// Whether blocks with more of a sparse file's map come ahead of the data.
    let continuesMap: Bool

    /// Nil where the checksum does not hold.
    init?(_ block: UnsafeRawBufferPointer) {
        guard block.count >= Self.size, Self.hasValidChecksum(block) else { return nil }
        type = block[156]
        // One byte off its place the checksum still holds, but its last blank stands here.
        guard type != UInt8(ascii: " ") else { return nil }
        dataSize = Self.number(block[124..<136])
        name = Self.name(of: block)
        continuesMap = type == UInt8(ascii: "S") && block[482] != 0
    }

    /// Where a header begins first: at any byte with the magic, without it at a multiple of 512.
    /// - Parameter place: where the bytes lie in the archive; nil where headers may stand anywhere.
    static func first(in bytes: UnsafeRawBufferPointer, alignedFrom place: Int? = nil) -> Int? {
        guard bytes.count >= size else { return nil }
        for index in 0...(bytes.count - size) {
            let isMarked = bytes[index + 257] == magic[0] && bytes[index + 258] == magic[1]
            guard isMarked || place.map({ ($0 + index) & 511 == 0 }) ?? false else { continue }
            if TarHeader(UnsafeRawBufferPointer(rebasing: bytes[index..<index + size])) != nil { return index }
        }
        return nil
    }

    /// The name that a header gives its member.
    static func name(of block: UnsafeRawBufferPointer) -> [UInt8] {
        let isPOSIX = block[257..<263].elementsEqual(Self.magic + [0])
        let prefix = isPOSIX ? Self.text(block[345..<500]) : []
        let last = Self.text(block[0..<100])
        return prefix.isEmpty ? last : prefix + [UInt8(ascii: "/")] + last
    }

    /// What POSIX's and GNU's kinds have at byte 257.
    static let magic = Array("ustar".utf8)

    /// Whether a block was a header once: one that is damaged keeps the magic, or the fields of digits from mode to checksum.
    static func resembles(_ block: UnsafeRawBufferPointer) -> Bool {
        guard block.count >= size else { return false }
        let fields = block[100..<156]
        let digits = fields.count { (0x30...0x37).contains($0) }
        let zeros = fields.count { $0 == 0 }
        let sound = digits + zeros + fields.count { $0 == 0x20 }
        return hasMagic(block) ? sound >= fields.count / 2 : digits >= 12 && zeros >= 3 && sound >= fields.count - 1
    }

    /// Whether a file ends as a tar does, with two blank blocks.
    static func endsTar(_ reader: StoredReader) throws(ReadFault) -> Bool {
        let count = 2 * size
        guard reader.length >= count else { return false }
        return try reader.bytes(at: reader.length - UInt64(count), count: count).allSatisfy { $0 == 0 }
    }

    static func isBlank(_ block: UnsafeRawBufferPointer) -> Bool { block.allSatisfy { $0 == 0 } }

    private static func hasMagic(_ block: UnsafeRawBufferPointer) -> Bool { block[257..<262].elementsEqual(magic) }

    /// The sum of all bytes, those of the sum itself as blanks. Some old programs took the bytes for signed ones.
    private static func hasValidChecksum(_ block: UnsafeRawBufferPointer) -> Bool {
        let field = block[148..<156]
        // Nobody looks at what stands behind the byte that ends the digits.
        let text = field.drop { $0 == 0 || $0 == 0x20 }
        let rest = text.drop { (0x30...0x37).contains($0) }
        guard rest.count < text.count, [nil, 0, 0x20].contains(rest.first) else { return false }
        var sum = 8 * 0x20
        var signedSum = sum
        for (index, byte) in block[..<size].enumerated() where !(148..<156).contains(index) {
            sum += Int(byte)
            signedSum += Int(Int8(bitPattern: byte))
        }
        let stored = number(field)
        return stored == UInt64(sum) || (signedSum >= 0 && stored == UInt64(signedSum))
    }

    /// Octal digits, or, for what is larger, the bytes of a number behind a high bit.
    private static func number(_ field: Slice<UnsafeRawBufferPointer>) -> UInt64 {
        guard let first = field.first else { return 0 }
        if first & 0x80 != 0 {
            // A negative number is none of bytes.
            if first & 0x40 != 0 { return 0 }
            return field.dropFirst().reduce(UInt64(first & 0x3F)) { $0 > UInt64.max >> 8 ? .max : $0 << 8 | UInt64($1) }
        }
        let digits = field.drop { $0 == 0x20 || $0 == 0 }.prefix { (0x30...0x37).contains($0) }
        return digits.reduce(0) { $0 << 3 | UInt64($1 - 0x30) }
    }

    private static func text(_ field: Slice<UnsafeRawBufferPointer>) -> [UInt8] { Array(field.prefix { $0 != 0 }) }
}

/// What an extended header of POSIX's kind (pax) says of the member that follows it.
struct TarExtension {
    private(set) var path: [UInt8]?
    private(set) var dataSize: UInt64?
    private(set) var isSparse = false
    /// Whether what it says is malformed, so that it is not believed from there on.
    private(set) var isMalformed = false

    init() {}

    /// Reads records `LENGTH KEY=VALUE\n`.
    init(_ data: [UInt8]) {
        var rest = data[...]
        var sparseName: [UInt8]?
        while let first = rest.first, first != 0 {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard let length = Int(String(decoding: digits, as: UTF8.self)), length > digits.count,
                length <= rest.count,
                rest.dropFirst(digits.count).first == 0x20, rest[rest.startIndex + length - 1] == 0x0A
            else {
                isMalformed = true
                break
            }
            let record = rest.prefix(length - 1).dropFirst(digits.count + 1)
            rest = rest.dropFirst(length)
            guard let equals = record.firstIndex(of: UInt8(ascii: "=")) else {
                isMalformed = true
                continue
            }
            let key = String(decoding: record[..<equals], as: UTF8.self)
            let value = Array(record[(equals + 1)...])
            switch key {
            case "path": path = value
            case "size":
                dataSize = UInt64(String(decoding: value, as: UTF8.self))
                if dataSize == nil { isMalformed = true }
            case "GNU.sparse.name":
                sparseName = value
                isSparse = true
            default: if key.hasPrefix("GNU.sparse.") { isSparse = true }
            }
        }
        path = sparseName ?? path
    }

    /// With a name from one of GNU's own headers.
    mutating func set(longName: [UInt8]) { path = longName }
}
