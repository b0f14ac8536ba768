import EventModel

/// A queue of plain values whose room is used round and round.
struct Ring<Element: BitwiseCopyable & Sendable>: ~Copyable, Sendable {
    /// A power of two of places.
    private var places = Column<Element>()
    private var start = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }
    var first: Element? { count > 0 ? self[0] : nil }
    var last: Element? { count > 0 ? self[count - 1] : nil }

    /// A value by its place behind the first.
    subscript(at: Int) -> Element {
        @inline(__always) get {
            precondition(at >= 0 && at < count, "no such place")
            return places[(start &+ at) & (places.count &- 1)]
        }
        @inline(__always) set {
            precondition(at >= 0 && at < count, "no such place")
            places[(start &+ at) & (places.count &- 1)] = newValue
        }
    }

    mutating func append(_ element: Element) {
        if count == places.count { grow(element) }
        count += 1
        self[count - 1] = element
    }

    mutating func popFirst() -> Element? {
        guard let first else { return nil }
        start += 1
        count -= 1
        return first
    }

    /// Puts a value ahead of that at a place. O(values behind it).
    mutating func insert(_ element: Element, at place: Int) {
        append(element)
        var at = count - 1
        while at > place {
            self[at] = self[at - 1]
            at -= 1
        }
        self[place] = element
    }

    private mutating func grow(_ filler: Element) {
        var larger = Column<Element>(capacity: max(4, 2 * places.count))
        for at in 0..<count { larger.append(self[at]) }
        larger.grow(toHold: max(4, 2 * places.count) - 1, with: filler)
        places = larger
        start = 0
    }
}
