import EventModel

/// Whose windows a series tells of.
struct WindowSubject: Hashable, Sendable {
    var actor: Symbol
    /// The service, the queue or `Symbol.none`.
    var name: Symbol = .none
    /// What sets several series of one actor apart.
    var kind: EventKind = .other
}

/// Series by subject, as many as there are actors and services; past `limit` new ones are not followed.
struct WindowSeries: Sendable {
    private var indexOf: [WindowSubject: Int] = [:]
    /// Each subject has its place here, which others may take in turn.
    private var recent = Array(repeating: Recent(), count: 64)
    private(set) var subjects: [WindowSubject] = []
    private(set) var series: [TimeBuckets] = []
    /// Of each series, the quiet records of the span at hand.
    private var quiet: [Quiet] = []

    private static let limit = 4_096

    private struct Quiet: Sendable {
        var from = Int64.max
        var to = Int64.min
        var first = Timestamp(nanoseconds: 0)
        var count = 0.0
    }

    private struct Recent: Sendable {
        var subject = WindowSubject(actor: .none)
        var index = -1
    }

    /// Adds a record of a subject that tells of nothing bad: counted, and given to the series with the next span or bad
    /// record.
    mutating func add(quiet subject: WindowSubject, at time: Timestamp) {
        guard let index = index(of: subject) else { return }
        if time.nanoseconds >= quiet[index].from, time.nanoseconds < quiet[index].to {
            quiet[index].count += 1
            return
        }
        settle(index)
        let (from, to) = series[index].span(around: time)
        quiet[index] = Quiet(from: from, to: to, first: time, count: 1)
    }

    /// Gives the series what was counted.
    mutating func settleAll() { for index in series.indices { settle(index) } }

    private mutating func settle(_ index: Int) {
        if quiet[index].count == 0 { return }
        series[index].add(at: quiet[index].first, tried: quiet[index].count)
        quiet[index] = Quiet()
    }

    /// Adds what one record tells of a subject.
    mutating func add(
        _ subject: WindowSubject, tried: Double, bad: Double, level: Double = 0, _ record: RecordRef,
        until: Timestamp? = nil
    ) {
        guard let index = index(of: subject) else { return }
        settle(index)
        series[index].add(at: record.time, tried: tried, bad: bad, level: level, mark: record, until: until)
    }

    private mutating func index(of subject: WindowSubject) -> Int? {
        let mixed = (subject.actor.index &* 31 &+ subject.name.index) &* 31 &+ UInt32(subject.kind.rawValue)
        let place = Int(mixed % UInt32(recent.count))
        if recent[place].subject == subject, recent[place].index >= 0 { return recent[place].index }
        let index: Int
        if let known = indexOf[subject] {
            index = known
        } else {
            if subjects.count == WindowSeries.limit { return nil }
            index = subjects.count
            indexOf[subject] = index
            subjects.append(subject)
            series.append(TimeBuckets())
            quiet.append(Quiet())
        }
        recent[place] = Recent(subject: subject, index: index)
        return index
    }

    /// The spans of every subject whose usual range is known, in the order in which the subjects were met.
    private func spans(
        _ rule: WindowRule, _ log: WholeLog, of judged: Set<WindowSubject>? = nil
    ) -> [(subject: WindowSubject, found: [UnusualSpan])] {
        subjects.indices.compactMap { index in
            if let judged, !judged.contains(subjects[index]) { return nil }
            return UnusualSpan.find(in: series[index], rule: rule, end: log.span?.upperBound, baseline: log.baseline)
                .map { (subjects[index], $0) }
        }
    }

    /// The usual share of each subject, where enough is known.
    func usualRates(_ rule: WindowRule, _ log: WholeLog) -> [WindowSubject: Double] {
        var rates: [WindowSubject: Double] = [:]
        for index in subjects.indices {
            var series = series[index]
            UnusualSpan.coarsen(&series, rule)
            rates[subjects[index]] =
                UsualRange(series.buckets, of: series, baseline: log.baseline, rule: rule)?.rate
        }
        return rates
    }

    /// How many bad ones a subject has from one of its windows' first record to its last, and when the first and the
    /// last of them came.
    func bad(of subject: WindowSubject, within span: ClosedRange<Timestamp>) -> (
        count: Double, span: ClosedRange<Timestamp>
    )? {
        guard let index = indexOf[subject] else { return nil }
        let within = series[index].buckets.filter { bucket in
            bucket.firstBad.map { span.contains($0.time) } ?? false && span.contains(bucket.lastBad)
        }
        guard let first = within.first?.firstBad?.time, let last = within.last?.lastBad else { return nil }
        return (within.reduce(0) { $0 + $1.bad }, first...max(first, last))
    }

    /// The subjects that never left their usual range.
    func calm(_ rule: WindowRule, _ log: WholeLog) -> [WindowSubject] {
        spans(rule, log).filter(\.found.isEmpty).map(\.subject)
    }

    /// The spans out of the usual range, as findings of one kind, of all subjects or of some; `complete` adds what the
    /// kind's detector knows better.
    func findings(
        _ kind: Finding.Kind, _ measure: Finding.Window.Measure, _ rule: WindowRule, _ log: WholeLog,
        of judged: Set<WindowSubject>? = nil, where isTold: (UnusualSpan) -> Bool = { _ in true },
        complete: (inout Finding, UnusualSpan) -> Void
    ) -> [Finding] {
        spans(rule, log, of: judged).flatMap { subject, found in
            found.filter(isTold).map { span in
                var finding = span.finding(kind, measure)
                if subject.actor != .none { finding.actor = log.symbols[subject.actor] }
                if subject.name != .none {
                    if subject.actor == .none {
                        finding.service = log.symbols[subject.name]
                    } else {
                        finding.queue = log.symbols[subject.name]
                    }
                }
                complete(&finding, span)
                return finding
            }
        }
    }
}
