/// Takes down what happens while it happens. The actors tell it what they know of themselves; no log is read.
final class TruthKeeper {
    private(set) var truth = Truth()
    private let names: [String]
    /// Members of a queue that are behind, by queue: a queue of several hosts is behind while one of them is.
    private var behind: [String: Int] = [:]
    private var collapsed: [String: Int] = [:]
    private var meters: [String: ImpactMeter] = [:]
    private var services: [String] = []
    private var failing: [ActorID: Int] = [:]
    private let keepsHistory: Bool
    private var history = History()
    private var sentWrites: [SentWrite] = []
    /// Records written, for each actor.
    private var counts: [Int]

    /// - Parameter keepsHistory: whether to take down every effect on every endpoint: for small simulations.
    init(names: [String], keepsHistory: Bool = false) {
        self.names = names
        self.keepsHistory = keepsHistory
        counts = Array(repeating: 0, count: names.count)
        truth.actors = names
    }

    private func name(_ actor: ActorID) -> String { names[Int(actor.index)] }

    /// A record was written.
    func note(_ actor: ActorID, at time: Int64) {
        truth.records += 1
        counts[Int(actor.index)] += 1
    }

    /// The ordinal of an actor's latest record: 1 for its first.
    func ordinal(of actor: ActorID) -> Int { counts[Int(actor.index)] }

    func overwrote(
        _ endpoint: [UInt8], plan: Int64, displaced: Int64, by actor: ActorID, checkedAt: Int64, commit: Int64,
        at time: Int64
    ) {
        truth.overwrites.append(
            .init(
                at: time, endpoint: text(endpoint), plan: plan, displaced: displaced, actor: name(actor),
                checkedAt: checkedAt, commit: commit))
    }

    func checkWentStale(plan: Int64, by actor: ActorID, at time: Int64) {
        let author = name(actor)
        if let index = truth.staleChecks.lastIndex(where: { $0.plan == plan && $0.actor == author }) {
            truth.staleChecks[index].writes += 1
        } else {
            truth.staleChecks.append(.init(actor: author, plan: plan, at: time, writes: 1))
        }
    }

    func deleted(
        _ plan: Int64, activeOn endpoints: [[UInt8]], by actor: ActorID, in store: ActorID, at time: Int64
    ) {
        truth.deletions.append(.init(at: time, plan: plan, actor: name(actor), endpoints: endpoints.map(text)))
        for endpoint in endpoints {
            if keepsHistory {
                history.effects.append(
                    .init(
                        kind: .deletion, at: time, endpoint: text(endpoint), plan: plan, displaced: plan,
                        actor: name(actor), store: name(store), effect: ordinal(of: store)))
            }
            truth.emptied.append(.init(endpoint: text(endpoint), plan: plan, at: time, until: nil))
        }
    }

    func refused(_ endpoint: [UInt8], by actor: ActorID, at time: Int64) {
        let endpoint = text(endpoint)
        let author = name(actor)
        if let index = truth.wedges.lastIndex(where: { $0.endpoint == endpoint && $0.until == nil }) {
            truth.wedges[index].refusals += 1
            if !truth.wedges[index].actors.contains(author) { truth.wedges[index].actors.append(author) }
        } else {
            truth.wedges.append(.init(endpoint: endpoint, at: time, until: nil, refusals: 1, actors: [author]))
        }
    }

    func restored(_ endpoint: [UInt8], at time: Int64) {
        let endpoint = text(endpoint)
        for i in truth.emptied.indices where truth.emptied[i].endpoint == endpoint && truth.emptied[i].until == nil {
            truth.emptied[i].until = time
        }
        for i in truth.wedges.indices where truth.wedges[i].endpoint == endpoint && truth.wedges[i].until == nil {
            truth.wedges[i].until = time
        }
    }

    /// How many caches of a resolver hold no addresses. When the last of all holds some again, its milestone is set.
    func resolved(_ resolver: ActorID, failing count: Int, at time: Int64) {
        let before = failing[resolver] ?? 0
        failing[resolver] = count
        if before > 0 && count == 0 && failing.values.allSatisfy({ $0 == 0 }) {
            milestone("resolver caches expired", at: time)
        }
    }

    /// A member of a queue fell behind; the backlog's onset is the earliest of its members'.
    func fellBehind(_ actor: ActorID, queue: String, onset: Int64, depth: Int64, at time: Int64) {
        let key = name(actor) + "/" + queue
        behind[key, default: 0] += 1
        if behind[key] == 1 {
            truth.backlogs.append(
                .init(actor: name(actor), queue: queue, onset: onset, peak: depth, peakAt: time, end: nil))
        } else if let i = openBacklog(actor, queue) {
            truth.backlogs[i].onset = min(truth.backlogs[i].onset, onset)
        }
    }

    /// The depth of a whole queue; the largest one of a backlog is its peak.
    func depth(_ actor: ActorID, queue: String, depth: Int64, at time: Int64) {
        guard let i = openBacklog(actor, queue), depth > truth.backlogs[i].peak else { return }
        truth.backlogs[i].peak = depth
        truth.backlogs[i].peakAt = time
    }

    func caughtUp(_ actor: ActorID, queue: String, at time: Int64) {
        let key = name(actor) + "/" + queue
        behind[key, default: 1] -= 1
        if behind[key] == 0, let i = openBacklog(actor, queue) { truth.backlogs[i].end = time }
    }

    func collapsed(_ actor: ActorID, queue: String, at time: Int64) {
        let key = name(actor) + "/" + queue
        collapsed[key, default: 0] += 1
        if collapsed[key] == 1 {
            truth.collapses.append(.init(actor: name(actor), queue: queue, at: time, until: nil))
        }
    }

    func worksAgain(_ actor: ActorID, queue: String, at time: Int64) {
        let key = name(actor) + "/" + queue
        collapsed[key, default: 1] -= 1
        guard collapsed[key] == 0 else { return }
        let author = name(actor)
        if let i = truth.collapses.lastIndex(where: { $0.actor == author && $0.queue == queue }) {
            truth.collapses[i].until = time
        }
    }

    /// Clients began, or ceased, to try everything more than twice.
    func storm(_ actor: ActorID, begins: Bool, at time: Int64) {
        let author = name(actor)
        if begins {
            truth.storms.append(.init(actor: author, at: time, until: nil))
        } else if let i = truth.storms.lastIndex(where: { $0.actor == author && $0.until == nil }) {
            truth.storms[i].until = time
        }
    }

    /// The share of a service's requests that failed since its previous sample.
    func sampled(_ service: String, failed share: Double, at time: Int64) {
        if meters[service] == nil { services.append(service) }
        meters[service, default: ImpactMeter()].observe(share, at: time)
    }

    /// Trouble went from one component to another: an edge from the first time on, and a phase while it goes on.
    func carried(from: String, to: String, at time: Int64) {
        if !truth.edges.contains(where: { $0.from == from && $0.to == to }) {
            truth.edges.append(.init(from: from, to: to, at: time))
        }
        failed(to, because: from, at: time)
    }

    /// Something of a component failed for a reason, which is no component where people turned it away.
    func failed(_ component: String, because cause: String, at time: Int64) {
        if let index = truth.phases.lastIndex(where: { $0.component == component && $0.cause == cause }),
            time - truth.phases[index].until <= ImpactMeter.pause
        {
            truth.phases[index].until = time
            truth.phases[index].count += 1
        } else {
            truth.phases.append(.init(component: component, cause: cause, from: time, until: time, count: 1))
        }
    }

    /// Somebody did something to a component.
    func intervened(_ actor: ActorID, _ act: String, on component: String, at time: Int64) {
        truth.interventions.append(.init(at: time, actor: name(actor), act: act, component: component))
    }

    /// Something that a timeline names; the first time counts.
    func milestone(_ name: String, at time: Int64) {
        if truth.time(of: name) == nil { truth.milestones.append(.init(name: name, at: time)) }
    }

    /// A request for a write leaves its sender, whose latest record tells of it. Returns its number; 0 where none is kept.
    func sent(by actor: ActorID, check: Int?, started: Int?, seen: Int64) -> Int {
        if !keepsHistory { return 0 }
        sentWrites.append(
            SentWrite(check: check, started: started, sending: ordinal(of: actor), seen: seen, actor: actor))
        return sentWrites.count
    }

    /// A write took effect; the store's latest record tells of it. Returns the effect's number; 0 where none is kept.
    func tookEffect(
        _ endpoint: [UInt8], plan: Int64, displaced: Int64, commit: Int64, of request: Int, in store: ActorID,
        at time: Int64
    ) -> Int {
        if request == 0 { return 0 }
        let sent = sentWrites[request - 1]
        history.effects.append(
            .init(
                kind: .write, at: time, endpoint: text(endpoint), plan: plan, displaced: displaced,
                actor: name(sent.actor), store: name(store), commit: commit, check: sent.check, started: sent.started,
                sending: sent.sending, effect: ordinal(of: store), seen: sent.seen))
        return history.effects.count
    }

    /// A record was set by hand; the store's latest record tells of it. Returns the effect's number; 0 where none is kept.
    func wasRestored(
        _ endpoint: [UInt8], plan: Int64, displaced: Int64, commit: Int64, by actor: ActorID, in store: ActorID,
        at time: Int64
    ) -> Int {
        if !keepsHistory { return 0 }
        history.effects.append(
            .init(
                kind: .restoration, at: time, endpoint: text(endpoint), plan: plan, displaced: displaced,
                actor: name(actor), store: name(store), commit: commit, effect: ordinal(of: store)))
        return history.effects.count
    }

    /// The writer's latest record is the answer to an effect.
    func answered(_ effect: Int, by actor: ActorID) {
        if effect > 0 { history.effects[effect - 1].answer = ordinal(of: actor) }
    }

    /// The store's latest record tells that an endpoint lost its addresses.
    func emptied(_ endpoint: [UInt8], plan: Int64, by store: ActorID) {
        let endpoint = text(endpoint)
        if let i = history.effects.lastIndex(where: { $0.plan == plan && $0.endpoint == endpoint }) {
            history.effects[i].emptied = ordinal(of: store)
        }
    }

    /// The actor's latest record tells of a deletion in a store.
    func tookNotice(ofDeletion plan: Int64, in store: ActorID, by actor: ActorID) {
        let store = name(store)
        for i in history.effects.indices
        where history.effects[i].kind == .deletion && history.effects[i].plan == plan
            && history.effects[i].store == store
        {
            history.effects[i].answer = ordinal(of: actor)
        }
    }

    /// What was faulty, and what is left of the records.
    func keep(faults: [String], places: [LogPlaces]) {
        history.faults = faults
        history.places = places
    }

    /// The truth at the end of the simulation.
    func finish(
        scenario: Scenario, seed: UInt64, scale: Double, safeguards: Set<Safeguard>, from start: Int64, until end: Int64
    ) -> Truth {
        truth.scenario = scenario.rawValue
        truth.seed = seed
        truth.scale = scale
        truth.safeguards = Safeguard.allCases.filter(safeguards.contains).map(\.rawValue)
        truth.from = start
        truth.until = end
        truth.history = keepsHistory ? history : nil
        for service in services {
            for window in meters[service]?.windows(endingAt: end) ?? [] {
                truth.impacts.append(
                    .init(service: service, from: window.from, until: window.until, worst: window.worst))
            }
        }
        return truth
    }

    private func openBacklog(_ actor: ActorID, _ queue: String) -> Int? {
        let author = name(actor)
        return truth.backlogs.lastIndex { $0.actor == author && $0.queue == queue && $0.end == nil }
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
