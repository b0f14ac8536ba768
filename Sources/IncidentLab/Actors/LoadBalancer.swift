import EventModel

/// The network load balancer over three zones: connections fail as far as the healthy capacity in service falls short of the load.
struct LoadBalancer {
    /// The load, as a share of the capacity of all targets.
    static let load = 0.68

    let id: ActorID
    let checkers: [ActorID]
    let operators: ActorID
    let listeners: [ActorID]
    /// Takes no zone out when what stays could not bear the load.
    let limitsVelocity: Bool
    let requestsPerSample: Int64

    private var healthy: [Int64]
    private var targets: [Int64]
    private var isOut: [Bool]
    private var lost = 0.0
    private var ticks = 0.0
    private var hasAlarmed = false

    init(
        id: ActorID, checkers: [ActorID], operators: ActorID, listeners: [ActorID], limitsVelocity: Bool,
        requestsPerSample: Int64
    ) {
        self.id = id
        self.checkers = checkers
        self.operators = operators
        self.listeners = listeners
        self.limitsVelocity = limitsVelocity
        self.requestsPerSample = requestsPerSample
        healthy = Array(repeating: 1, count: checkers.count)
        targets = healthy
        isOut = Array(repeating: false, count: checkers.count)
    }

    /// Starts the clockwork.
    func begin(_ world: World) {
        world.alarm(.tick, id, at: world.now + 5 * Nanoseconds.second)
        world.alarm(.sample, id, at: world.now + Nanoseconds.minute)
    }

    /// Word of the checkers; `failover`: one of them wants to take its zone out.
    mutating func receive(_ message: Message, _ world: World) {
        switch message.kind {
        case .tick:
            world.alarm(.tick, id, at: world.now + 5 * Nanoseconds.second)
            let share = failing
            if share > ImpactMeter.threshold { world.truth.milestone("balancer errors begin", at: world.now) }
            lost += share
            ticks += 1
        case .sample: sample(world)
        case .zoneOut, .zoneBack:
            guard let zone = checkers.firstIndex(of: message.from) else { return }
            isOut[zone] = message.kind == .zoneOut
            healthy[zone] = message.a
            targets[zone] = message.b
        case .failover: answer(message.from, world)
        default: break
        }
    }

    private func share(of capacity: Int64) -> Double { Double(capacity) / Double(targets.reduce(0, +)) }

    /// The share of connections that fail.
    private var failing: Double {
        let capacity = zip(healthy, isOut).reduce(0) { $0 + ($1.1 ? 0 : $1.0) }
        return max(0, 1 - share(of: capacity) / LoadBalancer.load)
    }

    /// One zone at least stays in, and with the safeguard as many as can bear the load.
    private func answer(_ checker: ActorID, _ world: World) {
        guard let zone = checkers.firstIndex(of: checker) else { return }
        let staying = checkers.indices.filter { !isOut[$0] && $0 != zone }
        let capacity = staying.reduce(0) { $0 + healthy[$1] }
        let isGranted = !staying.isEmpty && !(limitsVelocity && share(of: capacity) < LoadBalancer.load)
        world.send(
            .failover, from: id, to: checker, in: 20 * Nanoseconds.millisecond, a: isGranted ? 1 : 0)
    }

    private mutating func sample(_ world: World) {
        world.alarm(.sample, id, at: world.now + Nanoseconds.minute)
        let share = ticks > 0 ? lost / ticks : 0
        lost = 0
        ticks = 0
        let requests = world.random.about(requestsPerSample, 0.05)
        let errors = Int64(Double(requests) * share) + world.random.among(0, max(1, requests / 1000))
        world.record(id, .serviceSampled) { line in
            line.field("service", "nlb")
            line.field("requests", requests)
            line.field("errors", min(errors, requests))
            line.field("throttles", 0)
        }
        world.truth.sampled("nlb", failed: share, at: world.now)
        if share > ImpactMeter.threshold {
            world.truth.carried(from: "health-checkers", to: "nlb", at: world.now)
            if !hasAlarmed { world.send(.zoneOut, from: id, to: operators, in: Nanoseconds.minute) }
            hasAlarmed = true
        }
        for listener in listeners {
            world.send(
                .balancerReport, from: id, to: listener, in: 10 * Nanoseconds.millisecond, a: Int64(share * 1000))
        }
    }
}
