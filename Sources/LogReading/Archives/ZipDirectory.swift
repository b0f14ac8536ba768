/// The central directory at the end of a zip, as far as it holds: a damaged one is not the end of the members.
struct ZipDirectory {
    /// A member, and what is wrong with what the archive says of it.
    struct Member {
        var central: ZipEntry
        var local: ZipEntry
        /// Where the header ahead of the data lies.
        var offset: UInt64
        /// Where the data begin, or may begin, the likeliest place first.
        var dataOffsets: [UInt64]
        var complaint: String?
    }

    /// The members whose headers are where the directory says, in the order of their places.
    private(set) var members: [Member] = []
    /// Those that are not there.
    private(set) var missing: [ZipEntry] = []
    /// What is wrong with the directory: there may be members that it does not name.
    private(set) var complaint: String?
    /// Bytes behind the archive's end.
    private(set) var trailing: UInt64 = 0

    private static let endMagic: [UInt8] = [0x50, 0x4B, 5, 6]
    private static let endSize = 22

    /// Whether a file ends as a zip does, whatever it begins with.
    static func endsZip(_ reader: StoredReader) throws(ReadFault) -> Bool {
        guard reader.length >= endSize else { return false }
        let last = try reader.bytes(at: reader.length - UInt64(endSize), count: endSize)
        return last.starts(with: endMagic)
    }

    init(_ reader: StoredReader) throws(ReadFault) {
        guard let tail = try Tail(reader) else {
            complaint = "the central directory's end is missing"
            return
        }
        trailing = tail.trailing
        let entries = try walk(reader, tail)
        if UInt64(entries.count) & 0xFFFF != tail.count & 0xFFFF {
            complaint = complaint ?? "the central directory has other than \(tail.count) entries"
        }
        if tail.isMisplaced { complaint = complaint ?? "the size of the central directory is wrong" }
        var strays = 0
        for entry in entries where try !locate(entry, reader, shifted: tail.shift) { strays += 1 }
        members.sort { $0.offset < $1.offset }
        if !missing.isEmpty {
            complaint = complaint ?? "the central directory names \(missing.count) members that are not where it says"
        }
        if strays > 0 {
            complaint = complaint ?? "bytes were put into the archive or are missing: its places contradict each other"
        }
        if entries.isEmpty, try reader.bytes(at: 0, count: 4) == ZipEntry.localMagic {
            complaint = complaint ?? "the central directory names no member, although there are some"
        }
        // A first archive that a second one was written behind has a directory of its own, which nobody else reads.
        if tail.shift > 0, complaint == nil, let first = members.first, first.offset > 0,
            try reader.bytes(at: 0, count: 4) == ZipEntry.localMagic
        {
            complaint = "another archive stands ahead of it"
        }
    }

    /// The record behind the directory.
    private struct Tail {
        var count: UInt64
        /// Where the directory lies.
        var start: UInt64
        var end: UInt64
        /// How far all places that the archive states are from the true ones, where something was put ahead of it, or cut off.
        var shift: Int64 = 0
        /// Whether the directory does not begin where its size says.
        var isMisplaced = false
        var trailing: UInt64 = 0

        init?(_ reader: StoredReader) throws(ReadFault) {
            let length = reader.length
            let size = Int(min(length, UInt64(ZipDirectory.endSize) + 0xFFFF))
            let last = try reader.bytes(at: length - UInt64(size), count: size)
            guard let at = Self.place(in: last) else { return nil }
            let record = Array(last[at...])
            let place = length - UInt64(size - at)
            let comment = record.number(at: 20, size: 2)
            trailing =
                UInt64(record.count - ZipDirectory.endSize) - min(comment, UInt64(record.count - ZipDirectory.endSize))
            count = record.number(at: 10, size: 2)
            var (directorySize, stated) = (record.number(at: 12, size: 4), record.number(at: 16, size: 4))
            end = place
            if let large = try Self.large(reader, before: place) {
                count = large.record.number(at: 32, size: 8)
                (directorySize, stated) = (large.record.number(at: 40, size: 8), large.record.number(at: 48, size: 8))
                end = large.place
            }
            start = end >= directorySize ? end - directorySize : 0
            let first = try reader.bytes(at: start, count: 4)
            if directorySize > 0, first != ZipEntry.centralMagic, stated < end,
                try reader.bytes(at: stated, count: 4) == ZipEntry.centralMagic
            {
                start = stated
                isMisplaced = true
            }
            shift = Int64(clamping: start).subtractingReportingOverflow(Int64(clamping: stated)).partialValue
        }

        /// The last record, best one whose comment ends with the file.
        private static func place(in bytes: [UInt8]) -> Int? {
            guard bytes.count >= ZipDirectory.endSize else { return nil }
            var best: Int?
            for at in stride(from: bytes.count - ZipDirectory.endSize, through: 0, by: -1)
            where bytes[at] == 0x50 && bytes[at...].starts(with: ZipDirectory.endMagic) {
                if at + ZipDirectory.endSize + Int(bytes.number(at: at + 20, size: 2)) == bytes.count { return at }
                best = best ?? at
            }
            return best
        }

        /// The record of numbers beyond 32 bits, which a locator ahead of the usual one leads to.
        private static func large(
            _ reader: StoredReader, before place: UInt64
        ) throws(ReadFault) -> (record: [UInt8], place: UInt64)? {
            guard place >= 76, try reader.bytes(at: place - 20, count: 4) == [0x50, 0x4B, 6, 7] else { return nil }
            let stated = try reader.bytes(at: place - 12, count: 8).number(at: 0, size: 8)
            for at in [stated, place - 76] where at <= place - 76 {
                let record = try reader.bytes(at: at, count: 56)
                if record.starts(with: [0x50, 0x4B, 6, 6]) { return (record, at) }
            }
            return nil
        }
    }

    /// All entries of the directory; past a broken one the next is looked for.
    private mutating func walk(_ reader: StoredReader, _ tail: Tail) throws(ReadFault) -> [ZipEntry] {
        var entries: [ZipEntry] = []
        reader.seek(to: tail.start)
        var isSearching = false
        while reader.position < tail.end {
            let left = Int(clamping: tail.end - reader.position)
            var bytes = try reader.look(atLeast: ZipEntry.centralSize).prefixed(left)
            if bytes.starts(with: ZipEntry.centralMagic),
                ZipEntry(central: bytes).map({ $0.headerSize > bytes.count }) ?? true
            {
                bytes = try reader.look(atLeast: ZipEntry.largestCentral).prefixed(left)
            }
            if let entry = ZipEntry(central: bytes), entry.headerSize <= left {
                entries.append(entry)
                reader.consume(min(entry.headerSize, bytes.count))
                isSearching = false
            } else if bytes.starts(with: [0x50, 0x4B, 5, 5]) {
                // A signature of the directory ends it.
                break
            } else {
                if !isSearching { complaint = "the central directory is damaged at byte \(reader.position.grouped)" }
                isSearching = true
                let next = bytes.dropFirst().firstIndex(of: ZipEntry.centralMagic[0]) ?? bytes.count
                reader.consume(max(1, next))
                if bytes.isEmpty { break }
            }
        }
        return entries
    }

    /// Looks for the header that an entry leads to; false where it stands somewhere else than those of an archive that is
    /// whole.
    private mutating func locate(
        _ entry: ZipEntry, _ reader: StoredReader, shifted by: Int64
    ) throws(ReadFault) -> Bool {
        var best: Member?
        let place = entry.offset &+ UInt64(bitPattern: by)
        for offset in by == 0 ? [place] : [place, entry.offset] where offset < reader.length {
            // Nobody's name and extra field are as long as they may be.
            let count = min(ZipEntry.largestLocal, ZipEntry.localSize + entry.name.count + 512)
            var bytes = try reader.bytes(at: offset, count: count)
            if bytes.count == count, bytes.withUnsafeBytes({ ZipEntry(local: $0) }) == nil {
                bytes = try reader.bytes(at: offset, count: ZipEntry.largestLocal)
            }
            guard let member = Self.member(entry, bytes, at: offset) else { continue }
            if best == nil || member.complaint == nil { best = member }
            if member.complaint == nil { break }
        }
        guard let best else {
            missing.append(entry)
            return true
        }
        members.append(best)
        return best.offset == place
    }

    /// The member whose header these bytes are; nil where they are not its.
    private static func member(_ entry: ZipEntry, _ bytes: [UInt8], at offset: UInt64) -> Member? {
        guard bytes.count >= ZipEntry.localSize else { return nil }
        let isMarked = bytes.starts(with: ZipEntry.localMagic)
        let isNamed = bytes[ZipEntry.localSize...].starts(with: entry.name) && !entry.name.isEmpty
        guard isMarked || isNamed, let local = bytes.withUnsafeBytes({ ZipEntry(local: $0) }) else { return nil }
        var member = Member(
            central: entry, local: local, offset: offset, dataOffsets: [offset + UInt64(local.headerSize)])
        if !isMarked {
            member.complaint = "the header ahead of its data is damaged"
        } else if local.name != entry.name {
            member.complaint = "the header ahead of its data has another name than the central directory"
            if isNamed {
                // The length of one of the names is wrong, and the data begin where it ends.
                let size = local.headerSize - local.name.count + entry.name.count
                member.dataOffsets.append(offset + UInt64(size))
            }
            // None of the two names may hide the member.
            if ArchiveMember.isHidden(entry.name) || entry.name.last == UInt8(ascii: "/") {
                member.central.name = local.name
            }
        }
        return member
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func prefixed(_ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: prefix(count))
    }
}

extension [UInt8] {
    fileprivate func number(at place: Int, size: Int) -> UInt64 { withUnsafeBytes { $0.number(at: place, size: size) } }
}

extension StoredReader {
    /// The bytes at a place, fewer at the end. For headers here and there, which the buffer would be filled for in vain.
    func bytes(at place: UInt64, count: Int) throws(ReadFault) -> [UInt8] {
        seek(to: place)
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let result = bytes.withUnsafeMutableBytes { buffer in
                Result { () throws(ReadFault) in
                    try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
                }
            }
            let got = try result.get()
            if got == 0 { break }
            filled += got
        }
        bytes.removeLast(count - filled)
        return bytes
    }
}
