import CZstd
import EventModel
import Synchronization

/// A temporary file without a name for what an analysis cannot keep in memory. The disk is free again when the last user is gone.
final class SpillFile: SpillStorage {
    private struct State: ~Copyable, @unchecked Sendable {
        // Unchecked: touched under the lock.
        var end: UInt64 = 0
        let compressor: OpaquePointer
        let decompressor: OpaquePointer
        var frame: [UInt8] = []

        deinit {
            ZSTD_freeCCtx(compressor)
            ZSTD_freeDCtx(decompressor)
        }
    }

    private let descriptor: Descriptor
    private let limit: UInt64
    private let folder: String
    private let state: Mutex<State>

    /// Makes a new, empty file in `options.temporaryFolder`.
    init(_ options: ReadingOptions) throws(SpillFailure) {
        folder = options.temporaryFolder
        do throws(SystemError) {
            descriptor = try Descriptor.temporary(in: folder)
            limit = try options.mostTemporaryBytes
        } catch {
            throw SpillFailure(
                "\(options.temporaryFolder): no temporary file can be made there: \(error.text)",
                hint: "TMPDIR names another folder")
        }
        guard let compressor = ZSTD_createCCtx(), let decompressor = ZSTD_createDCtx() else {
            throw SpillFailure("no memory for the temporary file")
        }
        ZSTD_CCtx_setParameter(compressor, ZSTD_c_compressionLevel, 1)
        state = Mutex(State(compressor: compressor, decompressor: decompressor))
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(SpillFailure) -> UInt64 {
        try state.withLock { state in Result { () throws(SpillFailure) in try append(bytes, &state) } }.get()
    }

    func read(_ offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws(SpillFailure) {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count: Int
            do throws(SystemError) {
                count = try descriptor.bytes(at: offset + UInt64(done), into: rest)
            } catch {
                throw SpillFailure("a temporary file cannot be read: \(error.text)")
            }
            if count == 0 { throw SpillFailure("a temporary file ends early") }
            done += count
        }
    }

    func write(text: [UInt8]) throws(SpillFailure) -> SpilledText {
        try state.withLock { state in Result { () throws(SpillFailure) in try append(text: text, &state) } }.get()
    }

    private func append(text: [UInt8], _ state: inout State) throws(SpillFailure) -> SpilledText {
        let bound = ZSTD_compressBound(text.count)
        if state.frame.count < bound { state.frame = Array(repeating: 0, count: bound) }
        var frame: [UInt8] = []
        swap(&frame, &state.frame)
        defer { swap(&frame, &state.frame) }
        let size = frame.withUnsafeMutableBytes { room in
            text.withUnsafeBytes {
                ZSTD_compress2(state.compressor, room.baseAddress, room.count, $0.baseAddress, $0.count)
            }
        }
        guard ZSTD_isError(size) == 0 else {
            throw SpillFailure("lines cannot be compressed: \(String(cString: ZSTD_getErrorName(size)))")
        }
        let offset = try frame.withUnsafeBytes { bytes in
            Result { () throws(SpillFailure) in
                try append(UnsafeRawBufferPointer(rebasing: bytes[..<size]), &state)
            }
        }.get()
        return SpilledText(offset: offset, stored: UInt32(size), count: UInt32(text.count))
    }

    func read(_ text: SpilledText) throws(SpillFailure) -> [UInt8] {
        var frame = [UInt8](repeating: 0, count: Int(text.stored))
        try frame.withUnsafeMutableBytes { bytes in
            Result { () throws(SpillFailure) in try read(text.offset, into: bytes) }
        }.get()
        var result = [UInt8](repeating: 0, count: Int(text.count))
        let size = state.withLock { state in
            result.withUnsafeMutableBytes { room in
                frame.withUnsafeBytes {
                    ZSTD_decompressDCtx(state.decompressor, room.baseAddress, room.count, $0.baseAddress, $0.count)
                }
            }
        }
        guard ZSTD_isError(size) == 0, size == result.count else {
            throw SpillFailure("temporary data were damaged on the way", hint: "the disk under TMPDIR may be failing")
        }
        return result
    }

    private func append(_ bytes: UnsafeRawBufferPointer, _ state: inout State) throws(SpillFailure) -> UInt64 {
        let offset = state.end
        guard UInt64(bytes.count) <= limit, offset <= limit - UInt64(bytes.count) else {
            throw SpillFailure(
                "more than \(limit.grouped) bytes of temporary files would be needed",
                hint: "allow more with --spool, or name a larger disk with TMPDIR")
        }
        do throws(SystemError) {
            try descriptor.write(bytes, at: offset)
        } catch {
            throw SpillFailure(
                "\(folder): the temporary file cannot be written: \(error.text)", hint: "TMPDIR names another folder")
        }
        state.end += UInt64(bytes.count)
        return offset
    }
}
