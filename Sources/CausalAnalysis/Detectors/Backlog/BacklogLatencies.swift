import EventModel

/// The propagations of one actor, told by their latencies alone: in a queue that is served in turn, what is done at last has waited
/// as long as the queue is deep.
///
/// Latencies are gathered into samples by log time, each with the quickest of about ten: a backlog delays every item, so the quickest
/// tells it from a few slow ones. A wait in a queue grows by little more than the time that passes; a level that leaps much further is
/// not accumulated but another path or service, and becomes the new usual. It cannot see a backlog that some items are led
/// around.
struct LatencyQueue {
    let actor: Symbol
    private var series = BacklogSeries<RecordRef>()
    private var episodes: [BacklogEpisode<RecordRef>] = []
    /// The open sample: where it began, the quickest latency in seconds, and its record.
    private var opened: Timestamp?
    private var quickest = Double.infinity
    private var record: RecordRef?
    private var items = 0
    /// The last sample's latency and time.
    private var level: (seconds: Double, time: Timestamp)?

    private static let itemsPerSample = 10
    private static let longest = 5 * Nanoseconds.minute

    init(actor: Symbol) {
        self.actor = actor
    }

    /// Takes one propagation that took `latency` seconds. Amortised O(1).
    mutating func observe(latency: Double, mark: RecordRef) {
        let began = opened ?? mark.time
        if items >= LatencyQueue.itemsPerSample && mark.time.since(began) >= Nanoseconds.second
            || items > 0 && mark.time.since(began) >= LatencyQueue.longest
        {
            close(at: mark.time)
            opened = mark.time
        } else {
            opened = began
        }
        items += 1
        if latency <= quickest {
            quickest = latency
            record = mark
        }
    }

    /// All episodes in order of time. Ends the queue.
    mutating func finish() -> [BacklogEpisode<RecordRef>] {
        // The last sample is not full: it would be as long as chance has it.
        episodes += series.finish()
        return episodes
    }

    private mutating func close(at time: Timestamp) {
        guard let record else { return }
        // Three times what accumulation explains: items are not served strictly in turn, and a level is only the quickest of ten.
        if let level, quickest - level.seconds > 3 * Double(time.since(level.time)) / 1e9 + 3 * level.seconds {
            episodes += series.finish()
            series = BacklogSeries()
        }
        level = (quickest, time)
        series.observe(QueueSample(time: time, oldest: quickest), mark: record)
        quickest = .infinity
        self.record = nil
        items = 0
    }
}
