import EventModel

/// What a kind of window asks of a bucket before it counts as out of its usual range.
struct WindowRule: Sendable {
    /// Whether bad records are counted by themselves, against time; else as a share of what was tried.
    var isCount = false
    /// The least share of bad ones; not for counts.
    var floor = 0.05
    /// How many times the usual it must be.
    var factor = 3.0
    /// The least number of bad ones in a bucket.
    var least = 5.0
    /// The least logarithm, without its sign, of the probability that a quiet bucket is so bad by chance.
    var sure = WindowRule.strong
    /// How much must be known of the usual: bad ones where they are counted, tried ones otherwise.
    var known = 20.0
    /// The share of bad ones that makes a run of buckets unusual together, where each alone holds too few to say so;
    /// nil where every bucket is judged by itself.
    var lasting: Double?

    /// The usual measure of that: 10⁻⁸.
    static let strong = 18.4
    /// The same for what the quiet part's rate explains: 1/20.
    static let common = 3.0
    /// The same for a bucket beside one that is out of the usual by the strong measure: 10⁻³.
    static let weak = 6.9
}

/// What is usual for one series: how many bad ones a bucket has for each one tried (or for each bucket, in counts), and
/// how much that varies; learned from the series' own quiet part.
///
/// The quiet part is the run of buckets, a twentieth of all and at least 8, with the lowest rate; every other bucket
/// that its rate explains is added before the rate is taken, so that the choice of the lowest does not make it too low.
/// A bucket with expectation μ is out of the usual where P(X ≥ bad), bounded as Chernoff does for Poisson counts (and
/// so for binomial ones) by exp(bad − μ − bad·ln(bad/μ)), is below 10⁻⁸: with 2,048 buckets a series that only varies
/// by chance gives an alarm in one log of 50,000. μ is the upper end (three deviations) of what the quiet part lets
/// expect, and where the quiet part varies more than chance does, the exponent is divided by how much more (its index
/// of dispersion).
struct UsualRange: Sendable {
    /// Bad ones expected for each tried one, or for each bucket: the best estimate.
    let rate: Double
    /// The quiet part.
    let part: ClosedRange<Timestamp>
    private let upper: Double
    private let dispersion: Double
    private let rule: WindowRule

    /// Learns from `buckets` (in counts: without holes between them); nil where they are too few to know anything
    /// usual.
    init?(_ buckets: [TimeBucket], of series: TimeBuckets, baseline: ClosedRange<Timestamp>?, rule: WindowRule) {
        self.rule = rule
        var quiet: Range<Int>?
        if let baseline {
            let first = buckets.firstIndex { series.start($0.index) >= baseline.lowerBound }
            let last = buckets.lastIndex { series.start($0.index + 1) <= baseline.upperBound }
            if let first, let last, first <= last { quiet = first..<last + 1 }
        }
        guard let block = quiet ?? UsualRange.quietest(buckets, rule) else { return nil }
        part = series.start(buckets[block.lowerBound].index)...series.start(buckets[block.upperBound - 1].index + 1)
        var chosen = UsualRange.Sum(buckets[block], rule)
        var dispersion = chosen.dispersion
        if quiet == nil {
            let bound = chosen.upper
            let isInRun = UsualRange.runs(buckets, beyond: bound, dispersion, rule)
            let close = zip(buckets, isInRun).filter { bucket, isInRun in
                !isInRun
                    && UsualRange.surprise(bucket.bad, bound * UsualRange.exposure(bucket, rule)) / dispersion
                        < WindowRule.common
            }.map(\.0)
            chosen = UsualRange.Sum(close[...], rule)
            dispersion = max(dispersion, chosen.dispersion)
        }
        rate = chosen.rate
        upper = chosen.upper
        self.dispersion = dispersion
    }

    /// What a bucket must exceed before chance is asked at all: a share, or a count for each bucket.
    var ceiling: Double { rule.isCount ? rule.factor * rate : max(rule.floor, rule.factor * rate) }

    /// Whether a bucket is out of the usual, beyond doubt.
    func isOut(_ bucket: TimeBucket) -> Bool {
        bucket.bad >= rule.least && exceeds(bucket, rule.sure)
    }

    /// Whether a bucket beside one that is out belongs to it.
    func isDoubtful(_ bucket: TimeBucket) -> Bool { exceeds(bucket, WindowRule.weak) }

    /// Whether each bucket belongs to a run that is out of the usual together, however little each of them holds.
    func lastingRuns(_ buckets: [TimeBucket]) -> [Bool] {
        UsualRange.runs(buckets, beyond: upper, dispersion, rule)
    }

    /// A cumulative sum of log-likelihoods, of Poisson counts at the rule's `lasting` share against those at the usual
    /// one: it rises while buckets are more like the former and never falls below 0. Where it passes the bound that a
    /// single bucket has to pass, the buckets from its last 0 to its peak are a run. O(n).
    private static func runs(
        _ buckets: [TimeBucket], beyond upper: Double, _ dispersion: Double, _ rule: WindowRule
    ) -> [Bool] {
        var isInRun = Array(repeating: false, count: buckets.count)
        guard let share = rule.lasting else { return isInRun }
        let usual = max(upper, rule.floor / rule.factor)
        guard share > usual else { return isInRun }
        let gain = naturalLogarithm(share / usual)
        var at = 0
        while at < buckets.count {
            var (sum, bad, tried, next) = (0.0, 0.0, 0.0, at)
            var peak = (sum: 0.0, bad: 0.0, tried: 0.0, end: at)
            repeat {
                let exposure = exposure(buckets[next], rule)
                sum += (buckets[next].bad * gain - (share - usual) * exposure) / dispersion
                bad += buckets[next].bad
                tried += exposure
                next += 1
                if sum > peak.sum { peak = (sum, bad, tried, next) }
            } while next < buckets.count && sum > 0
            let isOut = peak.sum >= WindowRule.strong && peak.bad >= rule.least && peak.bad > share * peak.tried
            if isOut { for index in at..<peak.end { isInRun[index] = true } }
            at = isOut ? peak.end : next
        }
        return isInRun
    }

    /// How many times the usual a bucket's rate is.
    func multiple(_ bucket: TimeBucket) -> Double {
        bucket.bad / max(upper * UsualRange.exposure(bucket, rule), 1e-9)
    }

    private func exceeds(_ bucket: TimeBucket, _ least: Double) -> Bool {
        let exposure = UsualRange.exposure(bucket, rule)
        if exposure <= 0 || bucket.bad < rule.factor * rate * exposure { return false }
        if !rule.isCount, bucket.bad <= rule.floor * exposure { return false }
        return UsualRange.surprise(bucket.bad, upper * exposure) / dispersion >= least
    }

    /// −ln of Chernoff's bound on P(X ≥ `bad`) for a Poisson count of expectation μ; 0 where `bad` is no more than
    /// that.
    static func surprise(_ bad: Double, _ expected: Double) -> Double {
        if bad <= expected { return 0 }
        return bad * naturalLogarithm(bad / max(expected, 1e-12)) - (bad - expected)
    }

    private static func exposure(_ bucket: TimeBucket, _ rule: WindowRule) -> Double { rule.isCount ? 1 : bucket.tried }

    /// The run of buckets with the lowest rate, the earliest of equals. O(n) for each of a few lengths.
    private static func quietest(_ buckets: [TimeBucket], _ rule: WindowRule) -> Range<Int>? {
        var length = min(buckets.count, max(8, buckets.count / 20))
        while length > 0 {
            var best: (rate: Double, start: Int)?
            var bad = 0.0
            var exposed = 0.0
            for end in buckets.indices {
                bad += buckets[end].bad
                exposed += exposure(buckets[end], rule)
                let start = end + 1 - length
                if start < 0 { continue }
                if start > 0 {
                    bad -= buckets[start - 1].bad
                    exposed -= exposure(buckets[start - 1], rule)
                }
                if (rule.isCount ? bad : exposed) < rule.known { continue }
                let rate = (bad + 1) / (exposed + 1)
                if best.map({ rate < $0.rate }) ?? true { best = (rate, start) }
            }
            if let best { return best.start..<best.start + length }
            if length == buckets.count { return nil }
            length = min(buckets.count, length * 2)
        }
        return nil
    }

    /// What some buckets say together.
    private struct Sum {
        var rate: Double
        /// The upper end of what the rate may be: three deviations of a Poisson count, never 0.
        var upper: Double
        /// How much more the buckets vary than Poisson counts would; at least 1.
        var dispersion: Double

        init(_ buckets: ArraySlice<TimeBucket>, _ rule: WindowRule) {
            let bad = buckets.reduce(0) { $0 + $1.bad }
            let exposed = max(buckets.reduce(0) { $0 + exposure($1, rule) }, 1e-9)
            let rate = bad / exposed
            self.rate = rate
            upper = (bad + 3 * bad.squareRoot() + 3) / exposed
            let squares = buckets.reduce(0.0) { sum, bucket in
                let expected = rate * exposure(bucket, rule)
                return expected > 0 ? sum + (bucket.bad - expected) * (bucket.bad - expected) / expected : sum
            }
            dispersion = max(1, squares / Double(max(1, buckets.count)))
        }
    }
}
