import CZstd
import Synchronization

/// Inflates zstd frames.
///
/// libzstd does not tell what a failing call has written. So each call is handed no more than the head or the body of one
/// block: then only the block that is broken is lost.
final class ZstdDecoder: FrameDecoder {
    private let input: StoredReader
    private let context: OpaquePointer
    private let maxWindow: UInt64
    private(set) var start: UInt64 = 0
    /// Inflated bytes of this frame.
    private var inflated: UInt64 = 0
    /// How much libzstd wants to be given next.
    private var wanted = 0
    /// Whether the last call filled all of the output, so that more may be waiting in the context.
    private var isOutputWaiting = false

    /// - Parameter maxWindow: the largest window that is allocated, in bytes; rounded down to a power of two.
    init(_ input: StoredReader, maxWindow: UInt64) throws(ReadFault) {
        guard let context = Self.spare.take() ?? ZSTD_createDCtx() else {
            throw ReadFault(code: .unreadable, path: input.label, byte: nil, message: "no memory to inflate it")
        }
        self.input = input
        self.context = context
        let log = min(max(63 - max(maxWindow, 1).leadingZeroBitCount, 10), MemoryLayout<Int>.size == 8 ? 31 : 30)
        self.maxWindow = 1 << UInt64(log)
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Int32(log))
    }

    deinit { Self.spare.keep(context) }

    private static let spare = SpareContexts()

    func begin() throws(ReadFault) {
        start = input.position
        inflated = 0
        isOutputWaiting = false
        let head = try input.look(atLeast: ZstdFrameHeader.longest)
        if let header = ZstdFrameHeader(head), header.window > maxWindow { throw tooLarge(header.window) }
        wanted = ZSTD_initDStream(context)
    }

    func decode(into target: UnsafeMutableRawBufferPointer, _ count: inout Int) throws(ReadFault) -> FrameProgress {
        var step = 0
        var source = UnsafeRawBufferPointer(start: nil, count: 0)
        if !isOutputWaiting {
            // The hint is a block's body and the head of the next: three bytes less are the body alone.
            step = wanted > 3 ? wanted - 3 : max(wanted, 1)
            source = try input.look(atLeast: step)
            if source.isEmpty { throw input.truncated("last frame", after: inflated) }
        }
        var bytes = ZSTD_inBuffer(src: source.baseAddress, size: min(step, source.count), pos: 0)
        var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: count)
        let result = ZSTD_decompressStream(context, &output, &bytes)
        if ZSTD_isError(result) != 0 { throw broken(result) }
        input.consume(bytes.pos)
        inflated += UInt64(output.pos - count)
        count = output.pos
        isOutputWaiting = output.pos == output.size
        wanted = result
        return result == 0 ? .ended : .more
    }

    private func tooLarge(_ window: UInt64) -> ReadFault {
        // What is allowed is rounded down to a power of two.
        let power = UInt64(1) << UInt64(min(63, 64 - (window - 1).leadingZeroBitCount))
        return input.fault(
            .windowTooLarge, "a window of \(window.grouped) bytes is needed, \(maxWindow.grouped) are allowed",
            hint: "allow it with --max-window \(power)")
    }

    private func broken(_ result: Int) -> ReadFault {
        switch ZSTD_getErrorCode(result) {
        case ZSTD_error_frameParameter_windowTooLarge:
            let needed = maxWindow.multipliedReportingOverflow(by: 2).partialValue
            return tooLarge(needed)
        case ZSTD_error_dictionary_wrong:
            return input.fault(.unsupported, "the frame was made with a dictionary, which is not there")
        case ZSTD_error_checksum_wrong:
            return input.fault(
                .corrupt, "the checksum of the frame of \(inflated.grouped) bytes is wrong",
                hint: "some of the records before this place may have been altered")
        case ZSTD_error_memory_allocation:
            return input.fault(.unreadable, "no memory for the frame's window")
        default:
            let words = String(cString: ZSTD_getErrorName(result))
            return input.fault(
                .corrupt, "the frame is damaged after \(inflated.grouped) bytes: \(words)",
                hint: "reading goes on with the next frame, if there is one")
        }
    }
}

/// Contexts whose logs have ended, with their windows: many short logs one after the other would else have the system clear a window
/// for each.
private final class SpareContexts: Sendable {
    private struct Context: @unchecked Sendable {
        // Unchecked: whoever takes it out has it alone.
        let pointer: OpaquePointer
    }

    /// How many are kept, and how large each may be: beyond that memory is worth more.
    private static let most = 4
    private static let largest = 10 << 20
    private let contexts = Mutex<[Context]>([])

    func take() -> OpaquePointer? { contexts.withLock { $0.popLast() }?.pointer }

    func keep(_ context: OpaquePointer) {
        ZSTD_DCtx_reset(context, ZSTD_reset_session_and_parameters)
        let spare = Context(pointer: context)
        let isKept = contexts.withLock { contexts in
            if contexts.count == Self.most || ZSTD_sizeof_DCtx(spare.pointer) > Self.largest { return false }
            contexts.append(spare)
            return true
        }
        if !isKept { ZSTD_freeDCtx(context) }
    }
}
