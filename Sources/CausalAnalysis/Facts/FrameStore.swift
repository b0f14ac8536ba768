import EventModel

/// Where a frame lies: a chunk and the word in it.
struct FramePlace: BitwiseCopyable, Sendable {
    var chunk: UInt32
    var word: UInt32
}

/// Keeps frames: in memory as they are packed, and past a budget in a spill file, oldest first.
struct FrameStore: ~Copyable {
    private var chunks = Table<Chunk>()
    /// The words in memory, and how many may be.
    private var resident = 0
    private let budget: Int
    private var oldest = 0
    private var spill: (any SpillStorage)?
    private let makeSpill: () throws(SpillFailure) -> any SpillStorage

    private static let chunkWords = 1 << 15

    struct Chunk: ~Copyable, Sendable {
        var words = Column<UInt64>()
        /// Where it lies in the spill file; nil while it is in memory.
        var offset: UInt64?
    }

    /// - Parameter budget: the bytes that are kept in memory.
    init(budget: Int, makeSpill: @escaping () throws(SpillFailure) -> any SpillStorage) {
        self.budget = budget / 8
        self.makeSpill = makeSpill
    }

    /// Appends a frame.
    mutating func append(_ words: borrowing Column<UInt64>) throws(SpillFailure) -> FramePlace {
        if chunks.count == 0 || chunks[chunks.count - 1].words.count + words.count > Self.chunkWords {
            try makeRoom(max(Self.chunkWords, words.count))
            chunks.append(Chunk(words: Column(capacity: min(Self.chunkWords, max(1024, words.count)))))
        }
        let chunk = chunks.count - 1
        let place = FramePlace(chunk: UInt32(chunk), word: UInt32(chunks[chunk].words.count))
        chunks[chunk].words.append(words.indices, of: words)
        resident += words.count
        return place
    }

    /// Reads a frame's words. Returns whether they come from the spill file, and so have to be checked.
    mutating func read(_ place: FramePlace, into words: inout Column<UInt64>) throws(SpillFailure) -> Bool {
        let (chunk, word) = (Int(place.chunk), Int(place.word))
        words.truncate(to: 0)
        if chunks[chunk].offset == nil {
            let length = Int(chunks[chunk].words[word + 2] & 0xFFFF_FFFF)
            words.append(word..<(word + length), of: chunks[chunk].words)
            return false
        }
        guard let offset = chunks[chunk].offset, let spill else { return true }
        let start = offset + UInt64(8 * word)
        var head = Column<UInt64>()
        try head.fill(FrameHeader.words) { (buffer) throws(SpillFailure) in try spill.read(start, into: buffer) }
        try words.fill(Int(head[2] & 0xFFFF_FFFF)) { (buffer) throws(SpillFailure) in
            try spill.read(start, into: buffer)
        }
        return true
    }

    /// Appends text.
    mutating func append(text: [UInt8]) throws(SpillFailure) -> SpilledText {
        try opened().write(text: text)
    }

    /// Reads text.
    func read(_ text: SpilledText) throws(SpillFailure) -> [UInt8] {
        guard let spill else { return [] }
        return try spill.read(text)
    }

    private mutating func opened() throws(SpillFailure) -> any SpillStorage {
        if let spill { return spill }
        let made = try makeSpill()
        spill = made
        return made
    }

    /// Writes the oldest whole chunks out until there is room for so many words more.
    private mutating func makeRoom(_ words: Int) throws(SpillFailure) {
        while resident + words > budget, oldest < chunks.count {
            let spill = try opened()
            let count = chunks[oldest].words.count
            chunks[oldest].offset = try chunks[oldest].words.withBytes(of: 0..<count) {
                (bytes) throws(SpillFailure) in try spill.write(bytes)
            }
            chunks[oldest].words = Column()
            resident -= count
            oldest += 1
        }
    }
}
