import EventModel

/// When an actor wrote, by its own clock, and whether it stopped before the bundle's end.
package struct LogSpan: Sendable {
    /// The first and the last time; both absent where no record has one.
    package private(set) var first = Timestamp.absent
    package private(set) var last = Timestamp.absent
    /// The longest span without a record, in nanoseconds.
    package private(set) var longestPause: Int64 = 0
    package private(set) var events: UInt64 = 0
    private var newest = Timestamp.absent

    /// So many records tell what is usual for an actor.
    private static let enough: UInt64 = 10
    /// A silence is longer than so many of the longest pauses before, and than so many of the mean ones.
    private static let pauses: Int64 = 3
    private static let intervals: Int64 = 20

    mutating func add(_ time: Timestamp) {
        events += 1
        if time.isAbsent { return }
        if !newest.isAbsent { longestPause = max(longestPause, time.since(newest)) }
        newest = time
        if first.isAbsent || time < first { first = time }
        if time > last { last = time }
    }

    /// For how long the actor has been silent at `end`, if that is long for it; nil otherwise.
    package func silence(until end: Timestamp) -> Int64? {
        let silence = end.since(last)
        guard !last.isAbsent, events >= Self.enough, silence > Nanoseconds.minute else { return nil }
        let mean = last.since(first) / Int64(clamping: events - 1)
        let usual = max(times(longestPause, Self.pauses), times(mean, Self.intervals))
        return silence > usual ? silence : nil
    }

    private func times(_ span: Int64, _ factor: Int64) -> Int64 {
        let (product, overflow) = span.multipliedReportingOverflow(by: factor)
        return overflow ? .max : product
    }
}
