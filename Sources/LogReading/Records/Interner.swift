import EventModel
import Synchronization

/// Bytes to symbols for one decoder: a flat table with open addressing over an arena, no allocation for a name seen before.
///
/// The decoder's thread interns; the reducer's thread reads the names of symbols that came to it in batches, through `names`.
final class Interner: @unchecked Sendable {
    // Unchecked: all but `published` is touched by the decoder's thread only, and `published` is behind a mutex.
    private var slots: [UInt32] = Array(repeating: 0, count: 1024)
    private var hashes: [UInt64] = [0]
    private var starts: [Int] = [0, 0]
    private var arena: [UInt8] = []
    private(set) var kinds: [EventKind] = [.other]
    private let published = Mutex<[String]>([""])

    /// The symbol of a name; the empty name is `Symbol.none`. Bytes are valid UTF-8.
    func intern(_ name: UnsafeRawBufferPointer) -> Symbol {
        if name.isEmpty { return .none }
        let hash = Digest.of(name)
        var at = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[at] != 0 {
            let index = Int(slots[at])
            if hashes[index] == hash, equal(index, name) { return Symbol(index: slots[at]) }
            at = (at + 1) & (slots.count - 1)
        }
        let index = UInt32(hashes.count)
        slots[at] = index
        hashes.append(hash)
        arena.append(contentsOf: name)
        starts.append(arena.count)
        let text = String(decoding: name, as: UTF8.self)
        kinds.append(EventKind(name: text))
        published.withLock { $0.append(text) }
        if hashes.count * 2 > slots.count { grow() }
        return Symbol(index: index)
    }

    /// The names of the symbols from `first` on, as far as they are known by now. Safe from any thread.
    func names(from first: Int) -> ArraySlice<String> {
        published.withLock { $0[min(first, $0.count)...] }
    }

    private func equal(_ index: Int, _ name: UnsafeRawBufferPointer) -> Bool {
        let start = starts[index]
        let count = starts[index + 1] - start
        if count != name.count { return false }
        return arena.withUnsafeBytes { bytes in
            UnsafeRawBufferPointer(rebasing: bytes[start..<start + count]).elementsEqual(name)
        }
    }

    private func grow() {
        slots = Array(repeating: 0, count: slots.count * 4)
        for index in 1..<hashes.count {
            var at = Int(truncatingIfNeeded: hashes[index]) & (slots.count - 1)
            while slots[at] != 0 { at = (at + 1) & (slots.count - 1) }
            slots[at] = UInt32(index)
        }
    }
}
