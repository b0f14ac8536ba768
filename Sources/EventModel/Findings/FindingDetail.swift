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

    /// What was counted in a window, and what was usual.
    public struct Window: Hashable, Sendable {
        /// What is counted.
        public enum Measure: Hashable, Sendable {
            /// Bad ones among those tried.
            case shares
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
