import EventModel

/// What one series did in one span of time.
struct TimeBucket: Sendable {
    /// The span's number: its beginning is `index` widths after 1970.
    var index: Int64
    /// How much could have failed: requests, launches, renewals. 0 in a series of bare counts.
    var tried: Double
    /// How much of it did.
    var bad: Double
    /// The highest level seen beside the counts, such as the share of targets that are unhealthy.
    var level: Double
    /// The record that holds the most bad, the first of equals; nil where none is bad.
    var mark: RecordRef?
    /// The first bad record, and when the last one was written: what a window that begins or ends here is counted from
    /// and to.
    var firstBad: RecordRef?
    var lastBad: Timestamp
    /// How much was tried before the first bad record, and after the last.
    private(set) var ahead = 0.0
    private(set) var behind = 0.0
    /// What is bad in the record behind `mark`.
    private var worst: Double

    init(
        index: Int64, tried: Double = 0, bad: Double = 0, level: Double = 0, mark: RecordRef? = nil,
        until: Timestamp? = nil
    ) {
        self.index = index
        self.tried = tried
        self.bad = bad
        self.level = level
        self.mark = bad > 0 ? mark : nil
        firstBad = self.mark
        worst = bad
        lastBad = self.mark.map { until ?? $0.time } ?? Timestamp(nanoseconds: .min)
    }

    /// Takes in what was told at `time`, or from then on.
    fileprivate mutating func merge(_ other: TimeBucket, from time: Timestamp) {
        mergeMargins(other, from: time)
        level = max(level, other.level)
        if other.mark != nil {
            if other.isWorse(than: self) { mark = other.mark }
            if let first = other.firstBad, firstBad.map({ first.time < $0.time }) ?? true { firstBad = first }
            lastBad = max(lastBad, other.lastBad)
        }
        tried += other.tried
        bad += other.bad
        worst = max(worst, other.worst)
    }

    private mutating func mergeMargins(_ other: TimeBucket, from time: Timestamp) {
        switch (firstBad, other.firstBad) {
        case (nil, nil): break
        case (nil, _?):
            ahead = other.ahead + tried
            behind = other.behind
        case (let first?, nil):
            if time > lastBad { behind += other.tried } else if time < first.time { ahead += other.tried }
        case (let first?, let otherFirst?):
            if otherFirst.time < first.time { ahead = other.ahead }
            if other.lastBad > lastBad { behind = other.behind }
        }
    }

    private func isWorse(than other: TimeBucket) -> Bool {
        guard let mark, let known = other.mark else { return other.mark == nil }
        return worst != other.worst ? worst > other.worst : mark.time < known.time
    }
}

/// A series in buckets of time, in bounded memory whatever its span: 10 s wide at first, twice as wide whenever more
/// than `limit` of them hold anything. Spans without records take no room, so that a stray time costs one bucket, not
/// the resolution.
struct TimeBuckets: Sendable {
    /// The width of a bucket.
    private(set) var width: Int64 = 10 * Nanoseconds.second
    /// What holds anything, by index.
    private(set) var buckets: [TimeBucket] = []

    /// Some 0.3 MB a series at most; a day at 80 s.
    static let limit = 2_048

    /// Adds what one record tells, or several up to `until` of which it is the first. O(1) where times rise, O(limit)
    /// for one that is late.
    mutating func add(
        at time: Timestamp, tried: Double, bad: Double = 0, level: Double = 0, mark: RecordRef? = nil,
        until: Timestamp? = nil
    ) {
        let index = floorDivide(time.nanoseconds, width)
        let new = TimeBucket(index: index, tried: tried, bad: bad, level: level, mark: mark, until: until)
        if let last = buckets.last, last.index >= index {
            insert(new, from: time)
        } else {
            buckets.append(new)
        }
        // At the widest, some sixteen buckets hold all of time.
        while buckets.count > TimeBuckets.limit { widen() }
    }

    /// From when to when, that excluded, times fall into the bucket of `time`; from the end of time on into none.
    func span(around time: Timestamp) -> (from: Int64, to: Int64) {
        let index = floorDivide(time.nanoseconds, width)
        return (start(index).nanoseconds, start(index + 1).nanoseconds)
    }

    /// When a bucket begins.
    func start(_ index: Int64) -> Timestamp {
        let (start, overflow) = index.multipliedReportingOverflow(by: width)
        return Timestamp(nanoseconds: overflow ? (index < 0 ? .min : .max) : start)
    }

    /// Doubles the width.
    mutating func widen() {
        if width > .max / 4 { return }
        width *= 2
        var joined: [TimeBucket] = []
        joined.reserveCapacity(buckets.count)
        for var bucket in buckets {
            bucket.index = floorDivide(bucket.index, 2)
            if joined.last?.index == bucket.index {
                joined[joined.count - 1].merge(bucket, from: Timestamp(nanoseconds: .max))
            } else {
                joined.append(bucket)
            }
        }
        buckets = joined
    }

    private mutating func insert(_ new: TimeBucket, from time: Timestamp) {
        var low = 0
        var high = buckets.count
        if buckets[high - 1].index == new.index {
            buckets[high - 1].merge(new, from: time)
            return
        }
        while low < high {
            let middle = (low + high) / 2
            if buckets[middle].index < new.index { low = middle + 1 } else { high = middle }
        }
        if buckets[low].index == new.index {
            buckets[low].merge(new, from: time)
        } else {
            buckets.insert(new, at: low)
        }
    }
}

/// Division rounding down, so that times before 1970 have buckets of the same width.
func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
    let (quotient, rest) = a.quotientAndRemainder(dividingBy: b)
    return rest < 0 ? quotient - 1 : quotient
}
