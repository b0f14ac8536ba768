import EventModel
import LogReading

/// Which frames a query reads, and which of their lines.
struct QueryPlan {
    private let frames: [FrameEntry]
    private var isWanted: [Bool]
    /// The rarest names that are asked for, and how many events have one of them.
    private var names: (texts: [[UInt8]], events: UInt64)?
    private var extra: [Int: [UInt32]] = [:]
    private var ordinals: ClosedRange<UInt64> = 0...(.max)

    /// With more names than this, looking for them costs more than decoding every line.
    private static let mostNames = 8

    /// How many lines all frames hold.
    private let lines: Int

    /// All frames.
    init(_ frames: [FrameEntry]) {
        self.frames = frames
        lines = frames.reduce(0) { $0 + $1.lines }
        isWanted = Array(repeating: true, count: frames.count)
    }

    /// Leaves the frames that hold one of the names. A name's frames that are not there are damage.
    mutating func narrow(to entries: [NameEntry]) throws(IndexFault) {
        var holds = [Bool](repeating: false, count: frames.count)
        for entry in entries {
            for frame in entry.frames {
                guard Int(frame) < frames.count else { throw .damaged("a frame that is not there") }
                holds[Int(frame)] = true
            }
        }
        for frame in isWanted.indices where !holds[frame] { isWanted[frame] = false }
        // Names that stand in many lines are not worth looking for. Beyond ASCII a name may be written in several ways that count as one.
        let isPlain = entries.allSatisfy { $0.name.utf8.allSatisfy { $0 < 0x80 } }
        let events = entries.reduce(0) { $0 + $1.events }
        if isPlain, entries.count <= QueryPlan.mostNames, events < names?.events ?? UInt64(lines / 4) {
            names = (entries.map { Array($0.name.utf8) }, events)
        }
    }

    /// Leaves the frames with events of these places in the causal order, and of them no others.
    mutating func narrow(toOrdinals range: ClosedRange<UInt64>) {
        for frame in isWanted.indices where isWanted[frame] {
            isWanted[frame] = frames[frame].ordinals?.overlaps(range) ?? false
        }
        ordinals = range
    }

    /// Whether an event of this place is among those asked for.
    func takes(_ ordinal: UInt64) -> Bool { ordinals.contains(ordinal) }

    /// Leaves the frames with events of these times.
    mutating func narrow(to window: TimeWindow) {
        for frame in isWanted.indices where isWanted[frame] {
            let isBefore = window.since.map { frames[frame].latest < $0.nanoseconds } ?? false
            let isAfter = window.until.map { frames[frame].earliest > $0.nanoseconds } ?? false
            if isBefore || isAfter { isWanted[frame] = false }
        }
    }

    /// Leaves the frames with events of these plans.
    mutating func narrow(toPlans range: ClosedRange<Int64>) {
        for frame in isWanted.indices where isWanted[frame] {
            isWanted[frame] = frames[frame].plans?.overlaps(range) ?? false
        }
    }

    /// Leaves no frame.
    mutating func narrowToNothing() { isWanted = Array(repeating: false, count: frames.count) }

    /// Adds single records: source and line. Logarithmic for each.
    mutating func add(_ records: [(source: UInt32, line: UInt64)]) {
        if records.isEmpty { return }
        var ofSource: [Int: [Int]] = [:]
        for (number, frame) in frames.enumerated() { ofSource[frame.source, default: []].append(number) }
        for record in records {
            guard let numbers = ofSource[Int(record.source)] else { continue }
            var low = 0
            var high = numbers.count
            while low < high {
                let middle = (low + high) / 2
                if frames[numbers[middle]].firstLine <= record.line { low = middle + 1 } else { high = middle }
            }
            if low == 0 { continue }
            let number = numbers[low - 1]
            let line = record.line - frames[number].firstLine
            if line < UInt64(frames[number].lines) { extra[number, default: []].append(UInt32(line)) }
        }
        for number in extra.keys { extra[number]?.sort() }
    }

    /// The lines of a frame that were added one by one, ascending.
    func lines(_ frame: Int) -> [UInt32] { extra[frame] ?? [] }

    /// A frame to read.
    struct Step {
        var frame: Int
        var firstOrdinal: UInt64
        var selection: FrameReader.Selection
    }

    /// The frames to read, by the first of their events in the causal order.
    var steps: [Step] {
        var steps: [Step] = []
        for frame in frames.indices where isWanted[frame] || extra[frame] != nil {
            guard let first = frames[frame].ordinals?.lowerBound else { continue }
            let selection: FrameReader.Selection =
                if !isWanted[frame] {
                    .lines(holding: [], besides: unique(frame))
                } else if let names {
                    .lines(holding: names.texts, besides: unique(frame))
                } else {
                    .all
                }
            steps.append(Step(frame: frame, firstOrdinal: first, selection: selection))
        }
        return steps.sorted { ($0.firstOrdinal, $0.frame) < ($1.firstOrdinal, $1.frame) }
    }

    private func unique(_ frame: Int) -> [UInt32] {
        var lines: [UInt32] = []
        for line in self.lines(frame) where line != lines.last { lines.append(line) }
        return lines
    }
}
