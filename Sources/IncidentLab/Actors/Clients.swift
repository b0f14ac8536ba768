import EventModel

/// Clients that ask again at once when no answer comes in time, and give up late: what feeds a retry storm.
struct Clients {
    static let patience = 5 * Nanoseconds.second
    static let attempts: Int64 = 8

    let id: ActorID
    let frontend: ActorID
    private var flow: SteadyFlow
    private var open: [Int64: Int64] = [:]
    private var items: Int64 = 0
    private var asked: Int64 = 0
    private var fresh: Int64 = 0
    private var isStorm = false

    /// - Parameter rate: new pieces of work a second.
    init(id: ActorID, frontend: ActorID, rate: Double) {
        self.id = id
        self.frontend = frontend
        flow = SteadyFlow(rate: rate, jitter: max(2, rate))
    }

    /// Starts the clockwork.
    func begin(_ world: World) {
        world.alarm(.tick, id, at: world.now)
        world.alarm(.sample, id, at: world.now + Nanoseconds.minute)
    }

    /// `response`: a piece of work is done. `patienceEnds`: it should have been by now.
    mutating func receive(_ message: Message, _ world: World) {
        switch message.kind {
        case .tick:
            world.alarm(.tick, id, at: world.now + Nanoseconds.second)
            for _ in 0..<flow.take(1, &world.random) {
                items += 1
                fresh += 1
                ask(items, attempt: 1, in: world.random.among(0, Nanoseconds.second), world)
            }
        case .response: open[message.a] = nil
        case .patienceEnds where open[message.a] == message.b:
            if message.b < Clients.attempts {
                ask(message.a, attempt: message.b + 1, in: 0, world)
            } else {
                open[message.a] = nil
                world.record(id, named: "work.abandoned") { $0.field("item", workPrefix, numbered: message.a) }
            }
        case .sample:
            world.alarm(.sample, id, at: world.now + Nanoseconds.minute)
            let isNow = asked > 2 * fresh
            if isNow != isStorm { world.truth.storm(id, begins: isNow, at: world.now) }
            isStorm = isNow
            asked = 0
            fresh = 0
        default: break
        }
    }

    private mutating func ask(_ item: Int64, attempt: Int64, in delay: Int64, _ world: World) {
        asked += 1
        open[item] = attempt
        world.send(.request, from: id, to: frontend, in: delay + 2 * Nanoseconds.millisecond, a: item, b: attempt)
        world.alarm(.patienceEnds, id, at: world.now + delay + Clients.patience, a: item, b: attempt)
    }
}

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
            failed += Int64(waiting.count)
            waiting.removeAll()
            setCollapsed(false, world)
        default: break
        }
    }

    private mutating func take(_ message: Message, _ world: World) {
        arrived += 1
        let isShed = message.b > 1 && world.now < shedsUntil
        world.record(id, isShed ? .workFailed : .workEnqueued) { line in
            line.field("queue", Frontend.queue)
            line.field("item", workPrefix, numbered: message.a)
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
                line.field("item", workPrefix, numbered: item.number)
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

private let workPrefix = Array("order-".utf8)
