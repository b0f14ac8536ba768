extension Finding {
    /// The parts that records play in proofs: the words of `Evidence.part`.
    public enum Part {
        // Of plan findings.

        /// The write that the finding is about; of a deletion the write of the generation deleted.
        public static let write = "the write"
        /// The store's own record of that write.
        public static let stored = "the store's record"
        /// The answer of that write's writer that left open whether it took effect.
        public static let answer = "its answer"
        /// One of the writes that a near miss counts.
        public static let nearMiss = "a write"
        /// The sending of that write.
        public static let sending = "its sending"
        /// The check that it rests on.
        public static let check = "its check"
        /// The start of its run, where there is no check.
        public static let runStart = "its run's start"
        /// The write of the newer generation that it replaced.
        public static let displaced = "the displaced write"
        /// The store's own record of the newer generation's write.
        public static let displacedStored = "the store's record of the displaced write"
        /// The deletion of a generation.
        public static let deletion = "the deletion"
        /// The record that the endpoint was seen without addresses.
        public static let emptied = "the emptied record"
        /// The refusal that shows that an endpoint had been emptied.
        public static let refusal = "the refusal"
        /// The restoration that shows it.
        public static let restoration = "the restoration"
        /// The write with which a window ended.
        public static let ending = "the write that ended it"
        /// The first write that failed or was refused.
        public static let firstFailure = "the first failure"
        /// The last of them.
        public static let lastFailure = "the last failure"
        /// Of an open question: the write that was active.
        public static let active = "the active write"
        /// Of an open question: the write behind it.
        public static let next = "the next write"

        // Of contended endpoints.

        /// The first write of the first turn.
        public static let firstTurn = "the first write"
        /// The write that began the second turn.
        public static let nextTurn = "the first write of another"
        /// The last write of all.
        public static let lastTurn = "the last write"

        // Of stale reads and replicas.

        /// A read of a generation that had been replaced.
        public static let staleRead = "the stale read"
        /// The write of a newer generation that its reader knew of.
        public static let known = "the write that it knew of"
        /// The write by which another replica was first to apply what one lacked.
        public static let firstElsewhere = "the first write elsewhere"
        /// The write by which a replica had caught up.
        public static let caughtUp = "the write that caught up"

        // Of windows.

        /// The last event of its name ahead of a silence.
        public static let lastAhead = "the last one ahead of it"

        /// The first record that shows a window.
        public static let onset = "the onset"
        /// The record at the worst moment.
        public static let peak = "the peak"
        /// The last record that shows a window.
        public static let last = "the last span out of its usual range"
        /// The same where the window lasts to the end.
        public static let lastSoFar = "the last span, still out of its usual range"

        // Of backlogs.

        /// The last sample ahead of the onset that was usual.
        public static let lastUsual = "the last usual sample"
        /// The sample that raised the alarm.
        public static let alarm = "the alarm"
        /// The first sample that was usual again.
        public static let recovered = "the first usual sample again"
        /// The sample with which a collapse began.
        public static let firstCollapsed = "the first collapsed sample"
        /// The sample with which it ended.
        public static let collapseEnd = "the end of the collapse"
    }
}
