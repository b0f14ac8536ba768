import EventModel

/// What makes an enactor slow for a while: given to a scenario, since nobody outside knows why the real one was.
struct SlowSpell: Sendable {
    enum Effect: Sendable {
        /// The whole pass takes so long, and now and then a write is turned away first; the last endpoint lets it in at `opens`.
        case crawls(pass: Int64, opens: Int64)
        /// Nothing happens between the check and the first write for so long.
        case hesitates(Int64)
    }

    let enactor: Int
    let from: Int64
    let until: Int64
    let effect: Effect
}

/// How the enactors of a region work.
struct EnactorSettings: Sendable {
    var endpoints: Int
    /// Time between two runs of one enactor, and how much of it varies either way.
    var period: Int64
    var jitter: Int64
    /// Mean time of a message between an enactor and the store, and the mean rest between two endpoints.
    var latency: Int64
    var rest: Int64
    /// Generations older than the one applied by more than this are removed.
    var keep: Int64
    /// How long it takes to list what is to be removed, and the rest between two removals.
    var listing = 2 * Nanoseconds.second
    var removalRest = 25 * Nanoseconds.millisecond
    /// Shares of writes whose request, and whose answer, is lost; of writes before which the enactor stalls, and of
    /// those whose request is that long under way; and how long that is.
    var lostRequests = 0.0
    var lostAnswers = 0.0
    var stalls = 0.0
    var detours = 0.0
    var stallMean: Int64 = 0
    /// Shares of writes whose request is under way for longer than the enactor waits, and whose request is delivered twice; of
    /// requests after which the enactor crashes; of runs ahead of which it is restarted; of checks whose answer it ignores.
    var lateRequests = 0.0
    var repeatedRequests = 0.0
    var crashes = 0.0
    var restarts = 0.0
    var careless = 0.0
    /// A process that starts again counts its records from one.
    var forgets = false
    /// Reads the active generation again before each write.
    var rechecks = false
    var patience: Int64 = 2 * Nanoseconds.second
    var attempts: Int64 = 8
}

/// Takes the newest plan, checks once that it is newer than the active one, writes it endpoint by endpoint, then removes
/// generations much older than its own. Knows nothing of the other enactors.
struct Enactor {
    private enum Phase { case idle, starting, applying, cleaning, down }

    let id: ActorID
    let number: Int
    let planners: [ActorID]
    let stores: [ActorID]
    let names: [[UInt8]]
    let settings: EnactorSettings
    let spells: [SlowSpell]

    private var phase = Phase.idle
    private var isDisabled = false
    private var nextRun: Int64
    private var plan: Int64 = 0
    private var addresses: Int64 = 0
    private var checkedAt: Int64 = 0
    private var started: Int64 = 0
    private var slow: SlowSpell.Effect?
    /// Where the latest run was refused: the next one begins there, and goes no further while that lasts.
    private var refusedAt: Int?
    private var first = 0
    private var visited = 0
    private var attempt: Int64 = 1
    private var request: Int64 = 0
    private var sentAt: Int64 = 0
    private var leftOut = false
    /// The store that is being cleaned up.
    private var cleaned = 0
    /// The truth's numbers of its records of the run.
    private var runStart: Int?
    private var runCheck: Int?
    private var seen: Int64 = 0

    init(
        id: ActorID, number: Int, planners: [ActorID], stores: [ActorID], names: [[UInt8]], settings: EnactorSettings,
        spells: [SlowSpell], firstRun: Int64
    ) {
        self.id = id
        self.number = number
        self.planners = planners
        self.stores = stores
        self.names = names
        self.settings = settings
        self.spells = spells.filter { $0.enactor == number }
        nextRun = firstRun
    }

    /// Starts the clockwork.
    func begin(_ world: World) { world.alarm(.wake, id, at: nextRun) }

    /// The enactor's protocol: `wake`, the planner's and the store's answers, `gaveUp` when one does not come.
    mutating func receive(_ message: Message, _ world: World) {
        switch message.kind {
        case .wake: wake(world)
        case .planGiven: start(plan: message.a, addresses: message.b, world)
        case .activeGiven: check(active: message.a, endpoint: Int(message.b), at: message.c, world)
        case .refresh: write(world)
        case .written where message.e == request: finish(message, world)
        case .gaveUp where message.a == request: giveUp(isTurnedAway: message.b == 1, world)
        case .removeOldest: removeNext(world)
        case .planRemoved: removed(message.a, world)
        case .automation: isDisabled = message.a == 0
        case .restart: startAgain(world)
        default: break
        }
    }

    private var endpoint: Int { (first + visited) % settings.endpoints }

    private var store: ActorID { stores[endpoint % stores.count] }

    /// One of several, drawn only where there are several.
    private func any(_ actors: [ActorID], _ world: World) -> ActorID {
        actors.count == 1 ? actors[0] : actors[world.random.below(actors.count)]
    }

    private func delay(_ world: World) -> Int64 { world.random.about(settings.latency, 0.5) }

    private mutating func wake(_ world: World) {
        nextRun += settings.period
        world.alarm(.wake, id, at: nextRun + world.random.among(-settings.jitter, settings.jitter))
        if phase != .idle || isDisabled { return }
        if world.random.chance(settings.restarts) { return startAgain(world) }
        phase = .starting
        world.ask(.planWanted, from: id, to: any(planners, world), in: delay(world))
    }

    /// The process starts again, and waits for its next turn.
    private mutating func startAgain(_ world: World) {
        world.restart(id, forgets: settings.forgets)
        world.record(id, named: "process.started")
        phase = .idle
        refusedAt = nil
    }

    /// The process dies; what was sent is under way.
    private mutating func crash(_ world: World) {
        phase = .down
        request += 1
        world.alarm(.restart, id, at: world.now + world.random.among(5, 40) * Nanoseconds.second)
    }

    private mutating func start(plan: Int64, addresses: Int64, _ world: World) {
        self.plan = plan
        self.addresses = addresses
        started = world.now
        slow = spells.first { $0.from <= world.now && world.now < $0.until }?.effect
        world.record(id, .runStarted) { $0.field("plan", plan) }
        runStart = world.truth.ordinal(of: id)
        world.ask(.activeWanted, from: id, to: any(stores, world), in: delay(world), a: -1)
    }

    /// The answer to the check of the whole run, or, with the safeguard `recheck`, of one endpoint.
    private mutating func check(active: Int64, endpoint: Int, at: Int64, _ world: World) {
        let (plan, names) = (plan, names)
        checkedAt = at
        world.record(id, .planChecked) { line in
            line.field("plan", plan)
            line.field("active", active)
            if endpoint >= 0 { line.field("endpoint", names[endpoint]) }
        }
        runCheck = world.truth.ordinal(of: id)
        seen = active
        if endpoint >= 0 {
            if active >= plan { advance(world) } else { send(world) }
        } else if active == plan || active > plan && !world.random.chance(settings.careless) {
            world.record(id, named: "run.skipped") { $0.field("plan", plan) }
            phase = .idle
        } else {
            phase = .applying
            first = refusedAt ?? 0
            visited = 0
            attempt = 1
            leftOut = false
            var pause = delay(world)
            if case .hesitates(let span) = slow { pause += span }
            world.alarm(.refresh, id, at: world.now + pause)
        }
    }

    /// Writes the plan to the next endpoint, after a look at it where the safeguard wants one.
    private mutating func write(_ world: World) {
        if isDisabled {
            phase = .idle
        } else if settings.rechecks {
            world.ask(.activeWanted, from: id, to: store, in: delay(world), a: Int64(endpoint))
        } else {
            send(world)
        }
    }

    private mutating func send(_ world: World) {
        let (plan, attempt, name) = (plan, attempt, names[endpoint])
        world.record(id, .planApplying) { line in
            line.field("plan", plan)
            line.field("endpoint", name)
            line.field("attempt", attempt)
        }
        let trace = world.truth.sent(by: id, check: runCheck, started: runStart, seen: seen)
        request += 1
        sentAt = world.now
        if isTurnedAway(world) {
            world.alarm(.gaveUp, id, at: world.now + 2 * delay(world), a: request, b: 1)
            return
        }
        let isLost = world.random.chance(settings.lostRequests)
        let isUnanswered = world.random.chance(settings.lostAnswers)
        let isLate = world.random.chance(settings.lateRequests)
        if isLost || isUnanswered || isLate { world.alarm(.gaveUp, id, at: world.now + settings.patience, a: request) }
        let crashes = world.random.chance(settings.crashes)
        defer { if crashes { crash(world) } }
        if isLost { return }
        var travel = delay(world)
        if isLate { travel += settings.patience + world.random.exponential(10 * Nanoseconds.second) }
        if world.random.chance(settings.detours) { travel += world.random.exponential(settings.stallMean) }
        world.send(
            .write, from: id, to: store, in: travel, a: Int64(endpoint), b: plan, c: addresses, d: checkedAt,
            e: isUnanswered ? 0 : request, trace: trace)
        if world.random.chance(settings.repeatedRequests) {
            world.send(
                .write, from: id, to: store, in: travel + world.random.exponential(10 * Nanoseconds.second),
                a: Int64(endpoint), b: plan, c: addresses, d: checkedAt, e: 0, trace: trace)
        }
    }

    /// In a slow spell an earlier request of the enactor still holds the endpoint.
    private func isTurnedAway(_ world: World) -> Bool {
        guard case .crawls(_, let opens) = slow else { return false }
        if visited == settings.endpoints - 1 { return world.now < opens }
        return attempt == 1 && world.random.chance(100 / Double(settings.endpoints))
    }

    private mutating func finish(_ message: Message, _ world: World) {
        guard let outcome = WriteResult(rawValue: message.b) else { return }
        let (plan, attempt, name, addresses, latency) = (plan, attempt, names[endpoint], addresses, world.now - sentAt)
        let storeName = world.name(store)
        world.record(id, .planApplied) { line in
            line.field("plan", plan)
            line.field("endpoint", name)
            line.field("attempt", attempt)
            if outcome == .ok {
                line.field("replaces", message.c)
                line.field("commit", message.d)
                line.field("records", addresses)
            } else {
                line.field("outcome", outcome.word)
                line.field("error", outcome.error)
            }
            if outcome != .throttled { line.field("store", storeName) }
            line.milliseconds("latency_ms", latency)
        }
        world.truth.answered(message.trace, by: id)
        switch outcome {
        case .ok:
            if refusedAt == endpoint { refusedAt = nil }
            advance(world)
        case .newerActive: advance(world)
        case .planGone: abandon(world)
        case .throttled: retry(world)
        case .inconsistent:
            refusedAt = endpoint
            retry(world)
        }
    }

    private mutating func giveUp(isTurnedAway: Bool, _ world: World) {
        let (plan, attempt, name, latency) = (plan, attempt, names[endpoint], world.now - sentAt)
        request += 1
        world.record(id, .planApplied) { line in
            line.field("plan", plan)
            line.field("endpoint", name)
            line.field("attempt", attempt)
            line.field("outcome", isTurnedAway ? "throttled" : "timeout")
            line.field("error", isTurnedAway ? WriteResult.throttled.error : "no answer")
            line.milliseconds("latency_ms", latency)
        }
        retry(world)
    }

    /// Tries the same endpoint again, later each time; after too many tries the run goes on without it, or ends where the store
    /// refuses the endpoint's state.
    private mutating func retry(_ world: World) {
        let isHeldUp = slow != nil && visited == settings.endpoints - 1
        if attempt >= settings.attempts && !isHeldUp {
            if refusedAt != nil { return abandon(world) }
            leftOut = true
            return advance(world)
        }
        var wait = 400 * Nanoseconds.millisecond
        for _ in 1..<min(attempt, 4) { wait += wait / 3 }
        attempt += 1
        world.alarm(.refresh, id, at: world.now + world.random.about(wait, 0.2))
    }

    private mutating func abandon(_ world: World) {
        let plan = plan
        world.record(id, named: "run.abandoned") { $0.field("plan", plan) }
        phase = .idle
    }

    /// Goes on to the next endpoint; after the last one, to the clean-up.
    private mutating func advance(_ world: World) {
        visited += 1
        attempt = 1
        if visited < settings.endpoints {
            var rest = world.random.about(settings.rest, 0.5)
            if case .crawls(let pass, _) = slow {
                // Late in its plan of the pass, it takes no rest; early, it waits.
                let due = started + pass / Int64(settings.endpoints - 1) * Int64(visited)
                rest = max(0, due - world.now) + world.random.among(0, rest)
            }
            if world.random.chance(settings.stalls) { rest += world.random.exponential(settings.stallMean) }
            world.alarm(.refresh, id, at: world.now + rest)
            return
        }
        let plan = plan
        world.record(id, .runFinished) { $0.field("plan", plan) }
        phase = leftOut ? .idle : .cleaning
        if leftOut { return }
        cleaned = 0
        world.alarm(.removeOldest, id, at: world.now + world.random.about(settings.listing, 0.1))
        world.record(id, .cleanupStarted) { $0.field("plan", plan) }
    }

    private func removeNext(_ world: World) {
        world.send(.removeOldest, from: id, to: stores[cleaned], in: delay(world), a: plan - settings.keep)
    }

    private mutating func removed(_ removed: Int64, _ world: World) {
        let plan = plan
        if removed == 0, cleaned + 1 < stores.count {
            cleaned += 1
            return removeNext(world)
        }
        if removed == 0 {
            world.record(id, .cleanupFinished) { $0.field("plan", plan) }
            phase = .idle
            return
        }
        let store = stores[cleaned]
        let storeName = world.name(store)
        world.record(id, .planDeleted) { line in
            line.field("plan", removed)
            line.field("reason", "cleanup")
            line.field("store", storeName)
        }
        world.truth.tookNotice(ofDeletion: removed, in: store, by: id)
        world.alarm(.removeOldest, id, at: world.now + world.random.about(settings.removalRest))
    }
}
