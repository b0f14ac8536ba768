extension Array {
    /// Grows a table by number, of symbols, processes or lanes, so that it has an element at `index`.
    @inlinable @inline(__always)
    package mutating func grow(toHold index: Int, with element: Element) {
        if index >= count { append(contentsOf: repeatElement(element, count: index + 1 - count)) }
    }
}
