import EventModel

/// Finds the times in which targets change to and fro between healthy and unhealthy: `health-flapping`, one finding for all targets
/// of one checker.
///
/// Definition: the number of changes of state in a span of time is out of its usual range (`UsualRange`, Poisson), five times the
/// usual, with ten or more in a span. A change is a `target.health` whose `state` is not the one that this checker last saw of the
/// target; so it does not matter whether every check is logged or only changes. `high` where at its worst more than half of the
/// targets known are unhealthy. What it cannot see: targets that turn unhealthy once and stay so (their services show it).
struct HealthFlappingDetector: Sendable {
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

    /// Takes a `target.health`. `isUnhealthy` tells of its `state`.
    mutating func observe(state: Symbol, isUnhealthy: Bool, endpoint: Symbol, _ record: RecordRef) {
        let target = Target(checker: record.actor, endpoint: endpoint)
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

    func finish(_ context: WindowContext) -> [Finding] {
        let rule = WindowRule(isCount: true, factor: 5, least: 10, known: 0)
        let words = WindowWording(kind: .healthFlapping, tried: "", became: "")
        return series.spans(rule, context).flatMap { subject, found in
            found.map { span in
                let minutes = Double(span.width) / Double(Nanoseconds.minute)
                let summary =
                    "targets changed their health \(Figures.short(span.bad)) times, at worst "
                    + "\(Figures.short((span.peak.bad / minutes * 10).rounded() / 10)) a minute at "
                    + "\(words.clock(span.peak.mark)), usually "
                    + "\(Figures.short((span.usual.rate / minutes * 100).rounded() / 100)); "
                    + "up to \(words.percent(span.level)) of the targets unhealthy; \(words.ending(span))"
                let severity: Finding.Severity = span.level > 0.5 ? .high : .medium
                var finding = words.finding(span, severity: severity, summary: summary)
                finding.actor = context.symbols[subject.actor]
                finding.peak = span.peak.bad / minutes
                finding.figures = words.figures(
                    of: "changes of health", span, .perMinute, each: Nanoseconds.minute)
                finding.figures.append(
                    Finding.Figure(
                        "targets unhealthy", span.level, .share, "the highest share of the known ones at one moment"))
                return finding
            }
        }
    }
}
