/// The flows of a queue over the last 256 samples and the climb behind them, in at most 64 buckets of one width: the lines by which an onset
/// is dated compare them. What lies further back, in coarser buckets, is in `FlowHistory`.
///
/// Outside episodes the oldest bucket makes room for the newest. Inside one nothing is dropped: two neighbours become one,
/// and what follows is gathered in buckets twice as long. What comes after the deepest point so far waits outside, so that
/// the history of an episode always ends at its peak.
struct RecentFlows {
    private struct Bucket {
        var seconds: Float = 0
        var arrived: Float = 0
        var departed: Float = 0
    }

    private static let capacity = 64
    private static let firstStride = 4

    private var buckets: [Bucket] = []
    /// Where the oldest bucket stands; the buckets go round.
    private var head = 0
    private var stride = RecentFlows.firstStride
    private var open = Bucket()
    private var openSamples = 0

    /// Adds a sample's flows outside episodes. O(1), nothing allocated after the first samples.
    mutating func slide(_ reading: QueueReading) {
        if buckets.isEmpty {
            if reading.arrived == nil { return }
            buckets.reserveCapacity(RecentFlows.capacity)
        }
        gather(reading)
        if openSamples < stride { return }
        if buckets.count < RecentFlows.capacity {
            buckets.append(open)
        } else {
            buckets[head] = open
            head = (head + 1) % RecentFlows.capacity
        }
        close()
    }

    /// An episode's alarm: from here on the queue is busy and its departures show its capacity.
    mutating func beginEpisode() {
        // Unwind the ring, so that merging neighbours is merging in time.
        buckets = Array(buckets[head...] + buckets[..<head])
        buckets.reserveCapacity(RecentFlows.capacity)
        head = 0
        if openSamples > 0 { append() }
    }

    /// Adds a sample's flows inside an episode. Amortised O(1).
    mutating func climb(_ reading: QueueReading, isPeak: Bool) {
        gather(reading)
        if !isPeak { return }
        if openSamples >= stride { append() }
    }

    /// After an episode: forgets it, or goes on from it where it was none.
    mutating func endEpisode(forget: Bool) {
        stride = RecentFlows.firstStride
        if forget {
            buckets.removeAll(keepingCapacity: true)
            open = Bucket()
            openSamples = 0
        }
    }

    /// The flows up to the deepest point, which was at the moment `end`.
    func pieces(peakAt end: Double) -> [OnsetDating.Piece] {
        var from = end - buckets.reduce(0) { $0 + Double($1.seconds) }
        return buckets.compactMap { bucket in
            guard bucket.seconds > 0 else { return nil }
            defer { from += Double(bucket.seconds) }
            return OnsetDating.Piece(
                from: from, to: from + Double(bucket.seconds), arrived: Double(bucket.arrived),
                departed: Double(bucket.departed))
        }
    }

    private mutating func gather(_ reading: QueueReading) {
        open.seconds += Float(reading.elapsed)
        open.arrived += Float(reading.arrived ?? 0)
        open.departed += Float(reading.departed ?? 0)
        openSamples += 1
    }

    private mutating func append() {
        if buckets.count >= RecentFlows.capacity { halve() }
        buckets.append(open)
        close()
    }

    private mutating func halve() {
        var kept = 0
        var i = 0
        while i + 1 < buckets.count {
            buckets[kept] = Bucket(
                seconds: buckets[i].seconds + buckets[i + 1].seconds,
                arrived: buckets[i].arrived + buckets[i + 1].arrived,
                departed: buckets[i].departed + buckets[i + 1].departed)
            kept += 1
            i += 2
        }
        buckets.removeLast(buckets.count - kept)
        stride *= 2
    }

    private mutating func close() {
        open = Bucket()
        openSamples = 0
    }
}
