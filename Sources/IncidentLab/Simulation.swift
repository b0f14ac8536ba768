import EventModel

/// Why a simulation cannot be run.
package enum SimulationError: Error, Equatable {
    /// The scale is no number above 0 and up to 10,000.
    case scaleOutOfRange(Double)
    /// A share is outside 0 to 1, or the skew is negative or above a day.
    case damageOutOfRange
    /// Faults are for the scenario `race` only.
    case faultsOutsideRace
}

/// A discrete-event simulation of a region: actors that hear messages, do something, record it, and send others.
package struct Simulation {
    private let blueprint: Blueprint
    private let cast: Cast
    private let world: World

    private var planners: [Planner]
    private var enactors: [Enactor]
    private var stores: [DNSStore]
    private var people: Operator
    private var networkManager: NetworkManager
    private var resolvers: [Resolver]
    private var region: Region?
    private var storm: RetryStorm?
    private let addressees: [Addressee]

    /// Who a message is for.
    private enum Addressee {
        case planner(Int), enactor(Int), store(Int), people, networkManager, resolver(Int), region, storm
    }

    /// Simulates a scenario, and writes a log for each actor.
    ///
    /// - Parameters:
    ///   - seed: the same seed gives the same bytes, on any machine.
    ///   - scale: multiplies endpoints, droplets and rates.
    ///   - damage: what is done to the logs; the truth stays as it is.
    ///   - drawn: faults of the system and of the logs, in a `race`; with a set, even an empty one, the truth has its history.
    /// - Returns: what happened.
    /// - Throws: `SimulationError`, or what the sink throws.
    package static func run(
        scenario: Scenario, seed: UInt64, scale: Double = 1, safeguards: Set<Safeguard> = [],
        damage: Damage = Damage(), faults drawn: Set<Fault>? = nil, sink: any BundleSink
    ) throws -> Truth {
        guard scale > 0, scale <= 10_000 else { throw SimulationError.scaleOutOfRange(scale) }
        guard damage.isValid else { throw SimulationError.damageOutOfRange }
        guard scenario == .race || drawn == nil else { throw SimulationError.faultsOutsideRace }
        let faults = drawn ?? []
        let blueprint = Blueprint(scenario, seed: seed, scale: scale, safeguards: safeguards, faults: faults)
        let cast = Cast(blueprint)
        let book = try LogBook(
            cast: cast.roles, seed: seed, span: blueprint.start...blueprint.end,
            damage: damage.with(faults), faults: faults, keepsPlaces: drawn != nil, sink: sink)
        let truth = TruthKeeper(names: cast.roles.map(\.name), keepsHistory: drawn != nil)
        let world = World(seed: seed, start: blueprint.start, cast: cast.roles, book: book, truth: truth)
        var simulation = Simulation(blueprint, cast, world)
        try simulation.play()
        try world.finish()
        if drawn != nil {
            truth.keep(faults: Fault.allCases.filter(faults.contains).map(\.rawValue), places: world.places)
        }
        return truth.finish(
            scenario: scenario, seed: seed, scale: scale, safeguards: safeguards, from: blueprint.start,
            until: blueprint.end)
    }

    private init(_ blueprint: Blueprint, _ cast: Cast, _ world: World) {
        self.blueprint = blueprint
        self.cast = cast
        self.world = world
        let names = EndpointNames.all(blueprint.enactors.endpoints)
        planners = cast.planners.enumerated().map { number, id in
            Planner(
                id: id, period: blueprint.planPeriod, firstPlan: blueprint.firstPlan + Int64(number),
                stride: Int64(cast.planners.count))
        }
        enactors = cast.enactors.indices.map { number in
            Enactor(
                id: cast.enactors[number], number: number, planners: cast.planners, stores: cast.stores, names: names,
                settings: blueprint.enactors, spells: blueprint.spells, firstRun: blueprint.firstRuns[number])
        }
        stores = cast.stores.enumerated().map { number, id in
            DNSStore(
                id: id, operators: cast.people, names: names, owns: { $0 % cast.stores.count == number },
                blueprint: blueprint)
        }
        let regional = names[names.count - 1]
        let regionalStore = cast.stores[(names.count - 1) % cast.stores.count]
        resolvers = cast.resolvers.map {
            Resolver(
                id: $0, store: regionalStore, endpoint: regional, caches: blueprint.cachesPerResolver,
                positiveTTL: 60 * Nanoseconds.second, negativeTTL: blueprint.negativeTTL)
        }
        if let id = cast.internalResolver {
            resolvers.append(
                Resolver(
                    id: id, store: regionalStore, endpoint: regional, caches: 2, positiveTTL: 20 * Nanoseconds.second,
                    negativeTTL: 20 * Nanoseconds.second))
        }
        networkManager = NetworkManager(
            id: cast.networkManager, listeners: [cast.api].compactMap { $0 },
            rate: blueprint.traffic(blueprint.hasRegion ? blueprint.ownChanges : 2),
            capacity: blueprint.traffic(blueprint.propagationCapacity), bulk: Int64(blueprint.traffic(100)),
            samplePeriod: blueprint.samplePeriod, surges: blueprint.surges)
        region = Region(blueprint, cast, world)
        storm = RetryStorm(blueprint, cast)
        people = Operator(
            id: cast.people, names: names,
            links: OperatorLinks(
                planner: cast.planner, enactors: cast.enactors, stores: cast.stores,
                dropletManager: cast.dropletManager,
                api: cast.api, checkers: cast.checkers, poller: cast.poller, frontend: cast.frontend,
                services: zip(ServiceProfile.all, cast.services).map { ($0.name, $1) }),
            actions: blueprint.actions, reaction: blueprint.reaction)
        addressees = cast.roles.indices.map { index in
            let id = ActorID(index)
            if let number = cast.planners.firstIndex(of: id) { return .planner(number) }
            if let number = cast.enactors.firstIndex(of: id) { return .enactor(number) }
            if let number = cast.stores.firstIndex(of: id) { return .store(number) }
            if id == cast.people { return .people }
            if id == cast.networkManager { return .networkManager }
            if let number = cast.resolvers.firstIndex(of: id) { return .resolver(number) }
            if id == cast.internalResolver { return .resolver(cast.resolvers.count) }
            return id == cast.clients || id == cast.frontend ? .storm : .region
        }
    }

    private mutating func play() throws {
        for planner in planners { planner.begin(world) }
        for enactor in enactors { enactor.begin(world) }
        people.begin(world)
        networkManager.begin(world)
        for resolver in resolvers { resolver.begin(world) }
        region?.begin(world)
        storm?.begin(world)
        while let message = try world.next(until: blueprint.end) {
            switch addressees[Int(message.to.index)] {
            case .planner(let number): planners[number].receive(message, world)
            case .enactor(let number): enactors[number].receive(message, world)
            case .store(let number): stores[number].receive(message, world)
            case .people: people.receive(message, world)
            case .networkManager: networkManager.receive(message, world)
            case .resolver(let number): resolvers[number].receive(message, world)
            case .region: region?.receive(message, world)
            case .storm: storm?.receive(message, world)
            }
        }
    }
}
