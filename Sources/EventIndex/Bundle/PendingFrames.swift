import CausalAnalysis
import EventModel
import LogReading

/// A frame some of whose events have not been given out yet.
struct PendingFrame {
    /// Its number among all frames.
    let number: Int
    let firstLine: UInt64
    private(set) var order: OrderBlock
    private var left: Int

    /// - Parameter events: how many events of it are to come.
    init(number: Int, firstLine: UInt64, lines: Int, events: Int) {
        self.number = number
        self.firstLine = firstLine
        order = OrderBlock(lines: lines)
        left = events
    }

    /// Whether every event has been given out.
    var isWhole: Bool { left == 0 }

    /// Takes the place of one of its events.
    mutating func place(_ line: UInt64, _ delivery: Delivery, counter: Int64) {
        order.place(Int(line - firstLine), delivery, counter: counter)
        left -= 1
    }
}

/// Those of one source, by line.
struct PendingFrames {
    private var frames: [PendingFrame] = []

    mutating func append(_ frame: PendingFrame) { frames.append(frame) }

    /// Takes the place of an event; false where no frame holds its line. Logarithmic.
    /// - Returns: the frame, if this was the last of its events; it is no longer among these.
    mutating func place(
        _ line: UInt64, _ delivery: Delivery, counter: Int64
    ) throws(IndexFault) -> PendingFrame? {
        var low = 0
        var high = frames.count
        while low < high {
            let middle = (low + high) / 2
            if frames[middle].firstLine <= line { low = middle + 1 } else { high = middle }
        }
        let at = low - 1
        guard at >= 0, line - frames[at].firstLine < UInt64(frames[at].order.lines) else {
            throw .damaged("an event was given out that was not read")
        }
        frames[at].place(line, delivery, counter: counter)
        return frames[at].isWhole ? frames.remove(at: at) : nil
    }

    /// What is left at the end: frames with duplicates, which are never given out.
    mutating func takeAll() -> [PendingFrame] {
        defer { frames = [] }
        return frames
    }
}
