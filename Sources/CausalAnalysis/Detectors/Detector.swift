import EventModel
import SharedWork

/// A rule for findings of one or a few kinds: takes the events that it asks for, in causal order, and says at the log's end what it found,
/// in facts without sentences.
///
/// To add one: a file with the type, a row in `DetectorRegistry` (and one in `KindTraits` for a new kind), a page in CausalAnalysis.docc, a
/// test. Detectors share nothing, and none sees what another found.
package protocol Detector: EventConsumer, Sendable, ~Copyable {
    /// The events that it takes.
    static var interest: EventInterest { get }

    /// A detector that has seen nothing. Into `shards` it may divide what it keeps by endpoint, queue or service, to judge them side by side;
    /// what it finds does not depend on them.
    init(shards: Int)

    /// Says what was found, once all events have come.
    mutating func finish(_ log: WholeLog) -> Detections
}

/// Which events a detector takes.
package struct EventInterest: Sendable {
    private let kinds: Set<EventKind>?
    private let needsTime: Bool

    /// All events.
    package static let everything = EventInterest(kinds: nil, needsTime: false)
    /// All events whose record has a time.
    package static let everythingTimed = EventInterest(kinds: nil, needsTime: true)

    /// Events of some kinds whose record has a time: one without counts in no span of it.
    package static func timed(_ kinds: EventKind...) -> EventInterest {
        EventInterest(kinds: Set(kinds), needsTime: true)
    }

    private init(kinds: Set<EventKind>?, needsTime: Bool) {
        self.kinds = kinds
        self.needsTime = needsTime
    }

    /// Whether events of a kind are taken, with a time or without.
    func includes(_ kind: EventKind, hasTime: Bool) -> Bool {
        (hasTime || !needsTime) && kinds?.contains(kind) ?? true
    }
}

/// What is known of the whole log once all events have come.
package struct WholeLog: Sendable {
    /// The names behind the events' symbols.
    package var symbols: SymbolTable
    /// The first and the last time.
    package var span: ClosedRange<Timestamp>?
    /// What the user says was usual.
    package var baseline: ClosedRange<Timestamp>?
    /// How far clocks stand apart, as the whole log shows it.
    package var skew: any SkewBounds
    /// What the logs lack.
    package var lost = LostRecords()
    /// Actors without a log that may have written plans.
    package var absent: [Symbol] = []
    /// The threads to judge on.
    package var workshop = Workshop()

    package init(symbols: SymbolTable, skew: some SkewBounds) {
        self.symbols = symbols
        self.skew = skew
    }
}

/// What was found, by one detector or in one part of the log.
package struct Detections: Sendable {
    package var findings: [Finding] = []
    /// What the records leave open.
    package var undecided: [Quality.Undecided] = []
    /// Constraints of endpoints' orders that contradicted stronger ones.
    package var droppedConstraints: UInt64 = 0
    /// Services whose requests are sampled and that never left their usual range, by name.
    package var unaffected: [String] = []

    package init(_ findings: [Finding] = []) {
        self.findings = findings
    }

    /// Takes over what was found elsewhere.
    package mutating func merge(_ other: consuming Detections) {
        // Handed on, not copied: there may be very many.
        if findings.isEmpty { swap(&findings, &other.findings) } else { findings += other.findings }
        undecided += other.undecided
        droppedConstraints &+= other.droppedConstraints
        unaffected += other.unaffected
    }
}
