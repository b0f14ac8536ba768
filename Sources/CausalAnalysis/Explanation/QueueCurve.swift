import EventModel

/// A queue's depth and flows over a span of time around a finding, in a fixed number of buckets.
package struct QueueCurve: Sendable {
    /// One slice of the span.
    package struct Bucket: Sendable {
        /// The most items waiting; nil where no sample fell into it.
        package var depth: Double?
        /// The greatest age of the oldest item, in seconds; nil where no sample tells.
        package var oldest: Double?
        /// The sum of the depths that were seen, and how many that were.
        fileprivate var sum = 0.0
        fileprivate var count = 0.0
        /// Items that came and went, and the seconds over which they were counted.
        package var arrived = 0.0
        package var departed = 0.0
        /// Of those that went, the ones that were done.
        package var completed = 0.0
        package var seconds = 0.0
    }

    package var span: ClosedRange<Timestamp>
    package var buckets: [Bucket]
    /// The length of a bucket, in nanoseconds.
    package var width: Int64
    /// Items waiting at the alarm, as the finding tells.
    package var depthAtAlarm: Double?
    /// The usual wait in seconds, as the finding tells; nil where it is next to none.
    package var usualWait: Double?
    /// A usual depth: the median of the buckets' means before the finding began.
    package var usualDepth: Double?
    /// The most that left in a bucket while the finding lasted, items a second.
    package var capacity: Double?

    /// The wait that the queue is held to: ten times the usual, the line between a backlog of medium and of high severity.
    package var boundedWait: Double? { usualWait.map { 10 * $0 } }

    /// The arrivals a second at which, held to from the alarm on, the queue would have drained within `boundedWait`; 0 where even
    /// no arrivals would not have done.
    package var rateLimit: Double? {
        guard let capacity, let boundedWait, boundedWait > 0, let depthAtAlarm else { return nil }
        return max(0, capacity - max(0, depthAtAlarm - (usualDepth ?? 0)) / boundedWait)
    }
}

/// Gathers a queue's samples or single items into a curve. Memory: the buckets.
package struct QueueCurveBuilder {
    private let queue: String
    /// Samples are one sampler's; single items all of the queue's.
    private let sampler: String?
    private let finding: Finding
    private let span: ClosedRange<Timestamp>
    private let width: Int64
    private var buckets: [QueueCurve.Bucket]
    private var flow = QueueFlow()
    private var begun: Timestamp?
    private var last: Timestamp?
    private var waiting = 0.0

    /// Prepares the curve around a finding about a queue, cut into `count` buckets; `whole` is the span of the logs.
    package init(_ finding: Finding, span whole: ClosedRange<Timestamp>?, count: Int = 60) {
        self.finding = finding
        buckets = [QueueCurve.Bucket](repeating: .init(), count: count)
        queue = finding.queue ?? ""
        let isSampled = finding.evidence.first?.record.kind == .queueSampled
        sampler = isSampled ? finding.actor : nil
        let end = max(finding.until ?? whole?.upperBound ?? finding.at, finding.at)
        let margin = max(end.since(finding.at) / 3, Nanoseconds.second)
        var from = finding.at.advanced(by: -margin)
        var to = end.advanced(by: margin)
        if let whole {
            from = max(from, whole.lowerBound)
            to = min(to, whole.upperBound)
        }
        span = from...max(from, to)
        width = max(1, span.upperBound.since(span.lowerBound) / Int64(count) + 1)
    }

    /// Takes any event; those of other queues change nothing.
    package mutating func observe(_ batch: borrowing EventBatch, row: Int, name: (Symbol) -> String) {
        let kind = batch.kind[row]
        let isSample = kind == .queueSampled
        guard isSample == (sampler != nil), isSample || [.workEnqueued, .workCompleted, .workFailed].contains(kind),
            name(batch.symbol(.queue, at: row)) == queue
        else { return }
        if let sampler, name(batch.actor[row]) != sampler { return }
        if isSample {
            add(QueueSample(batch, row: row))
        } else {
            add(kind, at: Timestamp(nanoseconds: batch.time[row]))
        }
    }

    private mutating func add(_ sample: QueueSample) {
        guard let begun, let last else {
            flow.begin(sample)
            self.begun = sample.time
            self.last = sample.time
            return
        }
        if sample.time <= last { return }
        self.last = sample.time
        let reading = flow.read(sample, at: Double(sample.time.since(begun)) / 1e9)
        put(reading.depth, at: sample.time) { bucket in
            if let oldest = sample.oldest { bucket.oldest = max(bucket.oldest ?? 0, oldest) }
            guard let arrived = reading.arrived, let departed = reading.departed else { return }
            bucket.arrived += arrived
            bucket.departed += departed
            bucket.completed += reading.completed ?? departed
            bucket.seconds += reading.elapsed
        }
    }

    private mutating func add(_ kind: EventKind, at time: Timestamp) {
        waiting = max(0, waiting + (kind == .workEnqueued ? 1 : -1))
        let seconds = Double(width) / 1e9
        put(waiting, at: time) { bucket in
            if kind == .workEnqueued { bucket.arrived += 1 } else { bucket.departed += 1 }
            if kind == .workCompleted { bucket.completed += 1 }
            bucket.seconds = seconds
        }
    }

    private mutating func put(_ depth: Double, at time: Timestamp, _ change: (inout QueueCurve.Bucket) -> Void) {
        guard span.contains(time) else { return }
        let at = min(buckets.count - 1, Int(time.since(span.lowerBound) / width))
        buckets[at].depth = max(buckets[at].depth ?? 0, depth)
        buckets[at].sum += depth
        buckets[at].count += 1
        change(&buckets[at])
    }

    /// The curve, once all events have been observed.
    package func finish() -> QueueCurve {
        var curve = QueueCurve(span: span, buckets: buckets, width: width)
        if case .backlog(let backlog) = finding.detail, backlog.peakDepth > 0 {
            curve.depthAtAlarm = backlog.depthAtAlarm
        }
        curve.usualWait = finding.backlog.flatMap { $0.usualWait > 0 ? $0.usualWait : nil }
        var quiet: [Double] = []
        for (index, bucket) in buckets.enumerated() {
            let time = span.lowerBound.advanced(by: Int64(index) * width)
            let isDuring = time >= finding.at && (finding.until.map { time <= $0 } ?? true)
            if isDuring, bucket.seconds > 0 {
                curve.capacity = max(curve.capacity ?? 0, bucket.departed / bucket.seconds)
            } else if time < finding.at, bucket.count > 0 {
                quiet.append(bucket.sum / bucket.count)
            }
        }
        if !quiet.isEmpty { curve.usualDepth = quiet.sorted()[quiet.count / 2] }
        return curve
    }
}
