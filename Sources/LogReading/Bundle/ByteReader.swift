/// Reads a source's bytes, inflated, from first to last.
///
/// One thread at a time may use it; it can be handed from one to another.
public final class ByteReader: @unchecked Sendable {
    private let stored: StoredReader
    /// None for plain bytes.
    private let decompressor: Decompressor?
    private let limit: UInt64
    private var hasEnded = false

    /// Where the next inflated byte lies.
    public private(set) var inflatedOffset: UInt64 = 0

    init(_ bytes: StoredBytes, _ coding: Coding, maxWindow: UInt64, maxInflatedSize: UInt64) throws(ReadFault) {
        stored = try bytes.open()
        limit = maxInflatedSize
        decompressor = coding == .plain ? nil : try Decompressor(stored, coding, maxWindow: maxWindow)
    }

    /// How many stored bytes have been used up, to show progress by.
    public var storedOffset: UInt64 { stored.position }

    /// How many bytes are left to read; nil where they are compressed.
    var plainBytesLeft: UInt64? { decompressor == nil ? stored.remaining : nil }

    /// Reads the next inflated bytes: at least one unless the end is reached, which gives 0.
    ///
    /// - Throws: the damage met, after all that was decoded ahead of it has been delivered. Reading may go on after it: it
    ///   gives what is behind the damage, with a hole that no offset counts, where a frame or block is found there, else 0.
    ///   So a line that was begun ends at a fault. Each fault moves on, so they end too.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int {
        if hasEnded || buffer.isEmpty { return 0 }
        let count: Int
        if let decompressor {
            count = try decompressor.read(into: buffer)
        } else {
            count = try stored.read(into: buffer)
        }
        if count == 0 {
            hasEnded = true
            try stored.checkUnchanged()
        }
        if UInt64(count) > limit - inflatedOffset {
            hasEnded = true
            throw ReadFault(
                code: .tooLarge, path: stored.label, byte: storedOffset,
                message: "it inflates to more than \(limit.grouped) bytes", hint: "allow more with --max-size")
        }
        inflatedOffset += UInt64(count)
        return count
    }
}

extension ByteReader: ByteInput {
    var label: String { stored.label }
    var position: UInt64 { inflatedOffset }
    var seekableLength: UInt64? { nil }
    func seek(to position: UInt64) {}

    /// What a source begins with.
    struct Beginning {
        var bytes: [UInt8] = []
        /// Whether that is all of it.
        var isWhole = false
        /// What ended it too soon.
        var fault: ReadFault?

        var kind: ContentKind { bytes.withUnsafeBytes { ContentKind(prefix: $0) } }
    }

    /// The next inflated bytes, `count` of them unless the end or damage comes first.
    func beginning(_ count: Int) -> Beginning {
        var beginning = Beginning()
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let target = UnsafeMutableRawBufferPointer(buffer)
            do throws(ReadFault) {
                while filled < count, !beginning.isWhole {
                    let got = try read(into: UnsafeMutableRawBufferPointer(rebasing: target[filled...]))
                    filled += got
                    beginning.isWhole = got == 0
                }
            } catch {
                beginning.fault = error
            }
        }
        beginning.bytes = bytes
        return beginning
    }
}
