import EventModel
import LogReading

/// For each name of one kind the frames that it occurs in, and how many events it has.
struct Postings {
    private var lists: [ByteWriter] = []
    /// One more than the last frame of each; 0 before the first.
    private var ends: [UInt32] = []
    private var counts: [UInt64] = []

    mutating func add(_ symbol: Symbol, _ frame: UInt32) {
        if symbol == .none { return }
        let index = Int(symbol.index)
        reserve(index)
        if ends[index] == frame + 1 { return }
        lists[index].put(UInt64(frame - ends[index]))
        ends[index] = frame + 1
    }

    mutating func count(_ symbol: Symbol) {
        if symbol == .none { return }
        reserve(Int(symbol.index))
        counts[Int(symbol.index)] += 1
    }

    private mutating func reserve(_ index: Int) {
        let missing = index + 1 - lists.count
        if missing <= 0 { return }
        lists.append(contentsOf: repeatElement(ByteWriter(), count: missing))
        ends.append(contentsOf: repeatElement(0, count: missing))
        counts.append(contentsOf: repeatElement(0, count: missing))
    }

    /// The names that some event given out has.
    func entries(_ symbols: SymbolTable) throws(IndexFault) -> [NameEntry] {
        var entries: [NameEntry] = []
        for index in lists.indices where counts[index] > 0 {
            var input = ByteScanner(lists[index].bytes)
            var frames: [UInt32] = []
            var next: UInt64 = 0
            while !input.isAtEnd {
                next += try input.number()
                frames.append(UInt32(clamping: next))
                next += 1
            }
            entries.append(
                NameEntry(name: symbols[Symbol(index: UInt32(index))], events: counts[index], frames: frames))
        }
        return entries
    }
}
