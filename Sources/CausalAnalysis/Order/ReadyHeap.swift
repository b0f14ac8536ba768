/// The lanes whose heads may go out, the one of smallest time, then smallest actor name, on top. A binary heap of lane
/// numbers that knows where each lane stands, so that a lane can be taken out again.
struct ReadyHeap {
    private var heap: [Int] = []

    var top: Int? { heap.first }

    mutating func insert(_ lane: Int, _ lanes: inout [Lane]) {
        heap.append(lane)
        lanes[lane].heapIndex = heap.count - 1
        rise(heap.count - 1, &lanes)
    }

    mutating func remove(_ lane: Int, _ lanes: inout [Lane]) {
        let at = lanes[lane].heapIndex
        guard at >= 0 else { return }
        lanes[lane].heapIndex = -1
        let moved = heap.removeLast()
        if moved == lane { return }
        heap[at] = moved
        lanes[moved].heapIndex = at
        rise(at, &lanes)
        sink(lanes[moved].heapIndex, &lanes)
    }

    private mutating func rise(_ start: Int, _ lanes: inout [Lane]) {
        var at = start
        while at > 0 {
            let parent = (at - 1) / 2
            if !precedes(heap[at], heap[parent], lanes) { return }
            swap(at, parent, &lanes)
            at = parent
        }
    }

    private mutating func sink(_ start: Int, _ lanes: inout [Lane]) {
        var at = start
        while true {
            var least = at
            for child in (2 * at + 1)...(2 * at + 2)
            where child < heap.count && precedes(heap[child], heap[least], lanes) {
                least = child
            }
            if least == at { return }
            swap(at, least, &lanes)
            at = least
        }
    }

    private mutating func swap(_ a: Int, _ b: Int, _ lanes: inout [Lane]) {
        heap.swapAt(a, b)
        lanes[heap[a]].heapIndex = a
        lanes[heap[b]].heapIndex = b
    }

    private func precedes(_ a: Int, _ b: Int, _ lanes: [Lane]) -> Bool {
        let x = lanes[a].head?.time ?? .max
        let y = lanes[b].head?.time ?? .max
        return x != y ? x < y : lanes[a].name < lanes[b].name
    }
}
