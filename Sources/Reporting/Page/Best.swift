/// Keeps the elements of the smallest keys among any number, in memory for twice the limit.
struct Best<Element> {
    /// By rank, then by place in the causal order: no two elements have the same.
    struct Key: Comparable {
        var rank: UInt64
        var ordinal: UInt64

        static func < (a: Key, b: Key) -> Bool { a.rank != b.rank ? a.rank < b.rank : a.ordinal < b.ordinal }
    }

    private let limit: Int
    private var items: [(key: Key, element: Element)] = []
    /// The greatest key that was kept when the list was last cut.
    private var bound: Key?

    init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// Whether an element of this key may be among the kept ones.
    func takes(_ key: Key) -> Bool { bound.map { key < $0 } ?? true }

    /// Adds an element. O(log limit), amortised.
    mutating func add(_ key: Key, _ element: Element) {
        guard takes(key) else { return }
        items.append((key, element))
        if items.count >= 2 * limit { cut() }
    }

    /// The elements kept, by their place in the causal order.
    consuming func finish() -> [Element] {
        cut()
        return items.sorted { $0.key.ordinal < $1.key.ordinal }.map(\.element)
    }

    private mutating func cut() {
        if items.count <= limit { return }
        items.sort { $0.key < $1.key }
        items.removeLast(items.count - limit)
        bound = items[limit - 1].key
    }
}
