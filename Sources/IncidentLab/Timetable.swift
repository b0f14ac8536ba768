import EventModel

/// What the operators did in the incident, and when: facts, where the public summary gives them.
enum Timetable {
    /// The operators' actions.
    ///
    /// - Parameter hosts: hosts of the droplet manager to be restarted, half a minute apart.
    static func incident(hosts: Int, scale: Double) -> [OperatorAction] {
        let leases = Int64(2_060_000 * scale)
        return [
            .init(
                time: timeOfDay(7, 38), need: .emptiedRecord,
                deed: .note("state of the DNS records found to be the cause")
            ),
            .init(time: timeOfDay(8, 15), need: .emptiedRecord, deed: .note("temporary mitigations begin")),
            .init(time: timeOfDay(8, 19), need: .emptiedRecord, deed: .mitigate("sts")),
            .init(time: timeOfDay(8, 25), need: .emptiedRecord, deed: .mitigate("sign-in")),
            .init(time: timeOfDay(9, 20), need: .emptiedRecord, deed: .automation(false)),
            .init(time: timeOfDay(9, 25), need: .emptiedRecord, deed: .restore),
            .init(
                time: timeOfDay(11, 14), need: .missingLeases, deed: .throttleWork(leases), milestone: "work throttled"),
            .init(
                time: timeOfDay(11, 14), need: .missingLeases,
                deed: .restartHosts(count: hosts, spacing: 30 * Nanoseconds.second)),
            .init(time: timeOfDay(11, 14, 30), need: .missingLeases, deed: .throttleLaunches(500)),
            .init(time: timeOfDay(11, 40), need: .emptiedRecord, deed: .restartPollers),
            .init(time: timeOfDay(12, 35), need: .missingLeases, deed: .throttleWork(0)),
            .init(
                time: timeOfDay(13, 52), need: .balancerErrors, deed: .note("health-check failures detected"),
                milestone: "health-check failures detected"),
            .init(
                time: timeOfDay(16, 36), need: .balancerErrors, deed: .failover(false), milestone: "failover disabled"),
            .init(time: timeOfDay(18, 23), need: .missingLeases, deed: .throttleLaunches(450)),
            .init(time: timeOfDay(19, 10), need: .missingLeases, deed: .throttleLaunches(430)),
            .init(time: timeOfDay(20, 0), need: .missingLeases, deed: .throttleLaunches(410)),
            .init(
                time: timeOfDay(20, 50), need: .missingLeases, deed: .throttleLaunches(0), milestone: "launches normal"),
            .init(time: timeOfDay(21, 9), need: .balancerErrors, deed: .failover(true), milestone: "failover enabled"),
        ]
    }
}
