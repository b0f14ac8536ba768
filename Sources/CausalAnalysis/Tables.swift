import CPrefetch

extension Array {
    /// Has an element brought near that will be asked for soon, so that it is on its way from memory while other things are done. Most
    /// of the time of a large log goes by waiting for what was last looked at long ago.
    @inline(__always)
    func prefetch(_ index: Int) {
        withUnsafeBufferPointer { prefetch_memory($0.baseAddress.map { UnsafeRawPointer($0 + index) }) }
    }

    /// Grows a table by number, of symbols, processes or lanes, so that it has an element at `index`.
    @inline(__always)
    mutating func grow(toHold index: Int, with element: Element) {
        if index >= count { append(contentsOf: repeatElement(element, count: index + 1 - count)) }
    }
}
