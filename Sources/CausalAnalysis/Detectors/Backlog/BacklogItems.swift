import EventModel

/// One queue's single items, gathered into samples by log time: a few counts, never a list of what is open.
///
/// A failed item has left the queue; when it is tried again, it is enqueued again. The width of a sample is chosen from
/// the first items, so that it holds about ten of them.
struct ItemQueue {
    let queue: Symbol
    /// The actor that completed or failed items, if it was only one.
    var onlyWorker: Symbol? { workers == 1 ? worker : nil }

    private var worker = Symbol.none
    private var workers = 0
    private var series = BacklogSeries<RecordRef>()
    /// What items took, where nobody tells when they came.
    private var latencies = LatencyQueue(actor: .none)
    private var arrived = 0.0
    private var completed = 0.0
    private var failed = 0.0
    private var last: RecordRef?
    /// When the open sample ends; nil while the width is not known.
    private var closesAt: Timestamp?
    private var width = Nanoseconds.second
    /// The first items, held back until the width is known.
    private var early: [(kind: EventKind, mark: RecordRef)] = []

    private static let earlyCount = 64
    private static let itemsPerSample: Int64 = 10

    init(queue: Symbol) {
        self.queue = queue
    }

    /// Whether no item was seen to come, so that only what the done ones took can tell how long they waited.
    var isOfLatencies: Bool { arrived == 0 }

    /// Takes one item's event; `latency` in seconds. Amortised O(1).
    mutating func observe(_ kind: EventKind, by actor: Symbol, latency: Double?, mark: RecordRef) {
        if kind == .workCompleted, arrived == 0, let latency, latency >= 0 {
            latencies.observe(latency: latency, mark: mark)
        }
        if kind != .workEnqueued, workers < 2, workers == 0 || actor != worker {
            worker = actor
            workers += 1
        }
        if closesAt != nil {
            count(kind, mark)
            return
        }
        early.append((kind, mark))
        if early.count == ItemQueue.earlyCount { begin() }
    }

    /// All episodes in order of time. Ends the queue.
    mutating func finish() -> [BacklogEpisode<RecordRef>] {
        if closesAt == nil { begin() }
        if isOfLatencies { return latencies.finish() }
        if let last { close(at: last.time, last) }
        return series.finish()
    }

    /// Chooses the width of a sample, then counts what was held back.
    private mutating func begin() {
        guard let first = early.map(\.mark.time).min(), let last = early.map(\.mark.time).max() else { return }
        let arrivals = Int64(early.count { $0.kind == .workEnqueued })
        let perItem = last.since(first) / max(1, arrivals)
        let (wanted, overflow) = perItem.multipliedReportingOverflow(by: ItemQueue.itemsPerSample)
        width = max(Nanoseconds.second, min(5 * Nanoseconds.minute, overflow ? .max : wanted))
        closesAt = first.advanced(by: width)
        series.observe(sample(at: first), mark: early[0].mark)
        let held = early
        early = []
        for item in held { count(item.kind, item.mark) }
    }

    private mutating func count(_ kind: EventKind, _ mark: RecordRef) {
        if let end = closesAt, mark.time >= end {
            close(at: end, last ?? mark)
            let beyond = mark.time.since(end)
            if beyond >= width {
                // Nothing happened for a while: one sample stands for all of it.
                let quiet = end.advanced(by: beyond / width * width)
                close(at: quiet, last ?? mark)
                closesAt = quiet.advanced(by: width)
            } else {
                closesAt = end.advanced(by: width)
            }
        }
        switch kind {
        case .workEnqueued: arrived += 1
        case .workCompleted: completed += 1
        default: failed += 1
        }
        last = mark
    }

    private mutating func close(at end: Timestamp, _ mark: RecordRef) {
        series.observe(sample(at: end), mark: mark)
    }

    private func sample(at time: Timestamp) -> QueueSample {
        QueueSample(time: time, flow: .totals(arrived: arrived, completed: completed, failed: failed))
    }
}
