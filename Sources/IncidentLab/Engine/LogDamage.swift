import EventModel

/// What is done to one actor's log: drawn once, before its first record.
struct LogDamage: Sendable {
    /// Nanoseconds that the actor's wall clock is off by at the start, and a billion times the share by which it drifts.
    var offset: Int64 = 0
    var driftPerBillion: Int64 = 0
    /// The whole log is missing.
    var isLost = false
    /// No record of it has a vector clock.
    var hasClocks = true
    /// True time from which nothing is in the log.
    var end = Int64.max
    /// True times between which records are in both of two exports of the log; empty where there is one.
    var overlap: Range<Int64> = 0..<0
    /// Inflated bytes after which a new file is begun; nil for the sink's own choice.
    var rotation: Int?

    /// The damage of each actor's log.
    static func all(
        _ cast: [Role], seed: UInt64, span: ClosedRange<Int64>, damage: Damage, faults: Set<Fault>,
        _ random: inout Random
    ) -> [LogDamage] {
        var logs = cast.map { role in
            var log = LogDamage()
            log.isLost = damage.noStoreLog && role.title == "store"
            log.hasClocks = !damage.noClocks && !faults.contains(.noClocks)
            log.offset = damage.skew > 0 ? random.among(-damage.skew, damage.skew) : 0
            log.driftPerBillion = damage.skew > 0 ? random.among(-10_000, 10_000) : 0
            return log
        }
        // A generator of its own: the draws above stay the same whatever the faults.
        var random = Random(seed: seed, stream: 0x10FA17)
        let stores = cast.indices.filter { cast[$0].title == "store" }
        let chosen = stores[random.below(stores.count)]
        if faults.contains(.lostStoreLog) { logs[chosen].isLost = true }
        if faults.contains(.uncountedStoreLog) { logs[chosen].hasClocks = false }
        let middle = span.lowerBound + (span.upperBound - span.lowerBound) / 2
        if faults.contains(.cutStoreLog) { logs[chosen].end = middle }
        for index in logs.indices {
            if faults.contains(.hourClocks) {
                let wrong: [Int64] = [0, 0, 60, -60, 330, -330]
                logs[index].offset += wrong[random.below(wrong.count)] * Nanoseconds.minute
            }
            if faults.contains(.overlappingExports), cast[index].title == "enactor" {
                let start = middle - random.among(60, 240) * Nanoseconds.second
                logs[index].overlap = start..<start + random.among(30, 180) * Nanoseconds.second
            }
            if faults.contains(.rotatedFiles) { logs[index].rotation = Int(random.among(6, 24)) << 10 }
        }
        return logs
    }
}
