import EventModel

/// What a service lives on.
struct ServiceProfile: Sendable {
    let name: String
    /// Requests in a minute.
    var requests: Int64
    /// Shares of the requests that need a connection to the endpoint, a launch, a load balancer.
    var onEndpoint = 0.0
    var onLaunches = 0.0
    var onBalancer = 0.0
    /// How long connections to the endpoint last once no new ones can be made.
    var connections = 3 * Nanoseconds.minute
    /// Starts tasks that wait in a queue when launches fail.
    var runsTasks = false
    /// The share of requests that stay broken after an outage of the endpoint, until somebody repairs it: clusters whose
    /// replacement hangs.
    var stuck = 0.0
}

/// A service of the region, sampled once a minute by what its dependencies did to its requests.
struct Service {
    let id: ActorID
    let profile: ServiceProfile
    let resolvers: [ActorID]

    private var failingCaches: Int64 = 0
    private var caches: Int64 = 0
    private var endpointFailing = 0.0
    /// The share of established connections that are still alive.
    private var pool = 1.0
    /// Since when it has had a way around the endpoint's name.
    private var detourSince: Int64?
    private var launchFailing = 0.0
    private var balancerFailing = 0.0
    private var wasHit = false
    private var tasks: TaskQueue?

    init(id: ActorID, profile: ServiceProfile, resolvers: [ActorID], tasksPerMinute: Double) {
        self.id = id
        self.profile = profile
        self.resolvers = resolvers
        tasks = profile.runsTasks ? TaskQueue(rate: tasksPerMinute) : nil
    }

    /// Starts the clockwork.
    func begin(_ world: World) {
        world.alarm(.sample, id, at: world.now + Nanoseconds.minute + world.random.among(0, Nanoseconds.second))
    }

    /// What dependencies report. `mitigate`: operators gave it a way around the endpoint's name. `repair`: what was stuck is free.
    mutating func receive(_ message: Message, _ world: World) {
        switch message.kind {
        case .sample: sample(world)
        case .lookedUp:
            failingCaches += message.a
            caches += message.b
        case .launchReport: launchFailing = Double(message.a) / 1000
        case .balancerReport: balancerFailing = Double(message.a) / 1000
        case .mitigate: detourSince = detourSince ?? world.now
        case .repair: wasHit = false
        default: break
        }
    }

    private mutating func sample(_ world: World) {
        world.alarm(.sample, id, at: world.now + Nanoseconds.minute)
        if caches > 0 { endpointFailing = Double(failingCaches) / Double(caches) }
        failingCaches = 0
        caches = 0
        if profile.onEndpoint > 0 {
            // Lookups of the half minute before the next sample.
            for resolver in resolvers { world.ask(.lookUp, from: id, to: resolver, in: 50 * Nanoseconds.second) }
        }
        let share = share(world)
        // Whoever asked for a task that is late has given up on it.
        report(failed: tasks?.isLate == true ? max(share, 2 * ImpactMeter.threshold) : share, world)
        runTasks(world)
    }

    /// The share of requests that fail, dependency by dependency.
    private mutating func share(_ world: World) -> Double {
        let step = Double(Nanoseconds.minute) / Double(profile.connections)
        // A sample counts the minute before it, so a detour is felt in full only by the first that began with it.
        let detoured = detourSince.map { min(1, Double(world.now - $0) / Double(Nanoseconds.minute)) } ?? 0
        let missing = endpointFailing * (1 - detoured)
        pool = missing > 0 ? max(1 - missing, pool - step) : 1
        if missing > 0.5 { wasHit = true }
        let byEndpoint = profile.onEndpoint * (1 - pool)
        let byLaunches = profile.onLaunches * launchFailing
        let byBalancer = profile.onBalancer * balancerFailing
        for (cause, share) in [("endpoint", byEndpoint), ("ec2", byLaunches), ("nlb", byBalancer)]
        where share > ImpactMeter.threshold {
            world.truth.carried(from: cause, to: profile.name, at: world.now)
        }
        return min(1, byEndpoint + byLaunches + byBalancer + (wasHit ? profile.stuck : 0))
    }

    private func report(failed share: Double, _ world: World) {
        let requests = world.random.about(profile.requests, 0.05)
        let errors = min(requests, Int64(Double(requests) * share) + world.random.among(0, max(1, requests / 500)))
        let latency = 20 * Nanoseconds.millisecond + Int64(share * 2000) * Nanoseconds.millisecond
        let (profile, shown) = (profile, world.random.about(latency, 0.2))
        world.record(id, .serviceSampled) { line in
            line.field("service", profile.name)
            line.field("requests", requests)
            line.field("errors", errors)
            line.field("throttles", 0)
            line.milliseconds("latency_ms", shown)
        }
        world.truth.sampled(profile.name, failed: share, at: world.now)
    }

    private mutating func runTasks(_ world: World) {
        guard let sample = tasks?.run(launched: 1 - launchFailing, at: world.now, &world.random) else { return }
        world.record(id, .queueSampled) { line in
            line.field("queue", TaskQueue.name)
            line.field("depth", sample.depth)
            line.milliseconds("oldest_ms", sample.oldest)
            line.field("arrived", sample.arrived)
            line.field("completed", sample.completed)
            line.field("failed", sample.failed)
        }
        world.truth.depth(id, queue: TaskQueue.name, depth: sample.depth, at: world.now)
        switch sample.change {
        case .none: break
        case .fellBehind(let onset):
            world.truth.fellBehind(id, queue: TaskQueue.name, onset: onset, depth: sample.depth, at: world.now)
        case .caughtUp:
            world.truth.caughtUp(id, queue: TaskQueue.name, at: world.now)
            world.truth.milestone("\(profile.name) tasks caught up", at: world.now)
        }
    }
}
