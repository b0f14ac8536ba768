/// Memory for texts that a decoder makes: unescaped, put together from a template, cut out of a number. A text stays where it is until
/// `removeAll`, so that it can be handed on without a copy.
struct ScratchText: ~Copyable {
    private var chunks: [UnsafeMutableRawBufferPointer] = []
    private var chunk = 0
    private var used = 0
    /// Where the text begins that is being written.
    private var start = 0

    private static let chunkSize = 16 << 10

    deinit {
        for chunk in chunks { chunk.deallocate() }
    }

    /// Forgets all texts.
    mutating func removeAll() {
        // A chunk of an unusual text is not kept.
        if chunks.count > 8 {
            for chunk in chunks[8...] { chunk.deallocate() }
            chunks.removeLast(chunks.count - 8)
        }
        chunk = 0
        used = 0
        start = 0
    }

    /// Begins a text.
    mutating func begin() { start = used }

    /// Goes on with it.
    @inline(__always)
    mutating func append(_ byte: UInt8) {
        makeRoom(1)
        chunks[chunk][used] = byte
        used &+= 1
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 0 else { return }
        makeRoom(bytes.count)
        UnsafeMutableRawBufferPointer(rebasing: chunks[chunk][used..<used + bytes.count]).copyMemory(from: bytes)
        used += bytes.count
    }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// Ends it.
    mutating func end() -> UnsafeRawBufferPointer {
        if chunks.isEmpty { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(rebasing: chunks[chunk][start..<used])
    }

    /// A text as a whole.
    mutating func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        begin()
        append(bytes)
        return end()
    }

    mutating func copy(_ text: String) -> UnsafeRawBufferPointer {
        begin()
        append(text)
        return end()
    }

    @inline(__always)
    private mutating func makeRoom(_ count: Int) {
        if chunk < chunks.count, used &+ count <= chunks[chunk].count { return }
        grow(count)
    }

    /// Moves the text at hand to a chunk that has room for it and for what follows.
    private mutating func grow(_ count: Int) {
        let written = chunk < chunks.count ? UnsafeRawBufferPointer(rebasing: chunks[chunk][start..<used]) : nil
        let length = written?.count ?? 0
        let needed = length + count
        var next = chunks.isEmpty ? 0 : chunk + 1
        while next < chunks.count, chunks[next].count < needed { next += 1 }
        if next == chunks.count {
            chunks.append(.allocate(byteCount: max(ScratchText.chunkSize, 2 * needed), alignment: 16))
        }
        if let written { chunks[next].copyMemory(from: written) }
        chunk = next
        start = 0
        used = length
    }
}
