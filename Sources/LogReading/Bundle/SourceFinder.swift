import EventModel

/// Tells by their content which of the files found are logs, which are archives of logs, and which are neither.
struct SourceFinder {
    private let options: ReadingOptions
    private let recognition: Recognition
    /// Made when something first needs it.
    private var spool: Spool?
    /// Why the spool failed, which ends it all: kept while the fault that stands for it is on its way up.
    private var spoolError: BundleError?
    private(set) var sources: [LogSource] = []
    private(set) var passedOver: [BundleSummary.PassedOver] = []
    private(set) var damage: [BundleSummary.Damage] = []

    init(_ options: ReadingOptions) {
        self.options = options
        recognition = Recognition(options)
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
                isCompressing = ContentKind(prefix: block) == .unknown && !LogText.isBinary(block)
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
            noteEmpty(bytes.label)
        case .foreign(let what):
            passOver(bytes.label, what)
        case .tar, .zip:
            if archive != nil {
                passOver(bytes.label, "an archive inside an archive")
            } else if kind == .tar {
                try examinePlainTar(bytes)
            } else {
                try examineZip(bytes)
            }
        case .compressed(let coding):
            try examineCompressed(LogSource(bytes, coding, options: options), archive: archive)
        case .unknown:
            try examineUnknown(bytes, archive: archive)
        }
    }

    /// A plain log, or something whose head is damaged: then its reader says what is wrong with it.
    private mutating func examineUnknown(_ bytes: StoredBytes, archive: Coding?) throws(ReadFault) {
        let plain = LogSource(bytes, .plain, encoding: archive?.rawValue, options: options)
        let head = try plain.open().beginning(LogText.peekLength)
        if head.bytes.withUnsafeBytes(FrameMagic.isAhead) { return try judge(plain) }
        let kind = try head.bytes.withUnsafeBytes { bytes in
            Result { () throws(ReadFault) in try DamagedHead(plain.stored, options: options).kind(bytes) }
        }.get()
        switch kind {
        case .compressed(let coding): sources.append(LogSource(bytes, coding, options: options))
        case .tar where archive == nil: try examinePlainTar(bytes)
        case .zip where archive == nil: try examineZip(bytes)
        default: try judge(plain)
        }
    }

    private mutating func examineZip(_ bytes: StoredBytes) throws(ReadFault) {
        try examineMembers(of: ZipReader(bytes), label: bytes.label, coding: .plain)
        try bytes.open().checkUnchanged()
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
                let reader: any MemberReader =
                    kind == .tar ? try TarReader(source.open()) : try ZipReader(inflated(source).stored)
                try examineMembers(of: reader, label: source.path, coding: source.coding)
            }
        case .unknown:
            try judge(source)
        }
    }

    /// A source by its first lines: a log or not. Where even these are damaged it is one, and its reader says so.
    private mutating func judge(_ source: LogSource) throws(ReadFault) {
        let reader = try source.open()
        // Who names a profile means it: then the first line may be as long as any.
        let length = options.profiles.isEmpty ? 0 : min(options.maxLineLength, 4 << 20) + 2
        let head = reader.beginning(max(LogText.peekLength, length))
        if let format = head.bytes.withUnsafeBytes({
            recognition.format($0, isWhole: head.isWhole, name: source.name)
        }) {
            return append(source, format)
        }
        if head.fault == nil, source.coding == .plain, !options.opensUnknown,
            let refusal = head.bytes.withUnsafeBytes({
                recognition.refusal($0, isWhole: head.isWhole, name: source.name)
            })
        {
            return passOver(source.path, refusal)
        }
        let reason = head.bytes.withUnsafeBytes { LogText.reasonAgainst($0, isWhole: head.isWhole) }
        if options.opensUnknown, let reason, reason != .utf16, reason != .blank { return append(source, nil) }
        if head.fault == nil, let reason, source.coding == .plain || !isDamaged(reader) {
            passOver(source.path, reason, head.bytes)
        } else {
            sources.append(source)
        }
    }

    private mutating func append(_ source: LogSource, _ format: RecordFormat?) {
        sources.append(source)
        if let format { sources[sources.count - 1].format = format }
    }

    /// Whether what does not look like a log is what became of one: in most formats only the checksum at the end tells.
    private func isDamaged(_ reader: ByteReader) -> Bool {
        while reader.inflatedOffset < Self.mostChecked {
            let part = reader.beginning(LogText.peekLength)
            if part.fault != nil { return true }
            if part.isWhole { return false }
        }
        return false
    }

    /// How much of a file that is not a log is inflated to see whether its checksums are right.
    private static let mostChecked: UInt64 = 64 << 20

    /// What a source inflates to, in the spool: a zip is read from its end.
    private mutating func inflated(_ source: LogSource) throws(ReadFault) -> LogSource {
        let reader = try source.open()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: LogText.peekLength, alignment: 64)
        defer { buffer.deallocate() }
        return try spooling(source.path) { finder, spool throws(BundleError) in
            let writer = spool.newRawStream(label: source.path, coding: .plain)
            while true {
                var count = 0
                do throws(ReadFault) {
                    count = try reader.read(into: buffer)
                    if count == 0 { break }
                } catch {
                    finder.damage.append(error.damage)
                }
                try writer.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
            return try writer.finish()
        }
    }

    /// The members of a tar that is not compressed are ranges of it.
    private mutating func examinePlainTar(_ bytes: StoredBytes) throws(ReadFault) {
        let reader = try TarReader(bytes.open())
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: LogText.peekLength, alignment: 64)
        defer { buffer.deallocate() }
        try forEachMember(of: reader, label: bytes.label) { finder, label throws(ReadFault) in
            guard let data = reader.data else {
                return try finder.copy(member: reader, label: label, coding: .plain, buffer)
            }
            try finder.examine(bytes.slice(from: data.offset, length: data.size, label: label), archive: .plain)
        }
    }

    /// The members of any other archive are copied, as far as they are logs.
    private mutating func examineMembers(
        of reader: any MemberReader, label: String, coding: Coding
    ) throws(ReadFault) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: LogText.peekLength, alignment: 64)
        defer { buffer.deallocate() }
        try forEachMember(of: reader, label: label) { finder, label throws(ReadFault) in
            try finder.copy(member: reader, label: label, coding: coding, buffer)
        }
    }

    /// Looks at each member that there is something to look at of; what is damaged costs no other.
    private mutating func forEachMember(
        of reader: any MemberReader, label archive: String,
        _ examine: (inout SourceFinder, String) throws(ReadFault) -> Void
    ) throws(ReadFault) {
        while true {
            do throws(ReadFault) {
                guard let member = try reader.next() else { return }
                if let label = label(of: member, in: archive) { try examine(&self, label) }
            } catch {
                if spoolError != nil { throw error }
                damage.append(error.damage)
            }
        }
    }

    private mutating func copy(
        member reader: any MemberReader, label: String, coding: Coding, _ buffer: UnsafeMutableRawBufferPointer
    ) throws(ReadFault) {
        var block = next(of: reader, label, buffer)
        while block.bytes.isEmpty, !block.isLast { block = next(of: reader, label, buffer) }
        let kind = ContentKind(prefix: block.bytes)
        switch kind {
        case .empty: return noteEmpty(label)
        case .foreign(let what): return passOver(label, what)
        case .tar, .zip: return passOver(label, "an archive inside an archive")
        case .compressed, .unknown: break
        }
        let isFrames = FrameMagic.isAhead(block.bytes)
        let isCompressing = kind == .unknown && !isFrames && !isDamagedHead(block.bytes, label)
        let format =
            isCompressing
            ? recognition.format(block.bytes, isWhole: block.isLast, name: SourceName(path: label)) : nil
        if isCompressing, format == nil, let reason = LogText.reasonAgainst(block.bytes, isWhole: block.isLast) {
            return passOver(label, reason, Array(block.bytes))
        }
        let source = try spooling(label) { finder, spool throws(BundleError) in
            let writer =
                isCompressing ? spool.newStream(label: label) : spool.newRawStream(label: label, coding: .plain)
            while true {
                try writer.write(block.bytes)
                if block.isLast { break }
                let isInterrupted = isCompressing && block.isAheadOfDamage
                block = finder.next(of: reader, label, buffer)
                // What stands behind damage is not the rest of a line ahead of it.
                if isInterrupted, !block.bytes.isEmpty { try writer.endLine() }
            }
            return try writer.finish(encoding: isCompressing ? coding.rawValue : nil)
        }
        if isCompressing { append(source, format) } else { try examine(source.stored, archive: coding) }
    }

    /// Some of a member's bytes.
    private struct Block {
        var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        /// Whether its end follows.
        var isLast = false
        var isAheadOfDamage = false
    }

    /// Fills the buffer as far as the member goes, or up to damage, which is noted.
    private mutating func next(
        of reader: any MemberReader, _ label: String, _ buffer: UnsafeMutableRawBufferPointer
    ) -> Block {
        var block = Block()
        var filled = 0
        do throws(ReadFault) {
            while filled < buffer.count, !block.isLast {
                let got = try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
                filled += got
                block.isLast = got == 0
            }
        } catch {
            block.isAheadOfDamage = true
            var fault = error
            fault.path = label
            damage.append(fault.damage)
        }
        block.bytes = UnsafeRawBufferPointer(rebasing: buffer[..<filled])
        return block
    }

    /// Does something with the spool; that it fails goes up as a fault, which `spoolError` takes the place of.
    private mutating func spooling(
        _ label: String, _ body: (inout SourceFinder, Spool) throws(BundleError) -> LogSource
    ) throws(ReadFault) -> LogSource {
        do throws(BundleError) {
            return try body(&self, try theSpool())
        } catch {
            spoolError = error
            throw ReadFault(code: .unreadable, path: label, byte: nil, message: error.message)
        }
    }

    /// Whether a member's name says that these bytes are the damaged beginning of something compressed.
    private func isDamagedHead(_ bytes: UnsafeRawBufferPointer, _ label: String) -> Bool {
        guard case .compressed = ContentKind(name: label) else { return false }
        return (LogText.isBinary(bytes) || !LogText.isUTF8(bytes)) && !LogText.beginsWithRecord(bytes)
    }

    /// A member's path for people, where there is something to look at: nil for folders and hidden files.
    private mutating func label(of member: ArchiveMember, in archive: String) -> String? {
        if member.kind == .folder || member.isHidden { return nil }
        let label = member.label(in: archive)
        if member.kind == .other {
            passOver(label, "neither a file nor a folder")
            return nil
        }
        if member.isEncrypted {
            damage.append(BundleSummary.Damage(path: label, byte: nil, message: "is encrypted"))
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

    /// An empty log is a log without events. But nothing that compresses or archives leaves an empty file when it is done: at
    /// the least there is a head.
    private mutating func noteEmpty(_ label: String) {
        if ContentKind(name: label) == nil { return passOver(label, "empty") }
        damage.append(
            BundleSummary.Damage(
                path: label, byte: 0, message: "is empty, which no file of such a name is when it is whole",
                hint: "whatever wrote it was stopped, or the copy is incomplete"))
    }

    private mutating func passOver(_ label: String, _ reason: String) {
        passedOver.append(BundleSummary.PassedOver(path: label, reason: reason))
    }

    /// Text that is not a log of any known form is shown by its first lines.
    private mutating func passOver(_ label: String, _ reason: LogText.Reason, _ head: [UInt8]) {
        let lines = reason == .text && LogText.holdsTime(head) ? LogText.firstLines(head) : []
        passedOver.append(BundleSummary.PassedOver(path: label, reason: reason.rawValue, firstLines: lines))
    }
}
