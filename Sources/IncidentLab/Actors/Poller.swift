import EventModel

/// Lambda's pollers of queues. They stop when the endpoint is out of reach, and do not start again by themselves.
struct Poller {
    static let queue = "event-source"
    /// How much faster they can go than messages arrive.
    static let reserve = 4.6

    let id: ActorID
    let resolver: ActorID
    let rate: Double

    private var flow: SteadyFlow
    private var waiting = FIFO<(since: Int64, count: Int64)>()
    private var depth: Int64 = 0
    private var isStopped = false
    private var failures = 0
    private var arrived: Int64 = 0
    private var completed: Int64 = 0
    private var meter: BacklogMeter

    /// - Parameter rate: messages a second.
    init(id: ActorID, resolver: ActorID, rate: Double) {
        self.id = id
        self.resolver = resolver
        self.rate = rate
        flow = SteadyFlow(rate: rate, jitter: max(2, rate))
        meter = BacklogMeter(usual: Int64(rate * 15) + 4, behind: Int64(rate * 120) + 8)
    }

    /// Starts the clockwork.
    func begin(_ world: World) {
        world.alarm(.tick, id, at: world.now)
        world.alarm(.refresh, id, at: world.now + world.random.among(0, Nanoseconds.minute))
        world.alarm(.sample, id, at: world.now + Nanoseconds.minute)
    }

    /// `lookedUp`: three failing lookups in a row stop it. `repair`: somebody starts it again.
    mutating func receive(_ message: Message, _ world: World) {
        switch message.kind {
        case .tick: work(world)
        case .refresh:
            world.alarm(.refresh, id, at: world.now + Nanoseconds.minute)
            world.ask(.lookUp, from: id, to: resolver, in: Nanoseconds.millisecond)
        case .lookedUp:
            failures = message.a > 0 ? failures + 1 : 0
            if failures == 3 && !isStopped {
                isStopped = true
                world.truth.carried(from: "endpoint", to: "lambda-poller", at: world.now)
                world.record(id, named: "polling.stopped") { $0.field("reason", "endpoint does not resolve") }
            }
        case .repair:
            if !isStopped { return }
            isStopped = false
            world.record(id, named: "polling.started") { $0.field("reason", "manual") }
        case .sample: sample(world)
        default: break
        }
    }

    private mutating func work(_ world: World) {
        let step = 5.0
        world.alarm(.tick, id, at: world.now + 5 * Nanoseconds.second)
        let count = Int64(flow.take(step, &world.random))
        if count > 0 { waiting.append((world.now, count)) }
        depth += count
        arrived += count
        var budget = isStopped ? 0 : Int64(rate * Poller.reserve * step)
        while budget > 0, let cohort = waiting.first {
            let part = min(budget, cohort.count)
            budget -= part
            depth -= part
            completed += part
            if part == cohort.count { _ = waiting.popFirst() } else { waiting.updateFirst { $0.count -= part } }
        }
        world.truth.depth(id, queue: Poller.queue, depth: depth, at: world.now)
        switch meter.observe(depth: depth, at: world.now) {
        case .none: break
        case .fellBehind(let onset):
            world.truth.fellBehind(id, queue: Poller.queue, onset: onset, depth: depth, at: world.now)
        case .caughtUp: world.truth.caughtUp(id, queue: Poller.queue, at: world.now)
        }
    }

    private mutating func sample(_ world: World) {
        world.alarm(.sample, id, at: world.now + Nanoseconds.minute)
        let (depth, oldest) = (depth, waiting.first.map { world.now - $0.since } ?? 0)
        let (arrived, completed) = (arrived, completed)
        self.arrived = 0
        self.completed = 0
        world.record(id, .queueSampled) { line in
            line.field("queue", Poller.queue)
            line.field("depth", depth)
            line.milliseconds("oldest_ms", oldest)
            line.field("arrived", arrived)
            line.field("completed", completed)
            line.field("failed", 0)
        }
    }
}
