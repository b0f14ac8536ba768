import EventModel

/// Something that gives bytes in order: a file's stored bytes, or what they inflate to.
protocol ByteInput: AnyObject {
    /// The source's name, for messages.
    var label: String { get }
    /// Where the next byte to read lies.
    var position: UInt64 { get }
    /// How many bytes there are, where known ahead; only then can `seek` be called.
    var seekableLength: UInt64? { get }
    /// Reads some bytes; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int
    /// Goes to a position, at most the length.
    func seek(to position: UInt64)
}

/// Where stored bytes lie: a list of ranges of one file, read in their order as one. A value, to be opened any number of
/// times.
struct StoredBytes: Sendable {
    enum Place: Sendable {
        /// Opened anew by each reader: the file that stood there when the bundle was opened, and no other.
        case path(FilePath, FileStatus)
        /// Shared by all readers: a spool has no name to open it by. The status is that of a file that others may write to.
        case shared(Descriptor, as: FileStatus? = nil)
    }

    struct Extent: Sendable {
        /// Where it begins in the whole.
        var start: UInt64
        /// Where it begins in the file.
        var offset: UInt64
        var length: UInt64
    }

    let label: String
    let place: Place
    let extents: [Extent]

    /// The name of the folder that the file lies in, where it has one.
    var parentFolder: String? {
        guard case .path(let path, _) = place else { return nil }
        let parts = VisibleText.decoded(path.bytes).split(separator: "/")
        return parts.count > 1 ? String(parts[parts.count - 2]) : nil
    }

    var length: UInt64 { extents.last.map { $0.start + $0.length } ?? 0 }

    /// Ranges of a file, in order.
    init(label: String, place: Place, ranges: [(offset: UInt64, length: UInt64)]) {
        self.label = label
        self.place = place
        var start: UInt64 = 0
        var extents: [Extent] = []
        for range in ranges where range.length > 0 {
            extents.append(Extent(start: start, offset: range.offset, length: range.length))
            start += range.length
        }
        self.extents = extents
    }

    /// A part of the bytes under another name, cut off where these end. Linear in the extents.
    func slice(from begin: UInt64, length: UInt64, label: String) -> StoredBytes {
        let (sum, overflow) = begin.addingReportingOverflow(length)
        let end = overflow ? UInt64.max : sum
        let ranges = extents.compactMap { extent -> (offset: UInt64, length: UInt64)? in
            let low = max(begin, extent.start)
            let high = min(end, extent.start + extent.length)
            return low < high ? (extent.offset + (low - extent.start), high - low) : nil
        }
        return StoredBytes(label: label, place: place, ranges: ranges)
    }

    /// A reader at the first byte.
    func open() throws(ReadFault) -> StoredReader {
        switch place {
        case .shared(let descriptor, let status):
            return StoredReader(self, descriptor, status)
        case .path(let path, let known):
            var message = "another file has taken its place while the bundle was read"
            do throws(SystemError) {
                let descriptor = try Descriptor.reading(path)
                let status = try descriptor.status()
                if status.kind == .file, status.identity == known.identity {
                    return StoredReader(self, descriptor, known)
                }
            } catch {
                if error.isMissing {
                    message = "has vanished while the bundle was read"
                } else if !error.isLink {
                    message = "cannot be opened: \(error.text)"
                }
            }
            throw ReadFault(code: .unreadable, path: label, byte: nil, message: message)
        }
    }
}

/// Reads stored bytes, either straight into the caller's memory or through a buffer that can be looked into ahead.
final class StoredReader: ByteInput {
    private let bytes: StoredBytes
    private let descriptor: Descriptor
    /// As the file was when the bundle was opened; nil of one that only this process writes to.
    private let status: FileStatus?
    let length: UInt64
    /// Allocated when first looked into.
    private var buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    /// What of the buffer is filled and not yet consumed.
    private var filled = 0..<0
    /// Where the next byte to read from the file lies: `position` and what is in the buffer.
    private var fetched: UInt64 = 0
    /// Whether the file could not be read on, so that nothing more is to be had.
    private(set) var isAbandoned = false

    /// Holds a block of zstd, which is at most 128 KiB, and the head of the next. Grows where more is looked at.
    private static let bufferSize = 256 << 10

    fileprivate init(_ bytes: StoredBytes, _ descriptor: Descriptor, _ status: FileStatus?) {
        self.bytes = bytes
        self.descriptor = descriptor
        self.status = status
        length = bytes.length
    }

    deinit { buffer.deallocate() }

    var label: String { bytes.label }
    var position: UInt64 { fetched - UInt64(filled.count) }
    var remaining: UInt64 { length - position }
    var seekableLength: UInt64? { length }

    func seek(to position: UInt64) {
        if isAbandoned { return }
        let buffered = fetched - UInt64(filled.upperBound)
        if position >= buffered, position <= fetched {
            filled = Int(position - buffered)..<filled.upperBound
        } else {
            filled = 0..<0
            fetched = min(position, length)
        }
    }

    func read(into target: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int {
        guard filled.isEmpty else {
            let count = min(filled.count, target.count)
            target.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[filled.prefix(count)]))
            consume(count)
            return count
        }
        filled = 0..<0
        return try fetch(into: target)
    }

    /// The bytes at `position`: at least `count` of them unless the end comes before. Valid until the next call.
    func look(atLeast count: Int) throws(ReadFault) -> UnsafeRawBufferPointer {
        if filled.count < count, remaining > UInt64(filled.count) { try refill(atLeast: count) }
        return UnsafeRawBufferPointer(rebasing: buffer[filled])
    }

    /// Moves past bytes that were looked at.
    func consume(_ count: Int) {
        filled = (filled.lowerBound + count)..<filled.upperBound
    }

    /// Throws where the file was overwritten since the bundle was opened: what was read may be part old, part new.
    ///
    /// A file that has grown was read as it was, since logs are appended to. Its time of modification is compared, not that of its
    /// last change, which also moves where a rotation gives it another name.
    func checkUnchanged() throws(ReadFault) {
        guard let status, !isAbandoned else { return }
        let now: FileStatus
        do throws(SystemError) {
            now = try descriptor.status()
        } catch {
            throw ReadFault(code: .unreadable, path: label, byte: nil, message: "cannot be read: \(error.text)")
        }
        if now.modified == status.modified || now.size > status.size { return }
        throw ReadFault(
            code: .unreadable, path: label, byte: nil, message: "was overwritten while the bundle was read",
            hint: "records may come from before and after it: analyze a copy that nothing writes to")
    }

    private func refill(atLeast count: Int) throws(ReadFault) {
        let kept = filled.count
        let old = buffer
        let needed = min(Int(clamping: length), max(count, Self.bufferSize))
        if needed > old.count { buffer = .allocate(byteCount: needed, alignment: 64) }
        if kept > 0 { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: old[filled])) }
        if buffer.baseAddress != old.baseAddress { old.deallocate() }
        filled = 0..<kept
        while filled.count < min(count, buffer.count) {
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled.upperBound...])
            let got = try fetch(into: room)
            if got == 0 { break }
            filled = 0..<(filled.upperBound + got)
        }
    }

    private func fetch(into target: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int {
        guard fetched < length, target.count > 0 else { return 0 }
        let extent = bytes.extents[extentIndex(of: fetched)]
        let within = fetched - extent.start
        let wanted = min(target.count, Int(clamping: extent.length - within))
        let count: Int
        do throws(SystemError) {
            count = try descriptor.bytes(
                at: extent.offset + within, into: UnsafeMutableRawBufferPointer(rebasing: target[..<wanted]))
        } catch {
            throw abandon("cannot be read: \(error.text)", code: .unreadable)
        }
        guard count > 0 else { throw abandon("has become shorter while it was read", code: .truncated) }
        fetched += UInt64(count)
        return count
    }

    /// Nothing more can be had: the next read gives the end.
    private func abandon(_ message: String, code: ReadFault.Code) -> ReadFault {
        let fault = ReadFault(code: code, path: label, byte: fetched, message: message)
        isAbandoned = true
        fetched = length
        filled = 0..<0
        return fault
    }

    /// The last extent that begins at or before a position. Logarithmic.
    private func extentIndex(of position: UInt64) -> Int {
        var low = 0
        var high = bytes.extents.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if bytes.extents[middle].start <= position { low = middle } else { high = middle }
        }
        return low
    }
}
