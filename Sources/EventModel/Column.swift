import CPrefetch
import Glibc

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
        elements = Column.room(for: capacity, in: nil)
    }

    deinit { free(elements) }

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

    /// Has the memory around a row, which there need not be, brought near.
    @inlinable @inline(__always) package func prefetch(_ row: Int) {
        prefetch_memory(elements + row, MemoryLayout<Element>.size)
    }

    /// Has some rows brought near, of very many only the first.
    @inlinable @inline(__always) package func prefetch(_ rows: Range<Int>) {
        prefetch_memory(elements + rows.lowerBound, min(2048, rows.count * MemoryLayout<Element>.stride))
    }

    /// The rows.
    @inlinable public var indices: Range<Int> { 0..<filled }

    /// The first value; nil of an empty column.
    @inlinable public var first: Element? { filled > 0 ? elements[0] : nil }

    /// Calls `body` with the memory of some rows.
    package func withBytes<Result, Failure: Error>(
        of rows: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= filled, "no such rows")
        return try body(
            UnsafeRawBufferPointer(UnsafeBufferPointer(start: elements + rows.lowerBound, count: rows.count)))
    }

    /// Makes the column hold `rows` values, which `body` writes.
    package mutating func fill<Failure: Error>(
        _ rows: Int, _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        reserve(rows)
        filled = 0
        try body(UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(start: elements, count: rows)))
        filled = rows
    }

    /// Adds `rows` values, all of which `body` writes.
    @inlinable @inline(__always)
    package mutating func append(_ rows: Int, _ body: (UnsafeMutablePointer<Element>) -> Void) {
        if filled + rows > capacity { grow(toHold: filled + rows) }
        body(elements + filled)
        filled += rows
    }

    /// Calls `body` with the memory of the values, which are `count`.
    @inlinable @inline(__always)
    package func withPointer<Result>(_ body: (UnsafePointer<Element>) -> Result) -> Result { body(elements) }

    /// The same to change them.
    @inlinable @inline(__always)
    package mutating func withMutablePointer<Result>(_ body: (UnsafeMutablePointer<Element>) -> Result) -> Result {
        body(elements)
    }

    /// Adds the values of some rows of another column.
    package mutating func append(_ rows: Range<Int>, of other: borrowing Column) {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= other.filled, "no such rows")
        if filled + rows.count > capacity { grow(toHold: filled + rows.count) }
        (elements + filled).update(from: other.elements + rows.lowerBound, count: rows.count)
        filled += rows.count
    }

    /// Adds a value. Amortized O(1).
    @inlinable @inline(__always) public mutating func append(_ element: Element) {
        if filled == capacity { grow(toHold: filled + 1) }
        elements[filled] = element
        filled += 1
    }

    /// The last value; nil of an empty column.
    @inlinable public var last: Element? { filled > 0 ? elements[filled - 1] : nil }

    /// Puts a value ahead of that at a row. O(rows behind it).
    @inlinable public mutating func insert(_ element: Element, at row: Int) {
        append(element)
        var at = filled - 1
        while at > row {
            self[at] = self[at - 1]
            at -= 1
        }
        self[row] = element
    }

    /// Removes the last value, which there must be.
    @inlinable @discardableResult public mutating func removeLast() -> Element {
        let last = self[filled - 1]
        filled -= 1
        return last
    }

    /// Removes the values of some rows. O(rows behind them).
    @inlinable public mutating func remove(_ rows: Range<Int>) {
        for row in rows.upperBound..<filled { self[row - rows.count] = self[row] }
        truncate(to: filled - rows.count)
    }

    /// Removes the values for which a condition holds. O(rows).
    @inlinable public mutating func removeAll(where holds: (Element) -> Bool) {
        var kept = 0
        for row in indices where !holds(self[row]) {
            self[kept] = self[row]
            kept += 1
        }
        truncate(to: kept)
    }

    /// Grows a table by number, of symbols, processes or lanes, so that it has a value at `row`.
    @inlinable public mutating func grow(toHold row: Int, with element: Element) {
        while row >= filled { append(element) }
    }

    /// Removes the values from a row on.
    @inlinable public mutating func truncate(to rows: Int) {
        precondition(rows >= 0 && rows <= filled, "no such row")
        filled = rows
    }

    /// Keeps the values of some rows, which must ascend.
    @inlinable public mutating func keep(_ rows: [Int]) {
        for (at, row) in rows.enumerated() { self[at] = self[row] }
        truncate(to: rows.count)
    }

    /// Makes room for so many values in all.
    @inlinable public mutating func reserve(_ rows: Int) {
        if rows > capacity { move(to: rows) }
    }

    @usableFromInline mutating func grow(toHold rows: Int) { move(to: max(rows, 2 * capacity, 16)) }

    @usableFromInline mutating func move(to room: Int) {
        elements = Column.room(for: room, in: elements)
        capacity = room
    }

    /// Memory for so many values, those of `memory` among them, which the system moves without touching it where it is large.
    @usableFromInline static func room(
        for capacity: Int, in memory: UnsafeMutablePointer<Element>?
    ) -> UnsafeMutablePointer<Element> {
        guard let room = realloc(memory, max(1, capacity) * MemoryLayout<Element>.stride) else {
            fatalError("no memory for \(capacity) values")
        }
        return room.bindMemory(to: Element.self, capacity: capacity)
    }
}
