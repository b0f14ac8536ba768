import EventModel

/// What `commit` counts: each endpoint's writes for itself, all of a store, or something sparse as resource versions are.
///
/// Settled from all commits of a store: the denser of the two, a store only where no value stands on two endpoints, and sparse where less than
/// half of the values is held. Fewer than four writes tell of an endpoint.
struct CommitScopes: ~Copyable, Sendable {
    enum Scope: Sendable { case endpoint, store, sparse }

    /// What is known of the writes between two commits of one endpoint.
    enum Between: Sendable {
        /// There is none.
        case nothing
        /// A value that no record holds.
        case missing
        case unknown
    }

    private struct Recent: BitwiseCopyable, Sendable {
        var commit: Int64 = -1
        var endpoint = Symbol.none
    }

    /// What one store's commits are.
    private struct Store: Sendable {
        var held = HeldValues()
        /// Of late the endpoint at each value: most values stand twice, in the answer and in the store's record. Each value has its seat,
        /// which others may take in turn.
        var recent = Array(repeating: Recent(), count: CommitScopes.recentKept)
        var isShared = false
        /// By the endpoint's symbol.
        var endpoints: [HeldValues.Extent] = []
        var scope = Scope.endpoint

        mutating func note(_ commit: Int64, of endpoint: Symbol) {
            let at = Int(endpoint.index)
            if at < CommitScopes.endpointsKept {
                endpoints.grow(toHold: at, with: HeldValues.Extent())
                endpoints[at].add(commit)
            }
            if isShared { return }
            let seat = Int(truncatingIfNeeded: commit) & (CommitScopes.recentKept - 1)
            if recent[seat].commit == commit {
                isShared = recent[seat].endpoint != endpoint
                return
            }
            recent[seat] = Recent(commit: commit, endpoint: endpoint)
            held.insert(commit)
        }

        mutating func settle() {
            recent = []
            let writes = endpoints.reduce(0) { $0 + $1.count }
            // A single value tells nothing of the next.
            let (distinct, span) = endpoints.filter { $0.count > 1 }.reduce(into: (0.0, 0.0)) { sum, extent in
                sum.0 += Double(extent.count)
                sum.1 += Double(extent.last) - Double(extent.first) + 1
            }
            let byEndpoint = span > 0 ? distinct / span : 0
            let byStore = isShared || endpoints.count(where: { $0.count > 0 }) < 2 ? 0 : held.density
            endpoints = []
            if writes < 4 {
                scope = .endpoint
            } else if max(byEndpoint, byStore) < 0.5 {
                scope = .sparse
            } else {
                scope = byStore >= byEndpoint ? .store : .endpoint
            }
            if scope != .store { held = HeldValues() }
        }
    }

    /// Values that are remembered in order to find one on two endpoints, and endpoints whose density is taken as that of all.
    private static let recentKept = 8192
    private static let endpointsKept = 65536

    private var stores: [Store] = []
    /// By a store's symbol, its number; −1 without a commit.
    private var numbers: [Int32] = []
    private let place = LentByAddress()

    /// Notes a commit; `store` is `none` where the record does not name it.
    mutating func note(_ commit: Int64, of endpoint: Symbol, store: Symbol) {
        numbers.grow(toHold: Int(store.index), with: -1)
        if numbers[Int(store.index)] < 0 {
            numbers[Int(store.index)] = Int32(truncatingIfNeeded: stores.count)
            stores.append(Store())
        }
        stores[Int(numbers[Int(store.index)])].note(commit, of: endpoint)
    }

    /// Decides, once all commits are known.
    mutating func settle() {
        for store in stores.indices { stores[store].settle() }
    }

    /// What is known of writes between two commits of an endpoint's writes, of which no other record of the endpoint holds one.
    func between(_ a: Int64, _ b: Int64, store: Symbol) -> Between {
        let at = Int(store.index)
        guard at < numbers.count, numbers[at] >= 0, a < b, b < Generation.firstLarge else { return .unknown }
        let number = Int(numbers[at])
        switch stores[number].scope {
        case .sparse: return .unknown
        case .endpoint: return b - a == 1 ? .nothing : .missing
        case .store: return stores[number].held.holdsAll(from: a, to: b) ? .nothing : .missing
        }
    }
}

/// The values that are held, as runs.
private struct HeldValues: Sendable {
    /// The values of one endpoint: how many, from which to which. They come in about their order, each once or twice.
    struct Extent: Sendable {
        var first = Int64.max
        var last = Int64.min
        var count = 0

        mutating func add(_ value: Int64) {
            if value < first || value > last { count += 1 }
            first = min(first, value)
            last = max(last, value)
        }
    }

    private var runs: [ClosedRange<Int64>] = []

    mutating func insert(_ value: Int64) {
        var at = runs.count
        if let last = runs.last, value <= last.lowerBound { at = runs.partition { $0.lowerBound > value } }
        if at > 0, runs[at - 1].contains(value) { return }
        let joinsLeft = at > 0 && runs[at - 1].upperBound == value - 1
        let joinsRight = at < runs.count && runs[at].lowerBound - 1 == value
        switch (joinsLeft, joinsRight) {
        case (true, true):
            runs[at - 1] = runs[at - 1].lowerBound...runs[at].upperBound
            runs.remove(at: at)
        case (true, false): runs[at - 1] = runs[at - 1].lowerBound...value
        case (false, true): runs[at] = value...runs[at].upperBound
        case (false, false): runs.insert(value...value, at: at)
        }
    }

    /// The share of the values between the first and the last that is held.
    var density: Double {
        guard let first = runs.first, let last = runs.last else { return 0 }
        let held = runs.reduce(0.0) { $0 + Double($1.upperBound - $1.lowerBound) + 1 }
        return held / (Double(last.upperBound) - Double(first.lowerBound) + 1)
    }

    func holdsAll(from a: Int64, to b: Int64) -> Bool {
        let at = runs.partition { $0.lowerBound > a }
        return at > 0 && runs[at - 1].contains(a) && runs[at - 1].contains(b)
    }
}
