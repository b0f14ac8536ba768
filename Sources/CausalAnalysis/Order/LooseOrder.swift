import EventModel

/// Which records of a loose range may be next.
///
/// In an ambiguous range a record follows another where line and time agree, so those that none of the rest precedes are the ones earlier
/// than every line left ahead of them: a falling staircase. A tree of earliest times finds the next steps once one is taken.
struct LooseOrder: Sendable {
    let range: ActorSequence.LooseRange
    /// The records in the order in which they were taken.
    private(set) var taken: [Int32] = []
    /// The first record that has not been taken.
    private(set) var firstLeft: Int
    /// Records that wait for one of their own actor that bears a smaller counter.
    var held: [Int] = []
    private var isLeft: [Bool]
    private var isOffered: [Bool]
    /// A binary tree in an array; leaves begin at `leaves`.
    private var earliest: [Int64]
    private let leaves: Int
    private var clocked: [Int] = []
    private var nextClocked = 0

    /// - Parameter offer: takes the records that may be next.
    init(_ range: ActorSequence.LooseRange, _ records: [SettledRecord], offer: (Int) -> Void) {
        self.range = range
        let count = range.records.count
        firstLeft = range.records.lowerBound
        isLeft = Array(repeating: true, count: count)
        isOffered = Array(repeating: false, count: count)
        var leaves = 1
        while leaves < count { leaves *= 2 }
        self.leaves = leaves
        earliest = Array(repeating: .max, count: 2 * leaves)
        for at in 0..<count { earliest[leaves + at] = min(.max - 1, records[range.records.lowerBound + at].time) }
        for at in (1..<leaves).reversed() { earliest[at] = min(earliest[2 * at], earliest[2 * at + 1]) }
        clocked = range.records.filter { records[$0].hasClock }
        if range.cycle != nil {
            for record in range.records { offer(record) }
        } else {
            self.offer(from: 0, below: nil, offer)
        }
    }

    var isEmpty: Bool { taken.count == isLeft.count }

    /// Whether a record must wait for another of its actor that bears a smaller counter.
    func mustWait(_ record: Int, _ records: [SettledRecord]) -> Bool {
        range.cycle == nil && records[record].hasClock && nextClocked < clocked.count && clocked[nextClocked] < record
    }

    /// Takes a record, and offers those that may follow.
    mutating func take(_ record: Int, offer: (Int) -> Void) {
        let at = record - range.records.lowerBound
        isLeft[at] = false
        taken.append(Int32(record))
        while firstLeft < range.records.upperBound, !isLeft[firstLeft - range.records.lowerBound] { firstLeft += 1 }
        while nextClocked < clocked.count, !isLeft[clocked[nextClocked] - range.records.lowerBound] { nextClocked += 1 }
        var node = leaves + at
        earliest[node] = .max
        while node > 1 {
            node /= 2
            earliest[node] = min(earliest[2 * node], earliest[2 * node + 1])
        }
        if range.cycle != nil { return }
        self.offer(from: at + 1, below: earliest(before: at), offer)
        let waiting = held
        held = []
        for other in waiting { offer(other) }
    }

    private mutating func offer(from start: Int, below bound: Int64?, _ offer: (Int) -> Void) {
        var start = start
        var bound = bound
        while let at = leftmost(from: start, below: bound), !isOffered[at] {
            isOffered[at] = true
            offer(range.records.lowerBound + at)
            bound = earliest[leaves + at]
            start = at + 1
        }
    }

    /// The earliest time of the records left ahead of one; nil where none is left.
    private func earliest(before at: Int) -> Int64? {
        var least = Int64.max
        var low = leaves
        var high = leaves + at
        var isAny = false
        while low < high {
            if low & 1 == 1 {
                least = min(least, earliest[low])
                low += 1
            }
            if high & 1 == 1 {
                high -= 1
                least = min(least, earliest[high])
            }
            low /= 2
            high /= 2
        }
        isAny = least != .max
        return isAny ? least : nil
    }

    /// The first record left from a place on whose time is below a bound.
    private func leftmost(from start: Int, below bound: Int64?) -> Int? {
        guard start < isLeft.count else { return nil }
        let bound = bound ?? .max
        var node = leaves + start
        while true {
            if earliest[node] < bound {
                while node < leaves { node = earliest[2 * node] < bound ? 2 * node : 2 * node + 1 }
                return node - leaves
            }
            while node & 1 == 1 {
                node /= 2
                if node <= 1 { return nil }
            }
            if node == 0 { return nil }
            node += 1
            if node & (node - 1) == 0 { return nil }
        }
    }
}
