/// The flows of a queue over the last hours in a bounded number of buckets, to date an onset by once the capacity is known.
///
/// Outside episodes the oldest bucket makes room for the newest. Inside one nothing is dropped: two neighbours become one,
/// and what follows is gathered in buckets twice as long. What comes after the deepest point so far waits outside, so that
/// the history of an episode always ends at its peak.
struct FlowHistory {
    private struct Bucket {
        var seconds: Float = 0
        var arrived: Float = 0
        var departed: Float = 0
    }

    private static let capacity = CAP
    private static let firstStride = 4

    private var buckets: [Bucket] = []
    /// Where the oldest bucket stands; the buckets go round.
    private var head = 0
    private var stride = FlowHistory.firstStride
    private var open = Bucket()
    private var openSamples = 0
    /// Departures and time since the alarm, up to the deepest point.
    private var busyDepartures = 0.0
    private var busySeconds = 0.0
    private var sincePeakDepartures = 0.0
    private var sincePeakSeconds = 0.0

    /// Adds a sample's flows outside episodes. O(1), nothing allocated after the first samples.
    mutating func slide(_ reading: QueueReading) {
        if buckets.capacity == 0 { buckets.reserveCapacity(FlowHistory.capacity) }
        gather(reading)
        if openSamples < stride { return }
        if buckets.count < PRE {
            buckets.append(open)
        } else {
            buckets[head] = open
            head = (head + 1) % PRE
        }
        close()
    }

    /// An episode's alarm: from here on the queue is busy and its departures show its capacity.
    mutating func beginEpisode() {
        // Unwind the ring, so that merging neighbours is merging in time.
        buckets = Array(buckets[head...] + buckets[..<head])
        buckets.reserveCapacity(FlowHistory.capacity)
        head = 0
        busyDepartures = 0
        busySeconds = 0
        sincePeakDepartures = 0
        sincePeakSeconds = 0
        if openSamples > 0 { append() }
    }

    /// Adds a sample's flows inside an episode. Amortised O(1).
    mutating func climb(_ reading: QueueReading, isPeak: Bool) {
        gather(reading)
        sincePeakDepartures += reading.departed ?? 0
        sincePeakSeconds += reading.departed == nil ? 0 : reading.elapsed
        if !isPeak { return }
        busyDepartures += sincePeakDepartures
        busySeconds += sincePeakSeconds
        sincePeakDepartures = 0
        sincePeakSeconds = 0
        if openSamples >= stride { append() }
    }

    /// Forgets everything after an episode.
    mutating func restart() {
        buckets.removeAll(keepingCapacity: true)
        head = 0
        stride = FlowHistory.firstStride
        close()
    }

    /// Items a second that left while the queue was busy; nil before anything was seen.
    var capacity: Double? { busySeconds > 0 ? busyDepartures / busySeconds : nil }

    /// The moment at which arrivals crossed the capacity seen while busy, and how far they had stayed below it before, in
    /// standard deviations of counting; nil where arrivals never stayed below: then it was the capacity that fell.
    ///
    /// With F(t) the arrivals up to t less capacity · t, F falls before the crossing and rises after it. Its minimum is the
    /// estimate of Page's change-point scheme; around it a load that rises steadily makes F a parabola, and the vertex of the
    /// parabola fitted there by least squares is far less noisy than the minimum itself. O(buckets).
    func crossing(peakAt end: Double) -> (seconds: Double, significance: Double)? {
        guard let capacity, busySeconds > 0, buckets.count >= 8 else { return nil }
        var excess = [0.0]
        var times = [0.0]
        var arrivals = [0.0]
        excess.reserveCapacity(buckets.count + 1)
        for bucket in buckets {
            times.append(times[times.count - 1] + Double(bucket.seconds))
            arrivals.append(arrivals[arrivals.count - 1] + Double(bucket.arrived))
            excess.append(excess[excess.count - 1] + Double(bucket.arrived) - capacity * Double(bucket.seconds))
        }
        var low = 0
        for i in excess.indices where excess[i] <= excess[low] { low = i }
        let fall = excess[0] - excess[low]
        let rise = excess[excess.count - 1] - excess[low]
        guard fall > 0, rise > 0 else { return nil }
        let significance = fall / max(1, arrivals[low]).squareRoot()
        let start = end - times[times.count - 1]

        let height = HEIGHT * min(fall, rise)
        var from = low
        while from > 0, excess[from] - excess[low] < height { from -= 1 }
        var to = low
        while to < excess.count - 1, excess[to] - excess[low] < height { to += 1 }
        let vertex = FlowHistory.vertex(times[from...to], excess[from...to], around: times[low])
        if isCorner(times[from...to], excess[from...to], at: low) { return (start + times[low], significance) }
        return (start + max(times[from], min(times[to], vertex ?? times[low])), significance)
    }

    /// The share of the arrivals between two moments that left again: near 1 while the capacity sufficed. O(buckets).
    func kept(from: Double, to: Double, peakAt end: Double) -> Double {
        var start = end - buckets.reduce(0) { $0 + Double($1.seconds) }
        var arrived = 0.0
        var departed = 0.0
        for bucket in buckets {
            let middle = start + Double(bucket.seconds) / 2
            start += Double(bucket.seconds)
            if middle < from || middle > to { continue }
            arrived += Double(bucket.arrived)
            departed += Double(bucket.departed)
        }
        return arrived > 0 ? departed / arrived : 1
    }

    /// Whether the curve has a corner at its lowest point rather than a round bottom: half-way down to it a corner is at half
    /// its height, a parabola at a quarter.
    private func isCorner(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>, at low: Int) -> Bool {
        func height(_ far: Int) -> Double {
            let middle = (x[far] + x[low]) / 2
            var near = low
            let step = far > low ? 1 : -1
            while near != far, (x[near + step] - middle) * Double(step) <= 0 { near += step }
            let next = near == far ? far : near + step
            let share = next == near ? 0 : (middle - x[near]) / (x[next] - x[near])
            let value = y[near] + share * (y[next] - y[near])
            return (value - y[low]) / max(y[far] - y[low], .leastNormalMagnitude)
        }
        return height(x.startIndex) + height(x.endIndex - 1) > CORNER
    }

    /// The vertex of the upward parabola that fits the points best; nil where it does not open upwards.
    private static func vertex(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>, around centre: Double) -> Double? {
        guard x.count >= 4, let first = x.first, let last = x.last, last > first else { return nil }
        // Orthogonal polynomials on the points: p1 = u − mean, p2 = p1² − b·p1 − c.
        let width = last - first
        let n = Double(x.count)
        let u = x.map { ($0 - centre) / width }
        let mean = u.reduce(0, +) / n
        var s2 = 0.0
        var s3 = 0.0
        for v in u {
            let p = v - mean
            s2 += p * p
            s3 += p * p * p
        }
        guard s2 > 0 else { return nil }
        let b = s3 / s2
        let c = s2 / n
        var y1 = 0.0
        var y2 = 0.0
        var q2 = 0.0
        for (v, value) in zip(u, y) {
            let p = v - mean
            let q = p * p - b * p - c
            y1 += p * value
            y2 += q * value
            q2 += q * q
        }
        guard q2 > 0, y2 > 0 else { return nil }
        let slope = y1 / s2 - b * y2 / q2
        return centre + width * (mean - slope / (2 * y2 / q2))
    }

    private mutating func gather(_ reading: QueueReading) {
        open.seconds += Float(reading.elapsed)
        open.arrived += Float(reading.arrived ?? 0)
        open.departed += Float(reading.departed ?? 0)
        openSamples += 1
    }

    private mutating func append() {
        if buckets.count >= FlowHistory.capacity { halve() }
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
