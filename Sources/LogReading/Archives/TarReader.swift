/// Goes through a tar of any kind, and past what is damaged in it.
///
/// Behind a header that does not hold, and behind a hole in a compressed tar, nothing says what the bytes are, or how many. Up to the
/// next header they are taken for the data of one member: of the one at hand, or of one that has lost its name.
final class TarReader: MemberReader {
    private enum State {
        /// At a header's place.
        case betweenMembers
        /// In a member's data, of which so much is left, with what fills up the last block.
        case inData(left: UInt64, padding: UInt64)
        /// In data that go on up to the next header.
        case adrift
        /// Behind damage: what follows is anything.
        case lost
        case ended
    }

    private let window: InputWindow
    private var state = State.betweenMembers
    /// The member at hand, for messages; between members the archive.
    private var label = ""
    /// Where the member at hand begins that has lost its header.
    private var strayStart: UInt64?
    /// Whether headers still stand at multiples of 512: not behind a hole.
    private var isAligned = true
    /// Whether a blank block has been met, which ends a tar; others may follow.
    private var hasEnd = false
    /// Met on the way to a member that is there nevertheless.
    private var pendingFaults: [ReadFault] = []
    private var faults = 0

    /// After so many faults the rest is given up.
    private static let mostFaults = 1000
    /// How much is searched through at once: several headers.
    private static let searchSize = 16 << 10
    /// Beyond that no extended header is believed.
    private static let largestExtension: UInt64 = 1 << 20

    init(_ input: any ByteInput) { window = InputWindow(input, size: 64 << 10) }

    /// Where in the archive the data of the member at hand lie, by its header; nil where that is lost, and only reading tells.
    private(set) var data: (offset: UInt64, size: UInt64)?

    func next() throws(ReadFault) -> ArchiveMember? {
        do throws(ReadFault) {
            try leaveMember()
            if !pendingFaults.isEmpty { throw pendingFaults.removeFirst() }
            if case .ended = state { return nil }
            if case .lost = state, let member = try strayMember() { return member }
            let member = try nextMember()
            if member == nil, !pendingFaults.isEmpty { throw pendingFaults.removeFirst() }
            return member
        } catch {
            faults += 1
            if faults == Self.mostFaults { state = .ended }
            throw error
        }
    }

    func read(into target: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int {
        switch state {
        case .betweenMembers, .lost, .ended: return 0
        case .adrift: return try readAdrift(into: target)
        case .inData(let left, let padding):
            if left == 0 { return 0 }
            let bytes = try look(atLeast: 1, elseIn: .adrift)
            if bytes.isEmpty { throw truncated(by: left) }
            let count = min(bytes.count, target.count, Int(clamping: left))
            target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            window.consume(count)
            state = .inData(left: left - UInt64(count), padding: padding)
            return count
        }
    }

    // MARK: Headers

    private func nextMember() throws(ReadFault) -> ArchiveMember? {
        var extra = TarExtension()
        label = window.label
        while true {
            let block = try look(atLeast: TarHeader.size)
            if block.count < TarHeader.size { return try end(block) }
            let head = UnsafeRawBufferPointer(rebasing: block[..<TarHeader.size])
            if TarHeader.isBlank(head) {
                hasEnd = true
                window.consume(TarHeader.size)
                continue
            }
            guard let header = TarHeader(head) else {
                if let member = try strayMember() { return member }
                continue
            }
            window.consume(TarHeader.size)
            hasEnd = false
            switch header.type {
            case UInt8(ascii: "x"), UInt8(ascii: "X"):
                if let data = try extensionData(header) {
                    extra = TarExtension(data)
                    if extra.isMalformed { pendingFaults.append(fault(.corrupt, "an extended header is malformed")) }
                }
            case UInt8(ascii: "L"):
                if let data = try extensionData(header) { extra.set(longName: Array(data.prefix { $0 != 0 })) }
            case UInt8(ascii: "g"), UInt8(ascii: "K"), UInt8(ascii: "V"):
                try skip(header.dataSize, padding: Self.padding(header.dataSize))
            default:
                return try member(header, extra)
            }
        }
    }

    private func member(_ header: TarHeader, _ extra: TarExtension) throws(ReadFault) -> ArchiveMember {
        var head = ArchiveMember(name: extra.path ?? header.name)
        var size = extra.dataSize ?? header.dataSize
        head.isSparse = extra.isSparse || header.type == UInt8(ascii: "S")
        switch header.type {
        case UInt8(ascii: "1"):
            head.kind = .other
            // A link of the old kinds gives the size of what it links to, and has no data.
            if size > 0, try isAtHeader() { size = 0 }
        case UInt8(ascii: "2"), UInt8(ascii: "3"), UInt8(ascii: "4"), UInt8(ascii: "6"):
            head.kind = .other
            size = 0
        case UInt8(ascii: "5"):
            head.kind = .folder
            size = 0
        case UInt8(ascii: "D"), UInt8(ascii: "N"): head.kind = .other
        default:
            // Before folders had a letter of their own their names ended with a slash.
            if size == 0, head.name.last == UInt8(ascii: "/") { head.kind = .folder }
        }
        if header.continuesMap { try skipMap() }
        label = head.label(in: window.label)
        state = .inData(left: size, padding: Self.padding(size))
        data = (window.position, size)
        return head
    }

    private func isAtHeader() throws(ReadFault) -> Bool {
        let block = try look(atLeast: TarHeader.size)
        if block.count < TarHeader.size { return block.isEmpty }
        let head = UnsafeRawBufferPointer(rebasing: block[..<TarHeader.size])
        return TarHeader.isBlank(head) || TarHeader(head) != nil
    }

    /// Passes the blocks that go on with a sparse file's map.
    private func skipMap() throws(ReadFault) {
        while true {
            let block = try look(atLeast: TarHeader.size)
            guard block.count >= TarHeader.size else { return }
            let continues = block[504] != 0
            window.consume(TarHeader.size)
            if !continues { return }
        }
    }

    /// The data of an extended header; nil, and passed, where they are too large to be one.
    private func extensionData(_ header: TarHeader) throws(ReadFault) -> [UInt8]? {
        guard header.dataSize <= Self.largestExtension else {
            pendingFaults.append(fault(.corrupt, "an extended header of \(header.dataSize.grouped) bytes is not read"))
            try skip(header.dataSize, padding: Self.padding(header.dataSize))
            return nil
        }
        var data: [UInt8] = []
        while data.count < Int(header.dataSize) {
            let bytes = try look(atLeast: 1).prefix(Int(header.dataSize) - data.count)
            if bytes.isEmpty { throw truncated(by: header.dataSize - UInt64(data.count)) }
            data += bytes
            window.consume(bytes.count)
        }
        try skip(0, padding: Self.padding(header.dataSize))
        return data
    }

    private static func padding(_ size: UInt64) -> UInt64 { (512 - size & 511) & 511 }

    private func leaveMember() throws(ReadFault) {
        switch state {
        case .betweenMembers, .lost, .ended: return
        case .inData(let left, let padding):
            state = .betweenMembers
            try skip(left, padding: padding)
        case .adrift: try leaveDrift()
        }
    }

    private func skip(_ size: UInt64, padding: UInt64) throws(ReadFault) {
        do throws(ReadFault) {
            let skipped = try window.skip(size)
            if skipped < size { throw truncated(by: size - skipped) }
            _ = try window.skip(padding)
        } catch {
            if case .ended = state { throw error }
            (state, isAligned) = (.lost, false)
            throw error
        }
    }

    /// Looks ahead; at a hole the archive goes on in another state.
    private func look(atLeast count: Int, elseIn other: State = .lost) throws(ReadFault) -> UnsafeRawBufferPointer {
        do throws(ReadFault) {
            return try window.look(atLeast: count)
        } catch {
            (state, isAligned) = (other, false)
            throw error
        }
    }

    // MARK: Damage

    /// The last, short block: nothing, blanks, or the beginning of a header.
    private func end(_ block: UnsafeRawBufferPointer) throws(ReadFault) -> ArchiveMember? {
        if window.isAheadOfDamage {
            window.consume(block.count)
            return try nextMember()
        }
        state = .ended
        if !TarHeader.isBlank(block) {
            let count = block.count
            window.consume(count)
            throw fault(.truncated, "the archive is cut off in a header: its last \(count) bytes are none")
        }
        if hasEnd { return nil }
        throw fault(
            .truncated, "the archive has no end: members behind this place may be missing",
            hint: "whatever wrote it was stopped, or the copy is not whole; what came before was read")
    }

    /// What follows damage, as a member that has lost its header; nil where a header or the end follows.
    private func strayMember() throws(ReadFault) -> ArchiveMember? {
        while true {
            let bytes = try look(atLeast: Self.searchSize)
            let blanks = bytes.prefix { $0 == 0 }.count
            let header = firstHeader(in: bytes)
            if bytes.isEmpty || header == 0 || header == blanks {
                if case .betweenMembers = state, header != nil { pendingFaults.append(shifted(by: blanks)) }
                window.consume(blanks)
                state = .betweenMembers
                hasEnd = bytes.isEmpty
                return nil
            }
            window.consume(blanks)
            if blanks == bytes.count { continue }
            let start = window.position
            var name = Array("bytes from \(start)".utf8)
            let block = UnsafeRawBufferPointer(rebasing: bytes[blanks...].prefix(TarHeader.size))
            if TarHeader.resembles(block) {
                name = TarHeader.name(of: block)
                window.consume(TarHeader.size)
            }
            state = .adrift
            strayStart = start
            data = nil
            let head = ArchiveMember(name: name)
            label = head.label(in: window.label)
            return head
        }
    }

    /// A header that stands behind blanks where one should stand already.
    private func shifted(by count: Int) -> ReadFault {
        fault(
            .corrupt, "the next header stands \(count == 1 ? "1 byte" : "\(count) bytes") behind its place",
            hint: "bytes were put in or are missing ahead of it: a record there may have been altered")
    }

    /// Where a header begins: at any byte with the magic, without it at a multiple of 512.
    private func firstHeader(in bytes: UnsafeRawBufferPointer) -> Int? {
        TarHeader.first(in: bytes, alignedFrom: isAligned ? Int(truncatingIfNeeded: window.position) : nil)
    }

    /// The bytes up to the next header, as far as they have been searched through; empty ones at it.
    private func lookAdrift() throws(ReadFault) -> UnsafeRawBufferPointer {
        while true {
            let bytes = try look(atLeast: Self.searchSize, elseIn: .adrift)
            if let header = firstHeader(in: bytes) { return UnsafeRawBufferPointer(rebasing: bytes[..<header]) }
            if bytes.count < Self.searchSize { return bytes }
            return UnsafeRawBufferPointer(rebasing: bytes.dropLast(TarHeader.size - 1))
        }
    }

    /// Reads bytes adrift, without the blank ones that fill up blocks.
    private func readAdrift(into target: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int {
        while true {
            let bytes = try lookAdrift()
            if bytes.isEmpty { return 0 }
            var count = 0
            var at = 0
            while at < bytes.count, count < target.count {
                if bytes[at] != 0 {
                    target[count] = bytes[at]
                    count += 1
                }
                at += 1
            }
            window.consume(at)
            if count > 0 { return count }
        }
    }

    private func leaveDrift() throws(ReadFault) {
        while true {
            let bytes = try lookAdrift()
            if bytes.isEmpty { break }
            window.consume(bytes.count)
        }
        state = .betweenMembers
        hasEnd = try look(atLeast: 1).isEmpty
        guard let start = strayStart else { return }
        strayStart = nil
        pendingFaults.append(
            fault(
                .corrupt,
                "bytes \(start.grouped) to \(window.position.grouped) of the archive have no header that holds",
                hint: "they were taken for one member's; records of several may stand in it", path: label))
    }

    private func truncated(by count: UInt64) -> ReadFault {
        state = .ended
        return fault(
            .truncated, "the archive is cut off: the last \(count.grouped) bytes of this member are missing",
            hint: "whatever wrote it was stopped, or the copy is not whole; what came before was read", path: label)
    }

    private func fault(
        _ code: ReadFault.Code, _ message: String, hint: String? = nil, path: String? = nil
    ) -> ReadFault {
        ReadFault(code: code, path: path ?? window.label, byte: window.position, message: message, hint: hint)
    }
}
