/// What no record tells and would have decided a finding that is not proven, or a question that is open.
package enum MissingEvidence: Hashable, Sendable {
    /// A field of an event.
    case field(String, of: EventKind)
    /// An event in the log of the store.
    case event(EventKind)
    /// The whole log of an actor.
    case log(String)
}

extension Finding {
    /// The one field, event or log whose presence would have made the finding sure; nil where it is, or where none would.
    ///
    /// - Parameter others: all findings of the report: what follows from one is no surer than that.
    package func missingEvidence(among others: [Finding]) -> MissingEvidence? {
        guard confidence < .measured else { return nil }
        switch kind {
        case .stalePlanOverwrite, .rollback:
            // The store named the displaced generation: what is open is on whose behalf the writer wrote, of whom only the store tells.
            if case .replaces = basis {
                return record(Part.write)?.kind == .changeCommitted ? actor.map { .log($0) } : nil
            }
            return .field("replaces", of: .planApplied)
        case .staleCheck: return isWithoutClocks ? .field("vc", of: .planChecked) : nil
        case .activePlanDeleted, .endpointEmptied: return .event(.recordEmptied)
        case .automationWedged:
            let outage = others.first { $0.kind == .endpointEmptied && $0.endpoint == endpoint && $0.at <= until ?? at }
            if let outage, outage.confidence < .measured { return .event(.recordEmptied) }
            return isWithoutClocks ? .field("vc", of: .planApplied) : nil
        case .contendedEndpoint: return .field("plan", of: .planApplied)
        default: return nil
        }
    }

    private var isWithoutClocks: Bool { evidence.contains { !$0.record.hasClock } }
}

extension Quality.Undecided {
    /// The one field, event or log that would have decided the question.
    package var missingEvidence: MissingEvidence {
        switch question {
        // What the next write displaced tells whether one before it took effect, and what was written in between.
        case .effect, .order, .missingWrites: .field("replaces", of: .planApplied)
        case .deletionsEffect, .deletedWhileActive: .event(.recordEmptied)
        }
    }
}
