import EventModel

/// More changes than usual for a while: given to a scenario.
struct Surge: Sendable {
    let from: Int64
    let until: Int64
    /// Additional changes a second.
    let rate: Double
}

/// Propagates changes of network state to network interfaces, in the order of arrival, at the rate of which it is capable.
struct NetworkManager {
    static let queue = "propagation"
    /// Later than this, state counts as delayed.
    static let objective = 10 * Nanoseconds.minute

    /// Changes that arrived at one time.
    private struct Cohort: Sendable {
        var since: Int64
        var count: Int64
    }
    /// A change that somebody waits for: the `number`th arrival.
    private struct Tracked: Sendable {
        var arrival: Int64
        var asker: ActorID
        var item: Int64
    }

    let id: ActorID
    /// Whom it tells every ten seconds how old the oldest waiting change is.
    let listeners: [ActorID]
    let capacity: Double
    /// So many changes at once are recorded as they come.
    let bulk: Int64
    let samplePeriod: Int64
    let surges: [Surge]

    private var flow: SteadyFlow
    private var surge: SteadyFlow
    private var waiting = FIFO<Cohort>()
    private var tracked = FIFO<Tracked>()
    private var depth: Int64 = 0
    private var arrivals: Int64 = 0
    private var departures: Int64 = 0
    private var budget = 0.0
    private var meter: BacklogMeter
    private var sampledArrivals: Int64 = 0
    private var sampledDepartures: Int64 = 0
    private var lastLatency: Int64 = 0

    init(
        id: ActorID, listeners: [ActorID], rate: Double, capacity: Double, bulk: Int64, samplePeriod: Int64,
        surges: [Surge] = []
    ) {
        self.id = id
        self.listeners = listeners
        self.capacity = capacity
        self.bulk = bulk
        self.samplePeriod = samplePeriod
        self.surges = surges
        flow = SteadyFlow(rate: rate, jitter: max(2, rate))
        surge = SteadyFlow(rate: 0, jitter: 2)
        meter = BacklogMeter(usual: Int64(capacity * 5) + 4, behind: Int64(capacity * 45) + 8)
    }

    /// Starts the clockwork.
    func begin(_ world: World) {
        world.alarm(.tick, id, at: world.now)
        world.alarm(.sample, id, at: world.now + samplePeriod)
        world.alarm(.refresh, id, at: world.now + 10 * Nanoseconds.second)
    }

    /// `statesReleased`: so many changes at once. `trackState`: one change, whose arrival the asker wants to hear of.
    /// `stateWanted`: a question for how long changes wait.
    mutating func receive(_ message: Message, _ world: World) {
        switch message.kind {
        case .tick: work(world)
        case .sample: sample(world)
        case .refresh: report(world)
        case .statesReleased: accept(message.a, world)
        case .stateWanted:
            world.send(.stateGiven, from: id, to: message.from, in: 5 * Nanoseconds.millisecond, a: age(world))
        case .trackState:
            arrive(1, world)
            tracked.append(Tracked(arrival: arrivals, asker: message.from, item: message.a))
        default: break
        }
    }

    private mutating func accept(_ count: Int64, _ world: World) {
        if count >= bulk {
            world.record(id, named: "states.accepted") { line in
                line.field("queue", NetworkManager.queue)
                line.field("count", count)
            }
        }
        arrive(count, world)
    }

    private mutating func arrive(_ count: Int64, _ world: World) {
        if count <= 0 { return }
        waiting.append(Cohort(since: world.now, count: count))
        depth += count
        arrivals += count
    }

    private mutating func work(_ world: World) {
        world.alarm(.tick, id, at: world.now + Nanoseconds.second)
        arrive(Int64(flow.take(1, &world.random)), world)
        surge.rate = surges.first { $0.from <= world.now && world.now < $0.until }?.rate ?? 0
        arrive(Int64(surge.take(1, &world.random)), world)
        // A share of the changes takes longer, others are quick: the rate holds on the average.
        budget = min(budget, max(1, capacity)) + capacity * (0.9 + 0.2 * world.random.uniform())
        while budget >= 1, let cohort = waiting.first {
            let done = min(Int64(budget), cohort.count)
            budget -= Double(done)
            depth -= done
            departures += done
            lastLatency = world.now - cohort.since + 40 * Nanoseconds.millisecond
            if done == cohort.count { _ = waiting.popFirst() } else { waiting.updateFirst { $0.count -= done } }
        }
        while let item = tracked.first, item.arrival <= departures {
            _ = tracked.popFirst()
            world.send(
                .stateArrived, from: id, to: item.asker, in: world.random.about(40 * Nanoseconds.millisecond),
                a: item.item)
        }
        world.truth.depth(id, queue: NetworkManager.queue, depth: depth, at: world.now)
        switch meter.observe(depth: depth, at: world.now) {
        case .none: break
        case .fellBehind(let onset):
            world.truth.fellBehind(id, queue: NetworkManager.queue, onset: onset, depth: depth, at: world.now)
        case .caughtUp: world.truth.caughtUp(id, queue: NetworkManager.queue, at: world.now)
        }
    }

    private func age(_ world: World) -> Int64 { waiting.first.map { world.now - $0.since } ?? 0 }

    private mutating func sample(_ world: World) {
        world.alarm(.sample, id, at: world.now + samplePeriod)
        let (depth, oldest) = (depth, age(world))
        let (arrived, completed) = (arrivals - sampledArrivals, departures - sampledDepartures)
        sampledArrivals = arrivals
        sampledDepartures = departures
        world.record(id, .queueSampled) { line in
            line.field("queue", NetworkManager.queue)
            line.field("depth", depth)
            line.milliseconds("oldest_ms", oldest)
            line.field("arrived", arrived)
            line.field("completed", completed)
            line.field("failed", 0)
        }
    }

    /// One change in many is recorded: the one propagated last.
    private func report(_ world: World) {
        world.alarm(.refresh, id, at: world.now + 10 * Nanoseconds.second)
        if departures == 0 { return }
        let (latency, interface) = (lastLatency, departures)
        let isLate = latency > NetworkManager.objective
        world.record(id, isLate ? .stateDelayed : .statePropagated) { line in
            line.field("endpoint", interfacePrefix, numbered: interface)
            line.milliseconds("latency_ms", latency)
        }
        if isLate { world.truth.milestone("network state delayed", at: world.now) }
        let oldest = age(world)
        for listener in listeners {
            world.send(.stateReport, from: id, to: listener, in: 5 * Nanoseconds.millisecond, a: oldest)
        }
    }
}

private let interfacePrefix = Array("eni-".utf8)
