extension Finding {
    /// The latest moment at which something would still have prevented a finding, and whose step it would have kept back.
    public struct LastChance: Hashable, Sendable {
        /// What would have prevented it.
        public enum Means: Hashable, Sendable {
            /// One of the designs of the table.
            case safeguard(Safeguard)
            /// An operator who pauses the actor.
            case pause

            /// The word in `findings.json`.
            public var name: String {
                switch self {
                case .safeguard(let safeguard): safeguard.rawValue
                case .pause: "pause"
                }
            }
        }

        /// The step until which it was not too late; the later ones come after the earlier ones by their causes, whatever the clocks say.
        public enum Step: Int, Comparable, Sendable {
            /// The newer plan was written.
            case newerWrite
            /// The older plan's write was sent.
            case sending
            /// The store took that write.
            case effect
            /// The plan was deleted.
            case deletion

            /// The earlier one first.
            public static func < (a: Step, b: Step) -> Bool { a.rawValue < b.rawValue }
        }

        /// What would have prevented it.
        public var means: Means
        /// Until which step.
        public var step: Step
        /// Whose step that was.
        public var actor: Symbol
        /// The record that shows when it was.
        public var record: RecordRef

        /// Makes a last chance.
        public init(_ means: Means, until step: Step, of actor: Symbol, _ record: RecordRef) {
            self.means = means
            self.step = step
            self.actor = actor
            self.record = record
        }
    }

    /// The last of the chances: from then on nothing would have prevented it. The first of several at one step.
    public var pointOfNoReturn: LastChance? {
        let last = lastChances.map(\.step).max()
        return lastChances.first { $0.step == last }
    }
}
