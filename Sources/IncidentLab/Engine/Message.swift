/// Whoever does something in the simulation: the process of a vector clock, the writer of one log. Dense numbers from 0.
struct ActorID: Hashable, Sendable {
    var index: Int32

    init(_ index: Int) { self.index = Int32(index) }
}

/// Something on its way to an actor: another's message, or the actor's own alarm clock.
struct Message: Sendable {
    /// What it asks or tells. The meaning of `a` to `e` is with whoever sends it.
    enum Kind: UInt8, Sendable {
        // The plan.
        case wake, planWanted, planGiven, activeWanted, activeGiven
        case write, written, gaveUp
        case removeOldest, planRemoved
        case restore, restored, emptied, automation
        // Names.
        case refresh, query, answer, lookUp, lookedUp
        // Leases, network state, launches.
        case tick, sample, hostReport, restart, throttle
        case leasesEstablished, statesReleased, trackState, stateArrived, stateWanted, stateGiven, stateReport,
            leaseReport
        case launchReport, launchDue
        // Load balancers and services.
        case targetLaunched, zoneOut, zoneBack, balancerReport, failover, mitigate, repair
        // Requests and their retries.
        case request, response, patienceEnds
    }

    var time: Int64
    var sequence: Int64
    var to: ActorID
    var from: ActorID
    var kind: Kind
    /// The slot of the sender's clock; -1 for an alarm clock or a question that leaves no trace at its receiver.
    var clock: Int32
    var a: Int64
    var b: Int64
    var c: Int64
    var d: Int64
    var e: Int64
    /// The truth's number of the write that a message is about; 0 where none is kept.
    var trace: Int
}
