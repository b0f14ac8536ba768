import EventModel

/// The head of a frame of `inquest.frames/1`: four 64-bit words, little-endian.
///
///     bits  0…31   magic "IQF1"      32…39 type   40…63 part
///     bits  0…31   source            32…63 events
///     bits  0…31   length in words   32…63 CRC-32C of the words behind the second
///     bits  0…31   the actor         32…63 number of shapes
///
/// A frame stands for itself: it refers to nothing but names, by their symbols. Behind the head come bit-packed columns; see `FrameWriter`.
struct FrameHeader {
    /// What a frame holds.
    enum Kind: UInt64 {
        /// Records of one actor in one source.
        case records = 1
        /// A stretch of the settled order: the number of the sequence of each event.
        case order = 2
    }

    var kind: Kind
    var source: UInt32
    var events: Int
    var actor: Symbol
    var shapes: Int

    static let words = 4
    private static let magic: UInt64 = 0x3146_5149

    /// The head's words, the third without its checksum.
    var encoded: (UInt64, UInt64, UInt64) {
        (
            Self.magic | kind.rawValue << 32, UInt64(source) | UInt64(events) << 32,
            UInt64(actor.index) | UInt64(shapes) << 32
        )
    }

    /// Reads the head of a frame; nil where it is damaged, or of another kind.
    /// - Parameter isChecked: whether the frame has left memory since it was written, so that its checksum tells something.
    init?(_ words: borrowing Column<UInt64>, _ kind: Kind, isChecked: Bool = true) {
        guard words.count >= Self.words, words[0] & 0xFF_FFFF_FFFF == Self.magic | kind.rawValue << 32,
            Int(words[2] & 0xFFFF_FFFF) == words.count,
            !isChecked || UInt32(words[2] >> 32) == Checksum.of(words, from: 3)
        else { return nil }
        self.kind = kind
        source = UInt32(truncatingIfNeeded: words[1])
        events = Int(words[1] >> 32)
        actor = Symbol(index: UInt32(truncatingIfNeeded: words[3]))
        shapes = Int(words[3] >> 32)
    }

    init(_ kind: Kind, source: UInt32, events: Int, actor: Symbol, shapes: Int) {
        self.kind = kind
        self.source = source
        self.events = events
        self.actor = actor
        self.shapes = shapes
    }
}

extension BitWriter {
    /// Begins a frame whose head is written at its end.
    mutating func beginFrame() {
        reset()
        for _ in 0..<FrameHeader.words { put(0, 64) }
    }

    /// Ends a frame.
    mutating func finishFrame(_ header: FrameHeader) {
        finish()
        let (first, second, fourth) = header.encoded
        set(0, to: first)
        set(1, to: second)
        set(3, to: fourth)
        set(2, to: UInt64(words.count) | UInt64(Checksum.of(words, from: 3)) << 32)
    }
}
