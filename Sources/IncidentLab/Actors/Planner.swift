import EventModel

/// Makes generations of the regional plan: for every endpoint the load balancers that are fit to serve it.
struct Planner {
    let id: ActorID
    /// The usual time between two generations.
    let period: Int64
    /// Generations between two of its own: those between are other planners'.
    let stride: Int64
    private(set) var newest: Int64
    private var balancers: Int64 = 6
    private var isStopped = false

    init(id: ActorID, period: Int64, firstPlan: Int64, stride: Int64 = 1) {
        self.id = id
        self.period = period
        self.stride = stride
        newest = firstPlan
    }

    /// Starts the clockwork.
    func begin(_ world: World) { world.alarm(.wake, id, at: world.now) }

    /// - `wake`: make the next generation. `planWanted`: tell the newest. `automation`: stop (0) or go on (1).
    mutating func receive(_ message: Message, _ world: World) {
        switch message.kind {
        case .wake:
            if isStopped { return }
            newest += stride
            // The plan follows the health and the capacity of the load balancers.
            if world.random.chance(0.25) { balancers = min(9, max(4, balancers + world.random.among(-1, 1))) }
            let (plan, fit) = (newest, balancers)
            world.record(id, .planCreated) { line in
                line.field("plan", plan)
                line.field("balancers", fit)
            }
            world.alarm(.wake, id, at: world.now + world.random.about(period, 0.1))
        case .planWanted:
            world.send(
                .planGiven, from: id, to: message.from, in: world.random.about(2 * Nanoseconds.millisecond), a: newest,
                b: balancers)
        case .automation:
            let wasStopped = isStopped
            isStopped = message.a == 0
            if wasStopped && !isStopped { begin(world) }
        default: break
        }
    }
}
