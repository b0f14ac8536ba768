import EventModel

/// Elements side by side, each by its number; the room of those removed is used again.
struct Slab<Element: ~Copyable & Sendable>: ~Copyable, Sendable {
    private var elements = Table<Element>()
    private var free = Column<Int32>()

    /// Takes an element in; its number.
    mutating func insert(_ element: consuming Element) -> Int32 {
        if free.count > 0 {
            let number = free.removeLast()
            elements[Int(number)] = element
            return number
        }
        elements.append(element)
        return Int32(truncatingIfNeeded: elements.count - 1)
    }

    /// See `Table.prefetch`.
    mutating func prefetch(_ number: Int32) { elements.prefetch(Int(number)) }

    /// Forgets an element.
    mutating func remove(_ number: Int32) { free.append(number) }

    subscript(number: Int32) -> Element {
        _read { yield elements[Int(number)] }
        _modify { yield &elements[Int(number)] }
    }
}
