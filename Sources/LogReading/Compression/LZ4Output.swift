import CLZ4

/// The bytes of the last block, behind those that the next one may refer back to.
struct LZ4Output: ~Copyable {
    /// How far back blocks that depend on each other refer.
    static let window = 64 << 10

    private var buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var history = 0
    private var taken = 0
    private var filled = 0

    deinit { buffer.deallocate() }

    var count: Int { filled - history }
    var isEmpty: Bool { taken == filled }
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[history..<filled]) }

    mutating func clear() {
        history = 0
        taken = 0
        filled = 0
    }

    mutating func take(into target: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(target.count, filled - taken)
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[taken..<(taken + count)]))
        taken += count
        return count
    }

    /// Takes a block that is not compressed.
    mutating func store(_ body: UnsafeRawBufferPointer, keeping window: Int) {
        makeRoom(body.count, keeping: window)
        UnsafeMutableRawBufferPointer(rebasing: buffer[history...]).copyMemory(from: body)
        filled = history + body.count
    }

    /// Decodes a block, or what is there ahead of its damage or end; whether it is whole.
    mutating func decode(_ body: UnsafeRawBufferPointer, limit: Int, keeping window: Int) -> Bool {
        // A byte of input stands for 255 of output at the most.
        makeRoom(min(limit, body.count * 255 + 64), keeping: window)
        guard let source = body.bindMemory(to: CChar.self).baseAddress,
            let base = buffer.bindMemory(to: CChar.self).baseAddress
        else { return false }
        let room = Int32(buffer.count - history)
        let size = LZ4_decompress_safe_usingDict(
            source, base + history, Int32(body.count), room, base, Int32(history))
        if size >= 0 {
            filled = history + Int(size)
            return true
        }
        // lz4 does not tell where a block breaks. It can be asked to stop after so many bytes, though: search for the most
        // that it decodes.
        var decodable: Int32 = 0
        var broken = room + 1
        while broken - decodable > 1 {
            let wanted = decodable + (broken - decodable) / 2
            let size = LZ4_decompress_safe_partial_usingDict(
                source, base + history, Int32(body.count), wanted, room, base, Int32(history))
            if size < 0 {
                broken = wanted
            } else {
                decodable = size
                // Less than was wanted: the input has ended.
                if size < wanted { break }
            }
        }
        filled = history + Int(decodable)
        return false
    }

    /// Moves what the next block may refer to ahead of it.
    private mutating func makeRoom(_ size: Int, keeping window: Int) {
        let kept = min(window, filled)
        let old = buffer
        if kept + size > old.count { buffer = .allocate(byteCount: kept + size, alignment: 64) }
        if kept > 0 {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: old[(filled - kept)..<filled]))
        }
        if buffer.baseAddress != old.baseAddress { old.deallocate() }
        history = kept
        taken = kept
        filled = kept
    }
}
