import CPrefetch

extension Array {
    /// Has an element brought near that will be asked for soon, so that it is on its way from memory while other things are done. Most
    /// of the time of a large log goes by waiting for what was last looked at long ago.
    @inline(__always)
    func prefetch(_ index: Int) {
        withUnsafeBufferPointer { elements in
            guard let element = elements.baseAddress.map({ UnsafeRawPointer($0 + index) }) else { return }
            // An array's elements begin anywhere in a cache line, so that even a small one may stand in two.
            var line = 0
            while line < MemoryLayout<Element>.size {
                prefetch_memory(element + line)
                line += cacheLine
            }
            prefetch_memory(element + (MemoryLayout<Element>.size - 1))
        }
    }

    /// Grows a table by number, of symbols, processes or lanes, so that it has an element at `index`.
    @inline(__always)
    mutating func grow(toHold index: Int, with element: Element) {
        if index >= count { append(contentsOf: repeatElement(element, count: index + 1 - count)) }
    }
}

/// Bytes that memory hands on together.
private let cacheLine = 64
