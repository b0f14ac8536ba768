import CPrefetch

extension Array {
    /// Has an element brought near that will be asked for soon, so that it is on its way from memory while other things are done. Most
    /// of the time of a large log goes by waiting for what was last looked at long ago.
    @inline(__always)
    func prefetch(_ index: Int) {
        withUnsafeBufferPointer { elements in
            if let first = elements.baseAddress { prefetch_memory(first + index, MemoryLayout<Element>.size) }
        }
    }

    /// Grows a table by number, of symbols, processes or lanes, so that it has an element at `index`.
    @inline(__always)
    mutating func grow(toHold index: Int, with element: Element) {
        if index >= count { append(contentsOf: repeatElement(element, count: index + 1 - count)) }
    }
}
