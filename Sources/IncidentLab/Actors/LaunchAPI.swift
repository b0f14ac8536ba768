import EventModel

/// The EC2 API's launches: each needs the endpoint, a leased droplet, and its network state within a time.
struct LaunchAPI {
    /// A launched instance that has not heard of its network state.
    private struct Launch: Sendable {
        var number: Int64
        var since: Int64
    }

    static let patience = 10 * Nanoseconds.minute
    /// One launch in so many becomes a load balancer's target.
    static let targetsOneIn: Int64 = 3

    let id: ActorID
    let resolver: ActorID
    let networkManager: ActorID
    let checkers: [ActorID]
    let listeners: [ActorID]
    /// Launches for load balancers that are made up for at once when leases stand again.
    let pentUp: Int

    private var flow: SteadyFlow
    private var waiting = FIFO<Launch>()
    private var expired: Int64 = 0
    private var launches: Int64 = 0
    private var reachesEndpoint = true
    private var leasedShare = 1.0
    private var throttledShare = 0.0
    private var requests: Int64 = 0
    private var failures: Int64 = 0
    private var throttles: Int64 = 0

    init(
        id: ActorID, resolver: ActorID, networkManager: ActorID, checkers: [ActorID], listeners: [ActorID],
        rate: Double, pentUp: Int
    ) {
        self.id = id
        self.resolver = resolver
        self.networkManager = networkManager
        self.checkers = checkers
        self.listeners = listeners
        self.pentUp = pentUp
        flow = SteadyFlow(rate: rate, jitter: max(2, rate))
    }

    /// Starts the clockwork.
    func begin(_ world: World) {
        world.alarm(.tick, id, at: world.now)
        world.alarm(.refresh, id, at: world.now + 3 * Nanoseconds.second)
        world.alarm(.sample, id, at: world.now + Nanoseconds.minute)
    }

    /// `throttle`: turn away `a` of a thousand requests.
    mutating func receive(_ message: Message, _ world: World) {
        switch message.kind {
        case .tick:
            world.alarm(.tick, id, at: world.now + Nanoseconds.second)
            for _ in 0..<flow.take(1, &world.random) { launch(world) }
            expire(world)
        case .refresh:
            world.alarm(.refresh, id, at: world.now + 20 * Nanoseconds.second)
            world.ask(.lookUp, from: id, to: resolver, in: Nanoseconds.millisecond)
        case .lookedUp: reachesEndpoint = message.a == 0
        case .leaseReport: leasedShare = 1 - Double(message.a) / Double(message.b)
        case .leasesEstablished:
            leasedShare = 1
            placePentUp(world)
        case .throttle: throttledShare = Double(message.a) / 1000
        case .stateArrived: arrive(message.a, world)
        case .sample: sample(world)
        default: break
        }
    }

    private mutating func launch(_ world: World) {
        requests += 1
        launches += 1
        if world.random.chance(throttledShare) {
            throttles += 1
            world.truth.failed("ec2", because: "throttle", at: world.now)
            fail(launches, "request limit exceeded", outcome: "throttled", world)
        } else if !reachesEndpoint {
            fail(launches, "dependency failed: endpoint does not resolve", from: "endpoint", world)
        } else if !world.random.chance(leasedShare) {
            fail(launches, "insufficient capacity: no leased droplet", from: "droplet-manager", world)
        } else {
            place(world)
        }
    }

    private func isTarget(_ number: Int64) -> Bool { number % LaunchAPI.targetsOneIn == 0 }

    private func checker(of number: Int64) -> ActorID {
        checkers[Int(number / LaunchAPI.targetsOneIn % Int64(checkers.count))]
    }

    private mutating func place(_ world: World) {
        let number = launches
        world.record(id, named: "launch.started") { $0.field("endpoint", instancePrefix, numbered: number) }
        waiting.append(Launch(number: launches, since: world.now))
        world.send(
            .trackState, from: id, to: networkManager, in: world.random.about(5 * Nanoseconds.millisecond),
            a: launches)
        if isTarget(launches) {
            world.send(
                .targetLaunched, from: id, to: checker(of: launches), in: world.random.about(25 * Nanoseconds.second),
                a: launches)
        }
    }

    /// Makes up at once for the targets that could not be launched.
    private mutating func placePentUp(_ world: World) {
        for _ in 0..<pentUp {
            launches += LaunchAPI.targetsOneIn - launches % LaunchAPI.targetsOneIn
            requests += 1
            place(world)
        }
    }

    private mutating func arrive(_ number: Int64, _ world: World) {
        if number > expired, let launch = waiting.popFirst() {
            let latency = world.now - launch.since
            world.record(id, .launchOK) { line in
                line.field("endpoint", instancePrefix, numbered: launch.number)
                line.milliseconds("latency_ms", latency)
            }
        } else {
            world.record(id, named: "state.unclaimed") { $0.field("endpoint", instancePrefix, numbered: number) }
        }
        if isTarget(number) {
            world.send(.stateArrived, from: id, to: checker(of: number), in: 50 * Nanoseconds.millisecond, a: number)
        }
    }

    private mutating func expire(_ world: World) {
        while let launch = waiting.first, launch.since + LaunchAPI.patience < world.now {
            _ = waiting.popFirst()
            expired = launch.number
            fail(launch.number, "network state not ready", outcome: "timeout", from: "network-manager", world)
            world.truth.milestone("launches lack network", at: world.now)
        }
    }

    private mutating func fail(
        _ number: Int64, _ error: String, outcome: String = "error", from: String = "", _ world: World
    ) {
        failures += 1
        if !from.isEmpty { world.truth.carried(from: from, to: "ec2", at: world.now) }
        world.record(id, .launchFailed) { line in
            line.field("endpoint", instancePrefix, numbered: number)
            line.field("outcome", outcome)
            line.field("error", error)
        }
    }

    private mutating func sample(_ world: World) {
        world.alarm(.sample, id, at: world.now + Nanoseconds.minute)
        let (requests, throttles, errors) = (requests, throttles, min(failures, requests) - throttles)
        let share = requests > 0 ? Double(errors + throttles) / Double(requests) : 0
        world.record(id, .serviceSampled) { line in
            line.field("service", "ec2")
            line.field("requests", requests)
            line.field("errors", errors)
            line.field("throttles", throttles)
        }
        world.truth.sampled("ec2", failed: share, at: world.now)
        for listener in listeners {
            world.send(
                .launchReport, from: id, to: listener, in: 10 * Nanoseconds.millisecond, a: Int64(share * 1000))
        }
        self.requests = 0
        self.throttles = 0
        failures = 0
    }
}

private let instancePrefix = Array("i-".utf8)
