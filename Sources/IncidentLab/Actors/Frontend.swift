import EventModel

/// A front end with one queue. Work whose client no longer waits is done all the same, in vain.
struct Frontend {
    static let queue = "orders"

    private struct Item: Sendable {
        var number: Int64
        var attempt: Int64
        var since: Int64
    }

    let id: ActorID
    let clients: ActorID
    let capacity: Double
    /// While it lasts, half the capacity is gone.
    let trouble: Range<Int64>
    /// More requests than this do not wait.
    private var limit: Int { Int(capacity * 1000) }
    private var waiting = FIFO<Item>()
    private var budget = 0.0
    private var shedsUntil: Int64 = 0
    private var arrived: Int64 = 0
    private var completed: Int64 = 0
    private var failed: Int64 = 0
    private var meter: BacklogMeter
    private var isCollapsed = false

    init(id: ActorID, clients: ActorID, capacity: Double, trouble: Range<Int64>) {
        self.id = id
        self.clients = clients
        self.capacity = capacity
        self.trouble = trouble
        meter = BacklogMeter(usual: Int64(capacity * 2) + 2, behind: Int64(capacity * 20) + 4)
    }

    /// Starts the clockwork.
    func begin(_ world: World) {
        world.alarm(.tick, id, at: world.now)
        world.alarm(.sample, id, at: world.now + Nanoseconds.minute)
    }

    /// `request`: a try. `throttle`: empty the queue and turn retries away for a quarter of an hour.
    mutating func receive(_ message: Message, _ world: World) {
        switch message.kind {
        case .request: take(message, world)
        case .tick: work(world)
        case .sample: sample(world)
        case .throttle:
            shedsUntil = world.now + 15 * Nanoseconds.minute
            shed(world)
        default: break
        }
    }

    private mutating func take(_ message: Message, _ world: World) {
        arrived += 1
        if message.b > 1 { world.truth.carried(from: "order-clients", to: "order-frontend", at: world.now) }
        let isShed = (message.b > 1 && world.now < shedsUntil) || waiting.count >= limit
        world.record(id, isShed ? .workFailed : .workEnqueued) { line in
            line.field("queue", Frontend.queue)
            line.field("item", Clients.itemPrefix, numbered: message.a)
            line.field("attempt", message.b)
            if isShed { line.field("outcome", "throttled") }
        }
        if isShed { failed += 1 } else { waiting.append(Item(number: message.a, attempt: message.b, since: world.now)) }
    }

    private mutating func work(_ world: World) {
        world.alarm(.tick, id, at: world.now + 100 * Nanoseconds.millisecond)
        let rate = (trouble.contains(world.now) ? capacity / 2 : capacity) / 10
        budget = min(budget, max(1, rate)) + rate
        while budget >= 1, let item = waiting.popFirst() {
            budget -= 1
            let latency = world.now - item.since
            let isLate = latency > Clients.patience
            if isLate { failed += 1 } else { completed += 1 }
            setCollapsed(isLate, world)
            world.record(id, isLate ? .workFailed : .workCompleted) { line in
                line.field("queue", Frontend.queue)
                line.field("item", Clients.itemPrefix, numbered: item.number)
                line.field("attempt", item.attempt)
                if isLate { line.field("outcome", "timeout") }
                line.milliseconds("latency_ms", latency)
            }
            if !isLate { world.send(.response, from: id, to: clients, in: 2 * Nanoseconds.millisecond, a: item.number) }
        }
        world.truth.depth(id, queue: Frontend.queue, depth: Int64(waiting.count), at: world.now)
        switch meter.observe(depth: Int64(waiting.count), at: world.now) {
        case .none: break
        case .fellBehind(let onset):
            world.truth.fellBehind(
                id, queue: Frontend.queue, onset: onset, depth: Int64(waiting.count), at: world.now)
        case .caughtUp: world.truth.caughtUp(id, queue: Frontend.queue, at: world.now)
        }
    }

    private mutating func shed(_ world: World) {
        while let item = waiting.popFirst() {
            failed += 1
            world.record(id, .workFailed) { line in
                line.field("queue", Frontend.queue)
                line.field("item", Clients.itemPrefix, numbered: item.number)
                line.field("attempt", item.attempt)
                line.field("outcome", "throttled")
            }
        }
        setCollapsed(false, world)
    }

    private mutating func setCollapsed(_ isNow: Bool, _ world: World) {
        if isNow == isCollapsed { return }
        isCollapsed = isNow
        if isNow {
            world.truth.collapsed(id, queue: Frontend.queue, at: world.now)
        } else {
            world.truth.worksAgain(id, queue: Frontend.queue, at: world.now)
        }
    }

    private mutating func sample(_ world: World) {
        world.alarm(.sample, id, at: world.now + Nanoseconds.minute)
        let (depth, oldest) = (Int64(waiting.count), waiting.first.map { world.now - $0.since } ?? 0)
        let (arrived, completed, failed) = (arrived, completed, failed)
        self.arrived = 0
        self.completed = 0
        self.failed = 0
        world.record(id, .queueSampled) { line in
            line.field("queue", Frontend.queue)
            line.field("depth", depth)
            line.milliseconds("oldest_ms", oldest)
            line.field("arrived", arrived)
            line.field("completed", completed)
            line.field("failed", failed)
        }
        world.record(id, .serviceSampled) { line in
            line.field("service", "orders")
            line.field("requests", completed + failed)
            line.field("errors", failed)
        }
        let done = completed + failed
        world.truth.sampled("orders", failed: done > 0 ? Double(failed) / Double(done) : 0, at: world.now)
    }
}
