/// The flows of a queue from its first sample on, fine near the end and coarser the older they are.
///
/// An exponential histogram (Datar, Gionis, Indyk, Motwani, Maintaining stream statistics over sliding windows, SIAM J. Comput. 31,
/// 2002): each level holds at most 32 buckets, and where one is full its two oldest become one of the level above. So what lies a time T
/// back is known to T / 32, and n samples take 32 · log₂(n / 32) buckets of 16 bytes.
///
/// Inside an episode, what comes after the deepest point so far waits outside, so that the history of an episode always ends at its
/// peak. After the episode its time is left out: it tells nothing of what is usual.
struct FlowHistory {
    private struct Bucket {
        var seconds: Float = 0
        var arrived: Float = 0
        var departed: Float = 0
        /// The time left out ahead of it.
        var skipped: Float = 0
    }

    private static let perLevel = 32

    /// Oldest first; `levels[0]` is how many of the last ones are the finest.
    private var buckets: [Bucket] = []
    private var levels: [Int] = []
    private var skipped: Float = 0
    /// What flowed from the alarm up to the deepest point, and since then; and since then while most of it still waited.
    private(set) var busy = QueueRates()
    private(set) var draining = QueueRates()
    private var sincePeak = Bucket()
    private var ratesSincePeak = QueueRates()
    private var deepest = 0.0
    /// The history ahead of the alarm, while there is an episode.
    private var before: (buckets: [Bucket], levels: [Int])?

    /// Adds a sample's flows outside episodes. Amortised O(log n).
    mutating func slide(_ reading: QueueReading) {
        if buckets.isEmpty, reading.arrived == nil { return }
        append(FlowHistory.bucket(reading))
    }

    /// An episode's alarm: from here on the queue is busy and its departures show its capacity.
    mutating func beginEpisode() {
        before = (buckets, levels)
        busy = QueueRates()
        draining = QueueRates()
        ratesSincePeak = QueueRates()
        sincePeak = Bucket()
        deepest = 0
    }

    /// Adds a sample's flows inside an episode. Amortised O(log n).
    mutating func climb(_ reading: QueueReading, isPeak: Bool) {
        let new = FlowHistory.bucket(reading)
        sincePeak = FlowHistory.joined(sincePeak, new)
        ratesSincePeak.add(reading)
        guard isPeak else {
            if reading.depth > FlowHistory.busyShare * deepest { draining.add(reading) }
            return
        }
        deepest = reading.depth
        append(sincePeak)
        busy.add(ratesSincePeak)
        sincePeak = Bucket()
        ratesSincePeak = QueueRates()
        draining = QueueRates()
    }

    /// After an episode: leaves its time out, or goes on from it where it was none.
    mutating func endEpisode(forget: Bool) {
        if forget, let before {
            let lasted = FlowHistory.length(buckets) - FlowHistory.length(before.buckets) + sincePeak.seconds
            (buckets, levels) = before
            skipped += lasted
        } else if sincePeak.seconds > 0 {
            append(sincePeak)
        }
        before = nil
        sincePeak = Bucket()
    }

    /// A queue of a fifth of its deepest is still busy.
    private static let busyShare = 0.2

    /// Items a second that left while the queue was busy; nil before anything was seen.
    var capacity: Double? { busy.isEmpty ? nil : busy.departures }

    /// The flows up to the deepest point, which was at the moment `end`.
    func pieces(peakAt end: Double) -> [OnsetDating.Piece] {
        var to = end
        var pieces: [OnsetDating.Piece] = []
        pieces.reserveCapacity(buckets.count)
        for bucket in buckets.reversed() {
            let from = to - Double(bucket.seconds)
            if bucket.seconds > 0 {
                pieces.append(
                    OnsetDating.Piece(
                        from: from, to: to, arrived: Double(bucket.arrived), departed: Double(bucket.departed)))
            }
            to = from - Double(bucket.skipped)
        }
        return pieces.reversed()
    }

    private mutating func append(_ bucket: Bucket) {
        var new = bucket
        new.skipped += skipped
        skipped = 0
        buckets.append(new)
        if levels.isEmpty { levels.append(0) }
        levels[0] += 1
        var level = 0
        var newer = 0
        while levels[level] > FlowHistory.perLevel {
            let oldest = buckets.count - newer - levels[level]
            buckets[oldest] = FlowHistory.joined(buckets[oldest], buckets[oldest + 1])
            buckets.remove(at: oldest + 1)
            levels[level] -= 2
            newer += levels[level]
            level += 1
            if level == levels.count { levels.append(0) }
            levels[level] += 1
        }
    }

    private static func bucket(_ reading: QueueReading) -> Bucket {
        Bucket(
            seconds: Float(reading.elapsed), arrived: Float(reading.arrived ?? 0),
            departed: Float(reading.departed ?? 0))
    }

    /// Two neighbours as one; the time left out between them counts as left out ahead of both.
    private static func joined(_ older: Bucket, _ newer: Bucket) -> Bucket {
        Bucket(
            seconds: older.seconds + newer.seconds, arrived: older.arrived + newer.arrived,
            departed: older.departed + newer.departed, skipped: older.skipped + newer.skipped)
    }

    private static func length(_ buckets: [Bucket]) -> Float {
        buckets.reduce(0) { $0 + $1.seconds + $1.skipped }
    }
}
