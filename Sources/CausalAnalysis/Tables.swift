extension Array {
    /// Grows a table by number, of symbols, processes or lanes, so that it has an element at `index`.
    @inlinable @inline(__always)
    package mutating func grow(toHold index: Int, with element: Element) {
        if index >= count { append(contentsOf: repeatElement(element, count: index + 1 - count)) }
    }
}

extension RandomAccessCollection where Index == Int {
    /// The first index from which on a condition holds that never ceases to. O(log n).
    func partition(_ holds: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
