extension Finding {
    /// What findings of one kind, or of a few, know beyond the fields that all have. `Reporting` has the words.
    public indirect enum Detail: Hashable, Sendable {
        /// An endpoint without addresses: the write that ended it.
        case outage(ended: Ending?)
        /// Writes that failed: how many actors tried, and the write that ended it.
        case failures(actors: Int, ended: Ending?)
        /// A time out of the usual range.
        case window(Window)
        /// A queue that fell behind.
        case backlog(Backlog)
        /// A collapse inside a backlog.
        case collapse(Collapse, within: Backlog)
        /// Events of one name that came far more or far less often than usual.
        case rate(Rate)
        /// A reader that acted on what it, or somebody it had heard of, had replaced.
        case staleReads(read: Generation, known: Generation, byItself: Bool)
        /// A replica that stayed behind the others.
        case lag(Lag)
        /// Records whose clocks put them before themselves.
        case circle
        /// Clocks apart: the slow one's actor, and by how much at least, in nanoseconds.
        case apart(slow: String, least: Int64)
    }

    /// A write that ended something.
    public struct Ending: Hashable, Sendable {
        /// Whose write it was.
        public var actor: String
        /// Its generation; nil where it has none.
        public var plan: Generation?

        /// Makes an ending.
        public init(actor: String, plan: Generation?) {
            self.actor = actor
            self.plan = plan
        }
    }

    /// The bad ones of a window that ended in one way.
    public struct Phase: Hashable, Sendable {
        /// How they ended.
        public var outcome: Outcome
        /// How many.
        public var count: Int64
        /// From the first of them to the last.
        public var span: ClosedRange<Timestamp>

        /// Makes a phase.
        public init(outcome: Outcome, count: Int64, span: ClosedRange<Timestamp>) {
            self.outcome = outcome
            self.count = count
            self.span = span
        }
    }

    /// How often events of one name came in a window, and how many the rest of the log let expect there.
    public struct Rate: Hashable, Sendable {
        /// How many came.
        public var count: Int64
        /// How many were to be expected.
        public var expected: Double
        /// Whether too few came, not too many.
        public var isSilence: Bool

        /// Makes a rate.
        public init(count: Int64, expected: Double, isSilence: Bool) {
            self.count = count
            self.expected = expected
            self.isSilence = isSilence
        }
    }

    /// How far a replica was behind, in nanoseconds.
    public struct Lag: Hashable, Sendable {
        /// The generation that the others had applied and it had not, and how many came on top meanwhile.
        public var missed: Generation
        /// Generations that it was behind at the worst.
        public var behind: Int
        /// The longest time for which a generation that another had applied was missing.
        public var longest: Int64
        /// What replicas of the group usually take.
        public var usual: Int64
        /// How many others there are.
        public var others: Int

        /// Makes a lag.
        public init(missed: Generation, behind: Int, longest: Int64, usual: Int64, others: Int) {
            self.missed = missed
            self.behind = behind
            self.longest = longest
            self.usual = usual
            self.others = others
        }
    }

    /// What was counted in a window, and what was usual.
    public struct Window: Hashable, Sendable {
        /// What is counted.
        public enum Measure: Hashable, Sendable {
            /// Bad ones among those tried.
            case shares
            /// Samples of latencies among all samples.
            case latencies
            /// Requests that came among those to be expected.
            case demand
            /// Bare counts, as rates over the span of time that people count them by.
            case rates
        }

        /// What is counted.
        public var measure: Measure
        /// All that was tried, and what of it was bad.
        public var tried: Double
        /// The bad ones; of bare counts all.
        public var bad: Double
        /// The same in the worst bucket.
        public var worstTried: Double
        /// The bad ones in the worst bucket.
        public var worstBad: Double
        /// The time of the worst record; nil where none stands for the bucket.
        public var worstAt: Timestamp?
        /// The highest level in a bucket.
        public var level: Double
        /// The usual share, or count in a bucket.
        public var usual: Double
        /// The highest that still is usual.
        public var usualLimit: Double
        /// The width of a bucket in nanoseconds.
        public var width: Int64
        /// The bad ones by how they ended, each with the times of its first and last, in the order of time; empty where all ended alike.
        public var phases: [Phase] = []
        /// What took longer than this, in nanoseconds, was late, where that was learned from the series itself.
        public var lateAbove: Int64?

        /// Makes a window.
        public init(
            measure: Measure, tried: Double, bad: Double, worstTried: Double, worstBad: Double, worstAt: Timestamp?,
            level: Double, usual: Double, usualLimit: Double, width: Int64
        ) {
            self.measure = measure
            self.tried = tried
            self.bad = bad
            self.worstTried = worstTried
            self.worstBad = worstBad
            self.worstAt = worstAt
            self.level = level
            self.usual = usual
            self.usualLimit = usualLimit
            self.width = width
        }
    }
}
