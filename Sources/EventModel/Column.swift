/// A column of a batch: plain values side by side, which belong to that batch alone.
///
/// Not an array: events are read one by one, each from a dozen columns, and an array would cost a look at its header and a check of
/// its reference count for each. Here is the one unsafe place of this module; every access is checked against `count`.
public struct Column<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
    // Unchecked: the memory has one owner, since a column cannot be copied.
    @usableFromInline var elements: UnsafeMutablePointer<Element>
    @usableFromInline var capacity: Int
    @usableFromInline var filled = 0

    /// An empty column with room for so many values.
    public init(capacity: Int = 0) {
        self.capacity = capacity
        elements = .allocate(capacity: capacity)
    }

    deinit { elements.deallocate() }

    /// A value, by row.
    @inlinable public subscript(row: Int) -> Element {
        @inline(__always) get {
            precondition(row >= 0 && row < filled, "no such row")
            return elements[row]
        }
        @inline(__always) set {
            precondition(row >= 0 && row < filled, "no such row")
            elements[row] = newValue
        }
    }

    /// The number of values.
    @inlinable public var count: Int { filled }

    /// The rows.
    @inlinable public var indices: Range<Int> { 0..<filled }

    /// The first value; nil of an empty column.
    @inlinable public var first: Element? { filled > 0 ? elements[0] : nil }

    /// Adds a value. Amortized O(1).
    @inlinable @inline(__always) public mutating func append(_ element: Element) {
        if filled == capacity { grow(toHold: filled + 1) }
        elements[filled] = element
        filled += 1
    }

    /// Removes the values from a row on.
    package mutating func truncate(to rows: Int) {
        precondition(rows >= 0 && rows <= filled, "no such row")
        filled = rows
    }

    /// Keeps the values of some rows, which must ascend.
    package mutating func keep(_ rows: [Int]) {
        for (at, row) in rows.enumerated() { self[at] = self[row] }
        truncate(to: rows.count)
    }

    /// Makes room for so many values in all.
    package mutating func reserve(_ rows: Int) {
        if rows > capacity { move(to: rows) }
    }

    @usableFromInline mutating func grow(toHold rows: Int) { move(to: max(rows, 2 * capacity, 16)) }

    private mutating func move(to room: Int) {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: room)
        larger.update(from: elements, count: filled)
        elements.deallocate()
        elements = larger
        capacity = room
    }
}
