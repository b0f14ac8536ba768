/// Elements of plain memory side by side, each by its number; the room of those removed is used again.
struct Slab<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    private var free: [Int32] = []

    /// Takes an element in; its number.
    mutating func insert(_ element: Element) -> Int32 {
        if let number = free.popLast() {
            elements[Int(number)] = element
            return number
        }
        elements.append(element)
        return Int32(truncatingIfNeeded: elements.count - 1)
    }

    /// See `Array.prefetch`.
    func prefetch(_ number: Int32) { elements.prefetch(Int(number)) }

    /// Forgets an element.
    mutating func remove(_ number: Int32) { free.append(number) }

    subscript(number: Int32) -> Element {
        _read { yield elements[Int(number)] }
        _modify { yield &elements[Int(number)] }
    }
}
