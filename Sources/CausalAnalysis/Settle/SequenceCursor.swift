import EventModel

/// Reads a sequence record by record. A frame is unpacked when one of its records is looked at.
struct SequenceCursor: ~Copyable, Sendable {
    /// The record at hand: its number in the sequence, and its frame once that is loaded.
    private(set) var index = 0
    private(set) var frame: Frame?
    private(set) var row = 0
    private(set) var number: Int32 = -1
    private(set) var isAtEnd = false
    /// Whether the record at hand stands just behind the one before, in the same frame.
    private(set) var followsOn = false
    private let depth: FrameReader.Depth
    private let hasText: Bool
    private var stream = 0
    private var recent: [(number: Int32, frame: Frame)] = []

    /// So many frames of a sequence whose records are listed stay unpacked.
    private static let kept = 8

    init(
        _ sequence: borrowing ActorSequence, _ facts: borrowing Facts, _ depth: FrameReader.Depth, hasText: Bool = false
    ) {
        self.depth = depth
        self.hasText = hasText
        if sequence.isListed {
            enter(sequence.shown(0).spot)
        } else if let first = sequence.streams.first {
            number = facts.streams[Int(first)].firstFrame
            isAtEnd = number < 0
        } else {
            isAtEnd = true
        }
    }

    /// The record at hand.
    var spot: RecordSpot { RecordSpot(frame: number, row: Int32(row)) }

    /// The time by which the record at hand is ordered.
    @inline(__always)
    func time(_ sequence: borrowing ActorSequence, _ facts: borrowing Facts) -> Int64 {
        if sequence.isListed { return sequence.records[index].time }
        if let frame { return frame.events.time[row] }
        return facts.firstTime(number)
    }

    /// The own counter of the record at hand, in a sequence that is in order as it stands.
    @inline(__always)
    func counter(_ facts: borrowing Facts) -> Int64 {
        if let frame { return frame.events.counter[row] }
        return facts.firstCounter(number)
    }

    /// Goes to a record, where the sequence lists its records.
    @inline(__always)
    mutating func go(to record: Int, _ sequence: borrowing ActorSequence) {
        if !sequence.isListed || record == index { return }
        index = record
        enter(sequence.records[record].spot)
    }

    /// Unpacks the frame of the record at hand.
    @inline(__always)
    mutating func load(_ facts: inout Facts) throws(SpillFailure) {
        if frame == nil { try unpack(&facts) }
    }

    @inline(never)
    private mutating func unpack(_ facts: inout Facts) throws(SpillFailure) {
        frame = try facts.frame(number, depth, hasText: hasText)
    }

    /// Goes on to the next record.
    @inline(__always)
    mutating func advance(_ sequence: borrowing ActorSequence, _ facts: borrowing Facts) {
        index &+= 1
        if sequence.isListed {
            if index < sequence.records.count { enter(sequence.shown(index).spot) } else { end() }
            return
        }
        row &+= 1
        followsOn = true
        if row < facts.rows(number) { return }
        row = 0
        followsOn = false
        frame = nil
        number = facts.next(number)
        while number < 0 {
            stream += 1
            if stream == sequence.streams.count { return end() }
            number = facts.streams[Int(sequence.streams[stream])].firstFrame
        }
    }

    private mutating func end() {
        isAtEnd = true
        frame = nil
        recent = []
    }

    /// Goes to a record of a listed sequence.
    mutating func enter(_ spot: RecordSpot) {
        followsOn = spot.frame == number && Int(spot.row) == row + 1 && frame != nil
        row = Int(spot.row)
        if spot.frame == number { return }
        if let frame {
            recent.removeAll { $0.number == number }
            if recent.count == Self.kept { recent.removeFirst() }
            recent.append((number, frame))
        }
        number = spot.frame
        frame = recent.first { $0.number == spot.frame }?.frame
    }
}
