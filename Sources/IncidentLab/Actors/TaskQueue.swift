import EventModel

/// Tasks that wait for an instance to run on: a container service's queue. Whoever asked for a task gives up after a while.
struct TaskQueue: Sendable {
    static let name = "tasks"
    /// How much faster tasks can be started than they are asked for, while every launch succeeds.
    static let reserve = 1.45
    /// How long somebody waits for a task.
    static let patience: Int64 = 15

    struct Sample {
        var depth: Int64
        var oldest: Int64
        var arrived: Int64
        var completed: Int64
        var failed: Int64
        var change: BacklogMeter.Change
    }
    private struct Cohort: Sendable {
        var since: Int64
        var count: Int64
    }

    private let rate: Double
    private var flow: SteadyFlow
    private var waiting = FIFO<Cohort>()
    private var depth: Int64 = 0
    private var meter: BacklogMeter
    /// Whether tasks wait longer than usual.
    private(set) var isLate = false

    /// - Parameter rate: tasks a minute.
    init(rate: Double) {
        self.rate = rate
        flow = SteadyFlow(rate: rate / 60, jitter: max(2, rate / 10))
        meter = BacklogMeter(usual: Int64(rate / 2), behind: Int64(2 * rate))
    }

    /// One minute: `launched` is the share of launches that succeed.
    mutating func run(launched: Double, at time: Int64, _ random: inout Random) -> Sample {
        let arrived = Int64(flow.take(60, &random))
        waiting.append(Cohort(since: time - Nanoseconds.minute, count: arrived))
        depth += arrived
        var failed: Int64 = 0
        while let cohort = waiting.first, time - cohort.since > TaskQueue.patience * Nanoseconds.minute {
            _ = waiting.popFirst()
            failed += cohort.count
        }
        // What can be started in this minute; a few are always under way.
        let usual = min(depth, Int64(rate / 20) + random.among(0, Int64(rate / 20)))
        let capacity = Int64(rate * TaskQueue.reserve * launched)
        let completed = max(0, min(depth - failed - usual, capacity))
        depth -= completed + failed
        var rest = completed
        while rest > 0, let cohort = waiting.first {
            let part = min(rest, cohort.count)
            rest -= part
            if part == cohort.count { _ = waiting.popFirst() } else { waiting.updateFirst { $0.count -= part } }
        }
        let change = meter.observe(depth: depth, at: time)
        switch change {
        case .fellBehind: isLate = true
        case .caughtUp: isLate = false
        case .none: break
        }
        return Sample(
            depth: depth, oldest: waiting.first.map { time - $0.since } ?? 0, arrived: arrived, completed: completed,
            failed: failed, change: change)
    }
}
