import CZstd

/// Compresses pieces of bytes, each into a zstd frame of its own with its length and a checksum, and inflates such frames.
///
/// An index consists of these frames alone, so that no damaged byte of it goes unnoticed.
package final class FrameCodec {
    private let compressor: OpaquePointer
    private let inflater: OpaquePointer

    /// The fastest level: at 64 KiB a frame it comes out smaller than a log in one frame of level 3.
    private static let level: Int32 = 1

    /// Takes memory for both ways.
    package init() throws(IndexFault) {
        guard let compressor = ZSTD_createCCtx() else { throw .noMemory }
        guard let inflater = ZSTD_createDCtx() else {
            ZSTD_freeCCtx(compressor)
            throw .noMemory
        }
        ZSTD_CCtx_setParameter(compressor, ZSTD_c_compressionLevel, Self.level)
        ZSTD_CCtx_setParameter(compressor, ZSTD_c_checksumFlag, 1)
        self.compressor = compressor
        self.inflater = inflater
    }

    deinit {
        ZSTD_freeCCtx(compressor)
        ZSTD_freeDCtx(inflater)
    }

    /// A frame of these bytes.
    package func frame(of bytes: ArraySlice<UInt8>) throws(IndexFault) -> [UInt8] {
        var result = 0
        let frame = [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { buffer, filled in
            bytes.withUnsafeBytes { source in
                result = ZSTD_compress2(compressor, buffer.baseAddress, buffer.count, source.baseAddress, source.count)
            }
            filled = ZSTD_isError(result) == 0 ? result : 0
        }
        if ZSTD_isError(result) != 0 { throw .noMemory }
        return frame
    }

    /// What a frame holds: exactly `count` bytes, and behind them `padding` zeros.
    package func bytes(of frame: [UInt8], count: Int, padding: Int = 0) throws(IndexFault) -> [UInt8] {
        var result = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count + padding) { buffer, filled in
            frame.withUnsafeBytes { source in
                result = ZSTD_decompressDCtx(inflater, buffer.baseAddress, count, source.baseAddress, source.count)
            }
            for index in count..<count + padding { buffer.initializeElement(at: index, to: 0) }
            filled = ZSTD_isError(result) == 0 && result == count ? count + padding : 0
        }
        guard ZSTD_isError(result) == 0, result == count else { throw .damaged("a frame does not hold what it should") }
        return bytes
    }

    /// What a frame that tells its own length holds.
    /// - Parameter limit: the most bytes that are believed.
    package func bytes(of frame: [UInt8], limit: Int) throws(IndexFault) -> [UInt8] {
        let count = frame.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        // Its two values for "unknown" and "error" are the largest numbers.
        guard count <= UInt64(limit) else { throw .damaged("a frame of no believable length") }
        return try bytes(of: frame, count: Int(count))
    }

    /// The table of the seekable format: a skippable frame behind a file's frames, with which other tools find them.
    /// - Parameter frames: each one's stored and inflated length.
    package static func seekTable(_ frames: some Collection<(stored: UInt32, inflated: UInt32)>) -> [UInt8] {
        var table: [UInt8] = []
        func put(_ value: UInt32) {
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                table.append(UInt8(truncatingIfNeeded: value >> shift))
            }
        }
        put(0x184D_2A5E)
        put(UInt32(clamping: frames.count * 8 + 9))
        for frame in frames {
            put(frame.stored)
            put(frame.inflated)
        }
        put(UInt32(clamping: frames.count))
        table.append(0)
        put(0x8F92_EAB1)
        return table
    }
}
