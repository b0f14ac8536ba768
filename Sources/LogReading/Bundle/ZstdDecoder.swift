import CZstd
import Synchronization

/// Inflates zstd frames, one after the other, each as far as it is whole.
///
/// libzstd tells nothing of what a failing call has given out. So each call is handed no more than the head or the body of
/// one block: then only the block that is broken is lost. After a fault, reading goes on with the next frame.
final class ZstdDecoder {
    private enum State {
        case betweenFrames
        case inFrame
        /// The frame that began at `frameStart` broke; look for the next one from here.
        case searching(from: UInt64)
        case ended
    }

    private let input: StoredReader
    private let context: OpaquePointer
    private let maxWindow: UInt64
    private var state = State.betweenFrames
    private var frameStart: UInt64 = 0
    /// Inflated bytes of this frame.
    private var frameInflated: UInt64 = 0
    /// How much libzstd wants to be given next.
    private var wanted = 0
    /// Whether the last call filled all of the output, so that more may be waiting in the context.
    private var isOutputWaiting = false
    /// Met after bytes that had to be given out first.
    private var pendingFault: ReadFault?

    /// How far before the place where a frame broke the next one may begin: a frame cut short has its last block completed
    /// from the bytes of the next frame, by mistake, and perhaps a few more.
    private static let searchBack: UInt64 = 1 << 20
    /// After so many faults the rest is given up: a file made of broken heads alone would take for ever.
    private static let mostFaults = 1000
    private var faults = 0

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

    /// Fills the buffer as far as there are bytes; 0 at the end. After a fault it may be called again.
    func read(into target: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int {
        if let fault = pendingFault {
            pendingFault = nil
            throw fault
        }
        var count = 0
        do throws(ReadFault) {
            reading: while count < target.count {
                switch state {
                case .ended: break reading
                case .betweenFrames: try beginFrame()
                case .inFrame: try inflate(into: target, &count)
                case .searching(let from): try search(from: from)
                }
            }
        } catch {
            if count == 0 { throw error }
            pendingFault = error
        }
        return count
    }

    private func inflate(into target: UnsafeMutableRawBufferPointer, _ count: inout Int) throws(ReadFault) {
        var step = 0
        var source = UnsafeRawBufferPointer(start: nil, count: 0)
        if !isOutputWaiting {
            // The hint is a block's body and the head of the next: three bytes less are the body alone.
            step = wanted > 3 ? wanted - 3 : max(wanted, 1)
            source = try input.look(atLeast: step)
            if source.isEmpty { throw truncated() }
        }
        var bytes = ZSTD_inBuffer(src: source.baseAddress, size: min(step, source.count), pos: 0)
        var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: count)
        let result = ZSTD_decompressStream(context, &output, &bytes)
        if ZSTD_isError(result) != 0 { throw broken(result) }
        input.consume(bytes.pos)
        frameInflated += UInt64(output.pos - count)
        count = output.pos
        isOutputWaiting = output.pos == output.size
        wanted = result
        if result == 0 { state = .betweenFrames }
    }

    private func beginFrame() throws(ReadFault) {
        let head = try input.look(atLeast: ZstdFrameHeader.longest)
        frameStart = input.position
        frameInflated = 0
        isOutputWaiting = false
        if head.isEmpty {
            state = .ended
        } else if ZstdFrameHeader.isSkippable(head) {
            guard head.count >= 8 else { throw truncated() }
            let end = frameStart + 8 + ZstdFrameHeader.number(head, at: 4, size: 4)
            input.seek(to: end)
            if input.position < end { throw truncated() }
        } else if head.starts(with: ZstdFrameHeader.magic) {
            if let header = ZstdFrameHeader(head), header.window > maxWindow { throw tooLarge(header.window) }
            wanted = ZSTD_initDStream(context)
            state = .inFrame
        } else if ZstdFrameHeader.magic.starts(with: head) {
            throw truncated()
        } else {
            throw fault(.corrupt, "what follows the last whole frame is no zstd frame")
        }
    }

    /// Looks for the next header of a frame that can be.
    private func search(from start: UInt64) throws(ReadFault) {
        input.seek(to: start)
        while true {
            let bytes = try input.look(atLeast: StoredReader.bufferSize)
            guard bytes.count > ZstdFrameHeader.magic.count else {
                state = .ended
                return
            }
            if let found = Self.firstHeader(in: bytes) {
                input.consume(found)
                state = .betweenFrames
                return
            }
            // A header may stand across the end of what is looked at.
            let isLast = UInt64(bytes.count) == input.remaining
            input.consume(isLast ? bytes.count : max(1, bytes.count - ZstdFrameHeader.longest))
        }
    }

    private static func firstHeader(in bytes: UnsafeRawBufferPointer) -> Int? {
        let first = ZstdFrameHeader.magic[0]
        for index in 0..<(bytes.count - 3) where bytes[index] == first {
            if ZstdFrameHeader(UnsafeRawBufferPointer(rebasing: bytes[index...])) != nil { return index }
        }
        return nil
    }

    private func fault(_ code: ReadFault.Code, _ message: String, hint: String? = nil) -> ReadFault {
        let place = input.position
        let back = place > Self.searchBack ? place - Self.searchBack : 0
        faults += 1
        state = faults < Self.mostFaults ? .searching(from: max(back, frameStart + 1)) : .ended
        isOutputWaiting = false
        return ReadFault(code: code, path: input.label, byte: place, message: message, hint: hint)
    }

    private func truncated() -> ReadFault {
        fault(
            .truncated, "the last frame is truncated after \(frameInflated.grouped) bytes",
            hint: "whatever wrote it was stopped, or the copy is not whole; what came before was read")
    }

    private func tooLarge(_ window: UInt64) -> ReadFault {
        // What is allowed is rounded down to a power of two.
        let power = UInt64(1) << UInt64(min(63, 64 - (window - 1).leadingZeroBitCount))
        return fault(
            .windowTooLarge, "a window of \(window.grouped) bytes is needed, \(maxWindow.grouped) are allowed",
            hint: "allow it with --max-window \(power)")
    }

    private func broken(_ result: Int) -> ReadFault {
        switch ZSTD_getErrorCode(result) {
        case ZSTD_error_frameParameter_windowTooLarge:
            let needed = maxWindow.multipliedReportingOverflow(by: 2).partialValue
            return tooLarge(needed)
        case ZSTD_error_dictionary_wrong:
            return fault(.unsupported, "the frame was made with a dictionary, which is not there")
        case ZSTD_error_checksum_wrong:
            return fault(
                .corrupt, "the checksum of the frame of \(frameInflated.grouped) bytes is wrong",
                hint: "some of the records before this place may have been altered")
        case ZSTD_error_memory_allocation:
            return fault(.unreadable, "no memory for the frame's window")
        default:
            let words = String(cString: ZSTD_getErrorName(result))
            return fault(
                .corrupt, "the frame is damaged after \(frameInflated.grouped) bytes: \(words)",
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
