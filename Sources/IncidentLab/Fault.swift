import EventModel

/// What is difficult about a simulated system or its logs. The raw value is the word on the command line.
///
/// Faults of the system change what happens, and the truth with it. Faults of the logs change only what is left of it.
package enum Fault: String, CaseIterable, Sendable {
    // The system.
    /// Requests are sometimes under way for longer than their sender waits: they take effect after the answer to a retry.
    case lateRequests = "late-requests"
    /// Requests are sometimes delivered twice.
    case repeatedRequests = "repeated-requests"
    /// The store accepts a write on an emptied endpoint, which heals it.
    case healingStore = "healing-store"
    /// Endpoints are split over two stores, each with its own commits and log.
    case shardedStore = "sharded-store"
    /// Two planners make generations.
    case planners
    /// Enactors crash after a request was sent, and start again.
    case crashes
    /// Enactors are restarted between two runs; their counters go on.
    case restarts
    /// A restarted or crashed enactor counts its events from one again.
    case resetCounters = "reset-counters"
    /// Enactors sometimes go on though their check saw a newer plan; there are two planners, whose plans cross.
    case carelessChecks = "careless-checks"
    /// Each endpoint's writes are counted from one.
    case endpointCommits = "endpoint-commits"
    /// The store's commits count other changes too.
    case sparseCommits = "sparse-commits"

    // The logs.
    /// Each actor's clock is right or off by an hour or by 330 minutes, either way.
    case hourClocks = "hour-clocks"
    /// Single records of all actors are lost.
    case lostRecords = "lost-records"
    /// Both records of a commit, the store's and its writer's, are lost.
    case commitGaps = "commit-gaps"
    /// The log of one store is lost.
    case lostStoreLog = "lost-store-log"
    /// The log of one store ends halfway.
    case cutStoreLog = "cut-store-log"
    /// The log of one store has no vector clocks.
    case uncountedStoreLog = "uncounted-store-log"
    /// No record has a vector clock.
    case noClocks = "no-clocks"
    /// No record has `commit`.
    case noCommits = "no-commits"
    /// No record has `replaces`.
    case noReplaces = "no-replaces"
    /// No check has `active`.
    case noActive = "no-active"
    /// No answer of a write or deletion names its store.
    case noStoreNames = "no-store-names"
    /// No log tells of a write's sending.
    case noSendings = "no-sendings"
    /// Each enactor's log was exported twice, and the exports overlap.
    case overlappingExports = "overlapping-exports"
    /// Logs are rotated every few kilobytes.
    case rotatedFiles = "rotated-files"

    /// The faults of one seed: up to three of the system, up to three of the logs, and fields that the logs do without.
    ///
    /// Each field is left out of many races: where `replaces` or `commit` is at hand it decides, and the weaker rules go untested.
    package static func drawn(seed: UInt64) -> Set<Fault> {
        var random = Random(seed: seed, stream: 0xFA017)
        let system: [Fault] = [
            .lateRequests, .repeatedRequests, .healingStore, .shardedStore, .planners, .crashes, .restarts,
            .resetCounters, .carelessChecks, .endpointCommits, .sparseCommits,
        ]
        let fields: [(fault: Fault, share: Double)] = [
            (.noReplaces, 0.6), (.noCommits, 0.5), (.noActive, 0.25), (.noStoreNames, 0.15), (.noSendings, 0.1),
            (.noClocks, 0.15),
        ]
        let logs = allCases.filter { fault in !system.contains(fault) && !fields.contains { $0.fault == fault } }
        var faults = Set(fields.filter { random.chance($0.share) }.map(\.fault))
        for kinds in [system, logs] {
            for _ in 0..<random.below(4) { faults.insert(kinds[random.below(kinds.count)]) }
        }
        return faults
    }
}
