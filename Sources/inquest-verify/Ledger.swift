import EventModel

/// What all proofs of a findings file need of the bundle: the cited lines, and what is gathered in scans of the rest.
struct Ledger {
    /// What the scan must gather.
    struct Wanted {
        /// All records about these endpoints' plans.
        var endpoints: Set<String> = []
        /// The logs of these stores.
        var stores: Set<String> = []
        /// The own counters of these actors.
        var actors: Set<String> = []
        /// How often these are named.
        var named: Set<String> = []
        /// All creations and checks.
        var plans = false

        var isEmpty: Bool { endpoints.isEmpty && stores.isEmpty && actors.isEmpty && named.isEmpty && !plans }

        /// Words of which a line that matters has one.
        var words: [String] {
            stores.union(actors).union(named).sorted()
                + (plans ? ["plan", "record", "commit", "operator", "work."] : [])
        }
    }

    /// A record of a store or an actor, as far as its own order goes.
    struct Row {
        var place: Place
        var digest: UInt64
        var counter: Int64?
        var isFaulty = false
        var time: Int64?
        var endpoint: String?
        var isWrite = false
        var isEmptied = false
    }

    let cited: [Place: Record]
    private(set) var onEndpoint: [String: [Record]] = [:]
    private(set) var rows: [String: [Row]] = [:]
    /// Counters of a store that deletions bear, which its own log need not hold.
    private(set) var deletions: [String: Set<Int64>] = [:]
    /// By a store, the endpoint of each commit; empty where several share it.
    private(set) var commits: [String: [Generation: String]] = [:]
    private(set) var named: [String: Int64] = [:]
    private(set) var actors: Set<String> = []
    private(set) var operators: Set<String> = []
    private(set) var creations: [Record] = []
    private(set) var checks: [Record] = []
    /// Where a record about plans stands, which may be in several files.
    private var places: [UInt64: [Place]] = [:]
    /// From when to when each actor writes in each log.
    private var spans: [String: [Int: ClosedRange<Int64>]] = [:]
    /// Logs with a time that is not a multiple of 10 ms.
    private let fineTimes: Set<Int>
    private var seen: Set<UInt64> = []

    init(cited: [Place: Record] = [:], fineTimes: Set<Int> = []) {
        self.cited = cited
        self.fineTimes = fineTimes
    }

    /// Takes a record in a scan. Lines that stand twice, since exports overlap, count once.
    mutating func take(_ record: Record, _ wanted: Wanted) {
        note(record, wanted)
        if let time = record.time {
            let span = spans[record.actor]?[record.place.source] ?? time...time
            spans[record.actor, default: [:]][record.place.source] =
                min(span.lowerBound, time)...max(span.upperBound, time)
        }
        if Ledger.concernsPlans(record.event) { places[record.digest, default: []].append(record.place) }
        if isRepeated(record) { return }
        actors.insert(record.actor)
        if record.role == "operator" { operators.insert(record.actor) }
        for name in wanted.named {
            if record.clock[name] ?? 0 > 0 { named[name, default: 0] += 1 }
            if record.by == name { named[name, default: 0] += 1 }
            if record.store == name { named[name, default: 0] += 1 }
        }
        if record.event == "plan.deleted", let time = record.storeTime {
            deletions[time.store, default: []].insert(time.counter)
        }
        if let commit = record.commit, let endpoint = record.endpoint {
            let known = commits[record.takenBy]?[commit]
            commits[record.takenBy, default: [:]][commit] = known == nil || known == endpoint ? endpoint : ""
        }
        if let endpoint = record.endpoint, wanted.endpoints.contains(endpoint), Ledger.concernsPlans(record.event) {
            onEndpoint[endpoint, default: []].append(record)
        }
        if wanted.plans {
            if record.event == "plan.created" { creations.append(record) }
            if record.event == "plan.checked" || record.event == "run.started" { checks.append(record) }
        }
    }

    /// Notes a record in its actor's own order, as often as it stands there.
    private mutating func note(_ record: Record, _ wanted: Wanted) {
        if wanted.stores.contains(record.actor) || wanted.actors.contains(record.actor) {
            rows[record.actor, default: []].append(
                Row(
                    place: record.place, digest: record.digest, counter: record.counter,
                    isFaulty: record.hasClockField && record.counter == nil, time: record.time,
                    endpoint: record.endpoint, isWrite: record.event == "change.committed",
                    isEmptied: record.event == "record.emptied"))
        }
    }

    /// Whether a record without a counter or an id is one that was there before, since nothing tells two such events apart but times that
    /// are finer than a hundredth of a second.
    private mutating func isRepeated(_ record: Record) -> Bool {
        let isNew = seen.insert(record.digest).inserted
        return !isNew && (record.counter != nil || record.id != nil || fineTimes.contains(record.place.source))
    }

    /// Whether one record stands before another in their actor's own order: by counters, by lines, or by files whose times are apart.
    func isAhead(_ a: Record, of b: Record) -> Bool {
        if let x = a.counter, let y = b.counter { return x < y }
        if a.place.source == b.place.source { return a.place.line < b.place.line }
        for x in places[a.digest] ?? [a.place] {
            for y in places[b.digest] ?? [b.place] where x.source == y.source { return x.line < y.line }
        }
        guard let x = spans[a.actor]?[a.place.source], let y = spans[b.actor]?[b.place.source] else { return false }
        return x.upperBound < y.lowerBound
    }

    private static func concernsPlans(_ event: String) -> Bool {
        ["plan.applying", "plan.applied", "change.committed", "record.restored", "record.emptied"].contains(event)
    }
}
