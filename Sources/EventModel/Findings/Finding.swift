/// Something that the records prove or make likely, about one endpoint, queue, service or actor.
public struct Finding: Sendable {
    /// What was found; the raw value is the word in reports.
    public enum Kind: String, CaseIterable, Sendable {
        case stalePlanOverwrite = "stale-plan-overwrite"
        case activePlanDeleted = "active-plan-deleted"
        case endpointEmptied = "endpoint-emptied"
        case contendedEndpoint = "contended-endpoint"
        case automationWedged = "automation-wedged"
        case staleCheck = "stale-check"
        case backlogOnset = "backlog-onset"
        case congestiveCollapse = "congestive-collapse"
        case retryStorm = "retry-storm"
        case leaseExpiry = "lease-expiry"
        case healthFlapping = "health-flapping"
        case launchFailure = "launch-failure"
        case propagationDelay = "propagation-delay"
        case serviceImpact = "service-impact"
        case staleRead = "stale-read"
        case replicaLag = "replica-lag"
        case eventRateChange = "event-rate-change"
        case rollback
        case clockSkew = "clock-skew"
        case clockFault = "clock-fault"
        case clockConflict = "clock-conflict"
        case logGap = "log-gap"
        case restart
        case missingLog = "missing-log"
    }

    /// How bad it is; most severe first.
    public enum Severity: Int, CaseIterable, Comparable, Sendable {
        case critical, high, medium, info

        /// The word in reports.
        public var name: String { String(describing: self) }

        /// More severe first.
        public static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }
    }

    /// What the finding rests on. Orders are proven by records, likely (times further apart than the skew's bound) or possible (times
    /// within it). What was counted or timed, and compared with a usual range, is measured: the threshold is ours, so it is never proven.
    public enum Confidence: Int, CaseIterable, Comparable, BitwiseCopyable, Sendable {
        case possible, likely, measured, proven

        /// The word in reports.
        public var name: String { String(describing: self) }

        /// Surer is larger.
        public static func < (a: Confidence, b: Confidence) -> Bool { a.rawValue < b.rawValue }
    }

    /// Whether the writer knew of the newer plan that it displaced.
    public enum Awareness: String, CaseIterable, Sendable {
        case aware, unaware, unknown
    }

    /// One record and the part that it plays in the proof.
    public struct Evidence: Hashable, Sendable {
        /// In words: `the write`, `its check`, `the displaced write`, `the deletion`. See `Part`.
        public var part: String
        /// The record.
        public var record: RecordRef

        /// Makes a piece of evidence.
        public init(part: String, record: RecordRef) {
            self.part = part
            self.record = record
        }
    }

    /// What was found.
    public var kind: Kind
    /// How bad it is.
    public var severity: Severity
    /// How sure it is.
    public var confidence: Confidence
    /// When it was, or began.
    public var at: Timestamp
    /// The end; nil while it lasts to the log's end, or for something that has no extent.
    public var until: Timestamp?
    /// The earliest and the latest moment at which it can have begun, where the records leave that open and `at` is an estimate.
    public var began: ClosedRange<Timestamp>?
    /// Whether the finding is a span of time at all: then a missing `until` means that it lasts.
    public var isWindow: Bool
    /// What decided; nil where nothing is to be said.
    public var basis: Basis?
    /// What is measured or known beyond the fields that findings of several kinds have.
    public var detail: Detail?
    /// The records that prove it.
    public var evidence: [Evidence]

    /// The endpoint that it is about.
    public var endpoint: String?
    /// The queue that it is about.
    public var queue: String?
    /// The service that it is about.
    public var service: String?
    /// The name of the events that it is about, where no rule knows them.
    public var event: String?
    /// Who did it.
    public var actor: String?
    /// Who took part, where it was several: by name.
    public var actors: [String] = []
    /// The generation written or deleted.
    public var plan: Generation?
    /// The newer generation that it replaced.
    public var displaced: Generation?
    /// Whether the writer knew of that one.
    public var awareness: Awareness?
    /// How many there were: writes refused, checks, records.
    public var count: Int64?
    /// The largest value reached: items waiting, milliseconds of skew.
    public var peak: Double?
    /// The age of the check at the write, in nanoseconds.
    public var checkAge: Int64?
    /// The part of the log from which the usual range was learned that a window left.
    public var usual: ClosedRange<Timestamp>?
    /// How many newer generations were created between the check and the write.
    public var newerPlans: Int64?
    /// Records that no log holds and that could change it.
    public var missing: [MissingRecords] = []
    /// The steps by which somebody else can check it, where it is proven.
    package var proof: [ProofStep] = []
    /// What would have prevented it, in the order of `Safeguard.allCases`; empty where that is not judged.
    public var safeguards: [Safeguard.Judgement] = []

    /// Until when something would still have prevented it: of critical findings, as far as records date it.
    public var lastChances: [LastChance] = []

    /// Makes a finding; what applies is set afterwards.
    public init(
        kind: Kind, severity: Severity, confidence: Confidence, at: Timestamp, until: Timestamp? = nil,
        isWindow: Bool = false, basis: Basis? = nil, detail: Detail? = nil, evidence: [Evidence] = []
    ) {
        self.kind = kind
        self.severity = severity
        self.confidence = confidence
        self.at = at
        self.until = until
        self.isWindow = isWindow
        self.basis = basis
        self.detail = detail
        self.evidence = evidence
    }

    /// Whether it still lasts at the log's end.
    public var lasts: Bool { isWindow && until == nil }

    /// The record that plays a part in the proof; nil where none does. See `Part`.
    public func record(_ part: String) -> RecordRef? { evidence.first { $0.part == part }?.record }

    /// The order of reports: most severe first, then by time, kind, what it is about, what it displaced or what the other
    /// clock is, and the place of its first record.
    public static func precedes(_ a: Finding, _ b: Finding) -> Bool {
        if a.severity != b.severity { return a.severity < b.severity }
        if a.at != b.at { return a.at < b.at }
        if a.kind != b.kind { return a.kind.rawValue < b.kind.rawValue }
        if a.subject != b.subject { return a.subject < b.subject }
        if a.actor != b.actor { return a.actor ?? "" < b.actor ?? "" }
        if a.plan != b.plan { return Generation.precedes(a.plan, b.plan) }
        if a.displaced != b.displaced { return Generation.precedes(a.displaced, b.displaced) }
        if case .apart(let x, _) = a.detail, case .apart(let y, _) = b.detail { return x < y }
        guard let x = a.evidence.first?.record, let y = b.evidence.first?.record else { return b.evidence.first != nil }
        return (x.source.index, x.line) < (y.source.index, y.line)
    }

    /// What the finding is about: its endpoint, its queue (behind the actor that samples it), its events (behind the actor that writes them),
    /// its service, else its actor.
    public var subject: String {
        if let queue, endpoint == nil { return (actor.map { $0 + "/" } ?? "") + queue }
        if let event { return (actor.map { $0 + "/" } ?? "") + event }
        return endpoint ?? service ?? actor ?? ""
    }
}
