import CZstd
import Glibc

/// Why a log could not be written.
package struct WriteFault: Error, Hashable, Sendable {
    package var path: String
    package var message: String
}

/// Writes one log as files of zstd frames: `name.jsonl.zst`, and when that has grown to `rotation` inflated bytes it becomes
/// `name.jsonl.1.zst` and so on, as log rotation would leave it; the highest number is the oldest. One thread at a time may use it.
package final class LogFileWriter: @unchecked Sendable {
    // Unchecked: used by one thread at a time.
    private let folder: String
    private let name: String
    private let rotation: Int
    private let context: OpaquePointer
    private var descriptor: Int32 = -1
    private var written = 0
    private var parts = 0
    private var compressed = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())

    /// - Parameters:
    ///   - level: zstd's level, 1 to 19.
    ///   - rotation: inflated bytes after which a new file is begun, between lines.
    package init(folder: String, name: String, level: Int = 9, rotation: Int = 256 << 20) throws(WriteFault) {
        guard let context = ZSTD_createCCtx() else {
            throw WriteFault(path: folder + "/" + name, message: "no memory for zstd")
        }
        self.context = context
        self.folder = folder
        self.name = name
        self.rotation = rotation
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        try openPart()
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        ZSTD_freeCCtx(context)
    }

    /// Takes whole lines.
    package func write(_ bytes: borrowing Span<UInt8>) throws(WriteFault) {
        if written > 0, written + bytes.count > rotation {
            try endPart()
            try openPart()
        }
        written += bytes.count
        let fault = bytes.withUnsafeBytes { compress($0, ZSTD_e_continue) }
        if let fault { throw fault }
    }

    /// Ends the last file, and gives those before it the numbers of rotated files.
    package func finish() throws(WriteFault) {
        try endPart()
        for part in 1..<max(1, parts) {
            let number = parts - part
            if rename(path(writing: part), folder + "/\(name).jsonl.\(number).zst") != 0 { throw fault() }
        }
        if rename(path(writing: parts), folder + "/\(name).jsonl.zst") != 0 { throw fault() }
    }

    private func path(writing part: Int) -> String { folder + "/\(name).part\(part)" }

    private func openPart() throws(WriteFault) {
        parts += 1
        written = 0
        let path = path(writing: parts)
        descriptor = repeatingInterrupted { open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644) }
        if descriptor < 0 { throw fault() }
    }

    private func endPart() throws(WriteFault) {
        if let fault = compress(UnsafeRawBufferPointer(start: nil, count: 0), ZSTD_e_end) { throw fault }
        let closed = close(descriptor)
        descriptor = -1
        // An interrupted close has closed the file all the same.
        if closed != 0, errno != EINTR { throw fault() }
    }

    private func compress(_ bytes: UnsafeRawBufferPointer, _ directive: ZSTD_EndDirective) -> WriteFault? {
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        while true {
            var fault: WriteFault?
            let left = compressed.withUnsafeMutableBytes { buffer in
                var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
                let left = ZSTD_compressStream2(context, &output, &input, directive)
                fault = save(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<output.pos]))
                return left
            }
            if let fault { return fault }
            if ZSTD_isError(left) != 0 {
                return WriteFault(path: folder + "/" + name, message: String(cString: ZSTD_getErrorName(left)))
            }
            if directive == ZSTD_e_continue ? input.pos == input.size : left == 0 { return nil }
        }
    }

    private func save(_ bytes: UnsafeRawBufferPointer) -> WriteFault? {
        var at = 0
        while at < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + at }, bytes.count - at)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return fault() }
            at += count
        }
        return nil
    }

    private func fault() -> WriteFault {
        WriteFault(path: folder + "/\(name).jsonl.zst", message: String(cString: strerror(errno)))
    }
}
