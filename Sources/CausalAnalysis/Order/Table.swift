import CPrefetch

/// Things with parts of their own, by number. Each is changed where it lies, and none is ever copied: what an array would ask of its
/// reference count at every change is known here, since a table has one owner. The one unsafe place of this module; every
/// access is checked against `count`.
struct Table<Element: ~Copyable & Sendable>: ~Copyable, @unchecked Sendable {
    // Unchecked: the memory has one owner, since a table cannot be copied.
    private var elements: UnsafeMutablePointer<Element>
    private var capacity: Int
    /// How many there are.
    private(set) var count = 0

    /// An empty table.
    init() {
        capacity = 8
        elements = Self.room(for: capacity)
    }

    deinit {
        elements.deinitialize(count: count)
        UnsafeMutableRawPointer(elements).deallocate()
    }

    /// One of them, by number.
    subscript(number: Int) -> Element {
        @inline(__always) unsafeAddress {
            precondition(number >= 0 && number < count, "no such number")
            return UnsafePointer(elements + number)
        }
        @inline(__always) unsafeMutableAddress {
            precondition(number >= 0 && number < count, "no such number")
            return elements + number
        }
    }

    /// The numbers.
    var indices: Range<Int> { 0..<count }

    /// Adds one. Amortized O(1).
    mutating func append(_ element: consuming Element) {
        if count == capacity {
            let larger = Self.room(for: 2 * capacity)
            larger.moveInitialize(from: elements, count: count)
            UnsafeMutableRawPointer(elements).deallocate()
            elements = larger
            capacity *= 2
        }
        (elements + count).initialize(to: element)
        count += 1
    }

    /// Has one brought near that will be asked for soon. `mutating`, so that the table itself is not copied for it.
    mutating func prefetch(_ number: Int) { prefetch_memory(elements + number, MemoryLayout<Element>.size) }

    /// Elements begin with a cache line, so that as few as can be hold one of them.
    private static func room(for count: Int) -> UnsafeMutablePointer<Element> {
        UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Element>.stride, alignment: 64)
            .bindMemory(to: Element.self, capacity: count)
    }
}
