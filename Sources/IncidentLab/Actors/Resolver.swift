import EventModel

/// A fleet of DNS caches for the regional endpoint. Each keeps what it heard until it expires: addresses a short time, the answer
/// that there are none a longer one.
struct Resolver {
    let id: ActorID
    let store: ActorID
    let endpoint: [UInt8]
    let positiveTTL: Int64
    let negativeTTL: Int64
    private var isEmpty: [Bool]
    private var refreshes = 0

    init(id: ActorID, store: ActorID, endpoint: [UInt8], caches: Int, positiveTTL: Int64, negativeTTL: Int64) {
        self.id = id
        self.store = store
        self.endpoint = endpoint
        self.positiveTTL = positiveTTL
        self.negativeTTL = negativeTTL
        isEmpty = Array(repeating: false, count: caches)
    }

    /// Starts each cache somewhere in its time to live.
    func begin(_ world: World) {
        for cache in isEmpty.indices {
            world.alarm(.refresh, id, at: world.now + world.random.among(0, positiveTTL), a: Int64(cache))
        }
    }

    /// `refresh`: an entry expired. `answer`: what the store said. `lookUp`: a client asks how many of the caches fail it.
    mutating func receive(_ message: Message, _ world: World) {
        switch message.kind {
        case .refresh:
            world.ask(
                .query, from: id, to: store, in: world.random.about(3 * Nanoseconds.millisecond), a: message.a)
        case .answer: keep(cache: Int(message.a), addresses: message.b, world)
        case .lookUp:
            let failing = isEmpty.count { $0 }
            if failing > 0 { note(.resolveFailed, world) }
            world.send(
                .lookedUp, from: id, to: message.from, in: world.random.about(2 * Nanoseconds.millisecond),
                a: Int64(failing), b: Int64(isEmpty.count))
        default: break
        }
    }

    private mutating func keep(cache: Int, addresses: Int64, _ world: World) {
        let was = isEmpty[cache]
        isEmpty[cache] = addresses == 0
        refreshes += 1
        if addresses == 0 {
            note(.resolveFailed, world)
        } else if was || refreshes % 64 == 0 {
            note(.resolveOK, world)
        }
        world.truth.resolved(id, failing: isEmpty.count { $0 }, at: world.now)
        // Busy caches are asked again at once, so an entry is renewed as soon as it expires; part of its life it may have spent in
        // another cache further up.
        let life = addresses == 0 ? negativeTTL : positiveTTL
        let ttl = world.random.among(life - life / 4, life)
        world.alarm(.refresh, id, at: world.now + ttl, a: Int64(cache))
    }

    private func note(_ kind: EventKind, _ world: World) {
        let endpoint = endpoint
        world.record(id, kind) { $0.field("endpoint", endpoint) }
    }
}
