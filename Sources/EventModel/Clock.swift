/// An actor in one of its lives: a restart begins a new process. Dense numbers from 0, given in causal order.
public struct ProcessID: Hashable, Comparable, BitwiseCopyable, Sendable {
    /// The number, from 0.
    public var index: UInt32

    /// Makes a process's number.
    @inlinable public init(index: UInt32) {
        self.index = index
    }

    /// By number.
    @inlinable public static func < (a: ProcessID, b: ProcessID) -> Bool { a.index < b.index }
}

/// An event's place in its process: the own counter of its clock and, where the clock was inferred, its position after that count.
///
/// Events that carry clocks have position 0. Between own counters 10 and 11 an event without a clock stands at 10 and its position.
public struct Stamp: Hashable, Comparable, BitwiseCopyable, Sendable {
    /// The own counter of the clock.
    public var counter: Int64
    /// The place after that count; 0 for an event that carries its clock.
    public var position: Int64

    /// Makes a stamp.
    @inlinable public init(counter: Int64, position: Int64 = 0) {
        self.counter = counter
        self.position = position
    }

    /// Before the first event of a process.
    @inlinable public static var zero: Stamp { Stamp(counter: 0) }

    /// By counter, then position.
    @inlinable public static func < (a: Stamp, b: Stamp) -> Bool {
        a.counter != b.counter ? a.counter < b.counter : a.position < b.position
    }
}

/// A snapshot of an event's vector clock: for each process known to it, the latest event of that process that happened before
/// (or is) this one. Sorted by process.
public struct VectorClock: Hashable, Sendable {
    /// One process's entry.
    public struct Entry: Hashable, BitwiseCopyable, Sendable {
        /// The process known of.
        public var process: ProcessID
        /// How far it is known.
        public var stamp: Stamp

        /// Makes an entry.
        public init(process: ProcessID, stamp: Stamp) {
            self.process = process
            self.stamp = stamp
        }
    }

    /// The entries, sorted by process.
    public var entries: [Entry]

    /// Makes a clock of entries sorted by process.
    public init(entries: [Entry] = []) {
        self.entries = entries
    }

    /// The entry for a process; `Stamp.zero` where the clock does not know it. O(log n).
    public subscript(process: ProcessID) -> Stamp {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].process < process { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].process == process ? entries[low].stamp : .zero
    }

    /// The entries of which `other` knows less, or nothing. O(entries of both).
    package func entries(beyond other: VectorClock) -> [Entry] {
        var at = 0
        return entries.filter { entry in
            while at < other.entries.count, other.entries[at].process < entry.process { at += 1 }
            let isThere = at < other.entries.count && other.entries[at].process == entry.process
            return !isThere || other.entries[at].stamp < entry.stamp
        }
    }

    /// Whether the event at `stamp` of `process` happened before, or is, the event that has this clock.
    public func covers(_ process: ProcessID, _ stamp: Stamp) -> Bool { self[process] >= stamp }
}
