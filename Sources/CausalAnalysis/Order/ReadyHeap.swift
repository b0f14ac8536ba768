import EventModel

/// The lanes whose heads may go out, the one of smallest time, then smallest actor name, on top. A binary heap that knows where
/// each lane stands, so that a lane can be taken out again.
struct ReadyHeap: ~Copyable {
    struct Entry {
        /// The head's time.
        var time: Int64
        var lane: Int
    }

    private var heap = Column<Entry>()
    /// By lane; −1 outside.
    private var places = Column<Int32>()

    /// The lane on top and its head's time.
    var top: (lane: Int, time: Int64)? { heap.first.map { ($0.lane, $0.time) } }

    func holds(_ lane: Int) -> Bool { lane < places.count && places[lane] >= 0 }

    /// Takes a lane in; its head stays what it is until it is removed.
    mutating func insert(_ lane: Int, time: Int64, _ lanes: borrowing Table<Lane>) {
        places.grow(toHold: lane, with: -1)
        let entry = Entry(time: time, lane: lane)
        heap.append(entry)
        rise(entry, from: heap.count - 1, lanes)
    }

    mutating func remove(_ lane: Int, _ lanes: borrowing Table<Lane>) {
        guard holds(lane) else { return }
        let at = Int(places[lane])
        places[lane] = -1
        let moved = heap.removeLast()
        if moved.lane == lane { return }
        if at > 0, precedes(moved, heap[(at - 1) / 2], lanes) {
            rise(moved, from: at, lanes)
        } else {
            sink(moved, from: at, lanes)
        }
    }

    /// Puts an entry where it belongs, from a free place upwards.
    private mutating func rise(_ entry: Entry, from start: Int, _ lanes: borrowing Table<Lane>) {
        var at = start
        while at > 0 {
            let parent = (at - 1) / 2
            if !precedes(entry, heap[parent], lanes) { break }
            place(heap[parent], at)
            at = parent
        }
        place(entry, at)
    }

    /// Puts an entry where it belongs, from a free place downwards.
    private mutating func sink(_ entry: Entry, from start: Int, _ lanes: borrowing Table<Lane>) {
        var at = start
        while 2 * at + 1 < heap.count {
            var child = 2 * at + 1
            if child + 1 < heap.count, precedes(heap[child + 1], heap[child], lanes) { child += 1 }
            if !precedes(heap[child], entry, lanes) { break }
            place(heap[child], at)
            at = child
        }
        place(entry, at)
    }

    private mutating func place(_ entry: Entry, _ at: Int) {
        heap[at] = entry
        places[entry.lane] = Int32(truncatingIfNeeded: at)
    }

    @inline(__always)
    private func precedes(_ a: Entry, _ b: Entry, _ lanes: borrowing Table<Lane>) -> Bool {
        a.time != b.time ? a.time < b.time : lanes[a.lane].name < lanes[b.lane].name
    }
}
