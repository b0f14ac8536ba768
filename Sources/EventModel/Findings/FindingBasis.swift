extension Finding {
    /// Why something is held to be so. `Reporting` has the words.
    public enum Basis: Hashable, Sendable {
        /// The one's commit is above the other's.
        case commits(Generation, after: Generation)
        /// The order of the store's own log.
        case storeLog
        /// The store's entries in the two clocks.
        case storeClock(Int64, after: Int64)
        /// The one happened before the other.
        case happenedBefore
        /// One clock, which both share, shows it.
        case sharedClock
        /// The store's answer names the generation that was replaced.
        case replaces(Generation)
        /// The one was answered after the other.
        case answers
        /// Times apart by more than the skew's bound, or within it, in nanoseconds.
        case times(apart: Int64, slack: Int64, isBeyond: Bool)
        /// Times apart while both writes were in flight.
        case timesInFlight(apart: Int64)
        /// Writes in between are missing from the logs, beside what else decided.
        indirect case writesMissing(Basis?)

        /// The write left no addresses.
        case noAddressesLeft
        /// Somebody saw the endpoint empty.
        case seenEmpty
        /// The store wrote that the endpoint was emptied while the generation was active.
        case emptiedWhileActive
        /// The generation was written before it was deleted.
        case writtenBefore
        /// The store's clock at the deletion and at the write.
        case deletedAfter(deleted: Int64, written: Int64)
        /// A refusal follows.
        case refusalFollows
        /// A restoration follows.
        case restorationFollows
    }
}
