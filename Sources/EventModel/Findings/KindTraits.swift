/// What is the same for all findings of one kind: one row a kind.
public struct KindTraits: Sendable {
    /// The kind.
    public let kind: Finding.Kind
    /// The worst severity that it can have.
    public let severity: Finding.Severity
    /// Whether it is measured against a usual range, so that its confidence is `measured`.
    public var isMeasured = false
    /// Whether many actors of one sort are likely to have it at once, each for itself; people are shown one row for all of them.
    public var isOfAFleet = false
    /// Whether it follows from an overwrite, which proves the two together.
    public var followsAnOverwrite = false
    /// What several are called: one, many, and what is said behind them.
    public var group: Group
    /// Of a window of shares: what is counted, and what became of the bad ones.
    public var shares: Shares?

    /// What several findings of a kind are called.
    public struct Group: Sendable {
        /// One of them.
        public var one: String
        /// Many of them.
        public var many: String
        /// What is said behind them.
        public var rest = ""
        /// Whether each finding counts several, in its `count`.
        public var countsEach = false
    }

    /// The words of a window of shares: `renewals` that `failed`.
    public struct Shares: Sendable {
        /// What is counted.
        public var tried: String
        /// What became of the bad ones.
        public var became: String

        /// Makes the words.
        public init(tried: String, became: String) {
            self.tried = tried
            self.became = became
        }
    }

    private init(
        _ kind: Finding.Kind, _ severity: Finding.Severity, isMeasured: Bool = false, isOfAFleet: Bool = false,
        followsAnOverwrite: Bool = false, group: Group? = nil, shares: Shares? = nil
    ) {
        self.kind = kind
        self.severity = severity
        self.isMeasured = isMeasured
        self.isOfAFleet = isOfAFleet
        self.followsAnOverwrite = followsAnOverwrite
        self.group = group ?? Group(one: kind.rawValue, many: kind.rawValue)
        self.shares = shares
    }

    /// The table, in the order in which kinds are told.
    public static let all: [KindTraits] = [
        KindTraits(.stalePlanOverwrite, .critical),
        KindTraits(.activePlanDeleted, .critical, followsAnOverwrite: true),
        KindTraits(.endpointEmptied, .critical, followsAnOverwrite: true),
        KindTraits(.contendedEndpoint, .high),
        KindTraits(.automationWedged, .critical, followsAnOverwrite: true),
        KindTraits(
            .staleCheck, .info,
            group: Group(one: "stale check", many: "stale checks", rest: " that did no harm", countsEach: true)),
        KindTraits(.backlogOnset, .high, isMeasured: true),
        KindTraits(.congestiveCollapse, .high, isMeasured: true),
        KindTraits(
            .retryStorm, .high, isMeasured: true, shares: Shares(tried: "attempts", became: "were retries")),
        KindTraits(
            .leaseExpiry, .high, isMeasured: true, isOfAFleet: true,
            shares: Shares(tried: "lease records", became: "were failures or expiries")),
        KindTraits(.healthFlapping, .high, isMeasured: true, isOfAFleet: true),
        KindTraits(
            .launchFailure, .high, isMeasured: true, isOfAFleet: true,
            shares: Shares(tried: "launches", became: "failed")),
        KindTraits(
            .propagationDelay, .high, isMeasured: true, isOfAFleet: true,
            shares: Shares(tried: "propagations", became: "were late")),
        KindTraits(.serviceImpact, .high, isMeasured: true, shares: Shares(tried: "requests", became: "failed")),
        KindTraits(.staleRead, .medium),
        KindTraits(.replicaLag, .high, isMeasured: true),
        KindTraits(
            .eventRateChange, .medium, isMeasured: true,
            group: Group(one: "name of events", many: "names of events", rest: " that came at an unusual rate")),
        KindTraits(.rollback, .info, group: Group(one: "rollback", many: "rollbacks")),
        KindTraits(
            .clockSkew, .info,
            group: Group(one: "pair of actors", many: "pairs of actors", rest: " with skewed clocks")),
        KindTraits(.clockFault, .info, group: Group(one: "actor", many: "actors", rest: " with faulty clocks")),
        KindTraits(
            .clockConflict, .info, group: Group(one: "actor", many: "actors", rest: " with conflicting counters")),
        KindTraits(.logGap, .info, group: Group(one: "actor", many: "actors", rest: " with gaps in the log")),
        KindTraits(.restart, .info, group: Group(one: "restart", many: "restarts")),
        KindTraits(.missingLog, .info, group: Group(one: "missing log", many: "missing logs")),
    ]

    fileprivate static let byKind = Dictionary(uniqueKeysWithValues: all.map { ($0.kind, $0) })
}

extension Finding.Kind {
    /// The kind's row in the table of traits.
    public var traits: KindTraits {
        guard let traits = KindTraits.byKind[self] else { preconditionFailure("\(rawValue) has no row in KindTraits") }
        return traits
    }
}
