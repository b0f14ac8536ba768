import EventModel

/// A line of an actor while its order is settled.
struct Line: Sendable {
    let spot: RecordSpot
    /// Its time, or of a record without one that of its predecessor.
    var time: Int64
    /// −1 without a usable clock.
    let counter: Int64
    let digest: UInt32
    let hasID: Bool
    let hasTime: Bool
    /// Its number in its file.
    let number: UInt64

    var hasClock: Bool { counter >= 0 }

    /// Whether another has the same bytes, as far as a digest tells.
    func repeats(_ other: Line) -> Bool {
        digest == other.digest && time == other.time && counter == other.counter && hasTime == other.hasTime
    }

    /// What equal lines have in common.
    var key: UInt64 { UInt64(digest) << 32 ^ UInt64(bitPattern: time) ^ UInt64(bitPattern: counter) << 17 }
}

extension Facts {
    /// The lines of a stream, as they stand.
    mutating func lines(of stream: Int) throws(SpillFailure) -> [Line] {
        var lines: [Line] = []
        lines.reserveCapacity(Int(streams[stream].lines))
        var number = streams[stream].firstFrame
        while number >= 0 {
            let frame = try frame(number, .all)
            for row in 0..<frame.events.count {
                lines.append(
                    Line(
                        spot: RecordSpot(frame: number, row: Int32(row)), time: frame.events.time[row],
                        counter: frame.events.counter[row],
                        digest: UInt32(truncatingIfNeeded: frame.events.digest[row]),
                        hasID: frame.events.has(.id, at: row),
                        hasTime: frame.events.time[row] != Timestamp.absent.nanoseconds,
                        number: frame.events.line(at: row)))
            }
            number = next(number)
        }
        return lines
    }
}

extension [Line] {
    /// Gives lines without a time that of the one ahead; the first ones that of the next.
    mutating func fillTimes() {
        guard let first = first(where: \.hasTime) else { return }
        var last = first.time
        for at in indices {
            if self[at].hasTime { last = self[at].time } else { self[at].time = last }
        }
    }
}
