import EventModel

/// The records that may be next, the one of smallest time, then smallest actor name, then own order, on top. A binary heap.
struct HeadHeap: ~Copyable {
    /// A record by its sequence, whose number is the rank of its name, and its own number there.
    struct Head: BitwiseCopyable {
        var time: Int64
        var sequence: Int32
        var index: Int32
    }

    private var heap = Column<Head>()

    var top: Head? { heap.first }

    mutating func insert(_ head: Head) {
        heap.append(head)
        var at = heap.count - 1
        while at > 0 {
            let parent = (at - 1) / 2
            if !Self.precedes(head, heap[parent]) { break }
            heap[at] = heap[parent]
            at = parent
        }
        heap[at] = head
    }

    mutating func removeTop() {
        let last = heap.removeLast()
        if heap.count > 0 { sink(last) }
    }

    /// Puts another in the place of the one on top.
    mutating func replaceTop(with head: Head) { sink(head) }

    private mutating func sink(_ head: Head) {
        var at = 0
        let count = heap.count
        while 2 * at + 1 < count {
            var child = 2 * at + 1
            if child + 1 < count, Self.precedes(heap[child + 1], heap[child]) { child += 1 }
            if !Self.precedes(heap[child], head) { break }
            heap[at] = heap[child]
            at = child
        }
        heap[at] = head
    }

    @inline(__always)
    private static func precedes(_ a: Head, _ b: Head) -> Bool {
        if a.time != b.time { return a.time < b.time }
        if a.sequence != b.sequence { return a.sequence < b.sequence }
        return a.index < b.index
    }
}
