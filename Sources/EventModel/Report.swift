/// The outcome of an analysis: everything that summaries, findings.json and the timeline's head are made of.
public struct Report: Sendable {
    /// What was read, and what could not be.
    public var bundle: BundleSummary
    /// The wall clocks' first and last times; nil where there is no event.
    public var span: ClosedRange<Timestamp>?
    /// How much was read.
    public var counts: Counts
    /// Most severe first, then by time; see `Finding.order`.
    public var findings: [Finding]
    /// What to know before trusting the findings.
    public var quality: Quality
    /// What led to what; nil where nothing could be joined.
    public var cascade: Cascade?
    /// What was done about it, in causal order; empty where no pass collected it.
    public var acts: [Act] = []
    /// How many events each endpoint has, by symbol; 0 for names that are no endpoints.
    public var eventsOfEndpoint: [UInt64] = []
    /// How many events there were of each kind.
    public var tally = EventTally()
    /// The names behind the symbols in `findings` and `quality`.
    public var symbols: SymbolTable

    /// Makes a report.
    public init(
        bundle: BundleSummary, span: ClosedRange<Timestamp>?, counts: Counts, findings: [Finding], quality: Quality,
        symbols: SymbolTable
    ) {
        self.bundle = bundle
        self.span = span
        self.counts = counts
        self.findings = findings
        self.quality = quality
        self.symbols = symbols
    }

    /// How much was read.
    public struct Counts: Hashable, Sendable {
        /// Events read.
        public var events: UInt64 = 0
        /// Actors that wrote any.
        public var actors = 0
        /// Endpoints that events are about.
        public var endpoints = 0
        /// Lines that are not blank.
        public var lines: UInt64 = 0
        /// Lines left out because they are no records.
        public var malformed: UInt64 = 0
        /// Fields left out of records that were kept.
        public var droppedFields: UInt64 = 0
        /// Records that stood twice; dropped.
        public var duplicates: UInt64 = 0
        /// Events whose time has a second of 60; they count as of the beginning of the minute that follows.
        public var leapSeconds: UInt64 = 0
        /// Events whose record carried a usable clock; the others' clocks were inferred.
        public var withClock: UInt64 = 0

        /// Nothing read yet.
        public init() {}
    }
}

/// What the bundle consists of.
public struct BundleSummary: Sendable {
    /// The arguments' last path components, for a title.
    public var name: String
    /// The logs.
    public var sources: [Source] = []
    /// Files that are no logs.
    public var passedOver: [PassedOver] = []
    /// Containers that were damaged or unreadable: their part of the bundle is missing.
    public var damage: [Damage] = []

    /// An empty bundle of that name.
    public init(name: String) {
        self.name = name
    }

    /// One log. Its index in `sources` is its `SourceID`.
    public struct Source: Sendable {
        /// The path below the bundle, archives' members behind a `!`: `logs.tar!/enactor-a.log`. Sanitise before printing.
        public var path: String
        /// Bytes on disk; of an archive's member what it takes where it was spooled.
        public var storedBytes: UInt64
        /// Bytes inflated.
        public var inflatedBytes: UInt64
        /// Events in it.
        public var events: UInt64
        /// `zstd`, `gzip`, `plain` and so on.
        public var encoding: String

        /// What a profile made of it; nil of a log of our own format.
        public var reading: Reading?

        /// Makes a log's summary.
        public init(path: String, storedBytes: UInt64, inflatedBytes: UInt64, events: UInt64, encoding: String) {
            self.path = path
            self.storedBytes = storedBytes
            self.inflatedBytes = inflatedBytes
            self.events = events
            self.encoding = encoding
        }
    }

    /// What a profile made of a log.
    public struct Reading: Sendable {
        /// The profile's name.
        public var profile: String
        /// What it reads.
        public var title: String
        /// Records that it made no event of, by reason: the most frequent first.
        public var left: [(reason: LeaveReason, count: UInt64)]
        /// Records that are broken, or lack a time, an actor or an event.
        public var malformed: UInt64

        /// Makes a note of what a profile did.
        public init(
            profile: String, title: String, left: [(reason: LeaveReason, count: UInt64)], malformed: UInt64
        ) {
            self.profile = profile
            self.title = title
            self.left = left.sorted { ($1.count, $0.reason.words) < ($0.count, $1.reason.words) }
            self.malformed = malformed
        }

        /// How many records nothing was done with although nothing says so.
        public var missed: UInt64 { left.reduce(0) { $0 + ($1.reason.isMiss ? $1.count : 0) } }
    }

    /// A file that is no log.
    public struct PassedOver: Sendable {
        /// The path below the bundle.
        public var path: String
        /// `empty`, `an image (PNG)`, `no line of it is a JSON object`.
        public var reason: String
        /// The first lines of a text that may be a log of a form that no profile knows; empty of anything else.
        public var firstLines: [String]
        /// Whether it may be such a log.
        public var isUnknownLog: Bool { !firstLines.isEmpty }

        /// Makes a note of a file passed over.
        public init(path: String, reason: String, firstLines: [String] = []) {
            self.path = path
            self.reason = reason
            self.firstLines = firstLines
        }
    }

    /// Where a container broke.
    public struct Damage: Hashable, Sendable {
        /// The path below the bundle.
        public var path: String
        /// Where in the stored bytes, if known.
        public var byte: UInt64?
        /// `the last frame is truncated after 1,204,224 bytes`.
        public var message: String
        /// What to do about it.
        public var hint: String?

        /// Makes a note of damage.
        public init(path: String, byte: UInt64?, message: String, hint: String? = nil) {
            self.path = path
            self.byte = byte
            self.message = message
            self.hint = hint
        }
    }
}

/// What the reader must know before trusting the findings.
public struct Quality: Sendable {
    /// Faults of one kind: the first in full, the rest counted.
    public struct FaultGroup: Hashable, Sendable {
        /// What kind of fault.
        public var kind: RecordFault.Kind
        /// The log.
        public var source: SourceID
        /// The first of them.
        public var first: RecordFault
        /// How many there are.
        public var count: UInt64

        /// Makes a group of faults.
        public init(kind: RecordFault.Kind, source: SourceID, first: RecordFault, count: UInt64) {
            self.kind = kind
            self.source = source
            self.first = first
            self.count = count
        }
    }

    /// An actor that clocks, `by` or `store` name and no log holds.
    public struct MissingLog: Sendable {
        /// The actor.
        public var actor: Symbol
        /// How many clocks and records name it.
        public var mentions: UInt64

        /// Makes a note of a missing log.
        public init(actor: Symbol, mentions: UInt64) {
            self.actor = actor
            self.mentions = mentions
        }
    }

    /// How far two actors' wall clocks stand apart: (clock of `a` − clock of `b`) lies within `bounds`, in nanoseconds.
    public struct Skew: Sendable {
        /// One actor.
        public var a: Symbol
        /// The other.
        public var b: Symbol
        /// What (clock of a − clock of b) may be, in nanoseconds.
        public var bounds: ClosedRange<Int64>
        /// How many records of one happened after one of the other and bear an earlier time.
        public var proofs: UInt64

        /// Makes a pair's skew.
        public init(a: Symbol, b: Symbol, bounds: ClosedRange<Int64>, proofs: UInt64 = 0) {
            self.a = a
            self.b = b
            self.bounds = bounds
            self.proofs = proofs
        }
    }

    /// Something that the records leave open within the skew's bound, and so is no finding.
    public struct Undecided: Sendable {
        /// What is open.
        public enum Question: Hashable, Comparable, Sendable {
            /// Whether a generation was active when it was deleted.
            case deletedWhileActive(Generation)
            /// Whether the deletion of a generation took effect.
            case deletionsEffect(Generation)
            /// Whether a write of a generation that was not answered took effect over the active one.
            case effect(plan: Generation, over: Generation)
            /// Whether an older generation was written after a newer one.
            case order(plan: Generation, after: Generation)
            /// What was written between two generations, of which records are missing.
            case missingWrites(after: Generation, before: Generation)
        }

        /// The endpoint.
        public var endpoint: String
        /// The generation.
        public var plan: Generation?
        /// What is open.
        public var question: Question
        /// The records concerned.
        public var evidence: [Finding.Evidence]
        /// How many such questions there are of the endpoint; the first is told of.
        public var count = 1

        /// Makes an open question.
        public init(endpoint: String, plan: Generation?, question: Question, evidence: [Finding.Evidence]) {
            self.endpoint = endpoint
            self.plan = plan
            self.question = question
            self.evidence = evidence
        }
    }

    /// Faults of lines, by log and kind.
    public var faults: [FaultGroup] = []
    /// Actors without a log.
    public var missingLogs: [MissingLog] = []
    /// How far clocks stand apart, by pair.
    public var skews: [Skew] = []
    /// What the records leave open.
    public var undecided: [Undecided] = []
    /// Own counters that no log holds, between two that are there.
    public var gaps: UInt64 = 0
    /// Falls of own counters that began a new life.
    public var restarts: UInt64 = 0
    /// Counters used for two records.
    public var conflicts: UInt64 = 0
    /// Records written out of the order of their counters, and put in order.
    public var disorders: UInt64 = 0
    /// Clocks that cannot be right, and were inferred.
    public var clockFaults: UInt64 = 0
    /// Events that went out although a cause of theirs had not: the cause is in no log.
    public var missingCauses: UInt64 = 0
    /// Events of clocks that put events before themselves.
    public var cycles: UInt64 = 0
    /// Constraints of an endpoint's order that contradicted stronger ones, and were dropped.
    public var droppedConstraints: UInt64 = 0

    /// Nothing to remark.
    public init() {}
}
