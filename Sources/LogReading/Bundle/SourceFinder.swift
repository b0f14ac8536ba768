import EventModel

/// Tells by their content which of the files found are logs, which are archives of logs, and which are neither.
struct SourceFinder {
    private let options: ReadingOptions
    /// Made when something first needs it.
    private var spool: Spool?
    /// Why the spool failed, which ends it all: kept while the fault that stands for it is on its way up.
    private var spoolError: BundleError?
    private(set) var sources: [LogSource] = []
    private(set) var passedOver: [BundleSummary.PassedOver] = []
    private(set) var damage: [BundleSummary.Damage] = []

    init(_ options: ReadingOptions) {
        self.options = options
    }

    /// Looks at stored bytes, and into them where they are an archive.
    mutating func examine(_ bytes: StoredBytes) throws(BundleError) {
        do throws(ReadFault) {
            try examine(bytes, archive: nil)
        } catch {
            try settle(error)
        }
    }

    /// Copies what can be read only once, then examines it.
    mutating func examine(stream: Descriptor, label: String) throws(BundleError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
        defer { buffer.deallocate() }
        var writer: SpoolWriter?
        var isCompressing = false
        while true {
            var filled = 0
            do throws(SystemError) {
                while filled < buffer.count {
                    let got = try stream.nextBytes(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
                    if got == 0 { break }
                    filled += got
                }
            } catch {
                damage.append(BundleSummary.Damage(path: label, byte: nil, message: "cannot be read: \(error.text)"))
                break
            }
            let block = UnsafeRawBufferPointer(rebasing: buffer[..<filled])
            let out: SpoolWriter
            if let writer {
                out = writer
            } else {
                // What is compressed is kept so; an archive too, whose members then are ranges of the spool.
                isCompressing = ContentKind(prefix: block) == .unknown
                let spool = try theSpool()
                out = isCompressing ? spool.newStream(label: label) : spool.newRawStream(label: label, coding: .plain)
                writer = out
            }
            try out.write(block)
            if filled < buffer.count { break }
        }
        guard let source = try writer?.finish(encoding: isCompressing ? Coding.plain.rawValue : nil) else { return }
        if isCompressing {
            do throws(ReadFault) { try judge(source) } catch { try settle(error) }
        } else {
            try examine(source.stored)
        }
    }

    private mutating func settle(_ fault: ReadFault) throws(BundleError) {
        if let error = spoolError { throw error }
        damage.append(fault.damage)
    }

    private mutating func theSpool() throws(BundleError) -> Spool {
        if let spool { return spool }
        let made = try Spool(options)
        spool = made
        return made
    }

    /// - Parameter archive: what the archive is compressed with that these bytes are a member of; nil: no member.
    private mutating func examine(_ bytes: StoredBytes, archive: Coding?) throws(ReadFault) {
        let head = try LogSource(bytes, .plain, options: options).open().beginning(ContentKind.prefixLength)
        if let fault = head.fault { throw fault }
        let kind = head.kind
        switch kind {
        case .empty:
            passOver(bytes.label, "empty")
        case .foreign(let what):
            passOver(bytes.label, what)
        case .tar, .zip:
            if archive != nil {
                passOver(bytes.label, "an archive inside an archive")
            } else if kind == .tar {
                try examinePlainTar(bytes)
            } else {
                try examineMembers(of: ArchiveReader(bytes.open(), format: .zip), label: bytes.label, coding: .plain)
            }
        case .compressed(let coding):
            try examineCompressed(LogSource(bytes, coding, options: options), archive: archive)
        case .unknown:
            try judge(LogSource(bytes, .plain, encoding: archive?.rawValue, options: options))
        }
    }

    private mutating func examineCompressed(_ source: LogSource, archive: Coding?) throws(ReadFault) {
        guard let head = try? source.open().beginning(ContentKind.prefixLength), head.fault == nil || head.kind == .tar
        else {
            // Its reader will say what is wrong with it.
            sources.append(source)
            return
        }
        let kind = head.kind
        switch kind {
        case .empty:
            passOver(source.path, "empty")
        case .foreign(let what):
            passOver(source.path, what)
        case .compressed:
            passOver(source.path, "compressed twice")
        case .tar, .zip:
            if archive != nil {
                passOver(source.path, "an archive inside an archive")
            } else {
                let reader = try ArchiveReader(source.open(), format: kind == .tar ? .tar : .zip)
                try examineMembers(of: reader, label: source.path, coding: source.coding)
            }
        case .unknown:
            try judge(source)
        }
    }

    /// A source by its first lines: a log or not. Where even these are damaged it is one, and its reader says so.
    private mutating func judge(_ source: LogSource) throws(ReadFault) {
        let head = try source.open().beginning(LogText.peekLength)
        if head.fault == nil,
            let reason = head.bytes.withUnsafeBytes({ LogText.reasonAgainst($0, isWhole: head.isWhole) })
        {
            passOver(source.path, reason)
        } else {
            sources.append(source)
        }
    }

    /// The members of a tar that is not compressed are ranges of it.
    private mutating func examinePlainTar(_ bytes: StoredBytes) throws(ReadFault) {
        let reader = try ArchiveReader(bytes.open(), format: .tar)
        while let member = try reader.next() {
            guard let label = label(of: member, in: bytes.label) else { continue }
            let part = bytes.slice(from: member.dataOffset, length: member.size ?? 0, label: label)
            do throws(ReadFault) { try examine(part, archive: .plain) } catch { damage.append(error.damage) }
        }
    }

    /// The members of any other archive are copied, as far as they are logs.
    private mutating func examineMembers(of reader: ArchiveReader, label: String, coding: Coding) throws(ReadFault) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: LogText.peekLength, alignment: 64)
        defer { buffer.deallocate() }
        while let member = try reader.next() {
            guard let label = self.label(of: member, in: label) else { continue }
            guard !member.isEncrypted else {
                damage.append(BundleSummary.Damage(path: label, byte: nil, message: "is encrypted"))
                continue
            }
            try copy(member: reader, label: label, coding: coding, buffer)
        }
    }

    private mutating func copy(
        member reader: ArchiveReader, label: String, coding: Coding, _ buffer: UnsafeMutableRawBufferPointer
    ) throws(ReadFault) {
        var fault: ReadFault?
        /// Fills the buffer as far as the member goes; whether it goes on.
        func fill() -> (bytes: UnsafeRawBufferPointer, isWhole: Bool) {
            var filled = 0
            do throws(ReadFault) {
                while filled < buffer.count {
                    let got = try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
                    if got == 0 { break }
                    filled += got
                }
            } catch {
                fault = error
            }
            return (UnsafeRawBufferPointer(rebasing: buffer[..<filled]), filled < buffer.count)
        }

        var block = fill()
        let kind = ContentKind(prefix: block.bytes)
        var isCompressing = false
        switch kind {
        case .empty: passOver(label, "empty")
        case .foreign(let what): passOver(label, what)
        case .tar, .zip: passOver(label, "an archive inside an archive")
        case .compressed, .unknown:
            isCompressing = kind == .unknown
            if isCompressing, let reason = LogText.reasonAgainst(block.bytes, isWhole: block.isWhole) {
                passOver(label, reason)
                break
            }
            let source: LogSource
            do throws(BundleError) {
                let spool = try theSpool()
                let writer =
                    isCompressing ? spool.newStream(label: label) : spool.newRawStream(label: label, coding: .plain)
                try writer.write(block.bytes)
                while !block.isWhole {
                    block = fill()
                    try writer.write(block.bytes)
                }
                source = try writer.finish(encoding: isCompressing ? coding.rawValue : nil)
            } catch {
                spoolError = error
                throw ReadFault(code: .unreadable, path: label, byte: nil, message: error.message)
            }
            if isCompressing { sources.append(source) } else { try examine(source.stored, archive: coding) }
        }
        if var fault {
            fault.path = label
            throw fault
        }
    }

    /// A member's path for people, where there is something to look at: nil for folders and hidden files.
    private mutating func label(of member: ArchiveReader.Member, in archive: String) -> String? {
        let parts = member.name.split(separator: "/", omittingEmptySubsequences: false).drop { $0 == "." }
        let label = archive + "!/" + parts.joined(separator: "/")
        if member.kind == .folder || parts.contains(where: { $0.first == "." && $0 != "." && $0 != ".." }) {
            return nil
        }
        if member.kind == .other {
            passOver(label, "neither a file nor a folder")
            return nil
        }
        if member.isSparse {
            damage.append(
                BundleSummary.Damage(
                    path: label, byte: nil, message: "is stored as a sparse file, which is not read",
                    hint: "make the archive without --sparse"))
            return nil
        }
        return label
    }

    private mutating func passOver(_ label: String, _ reason: String) {
        passedOver.append(BundleSummary.PassedOver(path: label, reason: reason))
    }
}
