import CZstd

/// Inflates single zstd frames behind their lengths.
final class FrameInflater {
    private let context = ZSTD_createDCtx()
    private var text: [UInt8] = []
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    deinit { ZSTD_freeDCtx(context) }

    /// Hands on what a frame holds, or why it cannot be read.
    func inflate(_ frame: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer?, String) -> Void) {
        let stored = frame.count > 4 ? frame.part(from: 4) : UnsafeRawBufferPointer(start: nil, count: 0)
        if stored.isEmpty { return body(nil, "a frame is cut off") }
        if text.isEmpty { text = Array(repeating: 0, count: 256 << 10) }
        while true {
            let count = text.withUnsafeMutableBytes {
                ZSTD_decompressDCtx(context, $0.baseAddress, $0.count, stored.baseAddress, stored.count)
            }
            if ZSTD_isError(count) == 0 {
                return text.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<count]), "") }
            }
            guard ZSTD_getErrorCode(count) == ZSTD_error_dstSize_tooSmall, text.count < limit else {
                return body(nil, "a zstd frame cannot be inflated: \(String(cString: ZSTD_getErrorName(count)))")
            }
            text = Array(repeating: 0, count: min(limit, 4 * text.count))
        }
    }
}
