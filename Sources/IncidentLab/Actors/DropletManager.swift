import EventModel

/// The droplet manager itself: sums up its hosts, passes on what operators order, and hands changes of network state to the network
/// manager. While leases are missing, such changes cannot be made and are put off; once all leases stand, they are released.
struct DropletManager {
    /// Changes of network state that wait to be handed on.
    static let queue = "state-changes"

    /// Changes that came up at one time.
    private struct Cohort: Sendable {
        var since: Int64
        var count: Int64
    }

    let id: ActorID
    let hosts: [ActorID]
    let networkManager: ActorID
    let api: ActorID
    let operators: ActorID
    /// Released a second beyond the usual once the leases stand; and how many at once.
    let releaseRate: Double
    let burst: Double

    private var flow: SteadyFlow
    private var release: SteadyFlow
    private var postponed: Int64 = 0
    private var waiting = FIFO<Cohort>()
    private var changed: Int64 = 0
    private var passed: Int64 = 0
    private var meter: BacklogMeter
    private var impaired: Set<ActorID> = []
    private var hasAlarmed = false
    private var depth: Int64 = 0
    private var oldest: Int64 = 0
    private var arrived: Int64 = 0
    private var completed: Int64 = 0
    private var failed: Int64 = 0
    private var unleased: Int64 = 0
    private var droplets: Int64 = 0

    init(
        id: ActorID, hosts: [ActorID], networkManager: ActorID, api: ActorID, operators: ActorID, rate: Double,
        releaseRate: Double, burst: Double
    ) {
        self.id = id
        self.hosts = hosts
        self.networkManager = networkManager
        self.api = api
        self.operators = operators
        self.releaseRate = releaseRate
        self.burst = burst
        flow = SteadyFlow(rate: rate, jitter: max(2, rate))
        meter = BacklogMeter(usual: Int64(rate * 5) + 4, behind: Int64(rate * 45) + 8)
        release = SteadyFlow(rate: releaseRate, jitter: max(2, releaseRate))
    }

    /// Starts the clockwork.
    func begin(_ world: World) {
        world.alarm(.tick, id, at: world.now)
        world.alarm(.sample, id, at: world.now + Nanoseconds.minute + 10 * Nanoseconds.millisecond)
    }

    /// Reports of the hosts, and orders of the operators to them.
    mutating func receive(_ message: Message, _ world: World) {
        switch message.kind {
        case .tick: pass(world)
        case .sample: sample(world)
        case .hostReport:
            depth += message.a
            oldest = max(oldest, message.b)
            arrived += message.c
            completed += message.d
            failed += message.e
        case .leaseReport:
            if message.c == 1 { impaired.insert(message.from) }
            unleased += message.a
            droplets += message.b
        case .leasesEstablished: establish(message.from, world)
        case .throttle:
            for host in hosts { order(.throttle, host, a: message.a / Int64(hosts.count), world) }
        case .restart: order(.restart, hosts[Int(message.a) % hosts.count], a: 0, world)
        default: break
        }
    }

    private func order(_ kind: Message.Kind, _ host: ActorID, a: Int64, _ world: World) {
        world.send(kind, from: id, to: host, in: world.random.about(50 * Nanoseconds.millisecond), a: a)
    }

    /// Five seconds' worth of changes: to the network manager, or put off.
    private mutating func pass(_ world: World) {
        world.alarm(.tick, id, at: world.now + 5 * Nanoseconds.second)
        var count = Int64(flow.take(5, &world.random))
        changed += count
        if !impaired.isEmpty {
            if count > 0 { waiting.append(Cohort(since: world.now, count: count)) }
            postponed += count
            watch(world)
            return
        }
        count += hand(min(postponed, Int64(release.take(5, &world.random))))
        passed += count
        watch(world)
        world.send(.statesReleased, from: id, to: networkManager, in: 2 * Nanoseconds.millisecond, a: count)
    }

    /// Takes the oldest of the changes that were put off.
    private mutating func hand(_ count: Int64) -> Int64 {
        postponed -= count
        var rest = count
        while rest > 0, let cohort = waiting.first {
            let part = min(rest, cohort.count)
            rest -= part
            if part == cohort.count { _ = waiting.popFirst() } else { waiting.updateFirst { $0.count -= part } }
        }
        return count
    }

    /// Takes down how many changes wait.
    private mutating func watch(_ world: World) {
        let queue = DropletManager.queue
        world.truth.depth(id, queue: queue, depth: postponed, at: world.now)
        switch meter.observe(depth: postponed, at: world.now) {
        case .none: break
        case .fellBehind(let onset):
            world.truth.fellBehind(id, queue: queue, onset: onset, depth: postponed, at: world.now)
        case .caughtUp: world.truth.caughtUp(id, queue: queue, at: world.now)
        }
    }

    private mutating func establish(_ host: ActorID, _ world: World) {
        let wasImpaired = !impaired.isEmpty
        impaired.remove(host)
        if !wasImpaired || !impaired.isEmpty { return }
        hasAlarmed = false
        let count = postponed
        world.record(id, named: "leases.established") { line in
            line.field("queue", DropletManager.queue)
            line.field("depth", count)
        }
        world.truth.milestone("leases established", at: world.now)
        let first = hand(min(postponed, Int64(burst)))
        passed += first
        if first > 0 {
            world.truth.carried(from: "droplet-manager", to: "network-manager", at: world.now)
            world.send(.statesReleased, from: id, to: networkManager, in: 2 * Nanoseconds.millisecond, a: first)
        }
        world.send(.leasesEstablished, from: id, to: api, in: 50 * Nanoseconds.millisecond)
    }

    private mutating func sample(_ world: World) {
        world.alarm(.sample, id, at: world.now + Nanoseconds.minute)
        let (depth, oldest, arrived, completed, failed) = (depth, oldest, arrived, completed, failed)
        let unleased = unleased
        world.record(id, .queueSampled) { line in
            line.field("queue", DropletHost.queue)
            line.field("depth", depth)
            line.milliseconds("oldest_ms", oldest)
            line.field("arrived", arrived)
            line.field("completed", completed)
            line.field("failed", failed)
            line.field("unleased", unleased)
        }
        world.truth.depth(id, queue: DropletHost.queue, depth: depth, at: world.now)
        world.send(
            .leaseReport, from: id, to: api, in: 5 * Nanoseconds.millisecond, a: unleased, b: max(1, droplets))
        if unleased * 5 > droplets && !hasAlarmed {
            hasAlarmed = true
            world.send(.leaseReport, from: id, to: operators, in: Nanoseconds.minute)
        }
        sampleChanges(world)
        self.depth = 0
        self.oldest = 0
        self.arrived = 0
        self.completed = 0
        self.failed = 0
        self.unleased = 0
        droplets = 0
    }

    private mutating func sampleChanges(_ world: World) {
        let (postponed, changed, passed) = (postponed, changed, passed)
        let oldest = waiting.first.map { world.now - $0.since } ?? 0
        world.record(id, .queueSampled) { line in
            line.field("queue", DropletManager.queue)
            line.field("depth", postponed)
            line.milliseconds("oldest_ms", oldest)
            line.field("arrived", changed)
            line.field("completed", passed)
            line.field("failed", 0)
        }
        self.changed = 0
        self.passed = 0
    }
}
