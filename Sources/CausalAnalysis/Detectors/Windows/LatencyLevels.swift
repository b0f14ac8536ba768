import EventModel

/// Tells when latencies leave their usual range, with no bound but the series' own.
///
/// Each level is a series of shares: what takes longer is bad. A subject is judged by the lowest level that one in
/// twenty of its quiet part exceeds at the most, and late is what exceeds the next one, four times as long: levels
/// stand in for a distribution, in bounded memory.
struct LatencyLevels: Sendable {
    /// In milliseconds.
    private let levels: [Double]
    private var byLevel: [WindowSeries]
    private let rule: WindowRule

    /// The share that the usual may exceed.
    private static let tail = 0.05

    init(milliseconds levels: [Double], rule: WindowRule = WindowRule()) {
        self.levels = levels
        self.rule = rule
        byLevel = levels.map { _ in WindowSeries() }
    }

    /// Adds one latency; of what never arrived, longer than any level.
    mutating func add(_ subject: WindowSubject, milliseconds latency: Double, isLost: Bool = false, _ record: RecordRef)
    {
        for index in byLevel.indices {
            if isLost || latency > levels[index] {
                byLevel[index].add(subject, tried: 1, bad: 1, level: latency, record)
            } else {
                byLevel[index].add(quiet: subject, at: record.time)
            }
        }
    }

    /// The times in which more than half was late, as findings of a kind; `isJudged` leaves subjects out.
    mutating func findings(
        _ kind: Finding.Kind, _ measure: Finding.Window.Measure, _ log: WholeLog, where isJudged: (Finding) -> Bool
    ) -> [Finding] {
        for index in byLevel.indices { byLevel[index].settleAll() }
        var judged: Set<WindowSubject> = []
        var found: [Finding] = []
        for index in byLevel.indices.dropLast() {
            let usual = byLevel[index].usualRates(rule, log)
            let now = Set(usual.filter { $0.value <= LatencyLevels.tail }.keys).subtracting(judged)
            if now.isEmpty { continue }
            judged.formUnion(now)
            let late = Int64(levels[index + 1] * Double(Nanoseconds.millisecond))
            found += byLevel[index + 1].findings(
                kind, measure, rule, log, of: now,
                complete: { finding, _ in
                    guard case .window(var window) = finding.detail else { return }
                    window.lateAbove = late
                    finding.detail = .window(window)
                }
            ).filter { ($0.peak ?? 0) > 0.5 && isJudged($0) }
        }
        return found
    }
}
