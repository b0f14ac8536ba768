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

    private static let capacity = 64
    private static let firstStride = 4

    private var buckets: [Bucket] = []
    /// Where the oldest bucket stands; the buckets go round.
    private var head = 0
    private var stride = FlowHistory.firstStride
    private var open = Bucket()
    private var openSamples = 0
    /// What flowed from the alarm up to the deepest point, and since then.
    private var busy = Flows()
    private var sincePeak = Flows()

    private struct Flows {
        var seconds = 0.0
        var arrived = 0.0
        var departed = 0.0
    }

    /// Adds a sample's flows outside episodes. O(1), nothing allocated after the first samples.
    mutating func slide(_ reading: QueueReading) {
        if buckets.isEmpty {
            if reading.arrived == nil { return }
            buckets.reserveCapacity(FlowHistory.capacity)
        }
        gather(reading)
        if openSamples < stride { return }
        if buckets.count < FlowHistory.capacity {
            buckets.append(open)
        } else {
            buckets[head] = open
            head = (head + 1) % FlowHistory.capacity
        }
        close()
    }

    /// An episode's alarm: from here on the queue is busy and its departures show its capacity.
    mutating func beginEpisode() {
        // Unwind the ring, so that merging neighbours is merging in time.
        buckets = Array(buckets[head...] + buckets[..<head])
        buckets.reserveCapacity(FlowHistory.capacity)
        head = 0
        busy = Flows()
        sincePeak = Flows()
        if openSamples > 0 { append() }
    }

    /// Adds a sample's flows inside an episode. Amortised O(1).
    mutating func climb(_ reading: QueueReading, isPeak: Bool) {
        gather(reading)
        if let arrived = reading.arrived, let departed = reading.departed {
            sincePeak.seconds += reading.elapsed
            sincePeak.arrived += arrived
            sincePeak.departed += departed
        }
        if !isPeak { return }
        busy.seconds += sincePeak.seconds
        busy.arrived += sincePeak.arrived
        busy.departed += sincePeak.departed
        sincePeak = Flows()
        if openSamples >= stride { append() }
    }

    /// After an episode: forgets it, or goes on from it where it was none.
    mutating func endEpisode(forget: Bool) {
        stride = FlowHistory.firstStride
        if forget {
            buckets.removeAll(keepingCapacity: true)
            open = Bucket()
            openSamples = 0
        }
    }

    /// Items a second that left while the queue was busy; nil before anything was seen.
    var capacity: Double? { busy.seconds > 0 ? busy.departed / busy.seconds : nil }

    /// Items a second that came meanwhile.
    var load: Double? { busy.seconds > 0 ? busy.arrived / busy.seconds : nil }

    /// Where arrivals crossed the capacity: the moment, in seconds of the series, and how far arrivals had stayed below it
    /// before, in standard deviations of counting.
    struct Crossing {
        var seconds: Double
        var significance: Double
    }

    /// The moment at which arrivals crossed the capacity seen while busy; nil where they never stayed below it, for then it was
    /// the capacity that fell.
    ///
    /// With F(t) the arrivals up to t less capacity · t, F falls before the crossing and rises after it, so its minimum is the
    /// estimate of Page's change-point scheme. Where the minimum is a corner the load jumped there. Where it is a round bottom
    /// the load rose, and the line fitted to the arrival rates around it meets the capacity at a moment far less noisy than the
    /// minimum: fitted to narrow windows and wide ones, the surest counts. O(buckets).
    func crossing(peakAt end: Double) -> Crossing? {
        guard let capacity, buckets.count >= 8 else { return nil }
        var excess = [0.0]
        var times = [end - buckets.reduce(0) { $0 + Double($1.seconds) }]
        var low = 0
        var arrivals = 0.0
        var arrivalsToLow = 0.0
        for bucket in buckets {
            times.append(times[times.count - 1] + Double(bucket.seconds))
            excess.append(excess[excess.count - 1] + Double(bucket.arrived) - capacity * Double(bucket.seconds))
            arrivals += Double(bucket.arrived)
            if excess[excess.count - 1] <= excess[low] {
                low = excess.count - 1
                arrivalsToLow = arrivals
            }
        }
        let fall = excess[0] - excess[low]
        let rise = excess[excess.count - 1] - excess[low]
        guard fall > 0, rise > 0 else { return nil }

        var found = times[low]
        var error = Double.infinity
        for share in [0.15, 0.3, 0.6, 0.99] {
            let height = excess[low] + share * min(fall, rise)
            var from = low
            while from > 0, excess[from] < height { from -= 1 }
            var to = low
            while to < excess.count - 1, excess[to] < height { to += 1 }
            if error == .infinity, isCorner(times[from...to], excess[from...to], at: low) { break }
            guard let line = meeting(capacity, in: from..<to, from: times[from]),
                line.seconds >= times[from], line.seconds <= times[to], line.error < 0.7 * error
            else { continue }
            found = line.seconds
            error = line.error
        }
        return Crossing(seconds: found, significance: fall / max(1, arrivalsToLow).squareRoot())
    }

    /// Where the line through the buckets' arrival rates, by least squares weighted with their lengths, rises to `capacity`, and
    /// the standard error of that moment.
    private func meeting(_ capacity: Double, in window: Range<Int>, from start: Double) -> (
        seconds: Double, error: Double
    )? {
        guard window.count >= 4 else { return nil }
        var length = 0.0
        var sumX = 0.0
        var sumY = 0.0
        for bucket in buckets[window] {
            let seconds = Double(bucket.seconds)
            sumX += seconds * (length + seconds / 2)
            sumY += Double(bucket.arrived)
            length += seconds
        }
        guard length > 0 else { return nil }
        let meanX = sumX / length
        let meanY = sumY / length
        var xx = 0.0
        var xy = 0.0
        var yy = 0.0
        var at = 0.0
        for bucket in buckets[window] where bucket.seconds > 0 {
            let seconds = Double(bucket.seconds)
            let x = at + seconds / 2 - meanX
            let y = Double(bucket.arrived) / seconds - meanY
            at += seconds
            xx += seconds * x * x
            xy += seconds * x * y
            yy += seconds * y * y
        }
        guard xx > 0, xy > 0 else { return nil }
        let slope = xy / xx
        let x = (capacity - meanY) / slope
        let variance = max(0, yy - slope * xy) / Double(window.count - 2)
        return (start + meanX + x, (variance / length + variance * x * x / xx).squareRoot() / slope)
    }

    /// Whether a curve has a corner at its lowest point rather than a round bottom: half-way down to it a corner stands at half
    /// the height, a parabola at a quarter, on either side.
    private func isCorner(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>, at low: Int) -> Bool {
        func heightHalfWay(from far: Int) -> Double {
            if far == low { return 0 }
            let middle = (x[far] + x[low]) / 2
            let step = far > low ? 1 : -1
            var near = low
            while near + step != far, (x[near + step] - middle) * Double(step) <= 0 { near += step }
            let next = near + step
            let share = (middle - x[near]) / (x[next] - x[near])
            return (y[near] + share * (y[next] - y[near]) - y[low]) / max(y[far] - y[low], .leastNormalMagnitude)
        }
        return heightHalfWay(from: x.startIndex) + heightHalfWay(from: x.endIndex - 1) > 0.65
    }

    /// The share of the arrivals between two moments that left again: near 1 while the capacity sufficed. O(buckets).
    func served(from: Double, to: Double, peakAt end: Double) -> Double {
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
