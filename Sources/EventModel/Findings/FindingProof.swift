extension Finding {
    /// One step of a proof that carries: somebody who has the bundle can check it with nothing but the lines that it cites, or the stretch of
    /// a log that it names. `inquest-verify` does.
    package enum ProofStep: Hashable, Sendable {
        /// The record says which generation the write replaced.
        case replaces(RecordRef)
        /// The one's commit is above the other's, in the store's own count.
        case commit(earlier: RecordRef, later: RecordRef)
        /// The store's own counters of the two: the places in its log, or its entries in their clocks.
        case store(earlier: RecordRef, later: RecordRef)
        /// Each record happened before the next.
        case happenedBefore([RecordRef])
        /// No other write of the endpoint took effect between the two.
        case nothingBetween(Silence, earlier: RecordRef, later: RecordRef)
        /// The record says that the endpoint has no addresses.
        case empties(RecordRef)
        /// These are the records that the finding counts.
        case counts([RecordPlace])
        /// What the finding says of an actor's own log shows in all its records.
        case wholeLog
    }

    /// Why nothing can have come between two writes.
    package enum Silence: Hashable, Sendable {
        /// Every commit between the two is of another endpoint, or there is none.
        case commits
        /// The store's own log has every counter between the two.
        case storeLog(store: Symbol, incarnation: Int32, counters: ClosedRange<Int64>)
        /// Each other write of the endpoint is known to have come before the one or after the other.
        case allWrites
    }
}
