import EventModel

/// Clients that ask again at once when no answer comes in time, and give up late: what feeds a retry storm.
struct Clients {
    static let patience = 5 * Nanoseconds.second
    static let attempts: Int64 = 8
    /// What the names of pieces of work begin with.
    static let itemPrefix = Array("order-".utf8)

    let id: ActorID
    let frontend: ActorID
    private var flow: SteadyFlow
    private var open: [Int64: Int64] = [:]
    private var items: Int64 = 0
    private var asked: Int64 = 0
    private var fresh: Int64 = 0
    private var isStorm = false

    /// - Parameter rate: new pieces of work a second.
    init(id: ActorID, frontend: ActorID, rate: Double) {
        self.id = id
        self.frontend = frontend
        flow = SteadyFlow(rate: rate, jitter: max(2, rate))
    }

    /// Starts the clockwork.
    func begin(_ world: World) {
        world.alarm(.tick, id, at: world.now)
        world.alarm(.sample, id, at: world.now + Nanoseconds.minute)
    }

    /// `response`: a piece of work is done. `patienceEnds`: it should have been by now.
    mutating func receive(_ message: Message, _ world: World) {
        switch message.kind {
        case .tick:
            world.alarm(.tick, id, at: world.now + Nanoseconds.second)
            for _ in 0..<flow.take(1, &world.random) {
                items += 1
                fresh += 1
                ask(items, attempt: 1, in: world.random.among(0, Nanoseconds.second), world)
            }
        case .response: open[message.a] = nil
        case .patienceEnds where open[message.a] == message.b:
            world.truth.carried(from: "order-frontend", to: "order-clients", at: world.now)
            if message.b < Clients.attempts {
                ask(message.a, attempt: message.b + 1, in: 0, world)
            } else {
                open[message.a] = nil
                world.record(id, named: "work.abandoned") { $0.field("item", Clients.itemPrefix, numbered: message.a) }
            }
        case .sample:
            world.alarm(.sample, id, at: world.now + Nanoseconds.minute)
            let isNow = asked > 2 * fresh
            if isNow != isStorm { world.truth.storm(id, begins: isNow, at: world.now) }
            isStorm = isNow
            asked = 0
            fresh = 0
        default: break
        }
    }

    private mutating func ask(_ item: Int64, attempt: Int64, in delay: Int64, _ world: World) {
        asked += 1
        open[item] = attempt
        world.send(.request, from: id, to: frontend, in: delay + 2 * Nanoseconds.millisecond, a: item, b: attempt)
        world.alarm(.patienceEnds, id, at: world.now + delay + Clients.patience, a: item, b: attempt)
    }
}
