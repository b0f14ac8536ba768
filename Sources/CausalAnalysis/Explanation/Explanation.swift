import EventModel

/// Why one finding holds, as far as the records tell: plain values, for whoever puts them into words. Names are exact.
package struct Explanation: Sendable {
    package var finding: Finding
    /// The finding's evidence, in its order, with what each record says.
    package var witnesses: [Witness] = []
    /// The creation of the plan written and of the one displaced, where a planner's log tells.
    package var creations: [PlanCreation] = []
    /// What each actor that deals in plans knew just before the write or deletion, the best informed first.
    package var knowledge: [PlanKnowledge] = []
    /// Whether any actor's log tells of plans' creations.
    package var hasPlanner = false
    /// What the writer did between its check and its write.
    package var delay: WriterDelay?
    /// A queue's depth and flows around the finding.
    package var curve: QueueCurve?

    /// The evidence that plays a part.
    package func witness(_ part: String) -> Witness? { witnesses.first { $0.part == part } }

    /// The two records whose order decides: what was done, and the newer or older write that it met.
    package var pair: (later: Witness, earlier: Witness)? {
        let (later, earlier) = Explanation.parts(of: finding)
        guard let a = witness(later), let b = witness(earlier) else { return nil }
        return (a, b)
    }

    static func parts(of finding: Finding) -> (later: String, earlier: String) {
        switch finding.kind {
        case .activePlanDeleted, .endpointEmptied: (Finding.Part.deletion, Finding.Part.write)
        case .staleCheck: (Finding.Part.nearMiss, Finding.Part.displaced)
        default: (Finding.Part.write, Finding.Part.displaced)
        }
    }
}

/// A record of the evidence: what it says, and the clock that it had.
package struct Witness: Sendable {
    /// The part that it plays; see `Finding.Part`.
    package var part: String
    package var record: RecordRef
    package var actor: String
    package var plan: Generation?
    package var active: Generation?
    package var replaces: Generation?
    package var commit: Generation?
    package var attempt: Int64?
    package var outcome = Outcome.ok
    /// Its vector clock, and its process in it.
    package var clock = VectorClock()
    package var process: ProcessID
    package var stamp: Stamp

    /// How one event stands to another.
    package enum Relation: Sendable {
        case before, after, concurrent
    }

    /// The relation of this event to `other`, by their clocks.
    package func relation(to other: Witness) -> Relation {
        if other.clock.covers(process, stamp) { return .before }
        return clock.covers(other.process, other.stamp) ? .after : .concurrent
    }
}

/// A `plan.created`.
package struct PlanCreation: Sendable {
    package var plan: Generation
    package var actor: String
    package var record: RecordRef
}

/// The newest generation that an actor knew of.
package struct PlanKnowledge: Sendable {
    package var actor: String
    package var plan: Generation
    /// Whether its clock covers that plan's creation; otherwise its own records name the plan.
    package var isByClock: Bool
}

/// A writer's attempts on the plan between the check and the write that rests on it.
package struct WriterDelay: Sendable {
    /// Answers to writes of the plan, and how many of them failed or were a second or later attempt.
    package var writes: UInt64 = 0
    package var troubled: UInt64 = 0
    /// The first and the last of the troubled, in the writer's log.
    package var firstTroubled: RecordRef?
    package var lastTroubled: RecordRef?
    /// The longest time between two of its records, in nanoseconds, and the record after it.
    package var longestPause: Int64 = 0
    package var afterPause: RecordRef?
}
