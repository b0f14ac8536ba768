/// What is simulated. The raw value is the word on the command line.
package enum Scenario: String, CaseIterable, Sendable {
    /// The incident of 20 October 2025, from an hour before to the end.
    case incident = "us-east-1-2025-10-20"
    /// The same systems, nothing happens.
    case quietDay = "quiet-day"
    /// Checks go stale, nothing breaks.
    case nearMiss = "near-miss"
    /// A surge leaves a backlog that takes hours to drain.
    case slowDrain = "slow-drain"
    /// Clients that try again keep a front end overloaded.
    case retryStorm = "retry-storm"
    /// Small and random: enactors that are now and then slow.
    case race
}

/// A safeguard that was proposed, built into the simulated system. The raw value is the word on the command line.
package enum Safeguard: String, CaseIterable, Sendable {
    /// The store refuses a write while a newer plan is active.
    case compareAndSet = "compare-and-set"
    /// The store refuses to remove a plan that is active anywhere, atomically.
    case guardedCleanup = "guarded-cleanup"
    /// Enactors look at the active plan again before each write.
    case recheck
    /// The droplet manager releases what was put off no faster than the network manager can take it.
    case rateLimitedPropagation = "rate-limited-propagation"
    /// No zone is taken out when what stays could not bear the load.
    case failoverVelocity = "failover-velocity"
}
