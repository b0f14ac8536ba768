import EventModel

/// Who takes part: names and numbers of the actors, in the order of their clock entries.
struct Cast: Sendable {
    /// Hosts of the droplet manager.
    static let hosts = 12
    static let zones = ["az1", "az2", "az3"]

    private(set) var roles: [Role] = []
    let planner: ActorID
    let enactors: [ActorID]
    let store: ActorID
    let people: ActorID
    let networkManager: ActorID
    private(set) var resolvers: [ActorID] = []
    private(set) var internalResolver: ActorID?
    private(set) var hosts: [ActorID] = []
    private(set) var dropletManager: ActorID?
    private(set) var api: ActorID?
    private(set) var checkers: [ActorID] = []
    private(set) var balancer: ActorID?
    private(set) var services: [ActorID] = []
    private(set) var poller: ActorID?
    private(set) var clients: ActorID?
    private(set) var frontend: ActorID?

    init(_ blueprint: Blueprint) {
        var roles: [Role] = []
        func add(_ name: String, _ title: String) -> ActorID {
            roles.append(Role(name: name, title: title))
            return ActorID(roles.count - 1)
        }
        planner = add("planner", "planner")
        enactors = Cast.zones.map { add("enactor-\($0)", "enactor") }
        store = add("dns-store", "store")
        people = add("operator", "operator")
        networkManager = add("network-manager", "network-manager")
        if blueprint.hasRegion {
            resolvers = Cast.zones.map { add("resolver-\($0)", "resolver") }
            internalResolver = add("resolver-internal", "resolver")
            dropletManager = add("droplet-manager", "droplet-manager")
            hosts = (1...Cast.hosts).map { add("droplet-host-\($0 < 10 ? "0" : "")\($0)", "droplet-manager") }
            api = add("ec2-api", "api")
            checkers = Cast.zones.map { add("health-checker-\($0)", "health-checker") }
            balancer = add("nlb", "service")
            services = ServiceProfile.all.map { add($0.name, "service") }
            poller = add("lambda-poller", "service")
        } else {
            resolvers = [add("resolver", "resolver")]
        }
        if blueprint.hasClients {
            clients = add("order-clients", "client")
            frontend = add("order-frontend", "api")
        }
        self.roles = roles
    }
}

extension ServiceProfile {
    /// The services of the region. What share of a service hangs on what is made up.
    static let all: [ServiceProfile] = [
        .init(name: "dynamodb", requests: 90_000, onEndpoint: 0.95, connections: Nanoseconds.minute),
        .init(name: "lambda", requests: 60_000, onEndpoint: 0.6, onLaunches: 0.12, onBalancer: 0.6),
        .init(name: "ecs", requests: 4000, onEndpoint: 0.1, onLaunches: 0.3, runsTasks: true),
        .init(name: "eks", requests: 3000, onEndpoint: 0.1, onLaunches: 0.3, runsTasks: true),
        .init(name: "fargate", requests: 3500, onEndpoint: 0.1, onLaunches: 0.4, runsTasks: true),
        .init(name: "sts", requests: 50_000, onEndpoint: 0.5, onBalancer: 0.3),
        .init(name: "sign-in", requests: 8000, onEndpoint: 0.5, connections: 3 * Nanoseconds.minute),
        .init(name: "redshift", requests: 2000, onEndpoint: 0.7, connections: Nanoseconds.minute, stuck: 0.04),
        .init(name: "connect", requests: 6000, onEndpoint: 0.3, onLaunches: 0.08, onBalancer: 0.7),
        .init(name: "support", requests: 900, onEndpoint: 0.8, connections: Nanoseconds.minute),
        .init(name: "airflow", requests: 700, onEndpoint: 0.2, onLaunches: 0.5),
        .init(name: "outposts", requests: 300, onLaunches: 0.4),
        .init(name: "vps-plain", requests: 1500),
    ]
}
