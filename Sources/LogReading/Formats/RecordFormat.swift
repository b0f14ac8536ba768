import EventModel

/// How the bytes of a log become events.
public enum RecordFormat: Sendable {
    /// Lines of `inquest.events/1`.
    case native
    /// What a profile reads.
    case profile(Plan)

    /// The name that reports use: the profile's.
    public var name: String {
        switch self {
        case .native: "inquest.events/1"
        case .profile(let plan): plan.name
        }
    }

    /// Whether blocks of it are whole lines; else any bytes, which the decoder cuts itself.
    var cutsLines: Bool { if case .native = self { true } else { false } }

    /// Whether all actors of such a log took their times from one clock.
    var sharesClock: Bool {
        if case .profile(let plan) = self, case .shared = plan.parts.clock { true } else { false }
    }

    /// How the records of such a log stand, where its profile says so.
    var declaredOrder: DeclaredOrder { if case .profile(let plan) = self { plan.parts.order } else { .found } }
}
