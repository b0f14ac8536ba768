import EventModel
import LogReading

/// A name with how many events it has, and the frames that they lie in, ascending.
struct NameEntry: Equatable {
    var name: String
    var events: UInt64
    var frames: [UInt32]
}

/// Names in the order of their bytes, on pages that can be read one at a time: a name is looked up by two reads, however many there are.
struct NameTable {
    /// Each page's first name, ascending, and where it lies.
    private let pages: [(first: [UInt8], ref: PageRef)]

    /// About how many bytes a page holds.
    private static let pageSize = 16 << 10

    /// Writes a table.
    /// - Parameter entries: with names that all differ, in any order.
    /// - Returns: what `init(_:)` reads.
    static func write(_ entries: [NameEntry], to file: PageWriter) throws(IndexFault) -> [UInt8] {
        var directory = ByteWriter()
        var pages: [(first: [UInt8], ref: PageRef)] = []
        var page = ByteWriter()
        var first: [UInt8] = []
        let sorted = entries.map { (Array($0.name.utf8), $0) }.sorted { $0.0.lexicographicallyPrecedes($1.0) }
        for (name, entry) in sorted {
            if page.bytes.isEmpty { first = name }
            page.put(name)
            page.put(entry.events)
            page.put(entry.frames.count)
            var next: UInt32 = 0
            var gaps: [UInt64] = []
            for frame in entry.frames {
                gaps.append(UInt64(frame &- next))
                next = frame &+ 1
            }
            page.put(RiceCode.encode(gaps))
            if page.bytes.count >= pageSize {
                pages.append((first, try file.append(page.bytes)))
                page = ByteWriter()
            }
        }
        if !page.bytes.isEmpty { pages.append((first, try file.append(page.bytes))) }
        directory.put(pages.count)
        for page in pages {
            directory.put(page.first)
            directory.put(page.ref)
        }
        return directory.bytes
    }

    init(_ directory: [UInt8]) throws(IndexFault) {
        var input = ByteScanner(directory)
        var pages: [(first: [UInt8], ref: PageRef)] = []
        for _ in 0..<(try input.count()) { pages.append((try input.data(), try input.page())) }
        self.pages = pages
    }

    /// The entries that some of the globs match. Reads a page for each glob that is a plain name, else all of them.
    func entries(matching globs: [Glob], in file: PageFile) throws(IndexFault) -> [NameEntry] {
        // Beyond ASCII a name may be written in several ways that count as one.
        if globs.contains(where: { $0.pattern.utf8.contains { $0 >= 0x80 || NameTable.special.contains($0) } }) {
            return try all(in: file).filter { entry in globs.contains { $0.matches(entry.name) } }
        }
        var found: [NameEntry] = []
        for name in Set(globs.map(\.pattern)).sorted() {
            if let entry = try entry(name, in: file) { found.append(entry) }
        }
        return found
    }

    /// Every entry, by name.
    func all(in file: PageFile) throws(IndexFault) -> [NameEntry] {
        var entries: [NameEntry] = []
        for page in pages {
            try NameTable.read(try file.page(page.ref)) { _ in
                true
            } keep: {
                entries.append($0)
            }
        }
        return entries
    }

    private static let special = Array("*?[\\".utf8)

    /// The entry of a name, by its bytes.
    func entry(_ name: String, in file: PageFile) throws(IndexFault) -> NameEntry? {
        let name = Array(name.utf8)
        var low = 0
        var high = pages.count
        while low < high {
            let middle = (low + high) / 2
            if name.lexicographicallyPrecedes(pages[middle].first) { high = middle } else { low = middle + 1 }
        }
        if low == 0 { return nil }
        var found: NameEntry?
        try NameTable.read(try file.page(pages[low - 1].ref)) {
            $0 == name
        } keep: {
            found = $0
        }
        return found
    }

    private static func read(
        _ page: [UInt8], wanted: ([UInt8]) -> Bool, keep: (NameEntry) -> Void
    ) throws(IndexFault) {
        var input = ByteScanner(page)
        while !input.isAtEnd {
            let name = try input.data()
            let events = try input.number()
            let count = try input.integer(upTo: Int(UInt32.max))
            let list = try input.data()
            if !wanted(name) { continue }
            var next: UInt64 = 0
            var frames: [UInt32] = []
            for gap in try RiceCode.decode(list, count: count) {
                let frame = next &+ gap
                guard frame < UInt64(UInt32.max) else { throw .damaged("a frame that is not there") }
                frames.append(UInt32(frame))
                next = frame + 1
            }
            keep(NameEntry(name: String(decoding: name, as: UTF8.self), events: events, frames: frames))
        }
    }
}
