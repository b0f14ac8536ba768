extension Finding {
    /// A design that keeps an older plan from doing harm. Each is judged for each plan finding, alone, on the writes as they were
    /// recorded; had it held, later events would have differed.
    public enum Safeguard: String, CaseIterable, Sendable {
        case compareAndSet = "compare-and-set"
        case freshCheck = "fresh-check"
        case guardedCleanup = "guarded-clean-up"
        case atomicCleanup = "apply-and-clean-up-as-one"
        case fencing = "fencing-generation"

        /// In a few words, for a table.
        public var words: String {
            switch self {
            case .compareAndSet: "compare-and-set at each write"
            case .freshCheck: "a fresh check before each write"
            case .guardedCleanup: "a clean-up that spares the active plan"
            case .atomicCleanup: "apply and clean-up as one"
            case .fencing: "a fencing generation"
            }
        }

        /// Whether it would have prevented a finding.
        public enum Verdict: Hashable, Sendable {
            case yes
            case no
            /// Yes, where the check comes no more than so many nanoseconds before the write takes effect; else the newer write lands
            /// between the two.
            case ifWithin(Int64)
            case unknown
        }

        /// A verdict and its reason, in words.
        public struct Judgement: Hashable, Sendable {
            /// What was judged.
            public var safeguard: Safeguard
            /// Whether it would have prevented the finding.
            public var verdict: Verdict
            /// Why, as the end of a sentence.
            public var because: String

            /// Makes a judgement.
            public init(_ safeguard: Safeguard, _ verdict: Verdict, because: String) {
                self.safeguard = safeguard
                self.verdict = verdict
                self.because = because
            }
        }
    }
}
