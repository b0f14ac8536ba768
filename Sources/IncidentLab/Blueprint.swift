import EventModel

/// All numbers of a scenario: who takes part, how much of everything there is, and what is given from outside.
struct Blueprint: Sendable {
    /// Hosts of the droplet manager.
    static let hosts = 12
    /// The zones: an enactor, a resolver and a health checker in each.
    static let zones = ["az1", "az2", "az3"]

    var start: Int64
    var end: Int64
    var scale: Double
    var safeguards: Set<Safeguard>
    var firstPlan: Int64 = 21_000
    var planPeriod: Int64 = 5300 * Nanoseconds.millisecond
    var planners = 1
    var stores = 1
    var healsEmptied = false
    var commits = CommitCount.overStore
    var enactors: EnactorSettings
    /// Mean time of the store's answers.
    var storeLatency = 2 * Nanoseconds.millisecond
    /// When each of the three enactors first runs.
    var firstRuns: [Int64]
    var spells: [SlowSpell] = []
    /// Everything beyond names: leases, network state, launches, load balancers, services.
    var hasRegion = true
    var hasClients = false
    var trouble: Range<Int64> = 0..<0
    var surges: [Surge] = []
    var samplePeriod = Nanoseconds.minute
    /// Changes of network state a second that go by the network manager's own way and by the droplet manager's; what it can do.
    var ownChanges = 0.475
    var managedChanges = 1.4
    var propagationCapacity = 3.5445
    var actions: [OperatorAction] = []
    var reaction: ClosedRange<Int64>?
    var cachesPerResolver = 40
    var negativeTTL = 15 * Nanoseconds.minute

    /// The blueprint of a scenario.
    ///
    /// - Parameters:
    ///   - seed: for `race`, whose circumstances are drawn.
    ///   - faults: for `race`.
    init(_ scenario: Scenario, seed: UInt64, scale: Double, safeguards: Set<Safeguard>, faults: Set<Fault> = []) {
        self.scale = scale
        self.safeguards = safeguards
        start = timeOfDay(5, 48)
        end = timeOfDay(13, 48)
        let endpoints = max(4, Int(400 * scale))
        // A pass takes under six seconds whatever the number of endpoints.
        let step = 18 * Nanoseconds.millisecond * 400 / Int64(endpoints)
        enactors = EnactorSettings(
            endpoints: endpoints, period: 555 * Nanoseconds.second, jitter: 250 * Nanoseconds.millisecond,
            latency: step / 4, rest: step * 2 / 5, keep: 30)
        storeLatency = step / 9
        enactors.rechecks = safeguards.contains(.recheck)
        // Three enactors take turns; the first of them runs at 06:44:46.
        firstRuns = (0..<3).map { timeOfDay(5, 49, 16) + Int64($0) * 185 * Nanoseconds.second }
        switch scenario {
        case .incident: makeIncident()
        case .quietDay: break
        case .nearMiss: makeNearMiss()
        case .slowDrain: makeSlowDrain()
        case .retryStorm: makeRetryStorm()
        case .race:
            makeRace(seed)
            add(faults)
        }
    }

    /// Scales a rate of droplets.
    func scaled(_ value: Double) -> Double { value * scale }

    /// Scales a count of droplets.
    func scaled(_ value: Int) -> Int { max(10, Int(Double(value) * scale)) }

    /// Scales a rate of traffic, launches or network state. It never falls below that of scale 1: of fewer targets a single ill one
    /// would be a large share.
    func traffic(_ value: Double) -> Double { value * max(1, scale) }

    /// Scales a count like `traffic` a rate.
    func traffic(_ value: Int) -> Int { Int(Double(value) * max(1, scale)) }

    private mutating func makeIncident() {
        end = timeOfDay(21, 35)
        actions = Timetable.incident(hosts: Blueprint.hosts, scale: scale)
        spells = [
            SlowSpell(
                enactor: 0, from: timeOfDay(6, 44), until: timeOfDay(6, 48),
                effect: .crawls(
                    pass: 184 * Nanoseconds.second, opens: timeOfDay(6, 47, 57) + 600 * Nanoseconds.millisecond))
        ]
    }

    /// Two enactors run almost together; now and then both hesitate, and the check of the second goes stale under the first's writes.
    private mutating func makeNearMiss() {
        end = timeOfDay(9, 48)
        let round = enactors.period
        firstRuns = [timeOfDay(5, 49, 16), timeOfDay(5, 49, 24), timeOfDay(5, 53, 50)]
        for turn in [3, 8, 13, 18, 23] as [Int64] {
            let from = firstRuns[0] + turn * round - Nanoseconds.minute
            let until = from + 2 * Nanoseconds.minute
            spells.append(.init(enactor: 0, from: from, until: until, effect: .hesitates(11 * Nanoseconds.second)))
            spells.append(.init(enactor: 1, from: from, until: until, effect: .hesitates(12 * Nanoseconds.second)))
        }
    }

    /// Hardly more capacity than load: a surge of forty minutes takes hours to drain.
    private mutating func makeSlowDrain() {
        propagationCapacity = 2.45
        surges = [Surge(from: timeOfDay(8, 0), until: timeOfDay(8, 40), rate: traffic(1.5))]
    }

    private mutating func makeRetryStorm() {
        end = timeOfDay(10, 48)
        hasClients = true
        trouble = timeOfDay(8, 0)..<timeOfDay(8, 4)
        actions = [
            OperatorAction(time: timeOfDay(8, 50), need: .nothing, deed: .shedRetries, milestone: "retries shed")
        ]
    }

    /// Makes the system faulty.
    private mutating func add(_ faults: Set<Fault>) {
        if faults.contains(.lateRequests) { enactors.lateRequests = 0.05 }
        if faults.contains(.repeatedRequests) { enactors.repeatedRequests = 0.04 }
        if faults.contains(.crashes) { enactors.crashes = 0.03 }
        if !faults.isDisjoint(with: [.restarts, .resetCounters]) { enactors.restarts = 0.15 }
        enactors.forgets = faults.contains(.resetCounters)
        if faults.contains(.carelessChecks) { enactors.careless = 0.3 }
        if !faults.isDisjoint(with: [.planners, .carelessChecks]) { planners = 2 }
        if faults.contains(.shardedStore) { stores = 2 }
        healsEmptied = faults.contains(.healingStore)
        if faults.contains(.endpointCommits) { commits = .forEndpoint }
        if faults.contains(.sparseCommits) { commits = .sparse }
    }

    private mutating func makeRace(_ seed: UInt64) {
        var random = Random(seed: seed, stream: 0x2ACE)
        end = start + 25 * Nanoseconds.minute
        hasRegion = false
        firstPlan = random.among(100, 400)
        planPeriod = random.among(6, 14) * Nanoseconds.second
        enactors.endpoints = Int(random.among(2, 5))
        enactors.period = random.among(25, 50) * Nanoseconds.second
        enactors.jitter = enactors.period / 3
        enactors.latency = random.among(10, 60) * Nanoseconds.millisecond
        storeLatency = 2 * Nanoseconds.millisecond
        enactors.rest = random.among(100, 600) * Nanoseconds.millisecond
        enactors.keep = random.among(2, 5)
        enactors.listing = 25 * enactors.latency
        enactors.removalRest = 4 * enactors.latency
        enactors.stalls = 0.02 + 0.04 * random.uniform()
        enactors.detours = enactors.stalls / 8
        enactors.stallMean = random.among(8, 35) * Nanoseconds.second
        enactors.lostRequests = 0.01
        enactors.lostAnswers = 0.01
        firstRuns = (0..<3).map { _ in start + random.among(5, 40) * Nanoseconds.second }
        reaction = 40 * Nanoseconds.second...150 * Nanoseconds.second
        samplePeriod = 15 * Nanoseconds.second
        cachesPerResolver = 4
        negativeTTL = 20 * Nanoseconds.second
        if random.chance(0.5) {
            let from = start + random.among(10, 14) * Nanoseconds.minute
            let length = random.among(90, 240) * Nanoseconds.second
            surges = [Surge(from: from, until: from + length, rate: traffic(Double(random.among(4, 9))))]
        }
    }
}
