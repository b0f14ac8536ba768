import CArchive

/// libarchive over any input: one member of a zip that is compressed in a rare way. Only that format is enabled, so nothing else
/// gets a say.
final class ArchiveReader {
    private let archive: OpaquePointer
    private let input: any ByteInput
    private let buffer: UnsafeMutableRawBufferPointer
    /// Why the input could not be read: the cause behind whatever libarchive then says.
    private var inputFault: ReadFault?
    /// The rest of the block that libarchive gave last.
    private var block = UnsafeRawBufferPointer(start: nil, count: 0)
    private var hasEnded = false
    /// Met with bytes that have to be given first.
    private var warning: ReadFault?

    init(_ input: any ByteInput) throws(ReadFault) {
        guard let archive = archive_read_new() else {
            throw ReadFault(code: .unreadable, path: input.label, byte: nil, message: "no memory to open it")
        }
        self.input = input
        self.archive = archive
        buffer = .allocate(byteCount: 256 << 10, alignment: 64)
        try check(archive_read_support_format_zip_streamable(archive))
        archive_read_set_callback_data(archive, Unmanaged.passUnretained(self).toOpaque())
        archive_read_set_read_callback(archive) { _, reader, place in
            ArchiveReader.from(reader)?.give(to: place) ?? -1
        }
        if input.seekableLength != nil {
            archive_read_set_skip_callback(archive) { _, reader, count in
                ArchiveReader.from(reader)?.skip(count) ?? 0
            }
            archive_read_set_seek_callback(archive) { _, reader, offset, origin in
                ArchiveReader.from(reader)?.seek(offset, origin) ?? Int64(ARCHIVE_FATAL)
            }
        }
        try check(archive_read_open1(archive))
    }

    deinit {
        archive_read_free(archive)
        buffer.deallocate()
    }

    /// Goes to the next member; false at the end.
    func next() throws(ReadFault) -> Bool {
        block = UnsafeRawBufferPointer(start: nil, count: 0)
        var entry: OpaquePointer?
        let result = archive_read_next_header(archive, &entry)
        if result == ARCHIVE_EOF { return false }
        if result != ARCHIVE_WARN { try check(result) }
        return entry != nil
    }

    /// Reads some bytes of the member; 0 at its end.
    func read(into target: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int {
        while block.isEmpty {
            if let fault = warning {
                warning = nil
                throw fault
            }
            if hasEnded { return 0 }
            var start: UnsafeRawPointer?
            var size = 0
            var offset: la_int64_t = 0
            let result = archive_read_data_block(archive, &start, &size, &offset)
            if result == ARCHIVE_EOF { return 0 }
            if result != ARCHIVE_WARN { try check(result) }
            block = UnsafeRawBufferPointer(start: start, count: size)
            // On data a warning says that they are not what they were, such as by their checksum.
            if result == ARCHIVE_WARN { warning = fault(.corrupt, complaint) }
        }
        let count = min(block.count, target.count)
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: block[..<count]))
        block = UnsafeRawBufferPointer(rebasing: block[count...])
        return count
    }

    /// Where in the input libarchive has come to.
    var position: UInt64 { UInt64(clamping: archive_filter_bytes(archive, -1)) }

    private var complaint: String {
        archive_error_string(archive).map { String(cString: $0) } ?? "it cannot be read"
    }

    private func check(_ result: Int32) throws(ReadFault) {
        guard result != ARCHIVE_OK else { return }
        if let fault = inputFault {
            hasEnded = true
            throw fault
        }
        let words = complaint
        throw fault(words.lowercased().contains("truncated") ? .truncated : .corrupt, words)
    }

    private func fault(_ code: ReadFault.Code, _ message: String) -> ReadFault {
        hasEnded = true
        return ReadFault(
            code: code, path: input.label, byte: position, message: message,
            hint: "what came before it was read, but for the last 64 KiB; the rest cannot be")
    }

    // What libarchive calls back. It does so only from within the calls above.

    private static func from(_ reader: UnsafeMutableRawPointer?) -> ArchiveReader? {
        reader.map { Unmanaged<ArchiveReader>.fromOpaque($0).takeUnretainedValue() }
    }

    private func give(to place: UnsafeMutablePointer<UnsafeRawPointer?>?) -> Int {
        do throws(ReadFault) {
            let count = try input.read(into: buffer)
            place?.pointee = UnsafeRawPointer(buffer.baseAddress)
            return count
        } catch {
            inputFault = error
            return -1
        }
    }

    private func skip(_ count: Int64) -> Int64 {
        guard let length = input.seekableLength, count > 0 else { return 0 }
        let start = input.position
        input.seek(to: start + min(UInt64(count), length - start))
        return Int64(input.position - start)
    }

    private func seek(_ offset: Int64, _ origin: Int32) -> Int64 {
        guard let length = input.seekableLength else { return Int64(ARCHIVE_FATAL) }
        let base = origin == 0 ? 0 : origin == 1 ? Int64(clamping: input.position) : Int64(clamping: length)
        let (target, overflow) = base.addingReportingOverflow(offset)
        guard !overflow, target >= 0 else { return Int64(ARCHIVE_FATAL) }
        input.seek(to: min(UInt64(target), length))
        return Int64(clamping: input.position)
    }
}
