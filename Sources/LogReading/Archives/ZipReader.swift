/// Goes through a zip, and past what is damaged in it.
///
/// The central directory leads to the members. Where it is damaged, those that it does not lead to are found by the headers ahead of
/// their data. Of what both headers say of a member that is believed which fits the data: these have a checksum.
final class ZipReader: MemberReader {
    private let archive: StoredBytes
    private let reader: StoredReader
    private let directory: ZipDirectory
    private var nextIndex = 0
    /// Up to where the archive has been gone through.
    private var place: UInt64 = 0
    private var member: ZipMemberReader?
    /// What the archive says of the member at hand; nil where it was found without the directory.
    private var known: ZipDirectory.Member?
    /// How many bytes of damaged members have been searched through for headers.
    private var searchedBytes: UInt64 = 0
    /// The names of members that were found without the directory.
    private var found: Set<[UInt8]> = []
    private var pendingFaults: [ReadFault] = []
    private var hasEnded = false

    init(_ archive: StoredBytes) throws(ReadFault) {
        self.archive = archive
        reader = try archive.open()
        directory = try ZipDirectory(reader)
        if let complaint = directory.complaint {
            pendingFaults.append(
                fault(complaint, hint: "the members were looked for by the headers ahead of their data"))
        }
        if directory.trailing > 0 {
            pendingFaults.append(fault("\(directory.trailing.grouped) bytes follow the archive that are none of it"))
        }
    }

    func next() throws(ReadFault) -> ArchiveMember? {
        leaveMember()
        if !pendingFaults.isEmpty { throw pendingFaults.removeFirst() }
        while !hasEnded {
            let known = nextIndex < directory.members.count ? directory.members[nextIndex] : nil
            if directory.complaint != nil {
                do throws(ReadFault) {
                    if let member = try search(upTo: known?.offset ?? reader.length) { return try open(member) }
                } catch {
                    // Without this it would be met here for ever.
                    place = reader.length
                    throw error
                }
            }
            if let known {
                nextIndex += 1
                if let complaint = known.complaint {
                    pendingFaults.append(fault(complaint, path: label(known.central.name), byte: known.offset))
                }
                self.known = known
                return try open(known)
            }
            hasEnded = true
            pendingFaults += directory.missing.filter { !found.contains($0.name) }.map {
                fault("the member is not where the central directory says, nor anywhere else", path: label($0.name))
            }
            if !pendingFaults.isEmpty { throw pendingFaults.removeFirst() }
        }
        return nil
    }

    func read(into target: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int {
        guard let member else { return 0 }
        return try member.read(into: target)
    }

    // MARK: Members

    /// Goes behind the member at hand. Of a damaged one not even the size is believed: bytes of it may be missing, so that it would
    /// reach into the next, which is looked for from its beginning on.
    private func leaveMember() {
        guard let member else { return }
        if directory.complaint != nil { finish(member) }
        if member.isIntact {
            place = member.end
            if let known, known.complaint == nil, isContradicted(known, member) {
                pendingFaults.append(
                    fault(
                        "the central directory contradicts the member, which is whole",
                        hint: "all of it was read; other programs may refuse it",
                        path: label(known.central.name), byte: known.offset))
            }
        } else if directory.complaint != nil, searchedBytes < Self.mostSearched {
            searchedBytes += place - min(place, member.start)
            place = member.start
        }
        self.member = nil
        known = nil
    }

    /// Beyond that no damaged member is searched through: members could claim each other's bytes.
    private static let mostSearched: UInt64 = 256 << 20

    private func isContradicted(_ known: ZipDirectory.Member, _ member: ZipMemberReader) -> Bool {
        member.isContradicted(by: known.central) || known.central.disguise != known.local.disguise
    }

    private func finish(_ member: ZipMemberReader) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 64)
        defer { buffer.deallocate() }
        member.finish(with: buffer)
    }

    private func open(_ found: ZipDirectory.Member) throws(ReadFault) -> ArchiveMember {
        let (central, local) = (found.central, found.local)
        var head = ArchiveMember(name: central.name)
        let stated = Self.stated(central, local)
        // Until it has been read, and its end is known.
        let start = found.dataOffsets[0]
        let end = start.addingReportingOverflow(stated.first?.compressedSize ?? 0)
        let limit = nextIndex < directory.members.count ? directory.members[nextIndex].offset : reader.length
        place = max(start, min(end.overflow ? .max : end.partialValue, limit))
        if central.name.last == UInt8(ascii: "/"), stated.allSatisfy({ $0.size == 0 }) {
            head.kind = .folder
            return head
        }
        if central.isEncrypted, local.isEncrypted {
            head.isEncrypted = true
            return head
        }
        // By the directory; a header whose descriptor is still to be found says nothing of it.
        if known != nil, stated.allSatisfy({ $0.size == 0 && $0.crc == 0 }) { return head }
        let expected = Set(stated.map { ZipMemberReader.Summary(size: $0.size, crc: $0.crc) })
        let label = label(central.name)
        let plans = plans(found, stated)
        // Where the headers differ the data say which is right.
        let best = plans.count == 1 ? nil : plans.first { isIntact($0, expected, label) }
        member = try ZipMemberReader(archive, best ?? plans[0], expecting: expected, label: label)
        return head
    }

    /// The headers that say something of size and checksum: one that leaves it to a descriptor need not.
    private static func stated(_ central: ZipEntry, _ local: ZipEntry) -> [ZipEntry] {
        let all = [central, local].filter { !$0.hasDescriptor || $0.crc != 0 || $0.size != 0 }
        // Nothing is not what is left of something.
        return all.contains { $0.size > 0 } ? all.filter { $0.size > 0 } : all
    }

    /// The ways to read a member that its headers lead to, the likeliest first.
    private func plans(_ found: ZipDirectory.Member, _ stated: [ZipEntry]) -> [ZipPlan] {
        var plans: [ZipPlan] = []
        for method in [found.central.method, found.local.method] {
            let sizes =
                method == 8
                ? [reader.length]
                : method == 0 ? stated.flatMap { [$0.compressedSize, $0.size] } : stated.map(\.compressedSize)
            for size in sizes.isEmpty ? [0] : sizes {
                for start in found.dataOffsets {
                    let plan = ZipPlan(method: method, start: start, storedSize: size)
                    if !plans.contains(plan) { plans.append(plan) }
                }
            }
        }
        return plans
    }

    private func isIntact(_ plan: ZipPlan, _ expected: Set<ZipMemberReader.Summary>, _ label: String) -> Bool {
        guard let trial = try? ZipMemberReader(archive, plan, expecting: expected, label: label) else { return false }
        finish(trial)
        return trial.isIntact
    }

    // MARK: Without the directory

    /// The next member by the header ahead of its data, from the place gone through so far.
    private func search(upTo limit: UInt64) throws(ReadFault) -> ZipDirectory.Member? {
        while let offset = try self.offset(of: ZipEntry.localMagic, from: place, upTo: limit) {
            place = offset + 4
            let bytes = try reader.bytes(at: offset, count: ZipEntry.largestLocal)
            guard var local = bytes.withUnsafeBytes({ ZipEntry(local: $0) }), local.isPlausible else { continue }
            found.insert(local.name)
            let start = offset + UInt64(local.headerSize)
            if local.hasDescriptor, local.crc == 0 { try describe(&local, from: start) }
            let named = directory.missing.first { $0.name == local.name && $0.method == local.method }
            return ZipDirectory.Member(central: named ?? local, local: local, offset: offset, dataOffsets: [start])
        }
        place = max(place, limit)
        return nil
    }

    /// Takes size and checksum from the descriptor behind the data, which is the first whose size fits.
    private func describe(_ entry: inout ZipEntry, from start: UInt64) throws(ReadFault) {
        var from = start
        while let offset = try self.offset(of: ZipEntry.descriptorMagic, from: from, upTo: reader.length) {
            let bytes = try reader.bytes(at: offset, count: 24)
            for width in [4, 8] where bytes.count >= 8 + 2 * width {
                let (stored, size) = bytes.withUnsafeBytes {
                    ($0.number(at: 8, size: width), $0.number(at: 8 + width, size: width))
                }
                guard stored == offset - start else { continue }
                (entry.compressedSize, entry.size) = (stored, size)
                entry.crc = UInt32(bytes.withUnsafeBytes { $0.number(at: 4, size: 4) })
                entry.flags &= ~8
                return
            }
            from = offset + 1
        }
        if entry.method != 0 { return }
        // Without it what is stored ends where the next header begins, or the directory.
        let ends = try [
            offset(of: ZipEntry.localMagic, from: start, upTo: reader.length),
            offset(of: ZipEntry.centralMagic, from: start, upTo: reader.length),
        ]
        entry.compressedSize = (ends.compactMap { $0 }.min() ?? reader.length) - start
        entry.size = entry.compressedSize
    }

    /// Where some bytes stand next, from a place on.
    private func offset(of magic: [UInt8], from start: UInt64, upTo limit: UInt64) throws(ReadFault) -> UInt64? {
        reader.seek(to: start)
        while reader.position < limit {
            let bytes = try reader.look(atLeast: 32 << 10)
            if bytes.count < magic.count { return nil }
            let end = bytes.count - magic.count + 1
            var at = 0
            while at < end, let next = bytes[at..<end].firstIndex(of: magic[0]) {
                if bytes[next..<next + magic.count].elementsEqual(magic) {
                    let offset = reader.position + UInt64(next)
                    return offset < limit ? offset : nil
                }
                at = next + 1
            }
            reader.consume(end)
        }
        return nil
    }

    private func label(_ name: [UInt8]) -> String { ArchiveMember(name: name).label(in: archive.label) }

    private func fault(_ message: String, hint: String? = nil, path: String? = nil, byte: UInt64? = nil) -> ReadFault {
        ReadFault(code: .corrupt, path: path ?? archive.label, byte: byte, message: message, hint: hint)
    }
}
