import CZstd
import Synchronization

/// A temporary file without a name, for what can be read only once or must be read in another order. Any number of
/// streams are written to it side by side, each then a source of its own; the disk is free again when the last of them
/// is gone.
package final class Spool: Sendable {
    /// What writing needs, under the lock: one compressor serves all streams.
    private struct Output: ~Copyable, @unchecked Sendable {
        var end: UInt64 = 0
        let context: OpaquePointer
        let frame: UnsafeMutableRawBufferPointer
        var streams = 0

        deinit {
            ZSTD_freeCCtx(context)
            frame.deallocate()
        }
    }

    /// What all streams together may hold back in memory, and one of them.
    private static let memory = 32 << 20
    private static let largestBlock = 256 << 10

    private let descriptor: Descriptor
    private let limit: UInt64
    private let options: ReadingOptions
    private let output: Mutex<Output>

    /// Makes a new, empty spool in `options.temporaryFolder`.
    package init(_ options: ReadingOptions) throws(BundleError) {
        do throws(SystemError) {
            descriptor = try Descriptor.temporary(in: options.temporaryFolder)
            limit = try options.mostTemporaryBytes
        } catch {
            throw BundleError(
                code: .spoolFailed, path: options.temporaryFolder,
                message: "no temporary file can be made there: \(error.text)", hint: "TMPDIR names another folder")
        }
        guard let context = ZSTD_createCCtx() else {
            throw BundleError(code: .spoolFailed, path: options.temporaryFolder, message: "no memory for the spool")
        }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1)
        self.options = options
        let frame = UnsafeMutableRawBufferPointer.allocate(
            byteCount: ZSTD_compressBound(Self.largestBlock), alignment: 64)
        output = Mutex(Output(context: context, frame: frame))
    }

    /// A stream whose bytes are compressed on the way.
    /// - Parameter label: the path of the source that it becomes.
    package func newStream(label: String) -> SpoolWriter {
        output.withLock { $0.streams += 1 }
        return SpoolWriter(self, label: label, coding: .zstd, isCompressing: true)
    }

    /// A stream that is kept as it comes, `coding` telling what it is.
    func newRawStream(label: String, coding: Coding) -> SpoolWriter {
        output.withLock { $0.streams += 1 }
        return SpoolWriter(self, label: label, coding: coding, isCompressing: false)
    }

    /// How much a stream may hold back: less, the more there are.
    fileprivate var blockSize: Int {
        output.withLock { max(8 << 10, min(Self.largestBlock, Self.memory / max(1, $0.streams))) }
    }

    fileprivate func closeStream() {
        output.withLock { $0.streams -= 1 }
    }

    /// Appends a block, as it is or as one zstd frame, and tells where it lies.
    fileprivate func append(
        _ bytes: UnsafeRawBufferPointer, isCompressing: Bool
    ) throws(BundleError) -> (offset: UInt64, length: UInt64) {
        let result = output.withLock { output -> Result<(offset: UInt64, length: UInt64), BundleError> in
            var block = bytes
            if isCompressing {
                let size = ZSTD_compress2(
                    output.context, output.frame.baseAddress, output.frame.count, bytes.baseAddress, bytes.count)
                guard ZSTD_isError(size) == 0 else {
                    let words = String(cString: ZSTD_getErrorName(size))
                    return .failure(BundleError(code: .spoolFailed, path: "", message: "the spool failed: \(words)"))
                }
                block = UnsafeRawBufferPointer(rebasing: output.frame[..<size])
            }
            let offset = output.end
            guard UInt64(block.count) <= limit, offset <= limit - UInt64(block.count) else { return .failure(full) }
            do throws(SystemError) {
                try descriptor.write(block, at: offset)
            } catch {
                return .failure(
                    BundleError(
                        code: .spoolFailed, path: options.temporaryFolder,
                        message: "the spool cannot be written: \(error.text)", hint: "TMPDIR names another folder"))
            }
            output.end += UInt64(block.count)
            return .success((offset, UInt64(block.count)))
        }
        return try result.get()
    }

    fileprivate func source(
        label: String, coding: Coding, encoding: String?, extents: [(offset: UInt64, length: UInt64)]
    ) -> LogSource {
        let bytes = StoredBytes(label: label, place: .shared(descriptor), ranges: extents)
        return LogSource(bytes, coding, encoding: encoding, options: options)
    }

    private var full: BundleError {
        BundleError(
            code: .spoolFull, path: options.temporaryFolder,
            message: "more than \(limit.grouped) bytes of temporary files would be needed",
            hint: "allow more with --spool, or give the logs as files in a folder: these are read in place")
    }
}

extension ReadingOptions {
    /// The most bytes that a temporary file made now may take.
    var mostTemporaryBytes: UInt64 {
        get throws(SystemError) {
            if let spoolLimit { return spoolLimit }
            return try Descriptor.freeBytes(in: temporaryFolder) / 10
        }
    }
}

/// Writes one stream of a spool. Many may be written in turns, each by one thread at a time.
package final class SpoolWriter {
    private let spool: Spool
    private let label: String
    private let coding: Coding
    private let isCompressing: Bool
    private var pending: [UInt8] = []
    private var extents: [(offset: UInt64, length: UInt64)] = []

    fileprivate init(_ spool: Spool, label: String, coding: Coding, isCompressing: Bool) {
        self.spool = spool
        self.label = label
        self.coding = coding
        self.isCompressing = isCompressing
    }

    deinit { spool.closeStream() }

    /// Appends bytes to the stream.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(BundleError) {
        let size = spool.blockSize
        var rest = bytes
        while pending.count + rest.count >= size {
            let part = max(0, size - pending.count)
            pending.append(contentsOf: rest.prefix(part))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part))
            try flush()
        }
        pending.append(contentsOf: rest)
    }

    /// Ends a line, where what follows is not the rest of it.
    func endLine() throws(BundleError) {
        var end: UInt8 = 0x0A
        let result = withUnsafeBytes(of: &end) { bytes in Result { () throws(BundleError) in try write(bytes) } }
        try result.get()
    }

    /// Ends the stream: it then is a source.
    /// - Parameter encoding: what to say of how it was compressed where it came from.
    package func finish(encoding: String? = nil) throws(BundleError) -> LogSource {
        try flush()
        pending = []
        return spool.source(label: label, coding: coding, encoding: encoding, extents: extents)
    }

    private func flush() throws(BundleError) {
        guard !pending.isEmpty else { return }
        let result = pending.withUnsafeBytes { bytes in
            Result { () throws(BundleError) in try spool.append(bytes, isCompressing: isCompressing) }
        }
        let extent = try result.get()
        pending.removeAll(keepingCapacity: true)
        if let last = extents.last, last.offset + last.length == extent.offset {
            extents[extents.count - 1].length += extent.length
        } else {
            extents.append(extent)
        }
    }
}
