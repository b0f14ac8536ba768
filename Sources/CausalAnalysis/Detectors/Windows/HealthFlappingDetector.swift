import EventModel

/// Finds the times in which targets change to and fro between healthy and unhealthy: `health-flapping`, one finding for all targets
/// of one checker.
///
/// Definition: the number of changes of state in a span of time is out of its usual range (`UsualRange`, Poisson), five times the
/// usual, with ten or more in a span. A change is a `target.health` whose `state` is not the one that this checker last saw of the
/// target; so it does not matter whether every check is logged or only changes. `high` where at its worst more than half of the
/// targets known are unhealthy. What it cannot see: targets that turn unhealthy once and stay so (their services show it).
struct HealthFlappingDetector: Detector {
    private struct Target: Hashable {
        var checker: Symbol
        var endpoint: Symbol
    }

    private struct Census {
        var known = 0
        var unhealthy = 0
    }

    private var series = WindowSeries()
    private var stateOf: [Target: Symbol] = [:]
    private var census: [Symbol: Census] = [:]

    /// Targets beyond so many are taken for ones that change with every record.
    private static let limit = 1 << 20

    static let interest = EventInterest.timed(.targetHealth)

    init(shards: Int) {}

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let state = batch.symbol(.state, at: row)
        let isUnhealthy = batch.fields[row].contains(.unhealthy)
        let record = delivery.reference(batch, row: row)
        let target = Target(checker: record.actor, endpoint: batch.endpoint[row])
        let before = stateOf[target]
        if before == state { return }
        var count = census[record.actor] ?? Census()
        if before == nil { count.known += 1 }
        count.unhealthy += isUnhealthy ? 1 : before == nil ? 0 : -1
        census[record.actor] = count
        if before != nil || stateOf.count < HealthFlappingDetector.limit { stateOf[target] = state }
        // The first that is heard of a healthy target is no change.
        let isChange = before != nil || isUnhealthy
        let share = Double(max(0, count.unhealthy)) / Double(max(1, count.known))
        series.add(WindowSubject(actor: record.actor), tried: 0, bad: isChange ? 1 : 0, level: share, record)
    }

    func finish(_ log: WholeLog) -> Detections {
        let rule = WindowRule(isCount: true, factor: 5, least: 10, known: 0)
        return Detections(
            series.findings(.healthFlapping, .rates, rule, log) { finding, span in
                finding.severity = span.level > 0.5 ? .high : .medium
                finding.peak = span.peak.bad / (Double(span.width) / Double(Nanoseconds.minute))
            })
    }
}
