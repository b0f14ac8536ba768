import EventModel

/// What operators do, once they have heard of the trouble that calls for it.
struct OperatorAction: Sendable {
    /// What they must have heard of.
    enum Need: Sendable { case nothing, emptiedRecord, missingLeases, balancerErrors }
    enum Deed: Sendable {
        case note(String)
        case automation(Bool)
        case restore
        case mitigate(String)
        /// Lets in so many millionths of a lease request a second, over all hosts; 0 without limit.
        case throttleWork(Int64)
        case restartHosts(count: Int, spacing: Int64)
        case restartPollers
        case failover(Bool)
        /// Turns away so many of a thousand launches.
        case throttleLaunches(Int64)
        /// Turns away retries.
        case shedRetries
    }

    let time: Int64
    let need: Need
    let deed: Deed
    /// The milestone that it is.
    var milestone: String?
}

/// Whom the operators can give orders to.
struct OperatorLinks: Sendable {
    var planner: ActorID
    var enactors: [ActorID]
    var stores: [ActorID]
    var dropletManager: ActorID?
    var api: ActorID?
    var checkers: [ActorID] = []
    var poller: ActorID?
    var frontend: ActorID?
    var services: [(name: String, id: ActorID)] = []
}

/// The people: they mitigate and repair, each thing at its time and recorded.
struct Operator {
    let id: ActorID
    let names: [[UInt8]]
    let links: OperatorLinks
    let actions: [OperatorAction]
    /// How long after an alarm a record is restored, where no action is planned for it.
    let reaction: ClosedRange<Int64>?

    private var emptied: [Int] = []
    private var hasSeenEmptied = false
    private var hasSeenMissingLeases = false
    private var hasSeenBalancerErrors = false

    init(id: ActorID, names: [[UInt8]], links: OperatorLinks, actions: [OperatorAction], reaction: ClosedRange<Int64>?)
    {
        self.id = id
        self.names = names
        self.links = links
        self.actions = actions
        self.reaction = reaction
    }

    /// Starts the clockwork.
    func begin(_ world: World) {
        world.record(id, named: "shift.started")
        for (index, action) in actions.enumerated() { world.alarm(.wake, id, at: action.time, a: Int64(index)) }
    }

    /// Alarms of the systems, the planned actions, and the answers to what they did.
    mutating func receive(_ message: Message, _ world: World) {
        switch message.kind {
        case .wake: act(actions[Int(message.a)], world)
        case .emptied:
            hasSeenEmptied = true
            emptied.append(Int(message.a))
            if let reaction {
                world.alarm(.repair, id, at: world.now + world.random.among(reaction.lowerBound, reaction.upperBound))
            }
        case .leaseReport: hasSeenMissingLeases = true
        case .zoneOut: hasSeenBalancerErrors = true
        case .repair: askForPlan(world)
        case .planGiven: restore(plan: message.a, addresses: message.b, world)
        case .restored: restored(message, world)
        default: break
        }
    }

    private func isNeeded(_ need: OperatorAction.Need) -> Bool {
        switch need {
        case .nothing: true
        case .emptiedRecord: hasSeenEmptied
        case .missingLeases: hasSeenMissingLeases
        case .balancerErrors: hasSeenBalancerErrors
        }
    }

    private mutating func act(_ action: OperatorAction, _ world: World) {
        if !isNeeded(action.need) { return }
        switch action.deed {
        case .note(let text): world.record(id, named: "incident.noted") { $0.field("reason", text) }
        case .automation(let on):
            world.record(id, on ? .automationEnabled : .automationDisabled) { $0.field("reason", "dns plans") }
            for target in links.enactors + [links.planner] { order(.automation, target, a: on ? 1 : 0, world) }
        case .restore: askForPlan(world)
        case .mitigate(let name):
            world.record(id, named: "mitigation.applied") { line in
                line.field("service", name)
                line.field("reason", "manual")
            }
            for service in links.services where service.name == name { order(.mitigate, service.id, world) }
        case .throttleWork(let rate):
            world.record(id, rate > 0 ? .throttleSet : .throttleCleared) { line in
                line.field("endpoint", "droplet-manager")
                line.field("reason", "incoming lease work")
            }
            if let manager = links.dropletManager { order(.throttle, manager, a: rate, world) }
        case .restartHosts(let count, let spacing): restartHosts(count, spacing, world)
        case .restartPollers:
            world.record(id, named: "pollers.restarted") { $0.field("reason", "manual") }
            if let poller = links.poller { order(.repair, poller, world) }
        case .failover(let on):
            world.record(id, on ? .automationEnabled : .automationDisabled) { $0.field("reason", "zone failover") }
            for checker in links.checkers { order(.automation, checker, a: on ? 1 : 0, world) }
        case .throttleLaunches(let share):
            world.record(id, share > 0 ? .throttleSet : .throttleCleared) { line in
                line.field("endpoint", "ec2")
                line.field("reason", "launches")
                line.field("per_thousand", share)
            }
            if let api = links.api { order(.throttle, api, a: share, world) }
        case .shedRetries:
            world.record(id, .throttleSet) { $0.field("reason", "retries") }
            if let frontend = links.frontend { order(.throttle, frontend, world) }
        }
        if let (act, component) = action.deed.intervention {
            world.truth.intervened(id, act, on: component, at: world.now)
        }
        if let milestone = action.milestone { world.truth.milestone(milestone, at: world.now) }
    }

    private func order(_ kind: Message.Kind, _ target: ActorID, a: Int64 = 0, _ world: World) {
        world.send(kind, from: id, to: target, in: world.random.about(100 * Nanoseconds.millisecond), a: a)
    }

    private func restartHosts(_ count: Int, _ spacing: Int64, _ world: World) {
        guard let manager = links.dropletManager else { return }
        for host in 0..<count {
            world.send(
                .restart, from: id, to: manager, in: Int64(host) * spacing + Nanoseconds.second, a: Int64(host))
        }
    }

    private func askForPlan(_ world: World) {
        if !emptied.isEmpty { world.ask(.planWanted, from: id, to: links.planner, in: 20 * Nanoseconds.millisecond) }
    }

    private mutating func restore(plan: Int64, addresses: Int64, _ world: World) {
        for endpoint in emptied {
            world.send(
                .restore, from: id, to: store(of: endpoint), in: 50 * Nanoseconds.millisecond, a: Int64(endpoint),
                b: plan,
                c: addresses)
        }
        emptied.removeAll()
    }

    private func store(of endpoint: Int) -> ActorID { links.stores[endpoint % links.stores.count] }

    private func restored(_ message: Message, _ world: World) {
        let (name, store) = (names[Int(message.a)], world.name(store(of: Int(message.a))))
        world.record(id, .recordRestored) { line in
            line.field("endpoint", name)
            line.field("plan", message.b)
            line.field("records", message.c)
            line.field("commit", message.d)
            line.field("store", store)
            line.field("reason", "manual")
        }
        world.truth.answered(message.trace, by: id)
        world.truth.milestone("record restored", at: world.now)
    }
}

extension OperatorAction.Deed {
    /// What is done, and to which component; nil where nothing is.
    fileprivate var intervention: (act: String, component: String)? {
        switch self {
        case .note: nil
        case .automation(let on): (on ? "automation on" : "automation off", "endpoint")
        case .restore: ("restore", "endpoint")
        case .mitigate(let service): ("detour", service)
        case .throttleWork(let rate): (rate > 0 ? "throttle work" : "unthrottle work", "droplet-manager")
        case .restartHosts: ("restart hosts", "droplet-manager")
        case .restartPollers: ("restart", "lambda-poller")
        case .failover(let on): (on ? "failover on" : "failover off", "health-checkers")
        case .throttleLaunches(let share): (share > 0 ? "throttle launches" : "unthrottle launches", "ec2")
        case .shedRetries: ("shed retries", "order-frontend")
        }
    }
}
