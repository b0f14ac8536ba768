import CZstd
import Glibc

/// Writes a file of one zstd frame, as `zstd -3` would.
package final class ZstdFileWriter {
    private let path: String
    private let descriptor: Int32
    private let context: OpaquePointer
    private let output: UnsafeMutableRawBufferPointer

    /// Makes the file, or empties the one that is there.
    package init(path: String, level: Int32 = 3) throws(BundleError) {
        self.path = path
        guard let context = ZSTD_createCCtx() else {
            throw BundleError(code: .spoolFailed, path: path, message: "no memory to compress it")
        }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        self.context = context
        output = .allocate(byteCount: ZSTD_CStreamOutSize(), alignment: 64)
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw failure("cannot be written: " + String(cString: strerror(errno))) }
    }

    deinit {
        ZSTD_freeCCtx(context)
        output.deallocate()
        if descriptor >= 0 { close(descriptor) }
    }

    /// Appends bytes to the frame.
    package func write(_ bytes: [UInt8]) throws(BundleError) {
        try compress(bytes, ZSTD_e_continue)
    }

    /// Ends the frame. Nothing may be written afterwards.
    package func finish() throws(BundleError) {
        try compress([], ZSTD_e_end)
    }

    private func compress(_ bytes: [UInt8], _ directive: ZSTD_EndDirective) throws(BundleError) {
        let result = bytes.withUnsafeBytes { source in
            Result { () throws(BundleError) in try compress(source, directive) }
        }
        try result.get()
    }

    private func compress(_ bytes: UnsafeRawBufferPointer, _ directive: ZSTD_EndDirective) throws(BundleError) {
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        while true {
            var out = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
            let left = ZSTD_compressStream2(context, &out, &input, directive)
            if ZSTD_isError(left) != 0 { throw failure(String(cString: ZSTD_getErrorName(left))) }
            var written = 0
            while written < out.pos {
                let count = Glibc.write(descriptor, output.baseAddress.map { $0 + written }, out.pos - written)
                if count < 0, errno != EINTR { throw failure("cannot be written: " + String(cString: strerror(errno))) }
                written += max(0, count)
            }
            if directive == ZSTD_e_end ? left == 0 : input.pos == input.size { return }
        }
    }

    private func failure(_ message: String) -> BundleError {
        BundleError(code: .spoolFailed, path: path, message: message)
    }
}
