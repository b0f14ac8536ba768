/// What is to happen, in the order of time and, at one time, in the order in which it was put in. A binary heap.
struct EventQueue: Sendable {
    private var heap: [Message] = []
    private var sequence: Int64 = 0

    /// Adds a message. O(log n).
    mutating func push(_ message: Message) {
        var message = message
        message.sequence = sequence
        sequence += 1
        var hole = heap.count
        heap.append(message)
        while hole > 0 {
            let parent = (hole - 1) / 2
            if !EventQueue.isBefore(message, heap[parent]) { break }
            heap[hole] = heap[parent]
            hole = parent
        }
        heap[hole] = message
    }

    /// Takes the earliest message; nil when nothing is left or nothing is due up to `end`. O(log n).
    mutating func pop(until end: Int64) -> Message? {
        guard let first = heap.first, first.time <= end, let last = heap.popLast() else { return nil }
        let count = heap.count
        if count == 0 { return first }
        var hole = 0
        while true {
            var child = 2 * hole + 1
            if child >= count { break }
            if child + 1 < count, EventQueue.isBefore(heap[child + 1], heap[child]) { child += 1 }
            if !EventQueue.isBefore(heap[child], last) { break }
            heap[hole] = heap[child]
            hole = child
        }
        heap[hole] = last
        return first
    }

    private static func isBefore(_ x: Message, _ y: Message) -> Bool {
        x.time != y.time ? x.time < y.time : x.sequence < y.sequence
    }
}
