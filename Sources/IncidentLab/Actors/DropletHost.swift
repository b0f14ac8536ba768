import EventModel

/// How the hosts of the droplet manager work.
struct DropletSettings: Sendable {
    /// Droplets (physical servers) in a host's care.
    var droplets: Int
    /// Leases that a host can make a second, and how long one may take from the request before it counts for nothing.
    var capacity: Double
    var patience = 60 * Nanoseconds.second
    var checkPeriod = 5 * Nanoseconds.minute
    var leaseLife = 15 * Nanoseconds.minute
    /// How long a connection to the endpoint lives; a check over a living one needs no lookup.
    var connectionLife = 150 * Nanoseconds.minute
    /// Droplets a second that come up anew and need their lease made again.
    var churn: Double
    /// Of so many droplets one has its renewals recorded.
    var renewalsOneIn = 8
    /// Of so many droplets one has its failed attempts recorded, beyond the first.
    var failuresOneIn = 4
}

/// A host of the droplet manager: checks the state of its droplets, which needs the endpoint, and makes leases that ran out again,
/// one after the other. Work that waited longer than its patience is done in vain and put back at the end: this alone makes the collapse.
struct DropletHost {
    static let queue = "leases"
    /// A prime: steps of so many visit all droplets, in no order that shows.
    private static let stride = 7919

    private struct Droplet: Sendable {
        var leasedUntil: Int64
        var connectedUntil: Int64
        var attempt: Int64 = 0
        var failures: Int64 = 0
        var isLeased = true
        var isAsked = false
    }
    private struct Item: Sendable {
        var droplet: Int32
        var since: Int64
    }

    let id: ActorID
    let manager: ActorID
    let resolver: ActorID
    let settings: DropletSettings
    private let prefix: [UInt8]

    private var droplets: [Droplet]
    private var queue = FIFO<Item>()
    /// Droplets that wait to be let into the queue while incoming work is throttled.
    private var outside = FIFO<Int32>()
    private var churn: SteadyFlow
    private var admission: SteadyFlow?
    private var ticks = 0
    private var turn = 0
    private var budget = 0.0
    private var unleased = 0
    private var reachesEndpoint = true
    private var isImpaired = false
    private var isCollapsed = false
    private var meter: BacklogMeter
    private var arrived: Int64 = 0
    private var completed: Int64 = 0
    private var failed: Int64 = 0

    init(id: ActorID, name: String, manager: ActorID, resolver: ActorID, settings: DropletSettings, world: World) {
        self.id = id
        self.manager = manager
        self.resolver = resolver
        self.settings = settings
        prefix = Array((name + "-droplet-").utf8)
        churn = SteadyFlow(rate: settings.churn, jitter: 1.5)
        meter = BacklogMeter(usual: Int64(settings.capacity * 5) + 2, behind: Int64(settings.capacity * 30) + 4)
        // Connections of every age, evenly: how many have ended at a time does not depend on the seed.
        let share = settings.connectionLife / Int64(settings.droplets)
        droplets = (0..<settings.droplets).map { i in
            Droplet(
                leasedUntil: world.now + settings.leaseLife,
                connectedUntil: world.now + share * Int64(i * DropletHost.stride % settings.droplets)
                    + world.random.among(0, max(1, share)))
        }
    }

    /// Starts the clockwork.
    func begin(_ world: World) {
        world.alarm(.tick, id, at: world.now + world.random.among(0, Nanoseconds.second))
        world.alarm(.refresh, id, at: world.now + world.random.among(0, 20 * Nanoseconds.second))
        world.alarm(.sample, id, at: world.now + Nanoseconds.minute)
    }

    /// `lookedUp`: whether the endpoint has addresses. `throttle`: let in `a` millionths of a droplet a second; 0 without limit.
    /// `restart`: begin with an empty queue.
    mutating func receive(_ message: Message, _ world: World) {
        switch message.kind {
        case .tick: tick(world)
        case .refresh:
            world.alarm(.refresh, id, at: world.now + 20 * Nanoseconds.second)
            world.ask(.lookUp, from: id, to: resolver, in: Nanoseconds.millisecond)
        case .lookedUp: reach(message.a == 0, world)
        case .sample: report(world)
        case .throttle: throttle(Double(message.a) / 1_000_000, world)
        case .restart: restart(world)
        default: break
        }
    }

    private mutating func tick(_ world: World) {
        world.alarm(.tick, id, at: world.now + Nanoseconds.second)
        let turns = Int(settings.checkPeriod / Nanoseconds.second)
        let round = ticks % turns
        ticks += 1
        for i in droplets.count * round / turns..<droplets.count * (round + 1) / turns { check(i, world) }
        for _ in 0..<churn.take(1, &world.random) {
            loseOne(world)
        }
        letIn(world)
        serve(world)
        watch(world)
    }

    /// The periodic state check, which is what keeps a lease alive.
    private mutating func check(_ i: Int, _ world: World) {
        if droplets[i].connectedUntil <= world.now {
            if reachesEndpoint {
                droplets[i].connectedUntil = world.now + world.random.about(settings.connectionLife, 0.05)
            } else {
                droplets[i].failures += 1
                if droplets[i].failures == 1 || i % settings.failuresOneIn == 0 {
                    note(.leaseFailed, i, attempt: nil, error: "state check: endpoint does not resolve", world)
                }
                if droplets[i].isLeased && droplets[i].leasedUntil <= world.now {
                    droplets[i].isLeased = false
                    unleased += 1
                    note(.leaseExpired, i, attempt: nil, error: nil, world)
                }
                return
            }
        }
        droplets[i].failures = 0
        if droplets[i].isLeased {
            droplets[i].leasedUntil = world.now + settings.leaseLife
            if i % settings.renewalsOneIn == 0 { note(.leaseRenewed, i, attempt: nil, error: nil, world) }
        } else {
            ask(i, world)
        }
    }

    /// The next droplet in turn comes up anew; those without a lease are passed over.
    private mutating func loseOne(_ world: World) {
        if unleased >= droplets.count || !reachesEndpoint { return }
        repeat { turn = (turn + DropletHost.stride) % droplets.count } while !droplets[turn].isLeased
        droplets[turn].isLeased = false
        unleased += 1
        ask(turn, world)
    }

    /// Asks for a droplet's lease to be made, unless it is asked for already.
    private mutating func ask(_ i: Int, _ world: World) {
        if droplets[i].isAsked || !reachesEndpoint { return }
        droplets[i].isAsked = true
        droplets[i].attempt = 1
        if admission == nil { enter(i, world) } else { outside.append(Int32(i)) }
    }

    private mutating func enter(_ i: Int, _ world: World) {
        queue.append(Item(droplet: Int32(i), since: world.now))
        arrived += 1
    }

    private mutating func letIn(_ world: World) {
        guard admission != nil else { return }
        let places = admission?.take(1, &world.random) ?? 0
        for _ in 0..<places {
            guard let i = outside.popFirst() else { return }
            enter(Int(i), world)
        }
    }

    private mutating func serve(_ world: World) {
        budget = min(budget, max(1, settings.capacity)) + settings.capacity * (0.9 + 0.2 * world.random.uniform())
        while budget >= 1, let item = queue.popFirst() {
            budget -= 1
            let i = Int(item.droplet)
            if !reachesEndpoint {
                failed += 1
                droplets[i].isAsked = false
                note(.leaseFailed, i, attempt: nil, error: "endpoint does not resolve", world)
            } else if world.now - item.since > settings.patience {
                failed += 1
                if i % settings.failuresOneIn == 0 {
                    note(.leaseFailed, i, attempt: droplets[i].attempt, error: "lease request timed out", world)
                }
                droplets[i].attempt += 1
                enter(i, world)
                if !isCollapsed {
                    isCollapsed = true
                    world.truth.collapsed(manager, queue: DropletHost.queue, at: world.now)
                }
            } else {
                completed += 1
                droplets[i].isAsked = false
                droplets[i].isLeased = true
                droplets[i].leasedUntil = world.now + settings.leaseLife
                unleased -= 1
                if i % settings.failuresOneIn == 0 {
                    note(.leaseRenewed, i, attempt: droplets[i].attempt, error: nil, world)
                }
            }
        }
    }

    /// Takes down where the queue stands, and tells when the leases that an outage took are all there again.
    private mutating func watch(_ world: World) {
        switch meter.observe(depth: Int64(queue.count), at: world.now) {
        case .none: break
        case .fellBehind(let onset):
            world.truth.fellBehind(
                manager, queue: DropletHost.queue, onset: onset, depth: Int64(queue.count), at: world.now)
        case .caughtUp: world.truth.caughtUp(manager, queue: DropletHost.queue, at: world.now)
        }
        if isImpaired && reachesEndpoint && outside.isEmpty && Double(queue.count) <= 2 * settings.capacity + 2
            && unleased <= queue.count
        {
            isImpaired = false
            world.send(.leasesEstablished, from: id, to: manager, in: 20 * Nanoseconds.millisecond)
        }
    }

    private mutating func reach(_ isReachable: Bool, _ world: World) {
        let was = reachesEndpoint
        reachesEndpoint = isReachable
        if was && !isReachable {
            world.truth.carried(from: "endpoint", to: "droplet-manager", at: world.now)
            if !isImpaired { world.send(.leaseReport, from: id, to: manager, in: 20 * Nanoseconds.millisecond, c: 1) }
            isImpaired = true
        }
        // Every lease that ran out is to be made at once.
        if !was && isReachable {
            for i in droplets.indices where !droplets[i].isLeased { ask(i, world) }
        }
    }

    private mutating func throttle(_ rate: Double, _ world: World) {
        if rate > 0 {
            admission = SteadyFlow(rate: rate, jitter: 0.2)
        } else {
            admission = nil
            while let i = outside.popFirst() { enter(Int(i), world) }
        }
    }

    /// A restart forgets the queue: what was in it waits outside again.
    private mutating func restart(_ world: World) {
        world.record(id, .hostRestarted) { $0.field("reason", "queue emptied") }
        failed += Int64(queue.count)
        while let item = queue.popFirst() {
            droplets[Int(item.droplet)].attempt = 1
            if admission == nil { enter(Int(item.droplet), world) } else { outside.append(item.droplet) }
        }
        if isCollapsed {
            isCollapsed = false
            world.truth.worksAgain(manager, queue: DropletHost.queue, at: world.now)
        }
    }

    private mutating func report(_ world: World) {
        world.alarm(.sample, id, at: world.now + Nanoseconds.minute)
        let oldest = queue.first.map { world.now - $0.since } ?? 0
        world.send(
            .hostReport, from: id, to: manager, in: Nanoseconds.millisecond, a: Int64(queue.count), b: oldest,
            c: arrived, d: completed, e: failed)
        world.send(
            .leaseReport, from: id, to: manager, in: Nanoseconds.millisecond, a: Int64(unleased),
            b: Int64(droplets.count))
        arrived = 0
        completed = 0
        failed = 0
    }

    private func note(_ kind: EventKind, _ i: Int, attempt: Int64?, error: String?, _ world: World) {
        let prefix = prefix
        world.record(id, kind) { line in
            line.field("endpoint", prefix, numbered: Int64(i))
            if let attempt { line.field("attempt", attempt) }
            if let error {
                line.field("outcome", attempt == nil ? "error" : "timeout")
                line.field("error", error)
            }
        }
    }
}
