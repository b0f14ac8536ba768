import EventModel

/// One stretch of time in which a series was out of its usual range.
struct UnusualSpan: Sendable {
    /// The first, the worst and the last bucket out of the usual.
    var first: TimeBucket
    var peak: TimeBucket
    var last: TimeBucket
    /// What was bad and what was tried from the first bad record to the last, whatever lies between.
    private(set) var bad = 0.0
    private(set) var tried = 0.0
    /// The highest level in any of its buckets.
    private(set) var level = 0.0
    var usual: UsualRange
    /// Whether it lasted to the end of the log.
    var lasts: Bool
    /// How many buckets are out of the usual by the strong measure or beside such a one.
    var buckets: Int
    /// The width of a bucket.
    var width: Int64
    /// Its buckets among all of the series.
    private var extent: ClosedRange<Int>

    /// The onset: the first record that shows it.
    var at: Timestamp { first.firstBad?.time ?? Timestamp(nanoseconds: 0) }
    /// The last record that shows it; nil while it lasts.
    var until: Timestamp? { lasts ? nil : last.lastBad }

    /// Whether it is more than bursts: out of the usual for two minutes and three buckets, and for half of its time.
    var isSustained: Bool {
        let extent = last.index - first.index + 1
        return buckets >= 3 && Int64(buckets) * width >= 2 * Nanoseconds.minute && 2 * Int64(buckets) >= extent
    }

    /// Shorter pauses than this are part of the span: whoever looks back calls it one.
    static let pause = 15 * Nanoseconds.minute
    /// What is calm for so long before the log's end has ended.
    static let settled = 5 * Nanoseconds.minute

    /// All of a series, in order of time; nil where too little is known to call anything usual. O(n).
    static func find(
        in series: TimeBuckets, rule: WindowRule, end: Timestamp?, baseline: ClosedRange<Timestamp>?
    ) -> [UnusualSpan]? {
        var series = series
        coarsen(&series, rule)
        let buckets = rule.isCount ? filled(series.buckets) : series.buckets
        guard let usual = UsualRange(buckets, of: series, baseline: baseline, rule: rule) else { return nil }
        let isLasting = usual.lastingRuns(buckets)
        var result: [UnusualSpan] = []
        var at = 0
        while at < buckets.count {
            guard isLasting[at] || usual.isOut(buckets[at]) else {
                at += 1
                continue
            }
            var from = at
            var to = at
            while to + 1 < buckets.count, isLasting[to], isLasting[to + 1] { to += 1 }
            // Past a silence as long as a pause nothing is known of what came before, or after.
            let near = 1 + pause / series.width
            while from > 0, buckets[from].index - buckets[from - 1].index <= near, usual.isDoubtful(buckets[from - 1]) {
                from -= 1
            }
            while to + 1 < buckets.count, buckets[to + 1].index - buckets[to].index <= near,
                usual.isDoubtful(buckets[to + 1])
            {
                to += 1
            }
            at = to + 1
            let found = UnusualSpan(buckets, from...to, usual, series.width)
            if let before = result.last, found.at.since(before.last.lastBad) <= pause {
                result[result.count - 1].join(found)
            } else {
                result.append(found)
            }
        }
        if let end, let final = result.last {
            result[result.count - 1].lasts = end.since(final.last.lastBad) < max(settled, 2 * series.width)
        }
        for index in result.indices { result[index].count(buckets) }
        return result
    }

    private init(_ all: [TimeBucket], _ part: ClosedRange<Int>, _ usual: UsualRange, _ width: Int64) {
        let buckets = all[part]
        let marked = part.filter { all[$0].mark != nil }
        // A bucket that holds too little to be sure of has no say in how bad it was, unless only all together are sure.
        let sure = buckets.filter(usual.isOut)
        let judged = sure.isEmpty ? marked.map { all[$0] } : sure
        let peak = judged.reduce(judged.first ?? buckets[part.lowerBound]) {
            usual.multiple($1) > usual.multiple($0) ? $1 : $0
        }
        self.peak = peak
        extent = (marked.first ?? part.lowerBound)...(marked.last ?? part.upperBound)
        first = all[extent.lowerBound]
        last = all[extent.upperBound]
        self.usual = usual
        self.width = width
        self.buckets = buckets.count
        lasts = false
    }

    private mutating func join(_ other: UnusualSpan) {
        if usual.multiple(other.peak) > usual.multiple(peak) { peak = other.peak }
        last = other.last
        extent = extent.lowerBound...other.extent.upperBound
        buckets += other.buckets
    }

    /// Counts all from the first bad record to the last, or to the end where it lasts, pauses included: what a window
    /// says of itself holds for the time that it names.
    private mutating func count(_ all: [TimeBucket]) {
        for bucket in all[extent.lowerBound...(lasts ? all.count - 1 : extent.upperBound)] {
            bad += bucket.bad
            tried += bucket.tried
            level = max(level, bucket.level)
        }
        tried -= first.ahead + (lasts ? 0 : last.behind)
    }

    /// Widens buckets until each holds enough to judge by, while there are many.
    static func coarsen(_ series: inout TimeBuckets, _ rule: WindowRule) {
        while series.buckets.count > 64 {
            let sum = series.buckets.reduce(0) { $0 + (rule.isCount ? $1.bad : $1.tried) }
            if sum >= (rule.isCount ? 10 : 20) * Double(series.buckets.count) { return }
            let before = series.width
            series.widen()
            if series.width == before { return }
        }
    }

    /// With empty buckets where nothing was counted; a hole longer than an hour's worth of the finest counts as that.
    private static func filled(_ buckets: [TimeBucket]) -> [TimeBucket] {
        var result: [TimeBucket] = []
        for bucket in buckets {
            if let last = result.last, bucket.index > last.index + 1 {
                let hole = min(bucket.index - last.index - 1, 360)
                for step in 0..<hole { result.append(TimeBucket(index: bucket.index - hole + step)) }
            }
            result.append(bucket)
        }
        return result
    }
}
