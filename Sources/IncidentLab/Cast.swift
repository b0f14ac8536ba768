/// Who takes part: names and numbers of the actors, in the order of their clock entries.
struct Cast: Sendable {
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
    /// All planners, and all stores; endpoints are split over the stores by turns.
    private(set) var planners: [ActorID] = []
    private(set) var stores: [ActorID] = []

    init(_ blueprint: Blueprint) {
        var roles: [Role] = []
        func add(_ name: String, _ title: String) -> ActorID {
            roles.append(Role(name: name, title: title))
            return ActorID(roles.count - 1)
        }
        planner = add("planner", "planner")
        enactors = Blueprint.zones.map { add("enactor-\($0)", "enactor") }
        store = add("dns-store", "store")
        people = add("operator", "operator")
        networkManager = add("network-manager", "network-manager")
        if blueprint.hasRegion {
            resolvers = Blueprint.zones.map { add("resolver-\($0)", "resolver") }
            internalResolver = add("resolver-internal", "resolver")
            dropletManager = add("droplet-manager", "droplet-manager")
            hosts = (1...Blueprint.hosts).map { add("droplet-host-\($0 < 10 ? "0" : "")\($0)", "droplet-manager") }
            api = add("ec2-api", "api")
            checkers = Blueprint.zones.map { add("health-checker-\($0)", "health-checker") }
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
        planners = [planner] + (1..<blueprint.planners).map { add("planner-\($0 + 1)", "planner") }
        stores = [store] + (1..<blueprint.stores).map { add("dns-store-\($0 + 1)", "store") }
        self.roles = roles
    }
}
