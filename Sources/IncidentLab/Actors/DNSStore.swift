import EventModel

/// What a store's commit numbers count.
enum CommitCount: Sendable {
    /// The writes of the whole store.
    case overStore
    /// The writes of each endpoint.
    case forEndpoint
    /// The writes of the whole store and other changes, of which no log tells.
    case sparse
}

/// The DNS service's store of records: one transaction an endpoint, commits in order, refuses an endpoint whose active plan is gone.
struct DNSStore {
    let id: ActorID
    let operators: ActorID
    let names: [[UInt8]]
    /// Refuses a write while a newer plan is active.
    let comparesAndSets: Bool
    /// Refuses to remove a plan that is active anywhere.
    let guardsActive: Bool
    /// Accepts a write on an emptied endpoint.
    let healsEmptied: Bool
    /// What its commit numbers count.
    let counting: CommitCount

    /// Mean time of an answer, and how long a transaction holds its endpoint.
    let latency: Int64

    private var active: [Int64]
    private var addresses: [Int64]
    private var changedAt: [Int64]
    private var writer: [ActorID]
    private var busyUntil: [Int64]
    private var isInconsistent: [Bool]
    private var uses: [Int64: Int] = [:]
    private var commits: Int64
    private var endpointCommits: [Int64]
    /// Every plan below this is removed, but for those spared.
    private var oldest: Int64
    private var spared: [Int64] = []

    /// - Parameter owns: whether an endpoint is kept in this store.
    init(
        id: ActorID, operators: ActorID, names: [[UInt8]], owns: (Int) -> Bool, blueprint: Blueprint
    ) {
        let plan = blueprint.firstPlan
        self.id = id
        self.operators = operators
        self.names = names
        comparesAndSets = blueprint.safeguards.contains(.compareAndSet)
        guardsActive = blueprint.safeguards.contains(.guardedCleanup)
        healsEmptied = blueprint.healsEmptied
        counting = blueprint.commits
        latency = blueprint.storeLatency
        let n = names.count
        active = (0..<n).map { owns($0) ? plan : 0 }
        addresses = Array(repeating: 6, count: n)
        changedAt = Array(repeating: 0, count: n)
        writer = Array(repeating: id, count: n)
        busyUntil = Array(repeating: 0, count: n)
        isInconsistent = Array(repeating: false, count: n)
        uses[plan] = active.count { $0 == plan }
        commits = Int64(n)
        endpointCommits = Array(repeating: 1, count: n)
        oldest = max(1, plan - blueprint.enactors.keep)
    }

    /// `activeWanted` and `query` read, `write`, `removeOldest` and `restore` change.
    mutating func receive(_ message: Message, _ world: World) {
        switch message.kind {
        case .activeWanted:
            let seen = message.a < 0 ? active.reduce(0, max) : active[Int(message.a)]
            reply(.activeGiven, message, world, a: seen, b: message.a, c: world.now)
        case .query:
            reply(.answer, message, world, a: message.a, b: addresses[names.count - 1])
        case .write: write(message, world)
        case .removeOldest:
            reply(.planRemoved, message, world, a: removeOldest(below: message.a, for: message.from, world))
        case .restore: restore(message, world)
        default: break
        }
    }

    private func reply(
        _ kind: Message.Kind, _ message: Message, _ world: World, a: Int64 = 0, b: Int64 = 0, c: Int64 = 0,
        d: Int64 = 0, e: Int64 = 0, trace: Int = 0
    ) {
        world.send(
            kind, from: id, to: message.from, in: world.random.about(latency, 0.5), a: a, b: b,
            c: c, d: d, e: e, trace: trace)
    }

    private mutating func write(_ message: Message, _ world: World) {
        let endpoint = Int(message.a)
        let plan = message.b
        if busyUntil[endpoint] > world.now {
            // Turned away at the door: the store's clock does not come with it.
            if message.e > 0 {
                world.ask(
                    .written, from: id, to: message.from, in: Nanoseconds.millisecond, a: message.a,
                    b: WriteResult.throttled.rawValue, e: message.e)
            }
            return
        }
        busyUntil[endpoint] = world.now + latency
        let result = judge(plan, on: endpoint)
        let displaced = active[endpoint]
        let by = world.name(message.from)
        let name = names[endpoint]
        var trace = 0
        if result == .ok {
            note(message, displaced: displaced, world)
            if active[endpoint] == 0 { world.truth.restored(name, at: world.now) }
            commit(plan, on: endpoint, addresses: message.c, by: message.from, world)
            trace = world.truth.tookEffect(
                name, plan: plan, displaced: displaced, commit: lastCommit(of: endpoint), of: message.trace, in: id,
                at: world.now)
        } else {
            if result == .inconsistent { world.truth.refused(name, by: message.from, at: world.now) }
            world.record(id, named: "change.refused") { line in
                line.field("plan", plan)
                line.field("endpoint", name)
                line.field("by", by)
                line.field("error", result.error)
            }
        }
        if message.e > 0 {
            reply(
                .written, message, world, a: message.a, b: result.rawValue, c: displaced, d: lastCommit(of: endpoint),
                e: message.e, trace: trace)
        }
    }

    private func judge(_ plan: Int64, on endpoint: Int) -> WriteResult {
        if isInconsistent[endpoint] { return .inconsistent }
        if plan < oldest && !spared.contains(plan) { return .planGone }
        if comparesAndSets && plan < active[endpoint] { return .newerActive }
        return .ok
    }

    /// What the truth says of a write, judged before it takes effect.
    private func note(_ message: Message, displaced: Int64, _ world: World) {
        let endpoint = Int(message.a)
        if message.b < displaced {
            world.truth.overwrote(
                names[endpoint], plan: message.b, displaced: displaced, by: message.from, checkedAt: message.d,
                commit: nextCommit(of: endpoint), at: world.now)
        } else if displaced > 0, message.b > displaced, changedAt[endpoint] > message.d,
            writer[endpoint] != message.from
        {
            world.truth.checkWentStale(plan: message.b, by: message.from, at: world.now)
        }
    }

    private mutating func commit(_ plan: Int64, on endpoint: Int, addresses count: Int64, by: ActorID, _ world: World) {
        if active[endpoint] != plan {
            release(active[endpoint])
            uses[plan, default: 0] += 1
        }
        commits = nextStoreCommit()
        endpointCommits[endpoint] += 1
        active[endpoint] = plan
        addresses[endpoint] = count
        changedAt[endpoint] = world.now
        writer[endpoint] = by
        let (name, number, author) = (names[endpoint], lastCommit(of: endpoint), world.name(by))
        world.record(id, .changeCommitted) { line in
            line.field("plan", plan)
            line.field("endpoint", name)
            line.field("commit", number)
            line.field("records", count)
            line.field("by", author)
        }
    }

    /// Sparse numbers leave out one to four for changes of other things: a function of the number alone.
    private func nextStoreCommit() -> Int64 { counting == .sparse ? commits + 2 + commits * 7919 % 4 : commits + 1 }

    private func nextCommit(of endpoint: Int) -> Int64 {
        counting == .forEndpoint ? endpointCommits[endpoint] + 1 : nextStoreCommit()
    }

    private func lastCommit(of endpoint: Int) -> Int64 {
        counting == .forEndpoint ? endpointCommits[endpoint] : commits
    }

    private mutating func release(_ plan: Int64) {
        guard let count = uses[plan] else { return }
        uses[plan] = count > 1 ? count - 1 : nil
    }

    /// Removes the oldest plan below a generation and returns it; 0 when there is none.
    private mutating func removeOldest(below bound: Int64, for enactor: ActorID, _ world: World) -> Int64 {
        if let index = spared.firstIndex(where: { $0 < bound && uses[$0] == nil }) {
            let plan = spared.remove(at: index)
            remove(plan, for: enactor, world)
            return plan
        }
        while oldest < bound {
            let plan = oldest
            oldest += 1
            if guardsActive && uses[plan] != nil {
                spared.append(plan)
                continue
            }
            remove(plan, for: enactor, world)
            return plan
        }
        return 0
    }

    private mutating func remove(_ plan: Int64, for enactor: ActorID, _ world: World) {
        let by = world.name(enactor)
        world.record(id, named: "plan.removed") { line in
            line.field("plan", plan)
            line.field("by", by)
        }
        guard uses.removeValue(forKey: plan) != nil else { return }
        let hit = active.indices.filter { active[$0] == plan }
        world.truth.deleted(plan, activeOn: hit.map { names[$0] }, by: enactor, in: id, at: world.now)
        for endpoint in hit {
            active[endpoint] = 0
            addresses[endpoint] = 0
            isInconsistent[endpoint] = !healsEmptied
            let name = names[endpoint]
            world.record(id, .recordEmptied) { line in
                line.field("endpoint", name)
                line.field("plan", plan)
                line.field("records", 0)
            }
            world.truth.emptied(name, plan: plan, by: id)
            world.send(.emptied, from: id, to: operators, in: 30 * Nanoseconds.second, a: Int64(endpoint))
        }
    }

    /// An operator sets an endpoint's record by hand, whatever state it is in.
    private mutating func restore(_ message: Message, _ world: World) {
        let endpoint = Int(message.a)
        isInconsistent[endpoint] = false
        world.truth.restored(names[endpoint], at: world.now)
        let displaced = active[endpoint]
        commit(message.b, on: endpoint, addresses: message.c, by: message.from, world)
        let trace = world.truth.wasRestored(
            names[endpoint], plan: message.b, displaced: displaced, commit: lastCommit(of: endpoint), by: message.from,
            in: id, at: world.now)
        reply(
            .restored, message, world, a: message.a, b: message.b, c: message.c, d: lastCommit(of: endpoint),
            trace: trace)
    }
}
