import EventModel

/// Everything in the region that lives on names: leases, launches, load balancers, services.
struct Region {
    private var hosts: [DropletHost]
    private var manager: DropletManager
    private var api: LaunchAPI
    private var checkers: [HealthChecker]
    private var balancer: LoadBalancer
    private var services: [Service]
    private var poller: Poller
    private let addressees: [Addressee]

    private enum Addressee { case none, host(Int), manager, api, checker(Int), balancer, service(Int), poller }

    /// The region of a blueprint; nil where it has none.
    init?(_ blueprint: Blueprint, _ cast: Cast, _ world: World) {
        guard let managerID = cast.dropletManager, let apiID = cast.api, let balancerID = cast.balancer,
            let pollerID = cast.poller, let resolver = cast.internalResolver
        else { return nil }
        let droplets = DropletSettings(
            droplets: blueprint.scaled(500), capacity: blueprint.scaled(1.0), churn: blueprint.scaled(0.05))
        hosts = cast.hosts.map {
            DropletHost(
                id: $0, name: cast.roles[Int($0.index)].name, manager: managerID, resolver: resolver,
                settings: droplets, world: world)
        }
        let limited = blueprint.safeguards.contains(.rateLimitedPropagation)
        let spare = blueprint.propagationCapacity * 0.9 - blueprint.ownChanges - blueprint.managedChanges - 0.25
        manager = DropletManager(
            id: managerID, hosts: cast.hosts, networkManager: cast.networkManager, api: apiID, operators: cast.people,
            rate: blueprint.traffic(blueprint.managedChanges),
            releaseRate: blueprint.traffic(limited ? spare : 2.033), burst: limited ? 0 : blueprint.traffic(851.0))
        let launchers = ServiceProfile.all.indices.filter { ServiceProfile.all[$0].onLaunches > 0 }
        api = LaunchAPI(
            id: apiID, resolver: resolver, networkManager: cast.networkManager, checkers: cast.checkers,
            listeners: launchers.map { cast.services[$0] }, rate: blueprint.traffic(0.25),
            pentUp: blueprint.traffic(24))
        checkers = cast.checkers.indices.map {
            HealthChecker(
                id: cast.checkers[$0], zone: "use1-" + Blueprint.zones[$0], balancer: balancerID,
                networkManager: cast.networkManager, targets: blueprint.traffic(120))
        }
        let balanced = ServiceProfile.all.indices.filter { ServiceProfile.all[$0].onBalancer > 0 }
        balancer = LoadBalancer(
            id: balancerID, checkers: cast.checkers, operators: cast.people,
            listeners: balanced.map { cast.services[$0] },
            limitsVelocity: blueprint.safeguards.contains(.failoverVelocity),
            requestsPerSample: Int64(blueprint.traffic(40_000)))
        services = ServiceProfile.all.indices.map { index in
            var profile = ServiceProfile.all[index]
            profile.requests = max(10, Int64(blueprint.traffic(Double(profile.requests))))
            // The store of tables itself is seen from every zone, another service from one.
            let resolvers = profile.name == "dynamodb" ? cast.resolvers : [cast.resolvers[index % cast.resolvers.count]]
            return Service(
                id: cast.services[index], profile: profile, resolvers: resolvers,
                tasksPerMinute: blueprint.traffic(60.0))
        }
        poller = Poller(id: pollerID, resolver: resolver, rate: blueprint.traffic(10.0))
        addressees = cast.roles.indices.map { index in
            let id = ActorID(index)
            if let number = cast.hosts.firstIndex(of: id) { return .host(number) }
            if let number = cast.checkers.firstIndex(of: id) { return .checker(number) }
            if let number = cast.services.firstIndex(of: id) { return .service(number) }
            if id == managerID { return .manager }
            if id == apiID { return .api }
            if id == balancerID { return .balancer }
            return id == pollerID ? .poller : .none
        }
    }

    /// Starts every actor's clockwork.
    func begin(_ world: World) {
        for host in hosts { host.begin(world) }
        manager.begin(world)
        api.begin(world)
        for checker in checkers { checker.begin(world) }
        balancer.begin(world)
        for service in services { service.begin(world) }
        poller.begin(world)
    }

    /// Hands a message to its actor.
    mutating func receive(_ message: Message, _ world: World) {
        switch addressees[Int(message.to.index)] {
        case .host(let number): hosts[number].receive(message, world)
        case .manager: manager.receive(message, world)
        case .api: api.receive(message, world)
        case .checker(let number): checkers[number].receive(message, world)
        case .balancer: balancer.receive(message, world)
        case .service(let number): services[number].receive(message, world)
        case .poller: poller.receive(message, world)
        case .none: break
        }
    }
}
