import EventModel

/// A zone's load-balancer health checker. A target whose network state has not arrived fails and passes by turns; failing checks
/// cost the checker more than passing ones, and what it cannot do in time counts as failed; a zone with too many failing targets is
/// taken out of service.
struct HealthChecker {
    private struct Target: Sendable {
        /// The launch that made it; 0 for one that was there from the beginning.
        var launch: Int64 = 0
        var hasNetwork = true
        var isHealthy = true
        /// Checks in a row that contradict `isHealthy`.
        var contrary = 0
        /// Cycles for which it is ill for reasons of its own.
        var illFor = 0
    }

    static let cycle = 10 * Nanoseconds.second
    /// What a failing check costs, in passing ones: it waits for its time-out.
    static let failingCost = 3
    /// Checks a target that the checker can do in a cycle.
    static let capacity = 1.36
    /// The share of unhealthy targets at which a zone is taken out, and that at which it comes back.
    static let takeOut = 0.025
    static let bringBack = 0.015

    let id: ActorID
    let zone: [UInt8]
    let prefix: [UInt8]
    let balancer: ActorID
    let networkManager: ActorID

    private var targets: [Target]
    /// Launches whose network state came before they were registered.
    private var early: Set<Int64> = []
    private var oldest = 0
    private var cost = 0
    private var unhealthy = 0
    private var badCycles = 0
    private var isAllowed = true
    private var isOut = false
    private var hasAsked = false
    /// For how long changes of network state waited when the network manager was last asked.
    private var behind: Int64 = 0

    init(id: ActorID, zone: String, balancer: ActorID, networkManager: ActorID, targets: Int) {
        self.id = id
        self.zone = Array(zone.utf8)
        self.balancer = balancer
        self.networkManager = networkManager
        prefix = Array("\(zone)-target-".utf8)
        self.targets = Array(repeating: Target(), count: max(1, targets))
    }

    /// Starts the clockwork.
    func begin(_ world: World) {
        world.alarm(.tick, id, at: world.now + world.random.among(0, HealthChecker.cycle))
    }

    /// `targetLaunched` puts a new target in the place of the oldest. `failover`: the balancer's word on taking the zone out (1) or
    /// not (0). `automation`: failover off (0) or on (1). `stateGiven`: for how long changes of network state wait.
    mutating func receive(_ message: Message, _ world: World) {
        switch message.kind {
        case .tick: check(world)
        case .stateGiven: behind = message.a
        case .targetLaunched:
            world.ask(.stateWanted, from: id, to: networkManager, in: 5 * Nanoseconds.millisecond)
            targets[oldest] = Target(launch: message.a, hasNetwork: early.remove(message.a) != nil)
            oldest = (oldest + 1) % targets.count
        case .stateArrived:
            if let i = targets.firstIndex(where: { $0.launch == message.a }) {
                targets[i].hasNetwork = true
            } else {
                early.insert(message.a)
            }
        case .failover:
            hasAsked = false
            if message.a == 1 && isAllowed && !isOut { setOut(true, world) }
        case .automation:
            isAllowed = message.a == 1
            if !isAllowed && isOut { setOut(false, world) }
        default: break
        }
    }

    private mutating func check(_ world: World) {
        world.alarm(.tick, id, at: world.now + HealthChecker.cycle)
        // The last cycle's load decides what this one can do.
        let load = Double(cost) / (HealthChecker.capacity * Double(targets.count))
        let undone = load > 1 ? 1 - 1 / load : 0
        cost = 0
        unhealthy = 0
        if world.random.chance(0.005) { targets[world.random.below(targets.count)].illFor = 6 }
        for i in targets.indices {
            var passes =
                targets[i].hasNetwork ? undone == 0 || !world.random.chance(undone) : world.random.chance(0.4)
            if targets[i].illFor > 0 {
                targets[i].illFor -= 1
                passes = false
            }
            cost += passes ? 1 : HealthChecker.failingCost
            if passes == targets[i].isHealthy {
                targets[i].contrary = 0
            } else {
                targets[i].contrary += 1
                if targets[i].contrary == 2 { turn(i, world) }
            }
            if !targets[i].isHealthy { unhealthy += 1 }
        }
        decide(world)
    }

    private mutating func turn(_ i: Int, _ world: World) {
        targets[i].isHealthy.toggle()
        targets[i].contrary = 0
        let (prefix, isHealthy, behind) = (prefix, targets[i].isHealthy, behind)
        let lacksNetwork = !isHealthy && !targets[i].hasNetwork
        if lacksNetwork {
            world.truth.carried(from: "network-manager", to: "health-checkers", at: world.now)
        }
        world.record(id, .targetHealth) { line in
            line.field("endpoint", prefix, numbered: Int64(i))
            line.field("state", isHealthy ? "healthy" : "unhealthy")
            if lacksNetwork {
                line.field("error", "network state pending")
                line.milliseconds("behind_ms", behind)
            }
        }
    }

    private mutating func decide(_ world: World) {
        let share = Double(unhealthy) / Double(targets.count)
        if isOut {
            badCycles = share < HealthChecker.bringBack ? badCycles + 1 : 0
            if badCycles >= 6 { setOut(false, world) }
        } else {
            badCycles = share >= HealthChecker.takeOut ? badCycles + 1 : 0
            if badCycles >= 6 && isAllowed && !hasAsked {
                hasAsked = true
                world.send(.failover, from: id, to: balancer, in: Nanoseconds.second)
            }
        }
        tell(world)
    }

    private mutating func setOut(_ out: Bool, _ world: World) {
        isOut = out
        badCycles = 0
        let (zone, unhealthy) = (zone, unhealthy)
        world.record(id, out ? .failoverStarted : .failoverFinished) { line in
            line.field("endpoint", zone)
            line.field("unhealthy", unhealthy)
        }
        tell(world)
    }

    private func tell(_ world: World) {
        world.send(
            isOut ? .zoneOut : .zoneBack, from: id, to: balancer, in: 20 * Nanoseconds.millisecond,
            a: Int64(targets.count - unhealthy), b: Int64(targets.count))
    }
}
