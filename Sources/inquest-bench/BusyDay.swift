/// The records of a busy day in the order in which they were written: a planner, two enactors that take its plans through all
/// endpoints, and the store that answers them. The four hear of one another with every message, so that clocks have four entries.
///
/// Each enactor goes round the endpoints in runs of 1,000. Once in a while one stalls after its check and then writes
/// what is out of date by then: stale overwrites, which the other's next round mends. After two million records no more do, so that
/// a longer day has as many findings, and what it takes more is the events' alone.
struct BusyDay {
    static let actors: [StaticString] = ["planner", "enactor-a", "enactor-b", "dns-store"]
    private static let roles: [StaticString] = ["planner", "enactor", "enactor", "store"]
    private static let planner = 0
    private static let store = 3
    private static let runLength = 1000
    private static let calm: Int64 = 2_000_000

    private enum Step {
        case start, check, send, commit, answer, finish, sample
    }

    private struct Enactor {
        var step = Step.start
        var at: Int64
        var position: Int
        var plan: Int64 = 0
        var left = 0
        var sent: Int64 = 0
        var commit: Int64 = 0
        var replaces: Int64 = 0
    }

    private var random: SeededGenerator
    private let endpoints: [[UInt8]]
    private var active: [Int64]
    private var commits: [Int64]
    private var clocks: [[Int64]] = Array(repeating: [0, 0, 0, 0], count: 4)
    private var enactors: [Enactor]
    private var newestPlan: Int64 = 0
    private var nextPlan: Int64 = 0
    private var request: Int64 = 0
    private var line = LogLine()

    init(seed: UInt64, endpoints count: Int) {
        random = SeededGenerator(seed: seed)
        endpoints = (0..<count).map { Array("svc-\($0 / 8).cell-\($0 % 8).us-east-1.example.com".utf8) }
        active = Array(repeating: 0, count: count)
        commits = Array(repeating: 0, count: count)
        enactors = [Enactor(at: 1_000_000, position: 0), Enactor(at: 1_500_000, position: count / 2)]
    }

    /// The next record: who wrote it, by its place in `actors`, and its line.
    mutating func next() -> (actor: Int, line: [UInt8]) {
        let e = enactors[0].at <= enactors[1].at ? 0 : 1
        if nextPlan <= enactors[e].at { return createPlan() }
        let actor = enactors[e].step == .commit ? BusyDay.store : e + 1
        advance(e)
        return (actor, line.bytes)
    }

    private mutating func createPlan() -> (actor: Int, line: [UInt8]) {
        newestPlan += 1
        begin(BusyDay.planner, at: nextPlan, event: "plan.created")
        line.member("plan", newestPlan)
        line.end()
        nextPlan += 2_000_000_000 + Int64(random.next() % 1_000_000_000)
        return (BusyDay.planner, line.bytes)
    }

    private mutating func advance(_ e: Int) {
        let actor = e + 1
        let at = enactors[e].at
        let endpoint = enactors[e].position
        switch enactors[e].step {
        case .start:
            enactors[e].plan = newestPlan
            enactors[e].left = BusyDay.runLength
            merge(BusyDay.planner, into: actor)
            begin(actor, at: at, event: "run.started")
            line.member("plan", newestPlan)
            next(e, .check)
        case .check:
            merge(BusyDay.store, into: actor)
            begin(actor, at: at, event: "plan.checked")
            line.member("plan", enactors[e].plan)
            line.member("active", min(active.max() ?? 0, enactors[e].plan))
            next(e, .send)
            if random.next() % 40 == 0, request < BusyDay.calm { stall(e) }
        case .send:
            begin(actor, at: at, event: "plan.applying")
            line.member("plan", enactors[e].plan)
            line.member("endpoint", text: endpoints[endpoint])
            line.member("attempt", 1)
            enactors[e].sent = at
            next(e, .commit)
        case .commit:
            merge(actor, into: BusyDay.store)
            commits[endpoint] += 1
            enactors[e].commit = commits[endpoint]
            enactors[e].replaces = active[endpoint]
            active[endpoint] = enactors[e].plan
            begin(BusyDay.store, at: at, event: "change.committed")
            line.member("plan", enactors[e].plan)
            line.member("endpoint", text: endpoints[endpoint])
            line.member("commit", enactors[e].commit)
            line.member("replaces", enactors[e].replaces)
            line.member("records", 6)
            line.member("by", BusyDay.actors[actor])
            next(e, .answer)
        case .answer:
            merge(BusyDay.store, into: actor)
            begin(actor, at: at, event: "plan.applied")
            line.member("plan", enactors[e].plan)
            line.member("endpoint", text: endpoints[endpoint])
            line.member("outcome", "ok")
            line.member("replaces", enactors[e].replaces)
            line.member("commit", enactors[e].commit)
            line.member("store", BusyDay.actors[BusyDay.store])
            line.member("records", 6)
            line.member("attempt", 1)
            line.member("latency_ms", hundredths: (at - enactors[e].sent) / 10_000)
            enactors[e].position = (endpoint + 1) % endpoints.count
            enactors[e].left -= 1
            next(e, enactors[e].left == 0 ? .finish : enactors[e].left % 50 == 0 ? .sample : .send)
        case .sample:
            begin(actor, at: at, event: "queue.sampled")
            line.member("queue", "changes")
            line.member("depth", Int64(enactors[e].left))
            line.member("arrived", 40 + Int64(random.next() % 20))
            line.member("completed", 50)
            line.member("failed", 0)
            line.member("oldest_ms", hundredths: Int64(random.next() % 90_000))
            next(e, .send)
        case .finish:
            begin(actor, at: at, event: "run.finished")
            line.member("plan", enactors[e].plan)
            next(e, .start)
        }
        line.end()
    }

    /// The time between check and use is long: meanwhile the other enactor has taken newer plans to the next endpoints.
    private mutating func stall(_ e: Int) {
        enactors[e].at += 30_000_000_000
        let ahead = enactors[1 - e].position + 1500
        enactors[e].position = ahead % endpoints.count
        enactors[e].left = 20
    }

    private mutating func next(_ e: Int, _ step: Step) {
        enactors[e].step = step
        enactors[e].at += 2_400_000 + Int64(random.next() % 3_200_000)
    }

    private mutating func begin(_ actor: Int, at: Int64, event: StaticString) {
        clocks[actor][actor] += 1
        request += 1
        // Wall clocks stand a few milliseconds apart.
        line.begin(nanoseconds: at + Int64(actor) * 3_000_000, actor: BusyDay.actors[actor], role: BusyDay.roles[actor])
        line.clock(BusyDay.actors, clocks[actor])
        line.member("event", event)
        line.member("request", request)
        line.member("host", "ip-10-0-12-34.us-east-1.compute.internal")
        line.member("version", "2025.10.1-release")
    }

    private mutating func merge(_ from: Int, into to: Int) {
        for k in 0..<4 { clocks[to][k] = max(clocks[to][k], clocks[from][k]) }
    }
}
