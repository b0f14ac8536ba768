/// The lanes whose heads may go out, the one of smallest time, then smallest actor name, on top. A binary heap that knows where
/// each lane stands, so that a lane can be taken out again.
struct ReadyHeap {
    private struct Entry {
        /// The head's time.
        var time: Int64
        var lane: Int
    }

    private var heap: [Entry] = []

    /// The lane on top and its head's time.
    var top: (lane: Int, time: Int64)? { heap.first.map { ($0.lane, $0.time) } }

    /// Takes a lane in; its head stays what it is until it is removed.
    mutating func insert(_ lane: Int, time: Int64, _ lanes: inout [Lane]) {
        heap.append(Entry(time: time, lane: lane))
        rise(heap.count - 1, &lanes)
    }

    mutating func remove(_ lane: Int, _ lanes: inout [Lane]) {
        let at = lanes[lane].heapIndex
        guard at >= 0 else { return }
        lanes[lane].heapIndex = -1
        let moved = heap.removeLast()
        if moved.lane == lane { return }
        heap[at] = moved
        rise(at, &lanes)
        sink(lanes[moved.lane].heapIndex, &lanes)
    }

    /// Puts the entry at `start` where it belongs above.
    private mutating func rise(_ start: Int, _ lanes: inout [Lane]) {
        let entry = heap[start]
        var at = start
        while at > 0 {
            let parent = (at - 1) / 2
            if !precedes(entry, heap[parent], lanes) { break }
            place(heap[parent], at, &lanes)
            at = parent
        }
        place(entry, at, &lanes)
    }

    /// Puts the entry at `start` where it belongs below.
    private mutating func sink(_ start: Int, _ lanes: inout [Lane]) {
        let entry = heap[start]
        var at = start
        while 2 * at + 1 < heap.count {
            var child = 2 * at + 1
            if child + 1 < heap.count, precedes(heap[child + 1], heap[child], lanes) { child += 1 }
            if !precedes(heap[child], entry, lanes) { break }
            place(heap[child], at, &lanes)
            at = child
        }
        place(entry, at, &lanes)
    }

    private mutating func place(_ entry: Entry, _ at: Int, _ lanes: inout [Lane]) {
        heap[at] = entry
        lanes[entry.lane].heapIndex = at
    }

    private func precedes(_ a: Entry, _ b: Entry, _ lanes: [Lane]) -> Bool {
        a.time != b.time ? a.time < b.time : lanes[a.lane].name < lanes[b.lane].name
    }
}
