/// What is done to the logs after they were written, and never to the truth: the ways in which real logs are bad.
package struct Damage: Sendable, Equatable {
    /// Each actor's wall clock is off by up to so many nanoseconds either way, and drifts by a part in 10⁵ at most.
    package var skew: Int64
    /// The share of records that are lost, 0 to 1.
    package var loss: Double
    /// The share of records that are written twice, 0 to 1.
    package var duplicate: Double
    /// The share of records that are cut short or overwritten in part, 0 to 1.
    package var corrupt: Double
    /// No record carries its vector clock.
    package var noClocks: Bool
    /// The DNS store's log is missing.
    package var noStoreLog: Bool

    /// Damage of the given kinds; none by default.
    package init(
        skew: Int64 = 0, loss: Double = 0, duplicate: Double = 0, corrupt: Double = 0, noClocks: Bool = false,
        noStoreLog: Bool = false
    ) {
        self.skew = skew
        self.loss = loss
        self.duplicate = duplicate
        self.corrupt = corrupt
        self.noClocks = noClocks
        self.noStoreLog = noStoreLog
    }

    /// This and the faults of the logs that are shares of their records.
    func with(_ faults: Set<Fault>) -> Damage {
        var damage = self
        if faults.contains(.lostRecords) { damage.loss = max(loss, 0.05) }
        return damage
    }

    /// Whether every number has a meaning.
    var isValid: Bool {
        skew >= 0 && skew <= 86_400_000_000_000
            && [loss, duplicate, corrupt].allSatisfy { $0 >= 0 && $0 <= 1 }
    }
}
