/// Decodes one kind of compressed frame: a frame of zstd or lz4, a member of gzip, a stream of bzip2 or xz.
///
/// `Decompressor` drives it: `begin` at a frame's first byte, then `decode` until the frame ends or breaks. All of them
/// read from the same `StoredReader`, whose position tells how far the frame has been decoded.
protocol FrameDecoder: AnyObject {
    /// The stored offset at which the current frame begins, or the block of it that is decoded on its own. Behind damage,
    /// the search for what can be decoded next starts after it.
    var start: UInt64 { get }

    /// How many bytes were decoded in vain so far, since they turned out to be damaged.
    var discarded: UInt64 { get }

    /// Begins the frame at the input's position, whose magic number has been seen.
    func begin() throws(ReadFault)

    /// Appends decoded bytes behind the first `count` of `target`, which has room for more.
    ///
    /// Bytes that were decoded ahead of a fault are counted before it is thrown.
    func decode(into target: UnsafeMutableRawBufferPointer, _ count: inout Int) throws(ReadFault) -> FrameProgress

    /// After a fault: moves to the frame's next independent block, where its place is known. False where it is not.
    func skipToNextBlock() -> Bool

    /// The index in `bytes` of the first block of the current frame that can be decoded on its own.
    func firstBlock(in bytes: UnsafeRawBufferPointer) -> Int?

    /// Goes on with such a block at the input's position.
    func beginBlock() throws(ReadFault)
}

enum FrameProgress {
    case more
    case ended
    /// The frame was entered behind damage, and where it ends is not known.
    case lost
}

// Most formats have nothing smaller than a frame that can be decoded on its own.
extension FrameDecoder {
    var discarded: UInt64 { 0 }
    func skipToNextBlock() -> Bool { false }
    func firstBlock(in bytes: UnsafeRawBufferPointer) -> Int? { nil }
    func beginBlock() throws(ReadFault) {}
}

extension StoredReader {
    /// A fault at the current position.
    func fault(_ code: ReadFault.Code, _ message: String, hint: String? = nil) -> ReadFault {
        ReadFault(code: code, path: label, byte: position, message: message, hint: hint)
    }

    func truncated(_ frame: String, after count: UInt64) -> ReadFault {
        fault(
            .truncated, "the \(frame) is truncated after \(count.grouped) bytes",
            hint: "whatever wrote it was stopped, or the copy is incomplete; what came before was read")
    }
}
